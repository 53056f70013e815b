//! Products and service plans, from the catalogue to the wire.

use usher::name::Collection;
use usher::v1 as wire;
use usher_domain::catalogue::{AppliesTo, Catalogue, Product, ServicePlan, etag};

/// A product with its plans, by name.
pub(crate) fn product(product: &Product, catalogue: &Catalogue) -> wire::Product {
    let mut plans: Vec<wire::ProductPlan> = product
        .plans
        .iter()
        .map(|(id, entry)| {
            let plan = catalogue.plan(*id);
            wire::ProductPlan {
                id: id.to_string(),
                plan_name: catalogue.plan_name(*id),
                display_name: plan
                    .map(|plan| plan.friendly_name.clone())
                    .unwrap_or_default(),
                on_by_default: entry.on_by_default,
            }
        })
        .collect();
    plans.sort_unstable_by(|a, b| (&a.plan_name, &a.id).cmp(&(&b.plan_name, &b.id)));
    wire::Product {
        name: Collection::Products.name(product.id),
        id: product.id.to_string(),
        part_number: product.part_number.clone(),
        display_name: product.name.clone(),
        aliases: product.aliases.clone(),
        applies_to: match product.applies_to {
            AppliesTo::User => wire::AppliesTo::User,
            AppliesTo::Company => wire::AppliesTo::Company,
        }
        .into(),
        perpetual: product.perpetual,
        plans,
        etag: etag(product),
    }
}

/// A service plan with the products that contain it.
pub(crate) fn service_plan(plan: &ServicePlan, catalogue: &Catalogue) -> wire::ServicePlan {
    let mut products: Vec<String> = catalogue
        .products_with(plan.id)
        .map(|product| product.part_number.clone())
        .collect();
    products.sort_unstable();
    wire::ServicePlan {
        name: Collection::ServicePlans.name(plan.id),
        id: plan.id.to_string(),
        plan_name: plan.name.clone(),
        display_name: plan.friendly_name.clone(),
        aliases: plan.aliases.clone(),
        automatic: plan.automatic,
        products,
        services: catalogue
            .rules()
            .services_of(plan.id)
            .map(|service| service.id.clone())
            .collect(),
        etag: catalogue.plan_etag(plan),
    }
}
