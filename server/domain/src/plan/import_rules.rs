//! The decision on rules that an import found (R3): each is taken or refused by itself. Standing
//! licences never stop one: what may no longer be on is held off (R19a), judged once for all rules.

use std::collections::{BTreeMap, HashSet};

use super::rejudge::Rejudged;
use super::{Action, Change, Context, Outcome, OutcomeKind, Plan, Step, Subject, limits};
use crate::catalogue::{CountryRule, DataKind, ExclusionSet, Prerequisite, Rule, RuleKey, Service};
use crate::command::RuleImport;
use crate::ids::ProductId;
use crate::refusal::{Cause, Code};
use crate::snapshot::User;

pub(super) fn plan(context: &Context<'_>, found: &[RuleImport]) -> Plan {
    let too_many = limits::check_list("rules", "rules", found.len(), limits::MAX_RULES);
    if let Some(cause) = too_many {
        return Plan::failed(Some(Subject::Rules), vec![cause]);
    }
    let mut parts = Vec::with_capacity(found.len());
    let mut steps = Vec::new();
    let mut changed: BTreeMap<RuleKey, Rule> = BTreeMap::new();
    let mut concerned: HashSet<ProductId> = HashSet::new();
    for rule in found {
        let key = rule.key();
        let old = changed
            .get(&key)
            .or_else(|| context.catalogue().rules().get(&key));
        let subject = Subject::Rule(key.clone());
        let new = match read(rule, old) {
            Ok(new) if old == Some(&new) => {
                parts.push(Outcome::new(Some(subject), OutcomeKind::Unchanged));
                continue;
            }
            Ok(new) => new,
            Err(causes) => {
                parts.push(Plan::failed(Some(subject), causes).outcome);
                continue;
            }
        };
        concerned.extend(context.catalogue().concerned_by(Some(&new), old));
        let mut part = Outcome::new(Some(subject.clone()), OutcomeKind::Applied);
        part.created = old.is_none();
        parts.push(part);
        let closed = old
            .is_some()
            .then(|| Change::CloseRule { key: key.clone() });
        let opened = Change::OpenRule(Box::new(new.clone()));
        let changes = closed.into_iter().chain([opened]).collect();
        steps.push(Step::new(
            (Action::ImportRule, subject),
            changes,
            &old,
            &new,
        ));
        changed.insert(key, new);
    }
    let mut outcome = joined(parts);
    let subject = match changed.keys().next() {
        Some(only) if changed.len() == 1 => Subject::Rule(only.clone()),
        _ => Subject::Rules,
    };
    let holds = |user: &User| {
        user.paths
            .iter()
            .any(|path| concerned.contains(&path.product))
    };
    if context.snapshot.users().any(holds) {
        let mut catalogue = context.catalogue().clone();
        catalogue.change_rules(&[], changed.into_values());
        let record = (Action::RejudgeRule, &subject);
        let rejudged = Rejudged::new(context, &catalogue, holds, steps.len(), record);
        outcome.notes.extend(rejudged.note());
        steps.extend(rejudged.steps);
    }
    outcome.subject = Some(subject);
    Plan { outcome, steps }
}

/// What became of all rules together: applied where one was, and refused only where all that was
/// new was.
fn joined(parts: Vec<Outcome>) -> Outcome {
    let any = |kind| parts.iter().any(|part| part.result == kind);
    let result = [OutcomeKind::Applied, OutcomeKind::Failed]
        .into_iter()
        .find(|kind| any(*kind))
        .unwrap_or(OutcomeKind::Unchanged);
    let mut outcome = Outcome::new(None, result);
    if result == OutcomeKind::Failed {
        let causes = parts.iter().flat_map(|part| &part.causes);
        outcome.causes = causes.cloned().collect();
    }
    outcome.parts = parts;
    outcome
}

/// The rule as it is after the import, or what is wrong with it.
pub(super) fn read(found: &RuleImport, old: Option<&Rule>) -> Result<Rule, Vec<Cause>> {
    let mut causes: Vec<Cause> = check(found).into_iter().collect();
    causes.extend(check_texts(found));
    if !causes.is_empty() {
        return Err(causes);
    }
    let new = found.onto(old);
    let plans = new.plans().len();
    match limits::check_list("plans", "service plans", plans, limits::MAX_PLANS) {
        Some(cause) => Err(vec![cause]),
        None => Ok(new),
    }
}

fn check_texts(found: &RuleImport) -> Vec<Cause> {
    let texts: &[(&str, &str)] = match found {
        RuleImport::Exclusion { id, service, .. } => &[("id", id), ("service", service)],
        RuleImport::Prerequisite { evidence, .. } => &[("evidence", evidence)],
        RuleImport::Country { .. } => &[],
        RuleImport::Service { id, .. } => &[("id", id)],
    };
    texts
        .iter()
        .filter_map(|(field, text)| limits::check_text(field, text, limits::MAX_TEXT))
        .collect()
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
            Self::Service {
                id,
                plans,
                kind,
                days,
            } => Rule::Service(Service {
                id: id.clone(),
                kind: *kind,
                days: *days,
                plans: plans.iter().copied().collect(),
            }),
        }
    }

    #[must_use]
    pub fn key(&self) -> RuleKey {
        match self {
            Self::Exclusion { id, .. } => RuleKey::Exclusion(id.clone()),
            Self::Prerequisite { plan, .. } => RuleKey::Prerequisite(*plan),
            Self::Country { subject, .. } => RuleKey::Country(*subject),
            Self::Service { id, .. } => RuleKey::Service(id.clone()),
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
        RuleImport::Service { id, .. } if id.trim().is_empty() => {
            bad("id", "The service has no id")
        }
        RuleImport::Service { plans, .. } if plans.is_empty() => {
            bad("plans", "The service names no service plan")
        }
        RuleImport::Service {
            kind: DataKind::Files,
            days: Some(_),
            ..
        } => bad(
            "days",
            "Files are kept until the user is purged, not for a number of days; leave the days empty",
        ),
        RuleImport::Service {
            days: Some(days), ..
        } if *days > limits::MAX_DAYS => bad(
            "days",
            &format!(
                "{days} days are more than {}; leave the days empty to keep data until the user is purged",
                limits::MAX_DAYS
            ),
        ),
        _ => None,
    }
}
