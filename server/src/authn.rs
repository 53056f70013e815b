//! Who calls: identity and roles from the metadata of a call, checked against the permission table
//! before anything else is read. Until there are tokens, whoever reaches the loopback is Global admin.

use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::future::{Either, Ready, ready};
use http::{HeaderMap, Request, Response};
use tonic::Status;
use tonic::body::Body;
use tower::{Layer, Service};
use usher::IDENTITY_METADATA as IDENTITY;
use usher_domain::command::{Actor, Role};
use usher_domain::ids::TenantId;
use usher_domain::refusal::{Cause, Code, Fix};

use crate::permission;
use crate::rpc::status::Refusal;
use crate::storage::{DEFAULT_TENANT, SYSTEM};

/// Longest identity, in characters.
const MAX_IDENTITY: usize = 256;
const UNNAMED: &str = "local";
const CONTRACT: &str = "/usher.v1.";

/// The caller of a call that the permission table allows.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) actor: Actor,
    /// The organisation that the call is about.
    pub(crate) tenant: TenantId,
}

impl Caller {
    /// The caller that [`Guard`] found.
    pub(crate) fn of<T>(request: &tonic::Request<T>) -> Result<Self, Refusal> {
        request.extensions().get::<Self>().cloned().ok_or_else(|| {
            Refusal::from(Cause::new(
                Code::Unauthenticated,
                "The caller is not known.",
            ))
        })
    }

    fn from_headers(headers: &HeaderMap) -> Result<Self, Refusal> {
        let identity = match headers.get(IDENTITY) {
            None => UNNAMED,
            Some(value) => value.to_str().ok().and_then(well_formed).ok_or_else(|| {
                Refusal::from(Cause::new(
                    Code::Unauthenticated,
                    format!(
                        "The metadata {IDENTITY} does not name a caller. Give 1 to {MAX_IDENTITY} printable ASCII characters, or leave it out."
                    ),
                ))
            })?,
        };
        Ok(Self {
            actor: Actor {
                identity: Arc::from(identity),
                roles: vec![Role::GlobalAdmin],
            },
            tenant: DEFAULT_TENANT,
        })
    }

    fn may(&self, call: &str) -> Result<(), Refusal> {
        let roles = permission::of(call).map_or(&[][..], |permission| permission.roles);
        if roles.iter().any(|role| self.actor.has(*role)) {
            return Ok(());
        }
        let names: Vec<&str> = roles
            .iter()
            .map(|role| permission::role_name(*role))
            .collect();
        let method = call.rsplit('/').next().unwrap_or(call);
        let mut cause = Cause::new(
            Code::PermissionDenied,
            format!(
                "None of the roles of {} allows {method}. It takes one of: {}.",
                self.actor.identity,
                names.join(", ")
            ),
        )
        .with("roles", names.join(", "));
        if roles.contains(&Role::GlobalAdmin) {
            cause = cause.fix(Fix::AskGlobalAdmin);
        }
        Err(cause.into())
    }
}

fn well_formed(identity: &str) -> Option<&str> {
    let identity = identity.trim();
    let printable = identity.chars().all(|c| c == ' ' || c.is_ascii_graphic());
    let fits = (1..=MAX_IDENTITY).contains(&identity.len());
    // The record names the service itself by this one.
    let is_own = identity.eq_ignore_ascii_case(SYSTEM);
    (printable && fits && !is_own).then_some(identity)
}

/// Puts [`Guard`] before a service.
#[derive(Clone, Copy, Debug, Default)]
pub struct GuardLayer;

impl<S> Layer<S> for GuardLayer {
    type Service = Guard<S>;

    fn layer(&self, inner: S) -> Guard<S> {
        Guard { inner }
    }
}

/// Lets a call of the contract through if its caller may make it. Other calls (health, reflection)
/// are for everybody.
#[derive(Clone, Debug)]
pub struct Guard<S> {
    inner: S,
}

impl<S, B> Service<Request<B>> for Guard<S>
where
    S: Service<Request<B>, Response = Response<Body>>,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = Either<S::Future, Ready<Result<Response<Body>, S::Error>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let call = request.uri().path();
        if call.starts_with(CONTRACT) && permission::of(call).is_some() {
            let checked = Caller::from_headers(request.headers())
                .and_then(|caller| caller.may(call).map(|()| caller));
            match checked {
                Ok(caller) => {
                    request.extensions_mut().insert(caller);
                }
                Err(refusal) => {
                    return Either::Right(ready(Ok(Status::from(refusal).into_http())));
                }
            }
        }
        Either::Left(self.inner.call(request))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(identity: &[u8]) -> Result<Caller, Refusal> {
        let mut headers = HeaderMap::new();
        headers.insert(IDENTITY, http::HeaderValue::from_bytes(identity).unwrap());
        Caller::from_headers(&headers)
    }

    #[test]
    fn a_local_caller_may_say_who_it_is() {
        let caller = Caller::from_headers(&HeaderMap::new()).unwrap();
        assert_eq!(&*caller.actor.identity, "local");
        let caller = named(b"CONTOSO\\megan bowen").unwrap();
        assert_eq!(&*caller.actor.identity, "CONTOSO\\megan bowen");
    }

    #[test]
    fn an_identity_is_short_printable_text() {
        for bad in [&b""[..], b"   ", b"a\tb", b"\xffx", b"System", &[b'x'; 257]] {
            let status = Status::from(named(bad).unwrap_err());
            assert_eq!(status.code(), tonic::Code::Unauthenticated);
        }
    }

    #[test]
    fn a_refusal_names_the_roles_that_would_do() {
        let actor = Actor {
            identity: "kim".into(),
            roles: vec![Role::BillingAdmin],
        };
        let caller = Caller {
            actor,
            tenant: DEFAULT_TENANT,
        };
        assert!(
            caller
                .may("/usher.v1.SubscriptionService/CreateSubscription")
                .is_ok()
        );
        let refusal = caller.may("/usher.v1.UserService/CreateUser").unwrap_err();
        let status = Status::from(refusal);
        assert_eq!(status.code(), tonic::Code::PermissionDenied);
        assert!(
            status.message().contains("Global admin, User admin"),
            "{}",
            status.message()
        );
    }
}
