//! `GetTenant`

use usher::v1::{GetTenantRequest, GetTenantResponse};

use super::super::Api;
use super::super::status::Refusal;
use super::shown_tenant;
use crate::convert::fields::Fields;

pub(super) async fn get(
    api: &Api,
    request: GetTenantRequest,
) -> Result<GetTenantResponse, Refusal> {
    let mut fields = Fields::default();
    let time = fields.instant("read_time", request.read_time);
    fields.check()?;
    let read = api.read(time).await?;
    Ok(GetTenantResponse {
        tenant: Some(shown_tenant(&read, api.tenant()).await?),
    })
}
