//! `CreateTenant`: an organisation of its own, of which nothing is known at home

use sha2::{Digest, Sha256};
use usher::v1::{CreateTenantRequest, CreateTenantResponse, Tenant};
use usher_domain::access::{is_partner, partner};
use usher_domain::command::Command;
use usher_domain::ids::TenantId;
use usher_domain::plan::OutcomeKind;

use super::super::Api;
use super::super::change::{Intent, shown};
use super::super::status::Refusal;
use super::shown_tenant;
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;

pub(super) async fn create(
    api: &Api,
    caller: &Caller,
    request: CreateTenantRequest,
) -> Result<CreateTenantResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let intent = Intent::read("", said, &mut fields);
    let asked = fields
        .required("tenant", request.tenant)
        .unwrap_or_default();
    fields.required_name("tenant.display_name", &asked.display_name);
    fields.check()?;

    let id = new_id(api, caller, intent.request_id.as_deref());
    let caller = &known_elsewhere(caller);
    let command = Command::CreateTenant {
        id,
        name: asked.display_name.clone(),
        admin: caller.actor.identity.to_string(),
    };
    if intent.validate_only {
        // Judged at home: what an organisation begins with does not depend on where.
        let outcome = api
            .change_or_refuse(caller, &intent, (Asked::Tenant, command))
            .await?;
        return Ok(CreateTenantResponse {
            tenant: Some(Tenant {
                display_name: asked.display_name,
                ..Tenant::default()
            }),
            outcome: Some(api.told(&outcome, Asked::Tenant)),
        });
    }
    api.store.make_room(id).await.map_err(Refusal::of_write)?;
    let there = Api {
        tenant: id,
        ..api.clone()
    };
    let outcome = there.change(caller, &intent, command).await?;
    if outcome.result == OutcomeKind::Failed {
        return Err(there.told(&outcome, Asked::Tenant).into());
    }
    let read = there.read_after(&outcome).await;
    let tenant = match read {
        Ok(read) => shown_tenant(&read, id).await,
        Err(refusal) => Err(refusal),
    };
    Ok(CreateTenantResponse {
        tenant: shown(tenant),
        outcome: Some(there.told(&outcome, Asked::Tenant)),
    })
}

/// The caller under the name that the new organisation records it by.
fn known_elsewhere(caller: &Caller) -> Caller {
    let mut known = caller.clone();
    known.actor.identity = name_elsewhere(caller).into();
    known
}

/// Whoever acts in several organisations is known by its home outside of it.
fn name_elsewhere(caller: &Caller) -> String {
    let identity = &caller.actor.identity;
    if caller.token.is_none() || is_partner(identity) {
        return identity.to_string();
    }
    partner(caller.tenant, identity)
}

/// The same for a repeated request, so that it finds what the first one began.
fn new_id(api: &Api, caller: &Caller, request_id: Option<&str>) -> TenantId {
    let Some(request_id) = request_id else {
        return TenantId(api.env.ids.next());
    };
    let hash = Sha256::new()
        .chain_update(caller.tenant.as_uuid())
        .chain_update(caller.actor.identity.as_bytes())
        .chain_update([0])
        .chain_update(request_id)
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    TenantId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

#[cfg(test)]
mod tests {
    use tonic::Request;
    use usher::v1::audit_service_client::AuditServiceClient;
    use usher::v1::tenant_service_client::TenantServiceClient;
    use usher::v1::{ListChangesRequest, OutcomeResult, UpdateTenantRequest};
    use usher_domain::access::Role;

    use super::super::super::testing::World;
    use super::*;
    use crate::authn::Door;
    use crate::config::{DatabaseConfig, TokenConfig};
    use crate::storage::DEFAULT_TENANT;

    fn fabrikam() -> CreateTenantRequest {
        CreateTenantRequest {
            tenant: Some(Tenant {
                display_name: "Fabrikam".to_owned(),
                ..Tenant::default()
            }),
            request_id: "11111111-1111-4111-8111-111111111111".to_owned(),
            ..CreateTenantRequest::default()
        }
    }

    fn there<T>(message: T, tenant: &str) -> Request<T> {
        let mut request = Request::new(message);
        let tenant = tenant.parse().unwrap();
        request
            .metadata_mut()
            .insert(usher::TENANT_METADATA, tenant);
        request
    }

    #[tokio::test]
    async fn a_request_repeated_after_its_answer_was_forgotten_begins_nothing_again() {
        let world = World::empty().await;
        let mut tenants = TenantServiceClient::new(world.service().in_process(Door::open("kim")));
        tenants.create_tenant(fabrikam()).await.unwrap();
        let renamed = UpdateTenantRequest {
            tenant: Some(Tenant {
                display_name: "Tailspin".to_owned(),
                ..Tenant::default()
            }),
            update_mask: Some(prost_types::FieldMask {
                paths: vec!["display_name".to_owned()],
            }),
            ..UpdateTenantRequest::default()
        };
        let renamed = there(renamed, "Fabrikam");
        tenants.update_tenant(renamed).await.unwrap();
        world.meddle("DELETE FROM requests").await;
        let again = tenants.create_tenant(fabrikam()).await.unwrap();
        let again = again.into_inner();
        assert_eq!(again.outcome.unwrap().result(), OutcomeResult::Unchanged);
        assert_eq!(again.tenant.unwrap().display_name, "Tailspin");
        let judged = CreateTenantRequest {
            validate_only: true,
            ..fabrikam()
        };
        let judged = tenants.create_tenant(judged).await.unwrap().into_inner();
        assert_eq!(judged.outcome.unwrap().result(), OutcomeResult::Applied);
    }

    #[tokio::test]
    async fn the_first_records_name_a_partner_by_its_home() {
        let world = World::empty().await;
        let token = TokenConfig {
            role: Role::GlobalAdmin,
            name: "kim".to_owned(),
            identity: "kim".to_owned(),
            expires_at: None,
            database: DatabaseConfig {
                database: String::new(),
                log: String::new(),
            },
        };
        let secret = world.service().create_token(&token).await.unwrap();
        let door = Door::Tokens {
            requests_per_second: 0,
        };
        let mut tenants = TenantServiceClient::new(world.service().in_process(door));
        let mut request = Request::new(fabrikam());
        let bearer = format!("Bearer {secret}").parse().unwrap();
        request.metadata_mut().insert("authorization", bearer);
        tenants.create_tenant(request).await.unwrap();

        let mut audit = AuditServiceClient::new(world.service().in_process(Door::open("local")));
        let changes = there(ListChangesRequest::default(), "Fabrikam");
        let changes = audit.list_changes(changes).await.unwrap().into_inner();
        let actors: Vec<_> = changes.changes.iter().map(|change| &change.actor).collect();
        let kim = partner(DEFAULT_TENANT, "kim");
        assert_eq!(actors, [&kim, &kim]);
    }
}
