//! Get-ServicePlan: apps and services inside products.

use tonic::Request;
use usher::MAX_PAGE_SIZE;
use usher::v1::ListServicePlansRequest;
use usher::v1::catalog_service_client::CatalogServiceClient;

use super::PRODUCT_PROPERTIES;
use crate::cmdlet::{
    Call, Cmdlet, Effect, Example, FromPipeline, Host, Kind, Objects, Param, Single, Targets,
    Values,
};
use crate::cmdlets::{AS_OF, read_time};
use crate::error::Result;
use crate::types;

/// Get-ServicePlan.
pub static GET_SERVICE_PLAN: Cmdlet = Cmdlet {
    name: "Get-ServicePlan",
    synopsis: "Gets service plans, of all products or of one",
    description: "Each plan comes once, with the products that contain it.",
    params: &[
        Param::new("Product", Kind::Text, "Only plans of this product")
            .at(0)
            .many()
            .from(FromPipeline::Value(PRODUCT_PROPERTIES))
            .values(Values::Products),
        Param::new("Search", Kind::Text, "Only plans with this in a name"),
        AS_OF,
    ],
    effect: Effect::None,
    output: &["ServicePlan"],
    single: Single::Never,
    examples: &[
        Example {
            line: "Get-ServicePlan SPE_E3",
            says: "What is in SPE_E3.",
        },
        Example {
            line: "Get-ServicePlan -Search teams | Select-Object PlanName, Products",
            says: "Plans with teams in a name, and where they come from.",
        },
    ],
    related: &["Get-Product", "Set-ServicePlan", "Set-UserLicense"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let host = call.host;
    let search = call.args.text("Search").unwrap_or_default().to_owned();
    let read_time = read_time(&call.args);
    if Targets::are_none(&call, "Product") {
        return Ok(list(host, String::new(), search, read_time));
    }
    let targets = Targets::of(&mut call, "Product")?;
    let name_of = targets.name_of();
    Ok(Box::new(targets.items.flat_map(move |item| {
        let product = item.and_then(|item| name_of(&call, &item));
        product.map_or_else(
            |error| -> Objects<'_> { Box::new(std::iter::once(Err(error))) },
            |product| list(host, product, search.clone(), read_time),
        )
    })))
}

fn list(
    host: Host<'_>,
    product: String,
    search: String,
    read_time: Option<prost_types::Timestamp>,
) -> Objects<'_> {
    let pages = host.session.connection.pages(move |service, page_token| {
        let request = ListServicePlansRequest {
            page_size: MAX_PAGE_SIZE,
            page_token,
            product: product.clone(),
            search: search.clone(),
            read_time,
        };
        async move {
            let mut client = CatalogServiceClient::new(service)
                .max_decoding_message_size(usher::MAX_MESSAGE_BYTES);
            let page = client
                .list_service_plans(Request::new(request))
                .await?
                .into_inner();
            Ok((page.service_plans, page.next_page_token))
        }
    });
    Box::new(pages.map(|plan| Ok(types::SERVICE_PLAN.object(&plan?))))
}
