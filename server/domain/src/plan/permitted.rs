//! Whether an actor may ask for something at all, apart from what it would come to: judged again
//! before an earlier answer to the same request is given out.

use crate::catalogue::Resolution;
use crate::command::{Command, Request};
use crate::refusal::Cause;
use crate::rules::guests;
use crate::snapshot::Snapshot;

/// Judges the actor alone. A user who is not there any more is nobody's guest, and the licences of
/// a new user never refuse the user: the answer itself says what became of them (R47).
///
/// # Errors
/// The cause, when the actor may not ask for this now (R22).
pub fn permitted(snapshot: &Snapshot, request: &Request) -> Result<(), Cause> {
    let Command::ModifyLicenses(change) = &request.command else {
        return Ok(());
    };
    let Resolution::Found(id) = snapshot.resolve_user(&change.user) else {
        return Ok(());
    };
    let policy = snapshot.tenant.guest_policy;
    let user = snapshot.user(id);
    match user.and_then(|user| guests::check(&user.profile, &request.actor, policy)) {
        Some(cause) => Err(cause),
        None => Ok(()),
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
        world.roles = vec![Role::GlobalAdmin];
        assert_eq!(judged(&world, 0), Ok(()));
    }
}
