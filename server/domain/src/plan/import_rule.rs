//! The decision on a rule that an import found (R3). Standing licences never stop it: what may
//! no longer be on is held off (R19a).

use serde::Serialize;

use super::rejudge::Rejudged;
use super::{Action, Change, Context, Plan, Subject};
use crate::catalogue::{CountryRule, ExclusionSet, Prerequisite, Rule, RuleKey};
use crate::command::RuleImport;
use crate::refusal::{Cause, Code};
use crate::snapshot::{Assignment, User};

#[derive(Serialize)]
struct Side<'a> {
    rule: Option<&'a Rule>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    licenses: Vec<&'a Assignment>,
}

pub(super) fn plan(context: &Context<'_>, found: &RuleImport) -> Plan {
    let subject = Subject::Rule(found.key());
    if let Some(cause) = check(found) {
        return Plan::failed(Some(subject), vec![cause]);
    }
    let old = context.catalogue().rules().get(&found.key());
    let new = found.onto(old);
    if old == Some(&new) {
        return Plan::unchanged(subject);
    }
    let mut changes = Vec::new();
    if old.is_some() {
        changes.push(Change::CloseRule { key: new.key() });
    }
    changes.push(Change::OpenRule(Box::new(new.clone())));
    let holds = |user: &User| !user.paths.is_empty();
    let rejudged = context.snapshot.users().any(holds).then(|| {
        let mut catalogue = context.catalogue().clone();
        catalogue.change_rules(&[], [new.clone()]);
        Rejudged::new(context, &catalogue, holds)
    });
    changes.extend(rejudged.iter().flat_map(Rejudged::changes));
    let before = Side {
        rule: old,
        licenses: rejudged.as_ref().map(Rejudged::before).unwrap_or_default(),
    };
    let after = Side {
        rule: Some(&new),
        licenses: rejudged.as_ref().map(Rejudged::after).unwrap_or_default(),
    };
    let mut plan = Plan::applied(Action::ImportRule, subject, changes, &before, &after);
    plan.outcome
        .notes
        .extend(rejudged.and_then(|rejudged| rejudged.note()));
    plan
}

impl RuleImport {
    /// The rule as it is after the import, on top of the one that is there.
    pub(crate) fn onto(&self, old: Option<&Rule>) -> Rule {
        match self {
            Self::Exclusion { id, service, plans } => {
                let mut set = match old {
                    Some(Rule::Exclusion(set)) => set.clone(),
                    _ => ExclusionSet {
                        id: id.clone(),
                        service: String::new(),
                        plans: std::collections::BTreeSet::new(),
                    },
                };
                if !service.is_empty() {
                    set.service.clone_from(service);
                }
                set.plans.extend(plans);
                Rule::Exclusion(set)
            }
            Self::Prerequisite {
                plan,
                any_of,
                evidence,
            } => Rule::Prerequisite(Prerequisite {
                plan: *plan,
                any_of: any_of.iter().copied().collect(),
                evidence: evidence.clone(),
            }),
            Self::Country {
                subject,
                mode,
                countries,
            } => Rule::Country(CountryRule {
                subject: *subject,
                mode: *mode,
                countries: countries.iter().copied().collect(),
            }),
        }
    }

    #[must_use]
    pub fn key(&self) -> RuleKey {
        match self {
            Self::Exclusion { id, .. } => RuleKey::Exclusion(id.clone()),
            Self::Prerequisite { plan, .. } => RuleKey::Prerequisite(*plan),
            Self::Country { subject, .. } => RuleKey::Country(*subject),
        }
    }
}

fn check(found: &RuleImport) -> Option<Cause> {
    let bad = |field: &str, message: &str| {
        Some(Cause::new(Code::BadRule, message.to_owned()).field(field))
    };
    match found {
        RuleImport::Exclusion { id, .. } if id.trim().is_empty() => {
            bad("id", "The exclusion set has no id")
        }
        RuleImport::Exclusion { plans, .. } if plans.is_empty() => {
            bad("plans", "The exclusion set names no service plan")
        }
        RuleImport::Prerequisite { any_of, .. } if any_of.is_empty() => {
            bad("any_of", "The prerequisite names no alternative")
        }
        RuleImport::Prerequisite { plan, any_of, .. } if any_of.contains(plan) => {
            bad("any_of", "A service plan cannot be its own prerequisite")
        }
        RuleImport::Country { countries, .. } if countries.is_empty() => {
            bad("countries", "The country rule names no country")
        }
        _ => None,
    }
}
