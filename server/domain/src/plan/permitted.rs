//! Whether an actor may ask for something at all, apart from what it would come to: judged again
//! before an earlier answer to the same request is given out.

use crate::catalogue::Resolution;
use crate::command::{Command, LicenseChange, Request};
use crate::refusal::Cause;
use crate::rules::{guests, roles};
use crate::snapshot::{Snapshot, User};

/// Judges the actor alone. A user who is not there any more is nobody's guest, and the licences of
/// a new user never refuse the user: the answer itself says what became of them (R47).
///
/// # Errors
/// The cause, when the actor may not ask for this now (R22, R51).
pub fn permitted(snapshot: &Snapshot, request: &Request) -> Result<(), Cause> {
    by_roles(snapshot, request)?;
    let changes: &[LicenseChange] = match &request.command {
        Command::ModifyLicenses(change) => std::slice::from_ref(change),
        Command::ModifyLicensesTogether(changes) => changes,
        _ => return Ok(()),
    };
    let policy = snapshot.tenant.guest_policy;
    for change in changes {
        let user = named(snapshot, &change.user);
        let refused = user.and_then(|user| guests::check(&user.profile, &request.actor, policy));
        if let Some(cause) = refused {
            return Err(cause);
        }
    }
    Ok(())
}

/// Judges the actor by the roles held, and by whom the command concerns.
pub(super) fn by_roles(snapshot: &Snapshot, request: &Request) -> Result<(), Cause> {
    let user = concerned(snapshot, &request.command).map(|user| &user.profile);
    let roles = &snapshot.organisation.roles;
    match roles::check(&request.command, &request.actor, user, roles) {
        Some(cause) => Err(cause),
        None => Ok(()),
    }
}

fn named<'a>(snapshot: &'a Snapshot, name: &str) -> Option<&'a User> {
    match snapshot.resolve_user(name) {
        Resolution::Found(id) => snapshot.user(id),
        _ => None,
    }
}

/// The user that is there and would be changed.
fn concerned<'a>(snapshot: &'a Snapshot, command: &Command) -> Option<&'a User> {
    let named = |name: &str| named(snapshot, name);
    let deleted = |name: &str| match snapshot.resolve_deleted(name) {
        Resolution::Found(id) => snapshot.user(id),
        _ => None,
    };
    match command {
        Command::ModifyLicenses(change) => named(&change.user),
        Command::UpdateUser { user, .. } => named(user).or_else(|| deleted(user)),
        Command::DeleteUser { user, .. } | Command::OffboardUser { user, .. } => named(user),
        Command::UndeleteUser(asked) => deleted(&asked.user),
        Command::PurgeUser { user } => deleted(user),
        Command::ImportUser(row) => {
            let by_id = row.id.and_then(|id| snapshot.user(id));
            let by_upn = || snapshot.user_with_upn(row.fields.upn.as_deref()?);
            by_id.or_else(|| snapshot.user(by_upn()?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Role;
    use crate::fixture::{World, guest, of_user};
    use crate::refusal::Code;

    #[test]
    fn who_may_not_change_guests_any_more_is_refused_and_others_are_not() {
        let mut world = World::new(2, 5);
        world.edit_user(0, guest);
        world.roles = vec![Role::LicenseAdmin];
        let asked = |n| Command::ModifyLicenses(Box::new(of_user(n).adding("FULL")));
        let judged = |world: &World, n| permitted(&world.snapshot, &world.request(asked(n)));
        let refused = judged(&world, 0).unwrap_err();
        assert_eq!(refused.code, Code::GuestNeedsGlobalAdmin);
        assert_eq!(judged(&world, 1), Ok(()));
        assert_eq!(judged(&world, 7), Ok(()));
        let all = [1, 7, 0].map(|n| of_user(n).adding("FULL"));
        let together = Command::ModifyLicensesTogether(all.to_vec());
        let refused = permitted(&world.snapshot, &world.request(together)).unwrap_err();
        assert_eq!(refused.code, Code::GuestNeedsGlobalAdmin);
        world.roles = vec![Role::GlobalAdmin];
        assert_eq!(judged(&world, 0), Ok(()));
    }

    #[test]
    fn who_lost_the_role_gets_no_earlier_answer() {
        let mut world = World::new(1, 5);
        world.roles = vec![Role::BillingAdmin];
        let asked = Command::ModifyLicenses(Box::new(of_user(0).adding("FULL")));
        let refused = permitted(&world.snapshot, &world.request(asked.clone())).unwrap_err();
        assert_eq!(refused.code, Code::PermissionDenied);
        assert_eq!(world.look(asked).outcome.causes[0], refused);
    }
}
