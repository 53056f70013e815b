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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::fixture::{guest, profile};

    #[test]
    fn every_role_is_judged_by_the_policy() {
        let mut user = profile(0);
        let actor = |role| Actor {
            identity: Arc::from("x"),
            roles: vec![role],
        };
        let (strict, wide) = (GuestPolicy::GlobalAdmin, GuestPolicy::LicenseAdmin);
        assert_eq!(check(&user, &actor(Role::LicenseAdmin), strict), None);
        guest(&mut user);
        assert_eq!(check(&user, &actor(Role::GlobalAdmin), strict), None);
        assert_eq!(check(&user, &actor(Role::LicenseAdmin), wide), None);
        for (role, policy) in [
            (Role::LicenseAdmin, strict),
            (Role::UserAdmin, wide),
            (Role::GlobalReader, wide),
        ] {
            let cause = check(&user, &actor(role), policy).unwrap();
            assert_eq!(
                (cause.code, cause.fixes),
                (Code::GuestNeedsGlobalAdmin, vec![Fix::AskGlobalAdmin])
            );
        }
    }
}
