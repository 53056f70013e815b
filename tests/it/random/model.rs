//! What the rules say of a change, written from the list of rules and not from the service: what a person has, what
//! would be on, and which codes may answer. It knows the invented catalogue only.

use std::collections::{BTreeMap, BTreeSet};

use usher::v1::{ErrorReason, SwitchState};
use usher_tests::invented::{EXCLUSIONS, NOT_OFFERED, PREREQUISITES, PRODUCTS};

pub(super) type Part = &'static str;
pub(super) type Plan = &'static str;

/// The switches of one direct licence that are not left to follow.
pub(super) type Switches = BTreeMap<Plan, bool>;

/// What a person has by themselves.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    pub(super) country: String,
    pub(super) deleted: bool,
    pub(super) direct: BTreeMap<Part, Switches>,
    /// Products that they bought for themselves: all plans on, and no seat of the pool (R21).
    pub(super) own: BTreeSet<Part>,
}

/// A change of one person's licences (R10, R11).
#[derive(Clone, Debug, Default)]
pub(super) struct Change {
    pub(super) mode: Mode,
    pub(super) add: Vec<Part>,
    pub(super) remove: Vec<Part>,
    pub(super) must_hold: bool,
    pub(super) switches: Vec<(Part, Plan, SwitchState)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Mode {
    #[default]
    Modify,
    Replace,
    UnassignAll,
}

/// The seats of one product, as far as assigning asks for them (R4, R41).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seats {
    pub(super) total: i64,
    pub(super) not_working: i64,
    pub(super) consumed: i64,
}

/// What must come of a change.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Expected {
    Applied(BTreeMap<Part, Switches>),
    Unchanged,
    /// Refused with one of these: where several are of one rank, any may come first.
    Refused(BTreeSet<ErrorReason>),
}

pub(super) fn plans_of(product: Part) -> &'static [Plan] {
    let found = PRODUCTS.iter().find(|(name, _)| *name == product);
    found.map_or(&[], |(_, plans)| plans)
}

/// The plans that are on, with the product that brings each: the union over products (R14).
fn switched_on(direct: &BTreeMap<Part, Switches>) -> BTreeSet<(Part, Plan)> {
    let mut on = BTreeSet::new();
    for (product, switches) in direct {
        for plan in plans_of(product) {
            if switches.get(plan).copied().unwrap_or(true) {
                on.insert((*product, *plan));
            }
        }
    }
    on
}

/// Pairs of plans of different products that exclude each other (R18).
pub(super) fn clashes(on: &BTreeSet<(Part, Plan)>) -> BTreeSet<((Part, Plan), (Part, Plan))> {
    let mut pairs = BTreeSet::new();
    for (_, set) in EXCLUSIONS {
        for one in on.iter().filter(|(_, plan)| set.contains(plan)) {
            for other in on.iter().filter(|(_, plan)| set.contains(plan)) {
                if one < other && one.0 != other.0 && one.1 != other.1 {
                    pairs.insert((*one, *other));
                }
            }
        }
    }
    pairs
}

/// Plans that are on and lack what they need (R19).
pub(super) fn lacking(on: &BTreeSet<(Part, Plan)>) -> BTreeSet<Plan> {
    let has = |plan: &Plan| on.iter().any(|(_, other)| other == plan);
    let needs = PREREQUISITES.iter().filter(|(plan, _)| has(plan));
    needs
        .filter(|(_, any_of)| !any_of.iter().any(has))
        .map(|(plan, _)| *plan)
        .collect()
}

/// Plans that are on and not offered in the country (R17).
pub(super) fn not_offered(on: &BTreeSet<(Part, Plan)>, country: &str) -> BTreeSet<(Part, Plan)> {
    let (denied, where_to) = NOT_OFFERED;
    let there = country == where_to;
    on.iter()
        .filter(|(_, plan)| there && *plan == denied)
        .copied()
        .collect()
}

/// What a person with these direct licences has switched on, with what they bought for themselves (R21).
fn all_on(person: &Person, direct: &BTreeMap<Part, Switches>) -> BTreeSet<(Part, Plan)> {
    let mut on = switched_on(direct);
    for product in &person.own {
        on.extend(plans_of(product).iter().map(|plan| (*product, *plan)));
    }
    on
}

/// Nothing of what the person has switched on is against a rule: then nothing is held off, and what a change may do is
/// plain to say.
pub(super) fn is_calm(person: &Person) -> bool {
    let on = all_on(person, &person.direct);
    clashes(&on).is_empty()
        && lacking(&on).is_empty()
        && not_offered(&on, &person.country).is_empty()
}

/// What must come of a change for a person with whom all is well.
pub(super) fn expected(
    person: &Person,
    change: &Change,
    seats: impl Fn(Part) -> Seats,
) -> Expected {
    let refused = |codes: &[ErrorReason]| Expected::Refused(codes.iter().copied().collect());
    if change
        .add
        .iter()
        .any(|product| change.remove.contains(product))
    {
        return refused(&[ErrorReason::ProductInBothLists]);
    }
    let bought =
        |product: &Part| person.own.contains(product) && !person.direct.contains_key(product);
    if change.remove.iter().any(bought) {
        return refused(&[
            ErrorReason::SelfServiceSubscription,
            ErrorReason::ProductNotHeld,
        ]);
    }
    if change.must_hold {
        // The new one held already and the old one gone: the switch was made before (R12).
        let gone = change
            .remove
            .iter()
            .all(|old| !person.direct.contains_key(old));
        if gone
            && change
                .add
                .iter()
                .any(|new| !person.direct.contains_key(new))
        {
            return refused(&[ErrorReason::ProductNotHeld]);
        }
    }
    let after = after(person, change);
    if after == person.direct {
        return Expected::Unchanged;
    }
    match first_cause(person, change, &after, seats) {
        codes if codes.is_empty() => Expected::Applied(after),
        codes => Expected::Refused(codes),
    }
}

pub(super) fn after(person: &Person, change: &Change) -> BTreeMap<Part, Switches> {
    let mut after = person.direct.clone();
    match change.mode {
        Mode::Modify => after.retain(|product, _| !change.remove.contains(product)),
        Mode::Replace => after.retain(|product, _| change.add.contains(product)),
        Mode::UnassignAll => after.clear(),
    }
    for product in &change.add {
        after.entry(product).or_default();
    }
    for (product, plan, state) in &change.switches {
        if let Some(switches) = after.get_mut(product) {
            match state {
                SwitchState::On => switches.insert(plan, true),
                SwitchState::Off => switches.insert(plan, false),
                _ => switches.remove(plan),
            };
        }
    }
    after
}

/// The codes of the first rank in the order of R23 that has any; none when the change may be made.
fn first_cause(
    person: &Person,
    change: &Change,
    after: &BTreeMap<Part, Switches>,
    seats: impl Fn(Part) -> Seats,
) -> BTreeSet<ErrorReason> {
    let before_on = all_on(person, &person.direct);
    let on = all_on(person, after);
    let mut codes = BTreeSet::new();
    let held = |product: &Part| person.direct.contains_key(product);
    let more_on = on.difference(&before_on).next().is_some();
    let gained: Vec<Part> = after
        .keys()
        .copied()
        .filter(|product| !held(product))
        .collect();
    if change
        .switches
        .iter()
        .any(|(product, _, _)| !after.contains_key(product))
    {
        codes.insert(ErrorReason::ProductNotHeld);
        return codes;
    }
    if person.country.is_empty() && (more_on || !gained.is_empty()) {
        codes.insert(ErrorReason::UsageLocationMissing);
        return codes;
    }
    if !not_offered(&on, &person.country).is_empty() {
        codes.insert(ErrorReason::ProhibitedInLocation);
        return codes;
    }
    if !clashes(&on).is_empty() {
        codes.insert(ErrorReason::MutuallyExclusivePlans);
        return codes;
    }
    for plan in lacking(&on) {
        let was_on = before_on.iter().any(|(_, other)| *other == plan);
        codes.insert(if was_on {
            ErrorReason::PrerequisiteInUse
        } else {
            ErrorReason::MissingPrerequisitePlan
        });
    }
    if !codes.is_empty() {
        return codes;
    }
    let mut none_free = BTreeSet::new();
    for seats in gained.into_iter().map(seats) {
        if seats.total == 0 && seats.not_working > 0 {
            codes.insert(ErrorReason::SubscriptionSuspended);
        } else if seats.consumed >= seats.total {
            none_free.insert(ErrorReason::NoAvailableSeats);
        }
    }
    if codes.is_empty() { none_free } else { codes }
}
