//! `usher.v1.TenantService`.

mod create;
mod get;
mod list;
mod update;

use tonic::{Request, Response, Status};
use usher::v1::tenant_service_server::TenantService;
use usher::v1::{
    CreateTenantRequest, CreateTenantResponse, GetTenantRequest, GetTenantResponse,
    ListTenantsRequest, ListTenantsResponse, Tenant, UpdateTenantRequest, UpdateTenantResponse,
};
use usher_domain::ids::TenantId;

use super::status::Refusal;
use super::{Services, answered};
use crate::convert::tenant::to_wire;
use crate::storage::ReadTx;

#[tonic::async_trait]
impl TenantService for Services {
    async fn get_tenant(
        &self,
        request: Request<GetTenantRequest>,
    ) -> Result<Response<GetTenantResponse>, Status> {
        let (api, _, request) = self.opened(request)?;
        answered(get::get(&api, request).await)
    }

    async fn update_tenant(
        &self,
        request: Request<UpdateTenantRequest>,
    ) -> Result<Response<UpdateTenantResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(update::update(&api, &caller, request).await)
    }

    async fn list_tenants(
        &self,
        request: Request<ListTenantsRequest>,
    ) -> Result<Response<ListTenantsResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(list::list(&api, &caller, request).await)
    }

    async fn create_tenant(
        &self,
        request: Request<CreateTenantRequest>,
    ) -> Result<Response<CreateTenantResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(create::create(&api, &caller, request).await)
    }
}

/// The organisation of a read.
async fn shown_tenant(read: &ReadTx, id: TenantId) -> Result<Tenant, Refusal> {
    let organisation = read.organisation().await?;
    Ok(to_wire(id, &organisation, read.settings().await?))
}
