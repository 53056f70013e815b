//! Carrying the switches of the products that end over to their counterparts in the products
//! that begin, by plan name, with a map of exceptions.

use std::collections::BTreeMap;

use super::switching::set;
use super::{Context, Draft};
use crate::command::{LicenseChange, SwitchTo};
use crate::ids::{PlanId, ProductId};
use crate::name_key::NameKey;
use crate::refusal::{Cause, Code};

/// The plans whose switches had no counterpart, with the product that they were of.
pub(super) type Left = Vec<(ProductId, PlanId)>;

pub(super) fn carry(
    context: &Context<'_>,
    change: &LicenseChange,
    draft: &mut Draft<'_>,
) -> Result<Left, Vec<Cause>> {
    let Some(map) = &change.carry_switches else {
        return Ok(Vec::new());
    };
    let to: Vec<ProductId> = draft.begun().map(|path| path.product).collect();
    let from: Vec<ProductId> = draft.ended().map(|path| path.product).collect();
    if from.is_empty() || to.is_empty() {
        return Ok(Vec::new());
    }
    let exceptions = read_map(context, map, &from, &to)?;
    let mut switches: Vec<(ProductId, PlanId, bool)> = Vec::new();
    for path in draft.ended() {
        let of = |(plan, on): (&PlanId, &bool)| (path.product, *plan, *on);
        switches.extend(path.switches.iter().map(of));
    }
    let mut left = Vec::new();
    for (product, plan, on) in switches {
        let counterparts = counterparts(context, &to, plan, exceptions.get(&plan).copied());
        if counterparts.is_empty() {
            left.push((product, plan));
        }
        for (product, plan) in counterparts {
            set(
                draft,
                product,
                plan,
                if on { SwitchTo::On } else { SwitchTo::Off },
            );
        }
    }
    Ok(left)
}

/// The plans of the new products that stand for a plan of an old one: the exception if there is
/// one, else the plan itself, else the plan of the same name.
fn counterparts(
    context: &Context<'_>,
    to: &[ProductId],
    plan: PlanId,
    exception: Option<PlanId>,
) -> Vec<(ProductId, PlanId)> {
    let catalogue = context.catalogue();
    let name = NameKey::new(&catalogue.plan_name(plan));
    let switchable = |plan: &PlanId| !catalogue.plan(*plan).is_some_and(|plan| plan.automatic);
    let mut found = Vec::new();
    for product in to.iter().filter_map(|id| catalogue.product(*id)) {
        let wanted = exception.unwrap_or(plan);
        let counterpart = if product.plans.contains_key(&wanted) {
            Some(wanted)
        } else if exception.is_none() {
            let mut plans = product.plans.keys().copied();
            plans.find(|plan| NameKey::new(&catalogue.plan_name(*plan)) == name)
        } else {
            None
        };
        found.extend(
            counterpart
                .filter(switchable)
                .map(|plan| (product.id, plan)),
        );
    }
    found
}

fn read_map(
    context: &Context<'_>,
    map: &BTreeMap<String, String>,
    from: &[ProductId],
    to: &[ProductId],
) -> Result<BTreeMap<PlanId, PlanId>, Vec<Cause>> {
    let mut exceptions = BTreeMap::new();
    let mut causes = Vec::new();
    for (old, new) in map {
        let field = format!("carry_switches[{old:?}]");
        let found = context
            .find_plan(from, old)
            .and_then(|old| Ok((old, context.find_plan(to, new)?)));
        match found {
            Ok((_, new))
                if !to
                    .iter()
                    .any(|product| context.catalogue().has(*product, new)) =>
            {
                causes.push(context.plan_not_in(to, new).field(field));
            }
            Ok((old, new)) => {
                if exceptions
                    .insert(old, new)
                    .is_some_and(|other| other != new)
                {
                    let message = format!(
                        "{} is to be carried to two plans",
                        context.catalogue().plan_name(old)
                    );
                    causes.push(Cause::new(Code::InvalidArgument, message).field(field));
                }
            }
            Err(cause) => causes.push(cause.field(field)),
        }
    }
    if causes.is_empty() {
        Ok(exceptions)
    } else {
        Err(causes)
    }
}
