//! What a person ends up with: the state of each plan by its paths, as they stand in a snapshot.
//! Reads only; what stands was decided by `crate::plan`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::catalogue::Catalogue;
use crate::ids::PlanId;
use crate::rules::switches::switched_on;
use crate::snapshot::Assignment;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanState {
    Off,
    /// Switched on, and may not be on for now (R19a).
    HeldOff,
    On,
}

/// The state of each plan of a path's product by that path alone, sorted by plan. Nothing is on
/// by a path that is not active.
#[must_use]
pub fn plan_states(catalogue: &Catalogue, path: &Assignment) -> Vec<(PlanId, PlanState)> {
    let Some(product) = catalogue.product(path.product) else {
        return Vec::new();
    };
    let on = switched_on(catalogue, path);
    let state = |plan: PlanId| {
        if !path.is_active() || !catalogue.number(plan).is_some_and(|plan| on.contains(plan)) {
            PlanState::Off
        } else if path.held_off.iter().any(|held| held.plan == plan) {
            PlanState::HeldOff
        } else {
            PlanState::On
        }
    };
    let plans = product.plans.keys().copied();
    plans.map(|plan| (plan, state(plan))).collect()
}

/// The state of each plan over several paths, to one product or to many: on if any path has it
/// on (R30).
#[must_use]
pub fn union<'a>(
    catalogue: &Catalogue,
    paths: impl IntoIterator<Item = &'a Assignment>,
) -> BTreeMap<PlanId, PlanState> {
    let mut union: BTreeMap<PlanId, PlanState> = BTreeMap::new();
    for path in paths {
        for (plan, state) in plan_states(catalogue, path) {
            let best = union.entry(plan).or_insert(state);
            *best = state.max(*best);
        }
    }
    union
}

/// The plans that are on over several paths.
#[must_use]
pub fn effective<'a>(
    catalogue: &Catalogue,
    paths: impl IntoIterator<Item = &'a Assignment>,
) -> BTreeSet<PlanId> {
    let union = union(catalogue, paths).into_iter();
    union
        .filter(|(_, state)| *state == PlanState::On)
        .map(|(plan, _)| plan)
        .collect()
}
