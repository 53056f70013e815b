//! R22: licences of guests.

use super::{Example, RuleText};
use crate::command::{Actor, Role};
use crate::refusal::{Cause, Code, Fix};
use crate::snapshot::{GuestPolicy, UserProfile, UserType};

pub(crate) const RULE: RuleText = RuleText {
    numbers: &["R22"],
    name: "guests",
    statement: "Only a Global admin changes the licences of a guest, unless the tenant's policy \
                lets License admins do it.",
    codes: &[Code::GuestNeedsGlobalAdmin],
    examples: &[
        Example {
            when: "a License admin assigns a product to a guest",
            then: "refused with GUEST_NEEDS_GLOBAL_ADMIN",
        },
        Example {
            when: "a Global admin does the same",
            then: "judged like for any member",
        },
    ],
};

pub(crate) fn check(user: &UserProfile, actor: &Actor, policy: GuestPolicy) -> Option<Cause> {
    let may = user.user_type == UserType::Member
        || actor.has(Role::GlobalAdmin)
        || (policy == GuestPolicy::LicenseAdmin && actor.has(Role::LicenseAdmin));
    (!may).then(|| {
        Cause::new(
            Code::GuestNeedsGlobalAdmin,
            format!(
                "{} is a guest, and only a Global admin may change the licences of guests here",
                user.upn
            ),
        )
        .fix(Fix::AskGlobalAdmin)
    })
}
