//! The caller of a call: who, with which roles, about which organisation.

use std::sync::Arc;

use usher_domain::access::Token;
use usher_domain::command::{Actor, Role};
use usher_domain::ids::TenantId;
use usher_domain::refusal::{Cause, Code, Fix};

use super::gate::{Credentials, Gate};
use crate::permission;
use crate::rpc::status::Refusal;

/// The caller of a call that the permission table allows.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) actor: Actor,
    /// The organisation that the call is about.
    pub(crate) tenant: TenantId,
    /// What it proved itself by, if it had to.
    pub(crate) token: Option<Arc<Token>>,
    /// By which it is found again while a long call goes on.
    pub(crate) pass: Arc<Pass>,
}

/// What a caller came with, to be looked at again.
#[derive(Clone, Debug)]
pub(crate) struct Pass {
    pub(super) gate: Gate,
    pub(super) credentials: Credentials,
    pub(super) tenant: Option<String>,
    pub(super) call: Arc<str>,
}

impl Pass {
    /// The caller as it is now, who may still make this call: a long one is asked again as it goes on.
    pub(crate) async fn check(&self) -> Result<Caller, Refusal> {
        let caller = self.gate.find(self).await?;
        caller.may(&self.call)?;
        Ok(caller)
    }

    /// Every organisation in which the caller acts, with its name.
    pub(crate) async fn tenants(&self) -> Result<Vec<(TenantId, String)>, Refusal> {
        self.gate.tenants(self).await
    }

    /// Requests a second that the caller may make; 0 where there is no limit.
    pub(crate) fn requests_per_second(&self) -> u32 {
        self.gate.requests_per_second()
    }
}

impl Caller {
    /// The caller that the guard found.
    pub(crate) fn of<T>(request: &tonic::Request<T>) -> Result<Self, Refusal> {
        request.extensions().get::<Self>().cloned().ok_or_else(|| {
            Refusal::from(Cause::new(
                Code::Unauthenticated,
                "The caller is not known.",
            ))
        })
    }

    pub(super) fn may(&self, call: &str) -> Result<(), Refusal> {
        let roles = permission::of(call).map_or(&[][..], |permission| permission.roles);
        may(&self.actor, call, roles)
    }
}

fn may(actor: &Actor, call: &str, roles: &[Role]) -> Result<(), Refusal> {
    if roles.iter().any(|role| actor.has(*role)) {
        return Ok(());
    }
    let names: Vec<&str> = roles.iter().map(|role| role.name()).collect();
    let method = call.rsplit('/').next().unwrap_or(call);
    let mut cause = Cause::new(
        Code::PermissionDenied,
        format!(
            "None of the roles of {} allows {method}. It takes one of: {}.",
            actor.identity,
            names.join(", ")
        ),
    )
    .with("roles", names.join(", "));
    if roles.contains(&Role::GlobalAdmin) {
        cause = cause.fix(Fix::AskGlobalAdmin);
    }
    Err(cause.into())
}

#[cfg(test)]
mod tests {
    use tonic::Status;

    use super::*;

    #[test]
    fn a_refusal_names_the_roles_that_would_do() {
        let actor = Actor {
            identity: "kim".into(),
            roles: vec![Role::BillingAdmin],
        };
        let judged = |call: &str| may(&actor, call, permission::of(call).unwrap().roles);
        assert!(judged("/usher.v1.SubscriptionService/CreateSubscription").is_ok());
        let refusal = judged("/usher.v1.UserService/CreateUser").unwrap_err();
        let status = Status::from(refusal);
        assert_eq!(status.code(), tonic::Code::PermissionDenied);
        assert!(
            status.message().contains("Global admin, User admin"),
            "{}",
            status.message()
        );
    }
}
