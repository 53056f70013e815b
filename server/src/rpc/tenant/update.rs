//! `UpdateTenant`: the fields that the mask names

use usher::v1::{Tenant, UpdateTenantRequest, UpdateTenantResponse};
use usher_domain::command::Command;
use usher_domain::plan::Outcome;

use super::super::Api;
use super::super::change::{Intent, shown};
use super::super::status::Refusal;
use super::shown_tenant;
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;
use crate::convert::tenant;

pub(super) async fn update(
    api: &Api,
    caller: &Caller,
    request: UpdateTenantRequest,
) -> Result<UpdateTenantResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let intent = Intent::read("", said, &mut fields);
    let asked = fields
        .required("tenant", request.tenant)
        .unwrap_or_default();
    let mask = fields
        .required("update_mask", request.update_mask)
        .unwrap_or_default();
    let patch = tenant::masked(&asked, &mask, &mut fields);
    fields.check()?;

    let command = Command::UpdateTenant {
        patch,
        expect: (!asked.etag.is_empty()).then_some(asked.etag),
    };
    let outcome = api
        .change_or_refuse(caller, &intent, (Asked::Tenant, command))
        .await?;
    Ok(UpdateTenantResponse {
        tenant: shown(updated(api, &outcome).await),
        outcome: Some(api.told(&outcome, Asked::Tenant)),
    })
}

async fn updated(api: &Api, outcome: &Outcome) -> Result<Tenant, Refusal> {
    shown_tenant(&api.read_after(outcome).await?, api.tenant()).await
}
