//! The decision on what an operator says of a product: whom it applies to (R9), whether it is bought
//! once, and which plans are on by default (R14). Licences that stand stay: whoever follows a default
//! follows the new one, and what may no longer be on is held off (R19a).

use super::import_product::rows;
use super::rejudge::Rejudged;
use super::update_rule::{as_number, changed_meanwhile};
use super::{
    Action, Change, Context, Note, NoteKind, Outcome, OutcomeKind, Plan, Step, Subject, limits,
};
use crate::catalogue::{AppliesTo, Product, ProductPlan, etag};
use crate::command::ProductPatch;
use crate::ids::{PlanId, ProductId};
use crate::refusal::{Cause, Code};
use crate::snapshot::User;

pub(super) fn plan(
    context: &Context<'_>,
    id: ProductId,
    patch: &ProductPatch,
    expect: Option<&str>,
) -> Plan {
    let subject = Subject::Product(id);
    let Some(old) = context.catalogue().product(id) else {
        let cause = Cause::new(Code::ProductNotFound, format!("There is no product {id}"));
        return Plan::failed(Some(subject), vec![cause.field("product")]);
    };
    if expect.is_some_and(|expect| expect != etag(old)) {
        let cause = changed_meanwhile(&old.part_number).field("etag");
        return Plan::failed(Some(subject), vec![cause]);
    }
    let causes = check(context, old, patch);
    if !causes.is_empty() {
        return Plan::failed(Some(subject), causes);
    }
    let new = patched(old, patch);
    if *old == new {
        return Plan::unchanged(subject);
    }
    let turned: Vec<(PlanId, ProductPlan)> = new
        .plans
        .iter()
        .filter(|(plan, entry)| old.plans.get(plan) != Some(entry))
        .map(|(plan, entry)| (*plan, *entry))
        .collect();
    let mut changes = rows(Some(old), &new);
    for (plan, entry) in &turned {
        let (product, plan, entry) = (id, *plan, *entry);
        changes.push(Change::CloseProductPlan { product, plan });
        changes.push(Change::OpenProductPlan {
            product,
            plan,
            entry,
        });
    }
    let record = (Action::UpdateProduct, subject.clone());
    let mut steps = vec![Step::new(record, changes, old, &new)];
    let mut outcome = Outcome::new(Some(subject.clone()), OutcomeKind::Applied);
    outcome.notes.extend(company_note(old, &new));
    if !turned.is_empty() {
        let mut catalogue = context.catalogue().clone();
        catalogue.put_product(new);
        let holds = |user: &User| user.paths.iter().any(|path| path.product == id);
        let record = (Action::RejudgeProduct, &subject);
        let rejudged = Rejudged::new(context, &catalogue, holds, steps.len(), record);
        outcome.people = as_number(rejudged.concerned);
        outcome.notes.extend(rejudged.effects(&catalogue));
        outcome.notes.extend(rejudged.note());
        steps.extend(rejudged.steps);
    }
    Plan { outcome, steps }
}

fn check(context: &Context<'_>, old: &Product, patch: &ProductPatch) -> Vec<Cause> {
    let count = patch.plans.len();
    let too_many = limits::check_list("plans", "service plans", count, limits::MAX_PLANS);
    let mut causes: Vec<Cause> = too_many.into_iter().collect();
    for (at, (plan, on)) in patch.plans.iter().enumerate() {
        let field = format!("plans[{at}]");
        if !old.plans.contains_key(plan) {
            causes.push(context.plan_not_in(&[old.id], *plan).field(field));
        } else if patch.plans[..at].contains(&(*plan, !on)) {
            let message = format!(
                "{} is to be both on and off by default",
                context.catalogue().plan_name(*plan)
            );
            causes.push(Cause::new(Code::InvalidArgument, message).field(field));
        }
    }
    causes
}

fn patched(old: &Product, patch: &ProductPatch) -> Product {
    let mut new = old.clone();
    new.applies_to = patch.applies_to.unwrap_or(old.applies_to);
    new.perpetual = patch.perpetual.unwrap_or(old.perpetual);
    for (plan, on) in &patch.plans {
        if let Some(entry) = new.plans.get_mut(plan) {
            entry.on_by_default = *on;
        }
    }
    new
}

/// R9 is about what is assigned from now on.
fn company_note(old: &Product, new: &Product) -> Option<Note> {
    let becomes = new.applies_to == AppliesTo::Company && old.applies_to == AppliesTo::User;
    becomes.then(|| Note {
        kind: NoteKind::Effect,
        message: format!(
            "Whoever holds {} keeps it, and nobody gets it anew",
            new.part_number
        ),
        product: Some(new.id),
        plan: None,
        groups: Vec::new(),
    })
}
