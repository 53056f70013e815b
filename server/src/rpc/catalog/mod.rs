//! `usher.v1.CatalogService`.

mod get_product;
mod import_license_rules;
mod import_products;
mod list_license_rules;
mod list_products;
mod list_service_plans;

use tonic::{Request, Response, Status, Streaming};
use usher::v1::catalog_service_server::CatalogService;
use usher::v1::{
    GetProductRequest, GetProductResponse, ImportLicenseRulesRequest, ImportLicenseRulesResponse,
    ImportProductsRequest, ImportProductsResponse, ListLicenseRulesRequest,
    ListLicenseRulesResponse, ListProductsRequest, ListProductsResponse, ListServicePlansRequest,
    ListServicePlansResponse,
};
use usher_domain::NameKey;

use super::{Services, answered};

#[tonic::async_trait]
impl CatalogService for Services {
    async fn get_product(
        &self,
        request: Request<GetProductRequest>,
    ) -> Result<Response<GetProductResponse>, Status> {
        let (api, _, request) = self.opened(request)?;
        answered(get_product::get(&api, request).await)
    }

    async fn list_products(
        &self,
        request: Request<ListProductsRequest>,
    ) -> Result<Response<ListProductsResponse>, Status> {
        let (api, _, request) = self.opened(request)?;
        answered(list_products::list(&api, request).await)
    }

    async fn list_service_plans(
        &self,
        request: Request<ListServicePlansRequest>,
    ) -> Result<Response<ListServicePlansResponse>, Status> {
        let (api, _, request) = self.opened(request)?;
        answered(list_service_plans::list(&api, request).await)
    }

    async fn import_products(
        &self,
        request: Request<Streaming<ImportProductsRequest>>,
    ) -> Result<Response<ImportProductsResponse>, Status> {
        let (api, caller, messages) = self.opened(request)?;
        answered(import_products::import(&api, &caller, messages).await)
    }

    async fn list_license_rules(
        &self,
        request: Request<ListLicenseRulesRequest>,
    ) -> Result<Response<ListLicenseRulesResponse>, Status> {
        let (api, _, request) = self.opened(request)?;
        answered(list_license_rules::list(&api, request).await)
    }

    async fn import_license_rules(
        &self,
        request: Request<Streaming<ImportLicenseRulesRequest>>,
    ) -> Result<Response<ImportLicenseRulesResponse>, Status> {
        let (api, caller, messages) = self.opened(request)?;
        answered(import_license_rules::import(&api, &caller, messages).await)
    }
}

/// Whether any of the names contains what is searched for, ignoring case. Nothing searched for is
/// contained in everything.
fn found_in<'a>(search: &NameKey, names: impl IntoIterator<Item = &'a String>) -> bool {
    search.is_empty()
        || names
            .into_iter()
            .any(|name| NameKey::new(name).as_str().contains(search.as_str()))
}
