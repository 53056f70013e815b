//! `usher.v1.LicenseService`.

mod list_pools;
mod list_user_licenses;
mod modify;

use tonic::{Request, Response, Status};
use usher::v1::license_service_server::LicenseService;
use usher::v1::{
    ListLicensePoolsRequest, ListLicensePoolsResponse, ListUserLicensesRequest,
    ListUserLicensesResponse, ModifyUserLicensesRequest, ModifyUserLicensesResponse,
};

use super::{Api, answered, opened};

#[tonic::async_trait]
impl LicenseService for Api {
    async fn list_license_pools(
        &self,
        request: Request<ListLicensePoolsRequest>,
    ) -> Result<Response<ListLicensePoolsResponse>, Status> {
        answered(list_pools::list(self, request.into_inner()).await)
    }

    async fn list_user_licenses(
        &self,
        request: Request<ListUserLicensesRequest>,
    ) -> Result<Response<ListUserLicensesResponse>, Status> {
        answered(list_user_licenses::list(self, request.into_inner()).await)
    }

    async fn modify_user_licenses(
        &self,
        request: Request<ModifyUserLicensesRequest>,
    ) -> Result<Response<ModifyUserLicensesResponse>, Status> {
        let (caller, request) = opened(request)?;
        answered(modify::modify(self, &caller, request).await)
    }
}
