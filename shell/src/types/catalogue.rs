//! Products, service plans and rules as objects.

use usher::v1::license_rule::Rule;
use usher::v1::{AppliesTo, DataKind, LicenseRule, PlanRef, Product, ServicePlan};
use usher_object::Value;

use super::{Shape, text, texts};

/// What is sold.
pub static PRODUCT: Shape<Product> = Shape {
    name: "Product",
    properties: &[
        ("Id", |product| text(&product.id)),
        ("PartNumber", |product| text(&product.part_number)),
        ("DisplayName", |product| text(&product.display_name)),
        ("AppliesTo", |product| match product.applies_to() {
            AppliesTo::Company => "Company".into(),
            AppliesTo::User | AppliesTo::Unspecified => "User".into(),
        }),
        ("Perpetual", |product| Value::Bool(product.perpetual)),
        ("ServicePlans", |product| {
            texts(product.plans.iter().map(|plan| &plan.plan_name))
        }),
        ("PlansOff", |product| {
            let off = product.plans.iter().filter(|plan| !plan.on_by_default);
            texts(off.map(|plan| &plan.plan_name))
        }),
        ("Aliases", |product| texts(&product.aliases)),
        ("Etag", |product| text(&product.etag)),
    ],
    columns: &["PartNumber", "DisplayName", "AppliesTo", "Id"],
    details: &[],
};

/// One app or service inside products.
pub static SERVICE_PLAN: Shape<ServicePlan> = Shape {
    name: "ServicePlan",
    properties: &[
        ("Id", |plan| text(&plan.id)),
        ("PlanName", |plan| text(&plan.plan_name)),
        ("DisplayName", |plan| text(&plan.display_name)),
        ("Automatic", |plan| Value::Bool(plan.automatic)),
        ("Services", |plan| texts(&plan.services)),
        ("Products", |plan| texts(&plan.products)),
        ("Aliases", |plan| texts(&plan.aliases)),
        ("Etag", |plan| text(&plan.etag)),
    ],
    columns: &["PlanName", "DisplayName", "Id"],
    details: &[],
};

/// A rule that an operator keeps as data.
pub static LICENSE_RULE: Shape<LicenseRule> = Shape {
    name: "LicenseRule",
    properties: &[
        ("Id", |rule| text(&rule.id)),
        ("Rule", |rule| {
            text(usher::name::Collection::LicenseRules.strip(&rule.name))
        }),
        ("Kind", |rule| match &rule.rule {
            Some(Rule::Exclusion(_)) => "exclusion".into(),
            Some(Rule::Prerequisite(_)) => "prerequisite".into(),
            Some(Rule::Country(_)) => "country".into(),
            Some(Rule::Service(_)) => "service".into(),
            None => Value::Null,
        }),
        ("Service", |rule| match &rule.rule {
            Some(Rule::Exclusion(exclusion)) => text(&exclusion.service),
            Some(Rule::Service(_)) => text(&rule.id),
            _ => Value::Null,
        }),
        ("Plans", |rule| match &rule.rule {
            Some(Rule::Exclusion(exclusion)) => plans(&exclusion.plans),
            Some(Rule::Prerequisite(needing)) => plans(needing.plan.iter()),
            Some(Rule::Service(service)) => plans(&service.plans),
            _ => Value::Null,
        }),
        ("NeedsAnyOf", |rule| match &rule.rule {
            Some(Rule::Prerequisite(needing)) => plans(&needing.any_of),
            _ => Value::Null,
        }),
        ("Countries", |rule| match &rule.rule {
            Some(Rule::Country(country)) => texts(&country.countries),
            _ => Value::Null,
        }),
        ("Allow", |rule| match &rule.rule {
            Some(Rule::Country(country)) => Value::Bool(country.allow),
            _ => Value::Null,
        }),
        ("DataKind", |rule| match &rule.rule {
            Some(Rule::Service(service)) => match service.kind() {
                DataKind::Mail => "mail".into(),
                DataKind::Files => "files".into(),
                DataKind::Other => "other".into(),
                DataKind::Unspecified => Value::Null,
            },
            _ => Value::Null,
        }),
        ("Days", |rule| match &rule.rule {
            Some(Rule::Service(service)) => service.days.into(),
            _ => Value::Null,
        }),
        ("Evidence", |rule| match &rule.rule {
            Some(Rule::Prerequisite(needing)) => text(&needing.evidence),
            _ => Value::Null,
        }),
        ("Etag", |rule| text(&rule.etag)),
    ],
    columns: &["Kind", "Id", "Plans", "NeedsAnyOf"],
    details: &[],
};

fn plans<'p>(plans: impl IntoIterator<Item = &'p PlanRef>) -> Value {
    texts(plans.into_iter().map(|plan| {
        if plan.plan_name.is_empty() {
            &plan.id
        } else {
            &plan.plan_name
        }
    }))
}
