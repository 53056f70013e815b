//! R13, R14, R30: which plans a path switches on.

use std::borrow::Cow;

use super::{Example, RuleText};
use crate::catalogue::Catalogue;
use crate::plan_set::PlanSet;
use crate::refusal::Code;
use crate::snapshot::{Assignment, NewPlans};

pub(crate) const RULE: RuleText = RuleText {
    numbers: &["R13", "R14"],
    name: "switches",
    statement: "Setting one plan leaves the others; a plan that is not switched follows the \
                product's default, and one added after the path began follows the path's rule for \
                new plans.",
    codes: &[Code::PlanNotInProduct],
    examples: &[
        Example {
            when: "YAMMER_ENTERPRISE is off and FORMS_PLAN_E3 is turned off",
            then: "both are off",
        },
        Example {
            when: "an import adds a plan to a product held with the rule \"off\" for new plans",
            then: "the plan is off for that holder and follows the default for later ones",
        },
    ],
};

/// The plans that a path has switched on, whatever may hold them off.
pub(crate) fn switched_on<'a>(catalogue: &'a Catalogue, path: &Assignment) -> Cow<'a, PlanSet> {
    let (Some(shape), Some(product)) = (
        catalogue.shape(path.product),
        catalogue.product(path.product),
    ) else {
        return Cow::Owned(PlanSet::default());
    };
    let new_are_off = path.new_plans == NewPlans::Off && shape.latest > path.began_rev;
    if path.switches.is_empty() && !new_are_off {
        return Cow::Borrowed(&shape.on);
    }
    let mut on = shape.on.clone();
    if new_are_off {
        for (plan, entry) in &product.plans {
            if entry.since > path.began_rev
                && let Some(plan) = catalogue.number(*plan)
            {
                on.remove(plan);
            }
        }
    }
    for (plan, switch) in &path.switches {
        if let Some(plan) = catalogue.number(*plan)
            && shape.plans.contains(plan)
        {
            on.set(plan, *switch);
        }
    }
    on.union(&shape.automatic);
    Cow::Owned(on)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::catalogue::{Catalogue, ProductPlan};
    use crate::fixture::{PLANS, catalogue, paths, plan_id, product_id};
    use crate::ids::Revision;

    /// A catalogue with a plan that is off by default, late plans, and an automatic one.
    fn catalogue_with_late_plans() -> Catalogue {
        let mut catalogue = catalogue();
        let mut late = |product: &str, plan: &str, on_by_default: bool, since: i64| {
            let entry = ProductPlan {
                on_by_default,
                since: Revision(since),
            };
            catalogue.put_product_plan(product_id(product), plan_id(plan), Some(entry));
        };
        late("FULL", "MEET", true, 3);
        late("FULL", "PROJECT", false, 4);
        late("TALK", "FORMS", true, 5);
        late("BASIC", "YAMMER", false, 1);
        let mut chat = catalogue.plan(plan_id("CHAT")).unwrap().clone();
        chat.automatic = true;
        catalogue.put_plan(chat);
        catalogue
    }

    proptest! {
        #[test]
        fn each_plan_is_on_as_its_switch_its_default_and_its_age_say(paths in paths()) {
            let catalogue = catalogue_with_late_plans();
            for path in &paths {
                let on = switched_on(&catalogue, path);
                let product = catalogue.product(path.product).unwrap();
                for plan in PLANS.map(plan_id) {
                    let automatic = catalogue.plan(plan).unwrap().automatic;
                    let expected = product.plans.get(&plan).is_some_and(|entry| {
                        let closed = path.new_plans == NewPlans::Off && entry.since > path.began_rev;
                        let follows = entry.on_by_default && !closed;
                        automatic || path.switches.get(&plan).copied().unwrap_or(follows)
                    });
                    prop_assert_eq!(on.contains(catalogue.number(plan).unwrap()), expected);
                }
            }
        }
    }
}
