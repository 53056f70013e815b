//! `ListTenants`: where the caller acts, by name

use usher::v1::{ListTenantsRequest, ListTenantsResponse};
use usher_domain::ids::TenantId;

use super::super::status::Refusal;
use super::super::{Api, paging};
use super::shown_tenant;
use crate::authn::Caller;
use crate::convert::fields::Fields;
use crate::storage::ReadAt;

pub(super) async fn list(
    api: &Api,
    caller: &Caller,
    request: ListTenantsRequest,
) -> Result<ListTenantsResponse, Refusal> {
    let mut fields = Fields::default();
    let page = fields.page(request.page_size, request.page_token);
    fields.check()?;

    let read = api.read_page(None, &page).await?;
    let asked = &caller.actor.identity;
    let page = paging::page_of(
        ("tenants", &asked),
        read.place(),
        &page,
        caller.pass.tenants().await?,
        |(id, name)| vec![name.clone(), id.to_string()],
    )?;
    let mut tenants = Vec::with_capacity(page.items.len());
    for (id, _) in page.items {
        tenants.push(shown_other(api, id).await?);
    }
    Ok(ListTenantsResponse {
        tenants,
        next_page_token: page.next,
    })
}

async fn shown_other(api: &Api, id: TenantId) -> Result<usher::v1::Tenant, Refusal> {
    let read = api.store.read(id, ReadAt::Now).await?;
    shown_tenant(&read, id).await
}
