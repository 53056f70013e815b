//! What the rules say of a change, written from the list of rules and not from the service: what a person has after it,
//! and which codes may answer.

use std::collections::{BTreeMap, BTreeSet};

use usher::v1::{ErrorReason, SwitchState};

use super::standing::{Breach, Standing};

pub(super) type Part = &'static str;
pub(super) type Plan = &'static str;
/// A count of changes: what began with a later one is younger.
pub(super) type Moment = u64;

/// The switches of one direct licence that are not left to follow.
pub(super) type Switches = BTreeMap<Plan, bool>;

/// One direct licence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Licence {
    pub(super) switches: Switches,
    pub(super) since: Moment,
}

/// What a person has by themselves.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    pub(super) country: String,
    pub(super) direct: BTreeMap<Part, Licence>,
    /// Products that they bought for themselves: all plans on, and no seat of the pool (R21).
    pub(super) own: BTreeMap<Part, Moment>,
    pub(super) deleted: Option<Deleted>,
}

/// A person who can come back.
#[derive(Clone, Debug)]
pub(super) struct Deleted {
    /// In seconds.
    pub(super) at: i64,
    pub(super) former: BTreeMap<Part, Licence>,
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

impl Seats {
    /// Why nobody can get one more of them.
    pub(super) fn refusal(self) -> Option<ErrorReason> {
        if self.total == 0 && self.not_working > 0 {
            Some(ErrorReason::SubscriptionSuspended)
        } else if self.consumed >= self.total {
            Some(ErrorReason::NoAvailableSeats)
        } else {
            None
        }
    }
}

/// What must come of a change.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Expected {
    Applied(BTreeMap<Part, Licence>),
    Unchanged,
    /// Refused with one of these: where several are of one rank, any may come first.
    Refused(BTreeSet<ErrorReason>),
}

/// Nothing of what the person has switched on is against a rule.
pub(super) fn is_calm(person: &Person) -> bool {
    Standing::of(person, &person.direct).breaches().is_empty()
}

/// What must come of a change that is made at this moment.
pub(super) fn expected(
    person: &Person,
    change: &Change,
    moment: Moment,
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
        |product: &Part| person.own.contains_key(product) && !person.direct.contains_key(product);
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
    let after = after(person, change, moment);
    if after == person.direct {
        return Expected::Unchanged;
    }
    match first_cause(person, change, &after, seats) {
        codes if codes.is_empty() => Expected::Applied(after),
        codes => Expected::Refused(codes),
    }
}

fn after(person: &Person, change: &Change, moment: Moment) -> BTreeMap<Part, Licence> {
    let mut after = person.direct.clone();
    match change.mode {
        Mode::Modify => after.retain(|product, _| !change.remove.contains(product)),
        Mode::Replace => after.retain(|product, _| change.add.contains(product)),
        Mode::UnassignAll => after.clear(),
    }
    for product in &change.add {
        after.entry(product).or_insert(Licence {
            since: moment,
            ..Licence::default()
        });
    }
    for (product, plan, state) in &change.switches {
        if let Some(Licence { switches, .. }) = after.get_mut(product) {
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
    after: &BTreeMap<Part, Licence>,
    seats: impl Fn(Part) -> Seats,
) -> BTreeSet<ErrorReason> {
    let before = Standing::of(person, &person.direct);
    let standing = Standing::of(person, after);
    let gained: Vec<Part> = after
        .keys()
        .copied()
        .filter(|product| !person.direct.contains_key(product))
        .collect();
    let held = |(product, _, _): &(Part, Plan, SwitchState)| after.contains_key(product);
    if !change.switches.iter().all(held) {
        return [ErrorReason::ProductNotHeld].into();
    }
    let was_on = before.on();
    let turns_on = standing.on().difference(&was_on).next().is_some();
    if person.country.is_empty() && (turns_on || !gained.is_empty()) {
        return [ErrorReason::UsageLocationMissing].into();
    }
    let code = |breach: &Breach| match breach {
        Breach::NotOffered(_) => (1, breach.reason()),
        Breach::Clash(..) => (2, breach.reason()),
        Breach::Lacks(plan) if was_on.iter().any(|(_, other)| other == plan) => {
            (3, ErrorReason::PrerequisiteInUse)
        }
        Breach::Lacks(_) => (3, breach.reason()),
    };
    let short = gained
        .into_iter()
        .filter_map(|product| seats(product).refusal());
    let short = short.map(|code| match code {
        ErrorReason::SubscriptionSuspended => (4, code),
        _ => (5, code),
    });
    let added = standing.added_since(&before);
    let causes: BTreeSet<(i32, ErrorReason)> = added.iter().map(code).chain(short).collect();
    let first = causes.first().map(|(rank, _)| *rank);
    let of_first = causes.into_iter().filter(|(rank, _)| Some(*rank) == first);
    of_first.map(|(_, code)| code).collect()
}
