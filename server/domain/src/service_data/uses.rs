//! When a service was in use: while a plan of it was effective by any path (R14, R19a, R20). Seats
//! play no part, so a suspended licence counts.

use super::History;
use super::spans::{Span, merged, without};
use crate::catalogue::Service;
use crate::ids::{PlanId, ProductId, Revision};
use crate::snapshot::{Assignment, NewPlans};

/// A plan as it was in a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanEntry {
    pub product: ProductId,
    pub plan: PlanId,
    pub on_by_default: bool,
    pub since: Revision,
}

/// The times at which a plan of the service worked for the person, in order; one that goes on
/// through another plan or path goes on.
#[must_use]
pub fn uses(history: &History, service: &Service) -> Vec<Span> {
    let mut uses = Vec::new();
    let active = history.paths.iter().filter(|(path, _)| path.is_active());
    for (path, lasted) in active {
        for (entry, was) in &history.entries {
            let held_off = || path.held_off.iter().any(|held| held.plan == entry.plan);
            if entry.product != path.product || !service.plans.contains(&entry.plan) || held_off() {
                continue;
            }
            let Some(there) = lasted.meet(*was) else {
                continue;
            };
            if is_on(path, entry) {
                uses.push(there);
                continue;
            }
            let automatic = history.automatic.iter();
            let automatic = automatic.filter(|(plan, _)| *plan == entry.plan);
            uses.extend(automatic.filter_map(|(_, span)| there.meet(*span)));
        }
    }
    without(merged(uses), &merged(history.deleted.clone()))
}

fn is_on(path: &Assignment, entry: &PlanEntry) -> bool {
    let is_new = || path.new_plans == NewPlans::Off && entry.since > path.began_rev;
    let switch = path.switches.get(&entry.plan).copied();
    switch.unwrap_or_else(|| entry.on_by_default && !is_new())
}
