//! R17, first half: the usage location.

use super::{Example, RuleText};
use crate::refusal::{Cause, Code, Fix};
use crate::snapshot::UserProfile;

pub(crate) const RULE: RuleText = RuleText {
    numbers: &["R17"],
    name: "usage location",
    statement: "A direct assignment needs the user's usage location to add a product or turn a \
                plan on, never to remove or turn off.",
    codes: &[Code::UsageLocationMissing],
    examples: &[
        Example {
            when: "a product is added to a user without a usage location",
            then: "refused with USAGE_LOCATION_MISSING, also where seats are missing as well",
        },
        Example {
            when: "a plan is turned off for a user without a usage location",
            then: "applied",
        },
    ],
};

pub(crate) fn check(user: &UserProfile) -> Option<Cause> {
    user.usage_location.is_none().then(|| {
        Cause::new(
            Code::UsageLocationMissing,
            format!(
                "{} has no usage location, and what may be assigned depends on it",
                user.upn
            ),
        )
        .fix(Fix::SetUsageLocation { user: user.id })
    })
}
