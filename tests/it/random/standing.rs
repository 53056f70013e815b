//! What somebody's licences make of plans, written from the rules: which are on (R14), what of that is against a rule
//! (R17-R19), and what is held off for it (R19a). It knows the invented catalogue only.

use std::collections::{BTreeMap, BTreeSet};

use usher::v1::ErrorReason;
use usher_tests::invented::{EXCLUSIONS, NOT_OFFERED, PREREQUISITES, PRODUCTS};

use super::model::{Licence, Moment, Part, Person, Plan};

/// A plan, and the product that brings it.
pub(super) type PlanOf = (Part, Plan);

/// Something that must not be, in the order in which causes are told (R23).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Breach {
    NotOffered(PlanOf),
    Clash(PlanOf, PlanOf),
    Lacks(Plan),
}

impl Breach {
    /// The code by which a plan that is held off for it tells why.
    pub(super) fn reason(self) -> ErrorReason {
        match self {
            Self::NotOffered(_) => ErrorReason::ProhibitedInLocation,
            Self::Clash(..) => ErrorReason::MutuallyExclusivePlans,
            Self::Lacks(_) => ErrorReason::MissingPrerequisitePlan,
        }
    }
}

/// One way by which somebody has a product, and what it has on.
struct Way {
    since: Moment,
    product: Part,
    on: Vec<Plan>,
}

/// All the ways of one person, the oldest first.
pub(super) struct Standing<'a> {
    country: &'a str,
    ways: Vec<Way>,
}

impl<'a> Standing<'a> {
    /// How the person would stand with these direct licences, beside what they bought for themselves.
    pub(super) fn of(person: &'a Person, direct: &BTreeMap<Part, Licence>) -> Self {
        let switched = direct.iter().map(|(product, licence)| {
            let is_on = |plan: &Plan| licence.switches.get(plan).copied().unwrap_or(true);
            let plans = plans_of(product).iter().copied();
            Way {
                since: licence.since,
                product,
                on: plans.filter(is_on).collect(),
            }
        });
        let bought = person.own.iter().map(|(product, since)| Way {
            since: *since,
            product,
            on: plans_of(product).to_vec(),
        });
        let mut ways: Vec<Way> = switched.chain(bought).collect();
        // Of what began at the same moment the product with the lower id counts as the older one.
        let place = |product| PRODUCTS.iter().position(|(name, _)| *name == product);
        ways.sort_by_key(|way| (way.since, place(way.product)));
        Self {
            country: &person.country,
            ways,
        }
    }

    /// The union over all ways.
    pub(super) fn on(&self) -> BTreeSet<PlanOf> {
        let of = |way: &Way| -> Vec<PlanOf> { way.on.iter().map(|p| (way.product, *p)).collect() };
        self.ways.iter().flat_map(of).collect()
    }

    /// What of the plans that are switched on must not be.
    pub(super) fn breaches(&self) -> BTreeSet<Breach> {
        let on = self.on();
        let not_offered = not_offered(&on, self.country).into_iter();
        let clashes = clashes(&on).into_iter();
        let lacking = lacking(&on).into_iter();
        not_offered
            .map(Breach::NotOffered)
            .chain(clashes.map(|(one, other)| Breach::Clash(one, other)))
            .chain(lacking.map(Breach::Lacks))
            .collect()
    }

    /// What is held off, each with the cause: what the country does not offer, of two that exclude each other the one
    /// that came later, and what then lacks all that it could need. Nothing that needs another plan excludes one, so
    /// what goes for want of another lets nobody in.
    pub(super) fn held_off(&self) -> BTreeMap<PlanOf, Breach> {
        let mut effective: BTreeSet<PlanOf> = BTreeSet::new();
        let mut held = BTreeMap::new();
        for way in &self.ways {
            for this in way.on.iter().map(|plan| (way.product, *plan)) {
                let one = BTreeSet::from([this]);
                let rival = effective.iter().find(|other| excludes(this, **other));
                if !not_offered(&one, self.country).is_empty() {
                    held.insert(this, Breach::NotOffered(this));
                } else if let Some(other) = rival {
                    held.insert(this, Breach::Clash(this.min(*other), this.max(*other)));
                } else {
                    effective.insert(this);
                }
            }
        }
        let lacking = lacking(&effective);
        let left = effective.iter().filter(|(_, plan)| lacking.contains(plan));
        held.extend(left.map(|this| (*this, Breach::Lacks(this.1))));
        held
    }

    /// What a change adds that was not there before (R19a): against a rule among what is switched on, or held off by it.
    pub(super) fn added_since(&self, before: &Self) -> BTreeSet<Breach> {
        let (stood, was_held) = (before.breaches(), before.held_off());
        let held = self.held_off().into_iter();
        let newly_held = held.filter(|(plan, _)| !was_held.contains_key(plan));
        let mut added: BTreeSet<Breach> = newly_held.map(|(_, cause)| cause).collect();
        added.extend(self.breaches().difference(&stood));
        added
    }
}

pub(super) fn plans_of(product: Part) -> &'static [Plan] {
    let found = PRODUCTS.iter().find(|(name, _)| *name == product);
    found.map_or(&[], |(_, plans)| plans)
}

/// Two plans of one set exclude each other, unless one product brings both (R18).
fn excludes(one: PlanOf, other: PlanOf) -> bool {
    let both = |(_, set): &(&str, [&str; 2])| set.contains(&one.1) && set.contains(&other.1);
    one.0 != other.0 && one.1 != other.1 && EXCLUSIONS.iter().any(both)
}

/// Pairs of plans that exclude each other (R18).
pub(super) fn clashes(on: &BTreeSet<PlanOf>) -> BTreeSet<(PlanOf, PlanOf)> {
    let rivals = |one: &PlanOf| -> Vec<(PlanOf, PlanOf)> {
        let later = on.iter().filter(|other| one < other);
        let rivals = later.filter(|other| excludes(*one, **other));
        rivals.map(|other| (*one, *other)).collect()
    };
    on.iter().flat_map(rivals).collect()
}

/// Plans that are on and lack what they need (R19).
pub(super) fn lacking(on: &BTreeSet<PlanOf>) -> BTreeSet<Plan> {
    let has = |plan: &Plan| on.iter().any(|(_, other)| other == plan);
    let needs = PREREQUISITES.iter().filter(|(plan, _)| has(plan));
    needs
        .filter(|(_, any_of)| !any_of.iter().any(has))
        .map(|(plan, _)| *plan)
        .collect()
}

/// Plans that are on and not offered in the country (R17).
pub(super) fn not_offered(on: &BTreeSet<PlanOf>, country: &str) -> BTreeSet<PlanOf> {
    let (denied, where_to) = NOT_OFFERED;
    let there = country == where_to;
    on.iter()
        .filter(|(_, plan)| there && *plan == denied)
        .copied()
        .collect()
}
