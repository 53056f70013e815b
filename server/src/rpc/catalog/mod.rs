//! `usher.v1.CatalogService`.

mod delete_license_rule;
mod get_product;
mod import_license_rules;
mod import_products;
mod list_license_rules;
mod list_products;
mod list_service_plans;
mod rule_name;
mod rule_patch;
mod update_license_rule;
mod update_product;
mod update_service_plan;

use tonic::{Request, Response, Status, Streaming};
use usher::v1::catalog_service_server::CatalogService;
use usher::v1::{
    DeleteLicenseRuleRequest, DeleteLicenseRuleResponse, GetProductRequest, GetProductResponse,
    ImportLicenseRulesRequest, ImportLicenseRulesResponse, ImportProductsRequest,
    ImportProductsResponse, ListLicenseRulesRequest, ListLicenseRulesResponse, ListProductsRequest,
    ListProductsResponse, ListServicePlansRequest, ListServicePlansResponse,
    UpdateLicenseRuleRequest, UpdateLicenseRuleResponse, UpdateProductRequest,
    UpdateProductResponse, UpdateServicePlanRequest, UpdateServicePlanResponse,
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

    async fn update_product(
        &self,
        request: Request<UpdateProductRequest>,
    ) -> Result<Response<UpdateProductResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(update_product::update(&api, &caller, request).await)
    }

    async fn update_service_plan(
        &self,
        request: Request<UpdateServicePlanRequest>,
    ) -> Result<Response<UpdateServicePlanResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(update_service_plan::update(&api, &caller, request).await)
    }

    async fn update_license_rule(
        &self,
        request: Request<UpdateLicenseRuleRequest>,
    ) -> Result<Response<UpdateLicenseRuleResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(update_license_rule::update(&api, &caller, request).await)
    }

    async fn delete_license_rule(
        &self,
        request: Request<DeleteLicenseRuleRequest>,
    ) -> Result<Response<DeleteLicenseRuleResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(delete_license_rule::delete(&api, &caller, request).await)
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
