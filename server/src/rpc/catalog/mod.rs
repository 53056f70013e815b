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

use super::{Api, answered, opened};

#[tonic::async_trait]
impl CatalogService for Api {
    async fn get_product(
        &self,
        request: Request<GetProductRequest>,
    ) -> Result<Response<GetProductResponse>, Status> {
        answered(get_product::get(self, request.into_inner()).await)
    }

    async fn list_products(
        &self,
        request: Request<ListProductsRequest>,
    ) -> Result<Response<ListProductsResponse>, Status> {
        answered(list_products::list(self, request.into_inner()).await)
    }

    async fn list_service_plans(
        &self,
        request: Request<ListServicePlansRequest>,
    ) -> Result<Response<ListServicePlansResponse>, Status> {
        answered(list_service_plans::list(self, request.into_inner()).await)
    }

    async fn import_products(
        &self,
        request: Request<Streaming<ImportProductsRequest>>,
    ) -> Result<Response<ImportProductsResponse>, Status> {
        let (caller, messages) = opened(request)?;
        answered(import_products::import(self, &caller, messages).await)
    }

    async fn list_license_rules(
        &self,
        request: Request<ListLicenseRulesRequest>,
    ) -> Result<Response<ListLicenseRulesResponse>, Status> {
        answered(list_license_rules::list(self, request.into_inner()).await)
    }

    async fn import_license_rules(
        &self,
        request: Request<Streaming<ImportLicenseRulesRequest>>,
    ) -> Result<Response<ImportLicenseRulesResponse>, Status> {
        let (caller, messages) = opened(request)?;
        answered(import_license_rules::import(self, &caller, messages).await)
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
