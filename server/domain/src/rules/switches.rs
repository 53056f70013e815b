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
