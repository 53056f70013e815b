//! What a request says of a rule, as the planner takes it. Names become ids; what a mask leaves out is
//! not mentioned.

use usher::v1::license_rule::Rule;
use usher::v1::{CountryRule, DataKind, LicenseRule, PlanRef, ServiceRule};
use usher_domain::catalogue::{self, Catalogue, CountryMode};
use usher_domain::command::RulePatch;
use usher_domain::ids::{Country, PlanId};
use usher_domain::refusal::Cause;

use super::rule_name;
use crate::convert::fields::Fields;

/// Plans or countries that one request names at most.
const MAX_LIST: usize = 1_000;

/// The path of what the rule says, in the request.
pub(super) fn field(rule: &LicenseRule) -> &'static str {
    match rule.rule {
        Some(Rule::Exclusion(_)) => "license_rule.exclusion",
        Some(Rule::Prerequisite(_)) => "license_rule.prerequisite",
        Some(Rule::Country(_)) => "license_rule.country",
        Some(Rule::Service(_)) => "license_rule.service",
        None => "license_rule",
    }
}

/// None when a fault was noted that leaves nothing to say.
pub(super) fn patch(
    rule: &LicenseRule,
    paths: &[String],
    catalogue: &Catalogue,
    fields: &mut Fields,
) -> Result<Option<RulePatch>, Cause> {
    let at = field(rule);
    let mask = Mask::read(rule, paths, fields);
    Ok(match &rule.rule {
        None => {
            fields.fault(
                "license_rule",
                "Say what the rule is: exclusion, prerequisite, country or service.",
            );
            None
        }
        Some(Rule::Exclusion(set)) => {
            fields.required_name("license_rule.id", &rule.id);
            Some(RulePatch::Exclusion {
                id: rule.id.trim().to_owned(),
                service: mask.has("service").then(|| set.service.trim().to_owned()),
                plans: plans(&mask, (at, "plans"), &set.plans, catalogue, fields)?,
            })
        }
        Some(Rule::Prerequisite(needing)) => {
            let named = needing.plan.as_ref().map_or(rule.id.as_str(), name_of);
            Some(RulePatch::Prerequisite {
                plan: rule_name::plan(catalogue, "license_rule.prerequisite.plan", named)?,
                any_of: plans(&mask, (at, "any_of"), &needing.any_of, catalogue, fields)?,
                evidence: mask
                    .has("evidence")
                    .then(|| needing.evidence.trim().to_owned()),
            })
        }
        Some(Rule::Country(country)) => {
            let named = [&country.subject_id, &rule.id]
                .into_iter()
                .find(|name| !name.trim().is_empty());
            let at = "license_rule.country.subject_id";
            let named = named.map_or("", String::as_str);
            Some(RulePatch::Country {
                subject: rule_name::subject(catalogue, at, named)?,
                mode: mask.has("allow").then_some(if country.allow {
                    CountryMode::Allow
                } else {
                    CountryMode::Deny
                }),
                countries: mask.has("countries").then(|| countries(country, fields)),
            })
        }
        Some(Rule::Service(service)) => {
            fields.required_name("license_rule.id", &rule.id);
            Some(RulePatch::Service {
                id: rule.id.trim().to_owned(),
                kind: mask.has("kind").then(|| kind(service, fields)).flatten(),
                days: mask.has("days").then(|| days(service, fields)),
                plans: plans(&mask, (at, "plans"), &service.plans, catalogue, fields)?,
            })
        }
    })
}

/// The fields of the rule's kind that are said; all without a mask.
struct Mask<'m>(Option<Vec<&'m str>>);

impl<'m> Mask<'m> {
    fn read(rule: &LicenseRule, paths: &'m [String], fields: &mut Fields) -> Self {
        let (kind, known): (_, &[&str]) = match rule.rule {
            Some(Rule::Exclusion(_)) => ("exclusion", &["service", "plans"]),
            Some(Rule::Prerequisite(_)) => ("prerequisite", &["any_of", "evidence"]),
            Some(Rule::Country(_)) => ("country", &["allow", "countries"]),
            Some(Rule::Service(_)) => ("service", &["kind", "days", "plans"]),
            None => return Self(None),
        };
        let mut said = Vec::new();
        for path in paths {
            match path.split_once('.') {
                None if path == kind => return Self(None),
                Some((of, field)) if of == kind && known.contains(&field) => said.push(field),
                _ => fields.fault(
                    "update_mask",
                    format!(
                        "\"{path}\" is no field of this rule: {kind}.{} are.",
                        known.join(&format!(", {kind}."))
                    ),
                ),
            }
        }
        Self((!paths.is_empty()).then_some(said))
    }

    fn has(&self, field: &str) -> bool {
        self.0.as_ref().is_none_or(|said| said.contains(&field))
    }
}

fn plans(
    mask: &Mask<'_>,
    (at, field): (&str, &str),
    plans: &[PlanRef],
    catalogue: &Catalogue,
    fields: &mut Fields,
) -> Result<Option<Vec<PlanId>>, Cause> {
    if !mask.has(field) {
        return Ok(None);
    }
    fields.at_most(&format!("{at}.{field}"), plans.len(), MAX_LIST);
    let ids = plans.iter().take(MAX_LIST).enumerate();
    ids.map(|(n, plan)| rule_name::plan(catalogue, &format!("{at}.{field}[{n}]"), name_of(plan)))
        .collect::<Result<Vec<_>, _>>()
        .map(Some)
}

fn name_of(plan: &PlanRef) -> &str {
    if plan.id.trim().is_empty() {
        &plan.plan_name
    } else {
        &plan.id
    }
}

fn countries(country: &CountryRule, fields: &mut Fields) -> Vec<Country> {
    let at = "license_rule.country.countries";
    fields.at_most(at, country.countries.len(), MAX_LIST);
    let mut list = Vec::new();
    for (n, text) in country.countries.iter().take(MAX_LIST).enumerate() {
        match text.parse::<Country>() {
            Ok(code) => list.push(code),
            Err(error) => {
                let message = format!("\"{text}\" is not a country: {error}.");
                fields.fault(&format!("{at}[{n}]"), message);
            }
        }
    }
    list
}

fn kind(service: &ServiceRule, fields: &mut Fields) -> Option<catalogue::DataKind> {
    match service.kind() {
        DataKind::Mail => Some(catalogue::DataKind::Mail),
        DataKind::Files => Some(catalogue::DataKind::Files),
        DataKind::Other => Some(catalogue::DataKind::Other),
        DataKind::Unspecified => {
            fields.fault(
                "license_rule.service.kind",
                "Say what kind of data it is: mail, files or other.",
            );
            None
        }
    }
}

fn days(service: &ServiceRule, fields: &mut Fields) -> Option<u32> {
    let days = service.days?;
    let number = u32::try_from(days).ok();
    if number.is_none() {
        fields.fault(
            "license_rule.service.days",
            format!("The number of days {days} is negative."),
        );
    }
    number
}
