//! Which plans of the products that a user keeps or gains come out otherwise than before.

use std::borrow::Cow;

use super::Draft;
use crate::catalogue::Catalogue;
use crate::ids::{PlanId, ProductId};
use crate::plan::PlanChange;
use crate::plan_set::PlanSet;
use crate::rules::switches::switched_on;
use crate::snapshot::Assignment;

/// By product: of one that was held before, against that; of a new one, against its defaults. What is lost needs no
/// plans: all of them end.
pub(super) fn plan_changes(
    catalogue: &Catalogue,
    draft: &Draft<'_>,
    held: &[ProductId],
) -> Vec<PlanChange> {
    let mut changes = Vec::new();
    for product in held {
        let is_touched = draft
            .paths
            .iter()
            .any(|path| path.is_changed() && path.product() == Some(*product));
        if !is_touched {
            continue;
        }
        let was = match effective(catalogue, draft.before(), *product) {
            Some(was) => was,
            None => catalogue
                .shape(*product)
                .map_or_else(Cow::default, |shape| Cow::Borrowed(&shape.on)),
        };
        let is = effective(catalogue, draft.after(), *product).unwrap_or_default();
        let change = PlanChange {
            product: *product,
            on: without(catalogue, &is, &was),
            off: without(catalogue, &was, &is),
        };
        if !change.on.is_empty() || !change.off.is_empty() {
            changes.push(change);
        }
    }
    changes
}

/// What is on by the active paths to a product; none where there is no such path.
fn effective<'c, 'p>(
    catalogue: &'c Catalogue,
    paths: impl Iterator<Item = &'p Assignment>,
    product: ProductId,
) -> Option<Cow<'c, PlanSet>> {
    let mut all: Option<Cow<'c, PlanSet>> = None;
    for path in paths.filter(|path| path.product == product && path.is_active()) {
        let mut on = switched_on(catalogue, path);
        for held in &path.held_off {
            if let Some(plan) = catalogue.number(held.plan) {
                on.to_mut().remove(plan);
            }
        }
        match &mut all {
            Some(all) => all.to_mut().union(&on),
            None => all = Some(on),
        }
    }
    all
}

/// The plans that only the first set has, by name.
fn without(catalogue: &Catalogue, these: &PlanSet, those: &PlanSet) -> Vec<PlanId> {
    let plans = these.without(those);
    let mut plans: Vec<PlanId> = plans.map(|plan| catalogue.plan_id(plan)).collect();
    plans.sort_by_cached_key(|plan| catalogue.plan_name(*plan));
    plans
}
