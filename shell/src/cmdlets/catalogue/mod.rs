//! Commands about what can be assigned: products, service plans, rules.

mod each_change;
mod get_license_rule;
mod get_product;
mod get_service_plan;
mod import_license_rule;
mod import_product;
mod remove_license_rule;
mod set_license_rule;
mod set_product;
mod set_service_plan;

pub use get_license_rule::GET_LICENSE_RULE;
pub use get_product::GET_PRODUCT;
pub use get_service_plan::GET_SERVICE_PLAN;
pub use import_license_rule::IMPORT_LICENSE_RULE;
pub use import_product::IMPORT_PRODUCT;
pub use remove_license_rule::REMOVE_LICENSE_RULE;
pub use set_license_rule::SET_LICENSE_RULE;
pub use set_product::SET_PRODUCT;
pub use set_service_plan::SET_SERVICE_PLAN;

use each_change::each_change;

use tonic::Request;
use usher::v1::catalog_service_client::CatalogServiceClient;
use usher::v1::{GetProductRequest, Product};

use crate::client::Sent;
use crate::cmdlet::Host;
use crate::error::Result;

/// Properties of objects that name a product.
pub const PRODUCT_PROPERTIES: &[&str] = &["PartNumber", "ProductId", "Product", "SkuId", "Id"];

/// Properties of objects that name a service plan.
const PLAN_PROPERTIES: &[&str] = &["PlanName", "ServicePlan", "Plan", "Id"];

/// Kinds of rules.
const KINDS: &[&str] = &["exclusion", "prerequisite", "country", "service"];

/// Fails unless each of these names one product: a wrong name is one error, not one for each person.
pub fn check_products<'n>(
    host: Host<'_>,
    names: impl IntoIterator<Item = &'n String>,
) -> Result<()> {
    let mut checked: Vec<&String> = Vec::new();
    for name in names {
        // An id may be of a subscription, which the service judges with the change.
        let is_id = uuid::Uuid::try_parse(name.trim()).is_ok();
        if !is_id && !checked.contains(&name) {
            get_product(host, name)?;
            checked.push(name);
        }
    }
    Ok(())
}

/// The product with this name.
pub(crate) fn get_product(host: Host<'_>, name: &str) -> Result<Product> {
    let Sent { call, .. } = product_call(name.to_owned(), None);
    host.session
        .connection
        .call(call?)
        .map_err(|error| error.target(name))
}

fn product_call(name: String, read_time: Option<prost_types::Timestamp>) -> Sent<Product> {
    Sent::new(name.clone(), move |service| async move {
        let request = GetProductRequest {
            product: name,
            read_time,
        };
        let mut client =
            CatalogServiceClient::new(service).max_decoding_message_size(usher::MAX_MESSAGE_BYTES);
        let answer = client
            .get_product(Request::new(request))
            .await?
            .into_inner();
        answer
            .product
            .ok_or_else(|| tonic::Status::internal("The service sent no product"))
    })
}
