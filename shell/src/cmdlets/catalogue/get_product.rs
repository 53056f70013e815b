//! Get-Product: what is sold.

use tonic::Request;
use usher::MAX_PAGE_SIZE;
use usher::v1::ListProductsRequest;
use usher::v1::catalog_service_client::CatalogServiceClient;

use super::{PRODUCT_PROPERTIES, product_call};
use crate::cmdlet::{
    Call, Cmdlet, Effect, Example, FromPipeline, Kind, Objects, Param, Single, Targets, Values,
};
use crate::cmdlets::{AS_OF, OnRefusal, read_time, sent};
use crate::error::Result;
use crate::types;

/// Get-Product.
pub static GET_PRODUCT: Cmdlet = Cmdlet {
    name: "Get-Product",
    synopsis: "Gets products: one by name, or all",
    description: "A name is a GUID, a part number, or a display name or alias that only one product has.",
    params: &[
        Param::new("Product", Kind::Text, "GUID, part number or display name")
            .at(0)
            .many()
            .from(FromPipeline::Value(PRODUCT_PROPERTIES))
            .values(Values::Products),
        Param::new(
            "Search",
            Kind::Text,
            "Only products with this in the part number or a name",
        ),
        AS_OF,
    ],
    effect: Effect::None,
    output: &["Product"],
    single: Single::When(|args| args.values("Product").len() == 1),
    examples: &[
        Example {
            line: "Get-Product SPE_E3",
            says: "One product, with its service plans.",
        },
        Example {
            line: "Get-Product -Search 'Office 365' | Sort-Object DisplayName",
            says: "Products with these words in a name.",
        },
    ],
    related: &[
        "Get-ServicePlan",
        "Set-Product",
        "Import-Product",
        "New-Subscription",
    ],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let host = call.host;
    if Targets::are_none(&call, "Product") {
        let search = call.args.text("Search").unwrap_or_default().to_owned();
        let read_time = read_time(&call.args);
        let pages = host.session.connection.pages(move |service, page_token| {
            let request = ListProductsRequest {
                page_size: MAX_PAGE_SIZE,
                page_token,
                search: search.clone(),
                read_time,
            };
            async move {
                let mut client = CatalogServiceClient::new(service)
                    .max_decoding_message_size(usher::MAX_MESSAGE_BYTES);
                let page = client
                    .list_products(Request::new(request))
                    .await?
                    .into_inner();
                Ok((page.products, page.next_page_token))
            }
        });
        return Ok(Box::new(
            pages.map(|product| Ok(types::PRODUCT.object(&product?))),
        ));
    }
    let targets = Targets::of(&mut call, "Product")?;
    let name_of = targets.name_of();
    let read_time = read_time(&call.args);
    let on_refusal = OnRefusal::of(&call.args, targets.single);
    let calls = targets.items.enumerate().map(move |(row, item)| {
        sent(row, name_of(&call, &item?), |name| {
            product_call(name, read_time)
        })
    });
    let answers = host.session.connection.ordered(calls);
    Ok(Box::new(answers.filter_map(
        move |answered| match answered {
            Err(error) => Some(Err(error)),
            Ok(answered) => match answered.answer {
                Ok(product) => Some(Ok(types::PRODUCT.object(&product))),
                Err(error) => on_refusal.keep(host, error, &answered.about).map(Err),
            },
        },
    )))
}
