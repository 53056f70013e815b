//! What a request calls a rule: its kind, and its id or the name of what it is about.

use usher::name::Collection;
use usher_domain::catalogue::{Catalogue, CountrySubject, Resolution, RuleKey};
use usher_domain::ids::{PlanId, ProductId};
use usher_domain::refusal::{Cause, Code};
use uuid::Uuid;

use super::super::names;

/// The rule that `{kind}/{id}` stands for. Whether there is one is not looked up, so that a request
/// to remove it can be repeated.
pub(super) fn key(catalogue: &Catalogue, field: &str, name: &str) -> Result<RuleKey, Cause> {
    let text = Collection::LicenseRules.strip(name.trim());
    let parts = text.split_once('/').map(|(kind, id)| (kind, id.trim()));
    match parts {
        Some(("exclusion", id)) if !id.is_empty() => Ok(RuleKey::Exclusion(id.to_owned())),
        Some(("service", id)) if !id.is_empty() => Ok(RuleKey::Service(id.to_owned())),
        Some(("prerequisite", id)) => plan(catalogue, field, id).map(RuleKey::Prerequisite),
        Some(("country", id)) => subject(catalogue, field, id).map(RuleKey::Country),
        _ => Err(Cause::new(
            Code::InvalidArgument,
            "Name the rule as exclusion/ID, prerequisite/PLAN, country/PRODUCT or service/ID.",
        )
        .field(field)),
    }
}

/// A plan by name or GUID; rules may speak of plans that the catalogue lacks.
pub(super) fn plan(catalogue: &Catalogue, field: &str, name: &str) -> Result<PlanId, Cause> {
    match Uuid::try_parse(Collection::ServicePlans.strip(name.trim())) {
        Ok(id) if !id.is_nil() => Ok(PlanId(id)),
        _ => names::plan(catalogue, &[], field, name),
    }
}

/// A product or plan by name or GUID.
pub(super) fn subject(
    catalogue: &Catalogue,
    field: &str,
    name: &str,
) -> Result<CountrySubject, Cause> {
    let text = Collection::Products.strip(name.trim());
    if let Ok(id) = Uuid::try_parse(text)
        && catalogue.product(ProductId(id)).is_none()
        && catalogue.plan(PlanId(id)).is_some()
    {
        return Ok(CountrySubject::Plan(PlanId(id)));
    }
    match (
        catalogue.resolve_product(text),
        catalogue.resolve_plan(&[], Collection::ServicePlans.strip(text)),
    ) {
        (Resolution::NotFound { .. }, Resolution::Found(plan)) => Ok(CountrySubject::Plan(plan)),
        _ => names::product(catalogue, field, text).map(CountrySubject::Product),
    }
}
