//! How much one command may carry; beyond it is LIMIT_EXCEEDED, which names the limit.

use crate::command::LicenseChange;
use crate::refusal::{Cause, Code};

pub(super) const MAX_PRODUCTS: usize = 200;
pub(super) const MAX_SWITCHES: usize = 1_000;
pub(super) const MAX_REASON: usize = 1_024;
pub(super) const MAX_ALIASES: usize = 1_000;
pub(super) const MAX_PLANS: usize = 1_000;
pub(super) const MAX_QUANTITY: i64 = 10_000_000;

pub(super) fn check_reason(reason: Option<&str>) -> Option<Cause> {
    let length = reason?.chars().count();
    (length > MAX_REASON).then(|| {
        exceeded(
            "reason",
            format!("The reason has {length} characters; at most {MAX_REASON} are taken"),
        )
    })
}

/// A list that is longer than it may be.
pub(super) fn check_list(field: &str, what: &str, length: usize, most: usize) -> Option<Cause> {
    (length > most).then(|| {
        exceeded(
            field,
            format!("The change names {length} {what}; at most {most} are taken"),
        )
    })
}

pub(super) fn check_change(change: &LicenseChange) -> Vec<Cause> {
    let only = change
        .only_plans
        .as_ref()
        .map_or(0, |only| only.plans.len());
    let carried = change.carry_switches.as_ref().map_or(0, |map| map.len());
    [
        check_list("add", "products to add", change.add.len(), MAX_PRODUCTS),
        check_list(
            "remove",
            "products to remove",
            change.remove.len(),
            MAX_PRODUCTS,
        ),
        check_list("switches", "switches", change.switches.len(), MAX_SWITCHES),
        check_list("only_plans", "plans", only, MAX_SWITCHES),
        check_list("carry_switches", "plans to carry", carried, MAX_SWITCHES),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn exceeded(field: &str, message: String) -> Cause {
    Cause::new(Code::LimitExceeded, message).field(field)
}
