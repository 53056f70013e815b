//! R19: plans that need others.

use super::{Breach, Example, RuleText, Standing};
use crate::refusal::Code;

pub(crate) const RULE: RuleText = RuleText {
    numbers: &["R12", "R19"],
    name: "prerequisite",
    statement: "A plan is effective only while at least one of its alternatives is effective on \
                the user, by any licence and path; the whole change is judged, not its steps.",
    codes: &[Code::MissingPrerequisitePlan, Code::PrerequisiteInUse],
    examples: &[
        Example {
            when: "MCOMEETADV is added to a user without Skype or Teams",
            then: "refused with MISSING_PREREQUISITE_PLAN, naming the alternatives",
        },
        Example {
            when: "the last alternative is removed while a dependant stays",
            then: "refused with PREREQUISITE_IN_USE, naming the dependants",
        },
    ],
};

pub(super) fn breaches(standing: &Standing<'_>, breaches: &mut Vec<Breach>) {
    let rules = standing.catalogue.compiled();
    if !standing
        .paths
        .iter()
        .any(|on| on.on.meets(&rules.dependants))
    {
        return;
    }
    let on = standing.union();
    for dependant in on.both(&rules.dependants) {
        if rules
            .needs
            .get(&dependant)
            .is_some_and(|any_of| !any_of.meets(&on))
        {
            breaches.push(Breach::Prerequisite { dependant });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::catalogue::Rule;
    use crate::fixture::{catalogue, paths};
    use crate::licence::effective;

    proptest! {
        #[test]
        fn a_plan_is_in_breach_exactly_when_no_alternative_is_on(paths in paths()) {
            let catalogue = catalogue();
            let on = effective(&catalogue, &paths);
            let mut expected = BTreeSet::new();
            for rule in catalogue.rules().iter() {
                if let Rule::Prerequisite(rule) = rule
                    && on.contains(&rule.plan)
                    && rule.any_of.is_disjoint(&on)
                {
                    expected.extend(catalogue.number(rule.plan));
                }
            }
            let mut found = Vec::new();
            breaches(&Standing::new(&catalogue, None, &paths), &mut found);
            let found: BTreeSet<_> = found
                .into_iter()
                .map(|breach| match breach {
                    Breach::Prerequisite { dependant } => dependant,
                    other => panic!("{other:?}"),
                })
                .collect();
            prop_assert_eq!(found, expected);
        }
    }
}
