//! R21: seats that a user bought.

use super::{Example, RuleText};
use crate::catalogue::Catalogue;
use crate::ids::ProductId;
use crate::refusal::{Cause, Code};

pub(crate) const RULE: RuleText = RuleText {
    numbers: &["R21"],
    name: "self-service",
    statement: "A licence that a user bought by self-service takes no seat of the pool, its plans \
                count as effective, and an admin cannot change it until it is taken over.",
    codes: &[Code::SelfServiceSubscription],
    examples: &[
        Example {
            when: "an admin removes a product that the user holds by self-service only",
            then: "refused with SELF_SERVICE_SUBSCRIPTION",
        },
        Example {
            when: "an admin adds the same product from the pool",
            then: "applied beside it, with a seat of the pool",
        },
    ],
};

pub(crate) fn refusal(catalogue: &Catalogue, product: ProductId) -> Cause {
    Cause::new(
        Code::SelfServiceSubscription,
        format!(
            "{} was bought by the user by self-service, so it cannot be changed here before the \
             purchase is taken over",
            catalogue.product_name(product)
        ),
    )
    .with("product", product)
}
