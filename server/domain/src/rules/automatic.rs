//! R20: plans that are on for every holder.

use super::{Example, RuleText};
use crate::catalogue::ServicePlan;
use crate::refusal::{Cause, Code};

pub(crate) const RULE: RuleText = RuleText {
    numbers: &["R20"],
    name: "automatic",
    statement: "A plan marked automatic is on for every holder of a product that has it, and a \
                switch for it is refused.",
    codes: &[Code::AutomaticService],
    examples: &[Example {
        when: "an automatic plan is to be turned off for a user",
        then: "refused with AUTOMATIC_SERVICE",
    }],
};

pub(crate) fn check(plan: &ServicePlan) -> Option<Cause> {
    plan.automatic.then(|| {
        Cause::new(
            Code::AutomaticService,
            format!(
                "{} is on for every holder of its product and cannot be switched for one user",
                plan.name
            ),
        )
        .with("plan", plan.id)
    })
}
