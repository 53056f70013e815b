//! The decision on what an operator says of a service plan: whether it is automatic (R20), and which
//! services' data it serves (R50). Switches for a plan that becomes automatic stay as they are, and
//! count again when it is automatic no more.

use std::collections::BTreeSet;

use super::rejudge::Rejudged;
use super::update_rule::{as_number, changed_meanwhile, no_rule};
use super::{Action, Change, Context, Outcome, OutcomeKind, Plan, Step, Subject, limits};
use crate::catalogue::{Rule, RuleKey, Service, ServicePlan};
use crate::command::PlanPatch;
use crate::ids::{PlanId, ProductId};
use crate::refusal::{Cause, Code};
use crate::snapshot::User;

pub(super) fn plan(
    context: &Context<'_>,
    id: PlanId,
    patch: &PlanPatch,
    expect: Option<&str>,
) -> Plan {
    let subject = Subject::Plan(id);
    let Some(old) = context.catalogue().plan(id) else {
        let cause = Cause::new(Code::PlanNotFound, format!("There is no service plan {id}"));
        return Plan::failed(Some(subject), vec![cause.field("plan")]);
    };
    if expect.is_some_and(|expect| expect != context.catalogue().plan_etag(old)) {
        let cause = changed_meanwhile(&old.name).field("etag");
        return Plan::failed(Some(subject), vec![cause]);
    }
    let services = match services(context, old, patch) {
        Ok(services) => services,
        Err(causes) => return Plan::failed(Some(subject), causes),
    };
    let mut steps: Vec<Step> = services
        .into_iter()
        .map(|(old, new)| service_step(old, new))
        .collect();
    let new = ServicePlan {
        automatic: patch.automatic.unwrap_or(old.automatic),
        ..old.clone()
    };
    let mut outcome = Outcome::new(Some(subject.clone()), OutcomeKind::Applied);
    if *old != new {
        let changes = vec![
            Change::ClosePlan { id },
            Change::OpenPlan(Box::new(new.clone())),
        ];
        let record = (Action::UpdatePlan, subject.clone());
        steps.push(Step::new(record, changes, old, &new));
        let within: BTreeSet<ProductId> = context
            .catalogue()
            .products_with(id)
            .map(|product| product.id)
            .collect();
        let holds = |user: &User| user.paths.iter().any(|path| within.contains(&path.product));
        let mut catalogue = context.catalogue().clone();
        catalogue.put_plan(new);
        let record = (Action::RejudgePlan, &subject);
        let rejudged = Rejudged::new(context, &catalogue, holds, steps.len(), record);
        outcome.people = as_number(rejudged.concerned);
        outcome.notes.extend(rejudged.effects(&catalogue));
        outcome.notes.extend(rejudged.note());
        steps.extend(rejudged.steps);
    }
    if steps.is_empty() {
        return Plan::unchanged(subject);
    }
    Plan { outcome, steps }
}

/// The services that change, before and after.
fn services<'a>(
    context: &Context<'a>,
    plan: &ServicePlan,
    patch: &PlanPatch,
) -> Result<Vec<(&'a Service, Service)>, Vec<Cause>> {
    let Some(wanted) = &patch.services else {
        return Ok(Vec::new());
    };
    let rules = context.catalogue().rules();
    let mut causes: Vec<Cause> =
        limits::check_list("services", "services", wanted.len(), limits::MAX_SWITCHES)
            .into_iter()
            .collect();
    for (at, id) in wanted.iter().enumerate() {
        if rules.get(&RuleKey::Service(id.clone())).is_none() {
            let known = rules.services().map(|service| service.id.as_str());
            causes.push(no_rule("service", id, known).field(format!("services[{at}]")));
        }
    }
    let mut changed = Vec::new();
    for old in rules.services() {
        let mut new = old.clone();
        let differs = if wanted.contains(&old.id) {
            new.plans.insert(plan.id)
        } else {
            new.plans.remove(&plan.id)
        };
        if new.plans.is_empty() {
            let message = format!(
                "{} is the only plan of the service {}; remove the service instead",
                plan.name, old.id
            );
            causes.push(Cause::new(Code::BadRule, message).field("services"));
        }
        if differs {
            changed.push((old, new));
        }
    }
    if causes.is_empty() {
        Ok(changed)
    } else {
        Err(causes)
    }
}

fn service_step(old: &Service, new: Service) -> Step {
    let key = RuleKey::Service(new.id.clone());
    let (old, new) = (Rule::Service(old.clone()), Rule::Service(new));
    let changes = vec![
        Change::CloseRule { key: key.clone() },
        Change::OpenRule(Box::new(new.clone())),
    ];
    Step::new(
        (Action::UpdateRule, Subject::Rule(key)),
        changes,
        &old,
        &new,
    )
}
