//! `usher.v1.LicenseService`.

mod compare;
mod list_pools;
mod list_user_licenses;
mod modify;

use tonic::{Request, Response, Status};
use usher::v1::license_service_server::LicenseService;
use usher::v1::{
    CompareLicensesRequest, CompareLicensesResponse, ListLicensePoolsRequest,
    ListLicensePoolsResponse, ListUserLicensesRequest, ListUserLicensesResponse,
    ModifyUserLicensesRequest, ModifyUserLicensesResponse,
};

use super::{Services, answered};

#[tonic::async_trait]
impl LicenseService for Services {
    async fn compare_licenses(
        &self,
        request: Request<CompareLicensesRequest>,
    ) -> Result<Response<CompareLicensesResponse>, Status> {
        let (api, _, request) = self.opened(request)?;
        answered(compare::compare(&api, request).await)
    }

    async fn list_license_pools(
        &self,
        request: Request<ListLicensePoolsRequest>,
    ) -> Result<Response<ListLicensePoolsResponse>, Status> {
        let (api, _, request) = self.opened(request)?;
        answered(list_pools::list(&api, request).await)
    }

    async fn list_user_licenses(
        &self,
        request: Request<ListUserLicensesRequest>,
    ) -> Result<Response<ListUserLicensesResponse>, Status> {
        let (api, _, request) = self.opened(request)?;
        answered(list_user_licenses::list(&api, request).await)
    }

    async fn modify_user_licenses(
        &self,
        request: Request<ModifyUserLicensesRequest>,
    ) -> Result<Response<ModifyUserLicensesResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(modify::modify(&api, &caller, request).await)
    }
}
