//! The rules that say which plans a person may have, one a file: the statement, the check, and
//! its examples. Seats and names are judged where a change is planned, in `crate::plan`.

pub(crate) mod automatic;
pub(crate) mod company;
pub(crate) mod country;
pub(crate) mod exclusion;
pub(crate) mod guests;
pub(crate) mod held_off;
pub(crate) mod inherited;
pub(crate) mod location;
pub(crate) mod prerequisite;
pub(crate) mod roles;
pub(crate) mod seats;
pub(crate) mod self_service;
pub(crate) mod switches;

use std::borrow::Cow;

use crate::catalogue::Catalogue;
use crate::ids::{Country, ProductId};
use crate::plan_set::{PlanIx, PlanSet};
use crate::refusal::Code;
use crate::snapshot::Assignment;

/// A rule as it is told to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleText {
    /// The numbers it is cited by.
    pub numbers: &'static [&'static str],
    pub name: &'static str,
    pub statement: &'static str,
    /// The codes that it can end a request with.
    pub codes: &'static [Code],
    pub examples: &'static [Example],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    pub when: &'static str,
    pub then: &'static str,
}

/// Every rule, in the order in which causes are listed (R23).
pub const RULES: &[RuleText] = &[
    roles::RULE,
    guests::RULE,
    company::RULE,
    self_service::RULE,
    inherited::RULE,
    switches::RULE,
    automatic::RULE,
    location::RULE,
    country::RULE,
    exclusion::RULE,
    prerequisite::RULE,
    held_off::RULE,
    seats::RULE,
];

/// What a person's active paths have switched on, in the order in which the paths began.
pub(crate) struct Standing<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) location: Option<Country>,
    pub(crate) paths: Vec<OnPath<'a>>,
}

pub(crate) struct OnPath<'a> {
    pub(crate) path: &'a Assignment,
    pub(crate) on: Cow<'a, PlanSet>,
}

/// Something that must not be, on what is switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Breach {
    /// The product, or one of its plans, is not offered where the person is.
    Country {
        product: ProductId,
        plan: Option<PlanIx>,
        country: Country,
    },
    /// Two plans of one exclusion set from different products; the lower plan first.
    Exclusion {
        first: (PlanIx, ProductId),
        second: (PlanIx, ProductId),
    },
    /// A plan none of whose alternatives is on.
    Prerequisite { dependant: PlanIx },
}

impl<'a> Standing<'a> {
    pub(crate) fn new(
        catalogue: &'a Catalogue,
        location: Option<Country>,
        paths: impl IntoIterator<Item = &'a Assignment>,
    ) -> Self {
        let mut paths: Vec<OnPath<'a>> = paths
            .into_iter()
            .filter(|path| path.is_active())
            .map(|path| OnPath {
                path,
                on: switches::switched_on(catalogue, path),
            })
            .collect();
        if paths.len() > 1 {
            paths.sort_by_key(|on| (on.path.began_rev, on.path.product, on.path.path));
        }
        Self {
            catalogue,
            location,
            paths,
        }
    }

    /// Every breach, without repetition, in the order of R23.
    pub(crate) fn breaches(&self) -> Vec<Breach> {
        let mut breaches = Vec::new();
        if !self.is_ruled() {
            return breaches;
        }
        country::breaches(self, &mut breaches);
        exclusion::breaches(self, &mut breaches);
        prerequisite::breaches(self, &mut breaches);
        breaches.sort_unstable();
        breaches.dedup();
        breaches
    }

    fn is_ruled(&self) -> bool {
        self.paths.iter().any(|on| {
            self.catalogue
                .shape(on.path.product)
                .is_some_and(|shape| shape.is_ruled)
        })
    }

    /// All plans that are on by any path.
    pub(crate) fn union(&self) -> PlanSet {
        let mut union = PlanSet::default();
        for on in &self.paths {
            union.union(&on.on);
        }
        union
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_told_whole() {
        for rule in RULES {
            assert!(
                !rule.numbers.is_empty() && !rule.examples.is_empty(),
                "{}",
                rule.name
            );
            assert!(rule.statement.ends_with('.'), "{}", rule.name);
            for number in rule.numbers {
                assert!(number.starts_with('R'), "{number}");
            }
        }
    }

    #[test]
    fn no_code_belongs_to_two_rules() {
        let mut codes: Vec<Code> = RULES.iter().flat_map(|rule| rule.codes).copied().collect();
        let all = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all);
    }
}
