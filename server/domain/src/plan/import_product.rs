//! The decision on a product that an import found: names as for plans; plans that it mentions
//! are added, those it does not mention stay (R2, R14).

use super::import_plan::learn_aliases;
use super::rejudge::Rejudged;
use super::{Action, Change, Context, Outcome, OutcomeKind, Plan, Step, Subject, limits};
use crate::catalogue::{AppliesTo, Product, ProductPlan};
use crate::command::ProductImport;
use crate::ids::PlanId;
use crate::refusal::{Cause, Code, Fix};
use crate::snapshot::User;

pub(super) fn plan(context: &Context<'_>, found: &ProductImport) -> Plan {
    let subject = Subject::Product(found.id);
    let causes = check(context, found);
    if !causes.is_empty() {
        return Plan::failed(Some(subject), causes);
    }
    let old = context.catalogue().product(found.id);
    let new = join(context, old, found);
    if old == Some(&new) {
        return Plan::unchanged(subject);
    }
    let added: Vec<(PlanId, ProductPlan)> = new
        .plans
        .iter()
        .filter(|(plan, _)| old.is_none_or(|old| !old.plans.contains_key(*plan)))
        .map(|(plan, entry)| (*plan, *entry))
        .collect();
    let mut changes = rows(old, &new);
    changes.extend(added.iter().map(|(plan, entry)| Change::OpenProductPlan {
        product: new.id,
        plan: *plan,
        entry: *entry,
    }));
    let record = (Action::ImportProduct, subject.clone());
    let mut steps = vec![Step::new(record, changes, &old, &Some(&new))];
    let mut outcome = Outcome::new(Some(subject.clone()), OutcomeKind::Applied);
    let holds = |user: &User| user.paths.iter().any(|path| path.product == new.id);
    if !added.is_empty() && context.snapshot.users().any(holds) {
        let mut catalogue = context.catalogue().clone();
        catalogue.put_product(new.clone());
        let record = (Action::RejudgeProduct, &subject);
        let rejudged = Rejudged::new(context, &catalogue, holds, steps.len(), record);
        outcome.notes.extend(rejudged.note());
        steps.extend(rejudged.steps);
    }
    Plan { outcome, steps }
}

fn check(context: &Context<'_>, found: &ProductImport) -> Vec<Cause> {
    let mut causes = Vec::new();
    causes.extend(limits::check_list(
        "aliases",
        "aliases",
        found.aliases.len(),
        limits::MAX_ALIASES,
    ));
    causes.extend(limits::check_list(
        "plans",
        "service plans",
        found.plans.len(),
        limits::MAX_PLANS,
    ));
    let names = [("part_number", &found.part_number), ("name", &found.name)];
    for (field, text) in names {
        if text.trim().is_empty() {
            let message = format!(
                "The product {} has no {}",
                found.id,
                field.replace('_', " ")
            );
            causes.push(Cause::new(Code::InvalidArgument, message).field(field));
        }
    }
    let aliases = found.aliases.iter().map(|alias| ("aliases", alias));
    causes.extend(limits::check_names(names.into_iter().chain(aliases)));
    for (at, plan) in found.plans.iter().enumerate() {
        if context.catalogue().plan(*plan).is_none() {
            let message = format!("There is no service plan {plan}");
            let cause = Cause::new(Code::PlanNotFound, message).fix(Fix::ImportProducts);
            causes.push(cause.field(format!("plans[{at}]")));
        }
    }
    causes
}

fn join(context: &Context<'_>, old: Option<&Product>, found: &ProductImport) -> Product {
    let mut new = Product {
        id: found.id,
        part_number: found.part_number.clone(),
        name: found.name.clone(),
        aliases: old.map(|old| old.aliases.clone()).unwrap_or_default(),
        applies_to: old.map_or(AppliesTo::User, |old| old.applies_to),
        perpetual: old.is_some_and(|old| old.perpetual),
        plans: old.map(|old| old.plans.clone()).unwrap_or_default(),
    };
    let former = old.map(|old| [&old.part_number, &old.name]);
    let names = [found.part_number.clone(), found.name.clone()];
    learn_aliases(
        &mut new.aliases,
        former.into_iter().flatten().chain(&found.aliases),
        &names,
    );
    for plan in &found.plans {
        new.plans.entry(*plan).or_insert(ProductPlan {
            on_by_default: true,
            since: context.revision,
        });
    }
    new
}

/// The product's own row, where it differs.
pub(super) fn rows(old: Option<&Product>, new: &Product) -> Vec<Change> {
    let bare = |product: &Product| Product {
        plans: std::collections::BTreeMap::new(),
        ..product.clone()
    };
    let row = bare(new);
    match old.map(bare) {
        Some(old) if old == row => Vec::new(),
        Some(_) => vec![
            Change::CloseProduct { id: new.id },
            Change::OpenProduct(Box::new(row)),
        ],
        None => vec![Change::OpenProduct(Box::new(row))],
    }
}
