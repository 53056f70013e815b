//! The decision on one rule as an operator says it (R3). Like an import it never fails for licences
//! that stand: what may no longer be on is held off, and what may be on again comes back (R19a).

use std::collections::HashSet;

use super::import_rules::read;
use super::names::shown;
use super::rejudge::Rejudged;
use super::{Action, Change, Context, Outcome, OutcomeKind, Plan, Step, Subject};
use crate::catalogue::{Rule, RuleKey, etag};
use crate::command::RulePatch;
use crate::ids::ProductId;
use crate::refusal::{Cause, Code, Fix};
use crate::snapshot::User;

pub(super) fn plan(
    context: &Context<'_>,
    patch: &RulePatch,
    allow_missing: bool,
    expect: Option<&str>,
) -> Plan {
    let key = patch.key();
    let subject = Subject::Rule(key.clone());
    let old = context.catalogue().rules().get(&key);
    let refused = |cause: Cause| Plan::failed(Some(Subject::Rule(patch.key())), vec![cause]);
    match (old, expect) {
        (None, _) if !allow_missing => return refused(missing(context, &key)),
        (Some(old), Some(expect)) if expect != etag(old) => {
            return refused(changed_meanwhile(&key.text()).field("etag"));
        }
        (None, Some(_)) => {
            return refused(changed_meanwhile(&key.text()).field("etag"));
        }
        _ => {}
    }
    let whole = match patch.onto(old) {
        Ok(whole) => whole,
        Err(lacking) => {
            let message = format!("A new rule needs its {lacking}");
            return refused(Cause::new(Code::BadRule, message).field(lacking));
        }
    };
    match read(&whole, None) {
        Ok(new) if old == Some(&new) => Plan::unchanged(subject),
        Ok(new) => changed(context, Action::UpdateRule, old, Some(new), key),
        Err(causes) => Plan::failed(Some(subject), causes),
    }
}

/// One rule that is made, changed or removed, and what that makes of those whom it concerns.
pub(super) fn changed(
    context: &Context<'_>,
    action: Action,
    old: Option<&Rule>,
    new: Option<Rule>,
    key: RuleKey,
) -> Plan {
    let subject = Subject::Rule(key.clone());
    let concerned: HashSet<ProductId> = context
        .catalogue()
        .concerned_by(new.as_ref(), old)
        .collect();
    let closed = old.map(|_| Change::CloseRule { key: key.clone() });
    let opened = new.clone().map(|new| Change::OpenRule(Box::new(new)));
    let changes = closed.into_iter().chain(opened).collect();
    let mut steps = vec![Step::new((action, subject.clone()), changes, &old, &new)];
    let mut catalogue = context.catalogue().clone();
    let removed: Vec<RuleKey> = new.is_none().then_some(key).into_iter().collect();
    catalogue.change_rules(&removed, new);
    let holds = |user: &User| {
        let mut paths = user.paths.iter();
        paths.any(|path| concerned.contains(&path.product))
    };
    let record = (Action::RejudgeRule, &subject);
    let rejudged = Rejudged::new(context, &catalogue, holds, steps.len(), record);
    let mut outcome = Outcome::new(Some(subject.clone()), OutcomeKind::Applied);
    outcome.people = as_number(rejudged.concerned);
    outcome.notes.extend(rejudged.effects(&catalogue));
    outcome.notes.extend(rejudged.note());
    steps.extend(rejudged.steps);
    Plan { outcome, steps }
}

/// Why there is no rule to change or remove.
pub(super) fn missing(context: &Context<'_>, key: &RuleKey) -> Cause {
    let (kind, id) = match key {
        RuleKey::Exclusion(id) => ("exclusion set", id.clone()),
        RuleKey::Service(id) => ("service", id.clone()),
        RuleKey::Prerequisite(plan) => ("prerequisite", context.catalogue().plan_name(*plan)),
        RuleKey::Country(subject) => ("country rule", uuid::Uuid::from(*subject).to_string()),
    };
    let rules = context.catalogue().rules();
    let known = rules.iter().filter_map(|rule| match (rule, key) {
        (Rule::Exclusion(set), RuleKey::Exclusion(_)) => Some(set.id.as_str()),
        (Rule::Service(service), RuleKey::Service(_)) => Some(service.id.as_str()),
        _ => None,
    });
    no_rule(kind, &id, known)
}

/// Nothing of a kind has this id; these are there.
pub(super) fn no_rule<'k>(kind: &str, id: &str, known: impl Iterator<Item = &'k str>) -> Cause {
    let known: Vec<String> = known.take(20).map(str::to_owned).collect();
    let given = shown(id);
    if known.is_empty() {
        return Cause::new(
            Code::RuleNotFound,
            format!("There is no {kind} \"{given}\""),
        );
    }
    let message = format!(
        "There is no {kind} \"{given}\"; there are {}",
        known.join(", ")
    );
    let near = known;
    Cause::new(Code::RuleNotFound, message).fix(Fix::NearName { given, near })
}

pub(super) fn changed_meanwhile(what: &str) -> Cause {
    let message = format!(
        "{what} was changed since it was read. Read it again, then send the change with the new etag."
    );
    Cause::new(Code::ConcurrentChange, message)
}

pub(super) fn as_number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
