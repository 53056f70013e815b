//! `UpdateProduct`: the fields that the mask names

use prost_types::FieldMask;
use usher::name::Collection;
use usher::v1::{AppliesTo, Product, UpdateProductRequest, UpdateProductResponse};
use usher_domain::catalogue::{self, Catalogue};
use usher_domain::command::{Command, ProductPatch};
use usher_domain::ids::ProductId;
use usher_domain::plan::Outcome;

use super::super::change::{Intent, shown};
use super::super::status::Refusal;
use super::super::{Api, names};
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;
use crate::convert::product;

const FIELDS: &str = "applies_to, perpetual and plans";
/// Plans that one request names at most.
const MAX_PLANS: usize = 1_000;

pub(super) async fn update(
    api: &Api,
    caller: &Caller,
    request: UpdateProductRequest,
) -> Result<UpdateProductResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let intent = Intent::read("", said, &mut fields);
    let product = fields
        .required("product", request.product)
        .unwrap_or_default();
    let (said_in, target) = target(&request.target, &product);
    fields.required_name(said_in, target);
    fields.at_most("product.plans", product.plans.len(), MAX_PLANS);
    let mask = fields
        .required("update_mask", request.update_mask)
        .unwrap_or_default();
    let scalars = scalars(&product, &mask, &mut fields);
    fields.check()?;

    let catalogue = api.read(None).await?.catalogue().await?;
    let id = names::product(&catalogue, said_in, target)?;
    let patch = ProductPatch {
        plans: defaults(&catalogue, id, &product, &mask)?,
        ..scalars
    };
    let command = Command::UpdateProduct {
        product: id,
        patch,
        expect: (!product.etag.is_empty()).then(|| product.etag.clone()),
    };
    let asked = Asked::In("product");
    let outcome = api
        .change_or_refuse(caller, &intent, (asked, command))
        .await?;
    Ok(UpdateProductResponse {
        product: shown(updated(api, &outcome, id).await).flatten(),
        people_concerned: outcome.people,
        outcome: Some(api.told(&outcome, asked)),
    })
}

async fn updated(api: &Api, outcome: &Outcome, id: ProductId) -> Result<Option<Product>, Refusal> {
    let catalogue = api.read_after(outcome).await?.catalogue().await?;
    let found = catalogue.product(id);
    Ok(found.map(|found| product::product(found, &catalogue)))
}

/// What the mask says but for the plans, whose names are not known yet.
fn scalars(product: &Product, mask: &FieldMask, fields: &mut Fields) -> ProductPatch {
    let mut patch = ProductPatch::default();
    if mask.paths.is_empty() {
        fields.fault("update_mask", format!("The mask names no field: {FIELDS}."));
    }
    for path in &mask.paths {
        match path.as_str() {
            "applies_to" => match product.applies_to() {
                AppliesTo::User => patch.applies_to = Some(catalogue::AppliesTo::User),
                AppliesTo::Company => patch.applies_to = Some(catalogue::AppliesTo::Company),
                AppliesTo::Unspecified => fields.fault(
                    "product.applies_to",
                    "Say whether the product applies to users or to the company.",
                ),
            },
            "perpetual" => patch.perpetual = Some(product.perpetual),
            "plans" => {}
            other => fields.fault(
                "update_mask",
                format!("A product has no field \"{other}\" that can be changed: {FIELDS} can."),
            ),
        }
    }
    patch
}

/// Which plans are to be on or off by default.
fn defaults(
    catalogue: &Catalogue,
    id: ProductId,
    product: &Product,
    mask: &FieldMask,
) -> Result<Vec<(usher_domain::ids::PlanId, bool)>, Refusal> {
    if !mask.paths.iter().any(|path| path == "plans") {
        return Ok(Vec::new());
    }
    let plans = product.plans.iter().enumerate();
    plans
        .map(|(at, plan)| {
            let name = [&plan.id, &plan.plan_name]
                .into_iter()
                .find(|name| !name.trim().is_empty());
            let field = format!("product.plans[{at}]");
            let id = names::plan(catalogue, &[id], &field, name.map_or("", String::as_str))?;
            Ok((id, plan.on_by_default))
        })
        .collect()
}

/// Which product the request is about, and in which field it says so.
fn target<'a>(target: &'a str, product: &'a Product) -> (&'static str, &'a str) {
    let said = [
        ("target", target),
        ("product.name", &product.name),
        ("product.id", &product.id),
        ("product.part_number", &product.part_number),
    ];
    let (field, text) = said
        .into_iter()
        .find(|(_, text)| !text.trim().is_empty())
        .unwrap_or(("target", ""));
    (field, Collection::Products.strip(text.trim()))
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use usher::v1::{OutcomeResult, ProductPlan};

    use super::super::super::testing::{World, refused};
    use super::*;

    fn request(product: Product, paths: &[&str]) -> UpdateProductRequest {
        UpdateProductRequest {
            product: Some(product),
            update_mask: Some(FieldMask {
                paths: paths.iter().map(ToString::to_string).collect(),
            }),
            target: "SPE_E3".into(),
            ..UpdateProductRequest::default()
        }
    }

    fn forms(on: bool) -> Product {
        Product {
            plans: vec![ProductPlan {
                plan_name: "forms_plan_e3".into(),
                on_by_default: on,
                ..ProductPlan::default()
            }],
            ..Product::default()
        }
    }

    #[tokio::test]
    async fn a_default_is_previewed_with_the_people_concerned_and_then_made() {
        let world = World::new().await;
        world.user("a@contoso.com").await;
        world.buy("SPE_E3", 1).await;
        world.assign("a@contoso.com", "SPE_E3").await.unwrap();
        let preview = UpdateProductRequest {
            validate_only: true,
            ..request(forms(false), &["plans"])
        };
        let answer = world.catalog().update_product(preview).await.unwrap();
        let answer = answer.into_inner();
        assert_eq!(answer.people_concerned, 1);
        assert!(answer.product.unwrap().plans[0].on_by_default);
        for expected in [OutcomeResult::Applied, OutcomeResult::Unchanged] {
            let asked = request(forms(false), &["plans"]);
            let answer = world.catalog().update_product(asked).await.unwrap();
            let answer = answer.into_inner();
            assert_eq!(answer.outcome.unwrap().result(), expected);
            let plans = answer.product.unwrap().plans;
            let off: Vec<bool> = plans.iter().map(|plan| plan.on_by_default).collect();
            assert_eq!(off, [false, true]);
        }
    }

    #[tokio::test]
    async fn a_product_becomes_the_companys_and_an_old_tag_is_refused() {
        let world = World::new().await;
        let company = Product {
            applies_to: AppliesTo::Company.into(),
            perpetual: true,
            ..Product::default()
        };
        let asked = request(company.clone(), &["applies_to", "perpetual"]);
        let answer = world.catalog().update_product(asked).await.unwrap();
        let made = answer.into_inner().product.unwrap();
        assert_eq!(
            (made.applies_to(), made.perpetual),
            (AppliesTo::Company, true)
        );
        world.user("a@contoso.com").await;
        world.buy("SPE_E3", 1).await;
        let status = world.assign("a@contoso.com", "SPE_E3").await;
        refused(status, Code::FailedPrecondition, "NOT_ASSIGNABLE_TO_USER");
        let back = Product {
            applies_to: AppliesTo::User.into(),
            ..made
        };
        let asked = request(back.clone(), &["applies_to"]);
        world.catalog().update_product(asked).await.unwrap();
        let stale = world
            .catalog()
            .update_product(request(back, &["perpetual"]))
            .await;
        refused(stale, Code::Aborted, "CONCURRENT_CHANGE");
    }

    #[tokio::test]
    async fn bad_requests_are_refused_and_name_their_field() {
        let world = World::new().await;
        let unknown = UpdateProductRequest {
            target: "SPE_E9".into(),
            ..request(forms(true), &["plans"])
        };
        let mut foreign = forms(true);
        "EXCHANGE_S_ENTERPRISE".clone_into(&mut foreign.plans[0].plan_name);
        for (asked, code, reason, field) in [
            (
                UpdateProductRequest::default(),
                Code::InvalidArgument,
                "INVALID_ARGUMENT",
                "product",
            ),
            (
                request(forms(true), &["display_name"]),
                Code::InvalidArgument,
                "INVALID_ARGUMENT",
                "update_mask",
            ),
            (
                request(Product::default(), &["applies_to"]),
                Code::InvalidArgument,
                "INVALID_ARGUMENT",
                "product.applies_to",
            ),
            (unknown, Code::NotFound, "PRODUCT_NOT_FOUND", "target"),
            (
                request(foreign, &["plans"]),
                Code::FailedPrecondition,
                "PLAN_NOT_IN_PRODUCT",
                "product.plans[0]",
            ),
        ] {
            let status = world.catalog().update_product(asked).await;
            let status = refused(status, code, reason);
            let outcome = super::super::super::status::outcome_in(&status);
            assert_eq!(outcome.causes[0].field, field);
        }
    }
}
