//! R9: products of the whole organisation.

use super::{Example, RuleText};
use crate::catalogue::{AppliesTo, Product};
use crate::refusal::{Cause, Code};

pub(crate) const RULE: RuleText = RuleText {
    numbers: &["R9"],
    name: "company",
    statement: "A product that applies to the company cannot be assigned to a user.",
    codes: &[Code::NotAssignableToUser],
    examples: &[Example {
        when: "a product that applies to Company is added to a user",
        then: "refused with NOT_ASSIGNABLE_TO_USER",
    }],
};

pub(crate) fn check(product: &Product) -> Option<Cause> {
    (product.applies_to == AppliesTo::Company).then(|| {
        Cause::new(
            Code::NotAssignableToUser,
            format!(
                "{} ({}) applies to the company as a whole and cannot be assigned to a user",
                product.part_number, product.name
            ),
        )
        .with("product", product.id)
    })
}
