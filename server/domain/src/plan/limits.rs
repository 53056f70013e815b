//! How much one command may carry; beyond it is LIMIT_EXCEEDED, which names the limit.

use crate::access::{self, MAX_IDENTITY};
use crate::command::LicenseChange;
use crate::refusal::{Cause, Code};

pub(super) const MAX_PRODUCTS: usize = 200;
pub(super) const MAX_SWITCHES: usize = 1_000;
pub(super) const MAX_REASON: usize = 1_024;
pub(super) const MAX_ALIASES: usize = 1_000;
pub(super) const MAX_PLANS: usize = 1_000;
/// The rules that one command may carry.
pub const MAX_RULES: usize = 1_000;
/// The people whom one all-or-nothing change may name: all of them are judged under one lock.
pub const MAX_TOGETHER: usize = 10_000;
/// Names of products and plans.
const MAX_NAME: usize = 512;
/// What a rule says of itself in words.
pub(super) const MAX_TEXT: usize = 4_096;
/// How many days a service keeps data, at most: a hundred years.
pub(super) const MAX_DAYS: u32 = 36_500;
pub(super) const MAX_TOKEN_NAME: usize = 256;
pub(super) const MAX_TENANT_NAME: usize = 256;
pub(super) const MAX_QUANTITY: i64 = 10_000_000;

pub(super) fn check_reason(reason: Option<&str>) -> Option<Cause> {
    check_text("reason", reason?, MAX_REASON)
}

/// A text that is longer than it may be, or has a control character in it: those mislead whoever
/// reads it, and not every database takes them.
pub(super) fn check_text(field: &str, text: &str, most: usize) -> Option<Cause> {
    let length = text.chars().count();
    if length > most {
        let message = format!("The text has {length} characters; at most {most} are taken");
        return Some(exceeded(field, message));
    }
    let bad = text.chars().find(|c| c.is_control())?;
    let message = format!("The text contains the control character {bad:?}; leave it out");
    Some(Cause::new(Code::InvalidArgument, message).field(field))
}

/// The identity that a text names, as it is kept.
pub(super) fn identity(text: &str) -> Result<String, Cause> {
    access::identity(text).ok_or_else(|| {
        let message = format!(
            "\"{}\" is not an identity: give 1 to {MAX_IDENTITY} characters without control characters, such as a user principal name; \"{}\" is the service itself",
            super::names::shown(text),
            access::SYSTEM
        );
        Cause::new(Code::InvalidArgument, message).field("identity")
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
        check_list("keep", "products to keep", change.keep.len(), MAX_PRODUCTS),
        check_list(
            "add_first",
            "products to choose from",
            change.add_first.len(),
            MAX_PRODUCTS,
        ),
        check_list(
            "copy_from.products",
            "products to copy",
            change
                .copy_from
                .as_ref()
                .map_or(0, |from| from.products.len()),
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

/// Names that are searched for and shown: each by its field.
pub(super) fn check_names<'n>(
    names: impl IntoIterator<Item = (&'n str, &'n String)>,
) -> Vec<Cause> {
    let names = names.into_iter();
    names
        .filter_map(|(field, name)| check_text(field, name, MAX_NAME))
        .collect()
}

fn exceeded(field: &str, message: String) -> Cause {
    Cause::new(Code::LimitExceeded, message).field(field)
}
