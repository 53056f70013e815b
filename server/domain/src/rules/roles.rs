//! R51: which roles a command takes, and whom of the people an actor may change.

use super::{Example, RuleText};
use crate::access::{Role, Roles};
use crate::command::{Actor, Command, UserFields};
use crate::refusal::{Cause, Code, Fix};
use crate::snapshot::UserProfile;

pub(crate) const RULE: RuleText = RuleText {
    numbers: &["R51"],
    name: "roles",
    statement: "Each command takes one of certain roles. A License admin changes nothing of a \
                person but the usage location; a User admin changes nobody who holds a role that \
                changes something. The last Global admin stays one.",
    codes: &[Code::PermissionDenied, Code::LastGlobalAdmin],
    examples: &[
        Example {
            when: "a User admin renames a License admin",
            then: "refused with PERMISSION_DENIED, naming Global admin",
        },
        Example {
            when: "a Global admin takes the role from the only Global admin",
            then: "refused with LAST_GLOBAL_ADMIN",
        },
    ],
};

const ALL: &[Role] = &[Role::GlobalAdmin];
const ASSIGN: &[Role] = &[Role::GlobalAdmin, Role::LicenseAdmin, Role::UserAdmin];
const PEOPLE: &[Role] = &[Role::GlobalAdmin, Role::UserAdmin];
const PURCHASE: &[Role] = &[Role::GlobalAdmin, Role::BillingAdmin];

/// The roles that a command takes, before it is known whom it concerns.
const fn taken_by(command: &Command) -> &'static [Role] {
    match command {
        Command::ModifyLicenses(_)
        | Command::ModifyLicensesTogether(_)
        | Command::UpdateUser { .. } => ASSIGN,
        Command::CreateUser(_)
        | Command::ImportUser(_)
        | Command::DeleteUser { .. }
        | Command::UndeleteUser(_)
        | Command::PurgeUser { .. }
        | Command::OffboardUser { .. } => PEOPLE,
        Command::CreateSubscription(_)
        | Command::UpdateSubscription(_)
        | Command::RenewSubscription { .. }
        | Command::CancelSubscription { .. }
        | Command::ReactivateSubscription { .. }
        | Command::TakeOverSubscription { .. } => PURCHASE,
        Command::ImportProduct(_)
        | Command::ImportPlan(_)
        | Command::ImportRules(_)
        | Command::UpdateProduct { .. }
        | Command::UpdatePlan { .. }
        | Command::UpdateRule { .. }
        | Command::DeleteRule { .. }
        | Command::AssignRole { .. }
        | Command::RemoveRole { .. }
        | Command::CreateToken(_)
        | Command::RevokeToken { .. }
        | Command::UpdateTenant { .. }
        | Command::CreateTenant { .. }
        | Command::AdvanceSubscription { .. }
        | Command::ServeQueue { .. } => ALL,
    }
}

/// Judges the actor by the roles alone; `concerned` is the person whom the command changes.
pub(crate) fn check(
    command: &Command,
    actor: &Actor,
    concerned: Option<&UserProfile>,
    roles: &Roles,
) -> Option<Cause> {
    if actor.has(Role::GlobalAdmin) {
        return None;
    }
    let taken = taken_by(command);
    if !taken.iter().any(|role| actor.has(*role)) {
        return Some(denied(actor, taken, "this change"));
    }
    match command {
        Command::UpdateUser { patch, .. }
            if !actor.has(Role::UserAdmin) && !is_location_only(patch) =>
        {
            let mut cause = denied(actor, PEOPLE, "more than a change of the usage location");
            cause.field = Some("update_mask".to_owned());
            Some(cause)
        }
        Command::ModifyLicenses(_) | Command::ModifyLicensesTogether(_) => None,
        _ => concerned
            .filter(|user| {
                let may_locate = actor.has(Role::LicenseAdmin) && is_location(command);
                !may_locate && roles.is_admin(user)
            })
            .map(|user| {
                denied(
                    actor,
                    ALL,
                    &format!("a change of {}, who is an admin", user.upn),
                )
            }),
    }
}

fn is_location_only(patch: &UserFields) -> bool {
    let location = UserFields {
        usage_location: patch.usage_location.clone(),
        ..UserFields::default()
    };
    *patch == location
}

/// What a License admin may change of anybody.
fn is_location(command: &Command) -> bool {
    matches!(command, Command::UpdateUser { patch, .. } if is_location_only(patch))
}

fn denied(actor: &Actor, taken: &[Role], what: &str) -> Cause {
    let names: Vec<&str> = taken.iter().map(|role| role.name()).collect();
    let names = names.join(", ");
    let message = format!(
        "None of the roles of {} allows {what}. It takes one of: {names}",
        actor.identity
    );
    Cause::new(Code::PermissionDenied, message)
        .with("roles", names)
        .fix(Fix::AskGlobalAdmin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::profile;

    fn by(role: Role) -> Actor {
        Actor {
            identity: "kim".into(),
            roles: vec![role],
        }
    }

    fn change(patch: UserFields) -> Command {
        Command::UpdateUser {
            user: "user0@contoso.com".to_owned(),
            patch: Box::new(patch),
            expect: None,
        }
    }

    #[test]
    fn a_license_admin_changes_the_location_only() {
        let location = UserFields {
            usage_location: Some("FR".to_owned()),
            ..UserFields::default()
        };
        let more = UserFields {
            city: Some("x".to_owned()),
            ..location.clone()
        };
        let judged = |role, patch: &UserFields| {
            check(&change(patch.clone()), &by(role), None, &Roles::default())
        };
        assert_eq!(judged(Role::LicenseAdmin, &location), None);
        let refused = judged(Role::LicenseAdmin, &more).unwrap();
        assert_eq!(refused.code, Code::PermissionDenied);
        assert_eq!(refused.metadata["roles"], "Global admin, User admin");
        assert_eq!(judged(Role::UserAdmin, &more), None);
        assert!(judged(Role::BillingAdmin, &location).is_some());
    }

    #[test]
    fn a_user_admin_changes_no_admin_by_name_or_by_id() {
        let admin = profile(0);
        let patch = UserFields {
            city: Some("x".to_owned()),
            ..UserFields::default()
        };
        let mut roles = Roles::default();
        let judged = |role, roles: &Roles| {
            check(&change(patch.clone()), &by(role), Some(&admin), roles).map(|cause| cause.code)
        };
        assert_eq!(judged(Role::UserAdmin, &roles), None);
        roles.put("user0@contoso.com", Role::GlobalReader);
        assert_eq!(judged(Role::UserAdmin, &roles), None);
        for identity in ["user0@contoso.com".to_owned(), admin.id.to_string()] {
            let mut roles = Roles::default();
            roles.put(&identity, Role::BillingAdmin);
            let refused = judged(Role::UserAdmin, &roles);
            assert_eq!(refused, Some(Code::PermissionDenied), "{identity}");
            assert_eq!(judged(Role::GlobalAdmin, &roles), None);
        }
    }

    #[test]
    fn only_the_right_to_locate_reaches_an_admin() {
        let admin = profile(0);
        let mut roles = Roles::default();
        roles.put(&admin.upn, Role::BillingAdmin);
        let patch = UserFields {
            usage_location: Some("FR".to_owned()),
            ..UserFields::default()
        };
        let judged = |actor: &Actor| {
            let cause = check(&change(patch.clone()), actor, Some(&admin), &roles);
            cause.map(|cause| cause.code)
        };
        let denied = Some(Code::PermissionDenied);
        assert_eq!(judged(&by(Role::UserAdmin)), denied);
        assert_eq!(judged(&by(Role::LicenseAdmin)), None);
        let mut both = by(Role::UserAdmin);
        both.roles.push(Role::LicenseAdmin);
        assert_eq!(judged(&both), None);
    }
}
