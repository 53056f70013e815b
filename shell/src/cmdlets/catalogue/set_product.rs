//! Set-Product: whom a product applies to, whether it is bought once, which plans are on by default.

use prost_types::FieldMask;
use tonic::Request;
use usher::v1::catalog_service_client::CatalogServiceClient;
use usher::v1::{AppliesTo, Product, ProductPlan, UpdateProductRequest};

use super::{PRODUCT_PROPERTIES, each_change};
use crate::cmdlet::{
    Call, Cmdlet, Effect, Example, FromPipeline, Kind, Objects, Param, Single, Values,
};
use crate::cmdlets::ETAG;
use crate::error::{Result, ShellError};
use crate::types::{self, CatalogueChange};

/// Set-Product.
pub static SET_PRODUCT: Cmdlet = Cmdlet {
    name: "Set-Product",
    synopsis: "Says whom a product applies to, and which of its plans are on by default",
    description: "Licences that stand stay. Who never switched a plan follows the new default; a plan that may no longer \
        be on is held off, and comes back by itself. A product that applies to Company is kept by those who hold it and \
        given to nobody. -WhatIf counts the people concerned. Names come from Import-Product.",
    params: &[
        Param::new("Product", Kind::Text, "GUID, part number or display name")
            .at(0)
            .many()
            .mandatory()
            .from(FromPipeline::Value(PRODUCT_PROPERTIES))
            .values(Values::Products),
        Param::new(
            "AppliesTo",
            Kind::Text,
            "User: people hold it; Company: the organisation has it",
        )
        .values(Values::OneOf(&["User", "Company"])),
        Param::new(
            "Perpetual",
            Kind::Switch,
            "Bought once, without an end; -Perpetual:$false for a term. Subscriptions that are there stay",
        ),
        Param::new(
            "PlansOff",
            Kind::Text,
            "Plans that are off unless switched on",
        )
        .many()
        .values(Values::Plans),
        Param::new(
            "PlansOn",
            Kind::Text,
            "Plans that are on unless switched off",
        )
        .many()
        .values(Values::Plans),
        ETAG,
    ],
    effect: Effect::Changes,
    output: &["CatalogueChange", "Product"],
    single: Single::When(|args| args.values("Product").len() == 1),
    examples: &[
        Example {
            line: "Set-Product SPE_E3 -PlansOff YAMMER_ENTERPRISE -WhatIf",
            says: "For how many people Yammer would go off.",
        },
        Example {
            line: "Set-Product SPE_E3 -PlansOff YAMMER_ENTERPRISE -Reason CHG-1042",
            says: "Yammer is off for everybody who did not switch it on.",
        },
        Example {
            line: "Set-Product SPE_E5 -AppliesTo Company",
            says: "The organisation has it; nobody is given it any more.",
        },
    ],
    related: &["Get-Product", "Set-ServicePlan", "Import-Product"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let (product, paths) = wanted(&call);
    if paths.is_empty() {
        return Err(ShellError::new(
            "PARAMETER_MISSING",
            "Set-Product was not told what to change",
        )
        .fix("Set-Product SPE_E3 -PlansOff YAMMER_ENTERPRISE"));
    }
    each_change(call, "Product", move |host, options, asked| {
        let request = UpdateProductRequest {
            product: Some(Product {
                etag: asked.etag,
                ..product.clone()
            }),
            update_mask: Some(FieldMask {
                paths: paths.clone(),
            }),
            target: asked.target.clone(),
            reason: options.reason.clone(),
            request_id: asked.request_id,
            validate_only: options.what_if,
        };
        let answer = host.session.connection.call(|service| async move {
            let mut client = CatalogServiceClient::new(service)
                .max_decoding_message_size(usher::MAX_MESSAGE_BYTES);
            Ok(client
                .update_product(Request::new(request))
                .await?
                .into_inner())
        })?;
        Ok(match answer.product {
            Some(product) if options.pass_thru => types::PRODUCT.object(&product),
            product => types::CATALOGUE_CHANGE.object(&CatalogueChange {
                subject: product.map_or(asked.target, |product| product.part_number),
                outcome: answer.outcome.unwrap_or_default(),
                people: answer.people_concerned,
            }),
        })
    })
}

/// What is to be said of each product, and the names of its fields.
fn wanted(call: &Call<'_>) -> (Product, Vec<String>) {
    let args = &call.args;
    let mut product = Product::default();
    let mut paths = Vec::new();
    if let Some(applies_to) = args.text("AppliesTo") {
        product.set_applies_to(if applies_to.eq_ignore_ascii_case("Company") {
            AppliesTo::Company
        } else {
            AppliesTo::User
        });
        paths.push("applies_to".to_owned());
    }
    if args.has("Perpetual") {
        product.perpetual = args.switch("Perpetual");
        paths.push("perpetual".to_owned());
    }
    for (param, on_by_default) in [("PlansOff", false), ("PlansOn", true)] {
        let named = args.texts(param).into_iter();
        product.plans.extend(named.map(|plan_name| ProductPlan {
            plan_name,
            on_by_default,
            ..ProductPlan::default()
        }));
    }
    if !product.plans.is_empty() {
        paths.push("plans".to_owned());
    }
    (product, paths)
}
