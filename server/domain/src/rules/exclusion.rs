//! R18: plans that exclude each other.

use super::{Breach, Example, RuleText, Standing};
use crate::ids::ProductId;
use crate::plan_set::PlanIx;
use crate::refusal::Code;

pub(crate) const RULE: RuleText = RuleText {
    numbers: &["R18"],
    name: "exclusion",
    statement: "Two effective plans of one exclusion set from different products conflict; the \
                same plan in two products does not, and a plan that is off does not.",
    codes: &[Code::MutuallyExclusivePlans],
    examples: &[
        Example {
            when: "STANDARDPACK is added beside ENTERPRISEPACK, each with its own SharePoint plan",
            then: "refused with MUTUALLY_EXCLUSIVE_PLANS, naming both plans and both products",
        },
        Example {
            when: "the same with one of the two plans off in the same change",
            then: "applied",
        },
    ],
};

pub(super) fn breaches(standing: &Standing<'_>, breaches: &mut Vec<Breach>) {
    let rules = standing.catalogue.compiled();
    let [first, rest @ ..] = standing.paths.as_slice() else {
        return;
    };
    if rest.iter().all(|on| on.path.product == first.path.product) {
        return;
    }
    let mut rivals: Vec<(PlanIx, ProductId)> = Vec::new();
    for set in &rules.exclusions {
        rivals.clear();
        for on in &standing.paths {
            rivals.extend(on.on.both(set).map(|plan| (plan, on.path.product)));
        }
        for (at, one) in rivals.iter().enumerate() {
            for other in &rivals[at + 1..] {
                if conflict(*one, *other) {
                    breaches.push(Breach::Exclusion {
                        first: *one.min(other),
                        second: *one.max(other),
                    });
                }
            }
        }
    }
}

/// Whether two plans of one exclusion set conflict.
pub(super) fn conflict(one: (PlanIx, ProductId), other: (PlanIx, ProductId)) -> bool {
    one.0 != other.0 && one.1 != other.1
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::catalogue::Rule;
    use crate::fixture::{catalogue, paths};
    use crate::rules::switches::switched_on;

    proptest! {
        #[test]
        fn every_pair_is_found_and_no_other(paths in paths()) {
            let catalogue = catalogue();
            let mut on = BTreeSet::new();
            for path in paths.iter().filter(|path| path.is_active()) {
                on.extend(switched_on(&catalogue, path).iter().map(|plan| (plan, path.product)));
            }
            let mut expected = BTreeSet::new();
            for rule in catalogue.rules().iter() {
                let Rule::Exclusion(set) = rule else { continue };
                let in_set = |plan| set.plans.contains(&catalogue.plan_id(plan));
                for first in on.iter().filter(|(plan, _)| in_set(*plan)) {
                    for second in on.iter().filter(|(plan, _)| in_set(*plan)) {
                        if first.0 < second.0 && first.1 != second.1 {
                            expected.insert(Breach::Exclusion { first: *first, second: *second });
                        }
                    }
                }
            }
            let mut found = Vec::new();
            breaches(&Standing::new(&catalogue, None, &paths), &mut found);
            prop_assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
        }
    }
}
