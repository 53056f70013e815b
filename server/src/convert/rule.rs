//! Licence rules, from the catalogue to the wire.

use usher::name::Collection;
use usher::v1 as wire;
use usher_domain::catalogue::{
    Catalogue, CountryMode, CountrySubject, DataKind, Rule, RuleKey, etag,
};
use usher_domain::ids::PlanId;

/// One rule, with the names of the plans it speaks of.
pub(crate) fn to_wire(rule: &Rule, catalogue: &Catalogue) -> wire::LicenseRule {
    let key = rule.key();
    let plans = |ids: &mut dyn Iterator<Item = PlanId>| {
        ids.map(|id| plan_ref(id, catalogue)).collect::<Vec<_>>()
    };
    let says = match rule {
        Rule::Exclusion(set) => wire::license_rule::Rule::Exclusion(wire::ExclusionRule {
            service: set.service.clone(),
            plans: plans(&mut set.plans.iter().copied()),
        }),
        Rule::Prerequisite(rule) => {
            wire::license_rule::Rule::Prerequisite(wire::PrerequisiteRule {
                plan: Some(plan_ref(rule.plan, catalogue)),
                any_of: plans(&mut rule.any_of.iter().copied()),
                evidence: rule.evidence.clone(),
            })
        }
        Rule::Country(rule) => wire::license_rule::Rule::Country(wire::CountryRule {
            subject_id: uuid::Uuid::from(rule.subject).to_string(),
            allow: rule.mode == CountryMode::Allow,
            countries: rule.countries.iter().map(ToString::to_string).collect(),
        }),
        Rule::Service(service) => wire::license_rule::Rule::Service(wire::ServiceRule {
            kind: data_kind(service.kind).into(),
            days: service
                .days
                .map(|days| i32::try_from(days).unwrap_or(i32::MAX)),
            plans: plans(&mut service.plans.iter().copied()),
        }),
    };
    wire::LicenseRule {
        name: Collection::LicenseRules.name(key.text()),
        id: id(&key),
        rule: Some(says),
        etag: etag(rule),
    }
}

fn id(key: &RuleKey) -> String {
    match key {
        RuleKey::Exclusion(id) | RuleKey::Service(id) => id.clone(),
        RuleKey::Prerequisite(plan) => plan.to_string(),
        RuleKey::Country(CountrySubject::Product(product)) => product.to_string(),
        RuleKey::Country(CountrySubject::Plan(plan)) => plan.to_string(),
    }
}

/// A kind of data.
pub(crate) fn data_kind(kind: DataKind) -> wire::DataKind {
    match kind {
        DataKind::Mail => wire::DataKind::Mail,
        DataKind::Files => wire::DataKind::Files,
        DataKind::Other => wire::DataKind::Other,
    }
}

fn plan_ref(id: PlanId, catalogue: &Catalogue) -> wire::PlanRef {
    wire::PlanRef {
        id: id.to_string(),
        plan_name: catalogue.plan_name(id),
    }
}
