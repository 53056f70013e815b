//! The decisions on who holds which role (R51): giving one, and taking one away.

use serde::Serialize;

use super::limits::identity;
use super::{Action, Change, Context, Plan, Subject};
use crate::access::Role;
use crate::refusal::{Cause, Code};

#[derive(Serialize)]
struct Held<'a> {
    identity: &'a str,
    role: Role,
}

pub(super) fn assign(context: &Context<'_>, given: &str, role: Role) -> Plan {
    let identity = match identity(given) {
        Ok(identity) => identity,
        Err(cause) => return Plan::failed(None, vec![cause]),
    };
    let subject = Subject::Identity(identity.clone());
    if context.snapshot.organisation.roles.holds(&identity, role) {
        return Plan::unchanged(subject);
    }
    let after = Held {
        identity: &identity,
        role,
    };
    let change = Change::OpenRole {
        identity: identity.clone(),
        role,
    };
    let before = None::<Held<'_>>;
    Plan::applied(Action::AssignRole, subject, vec![change], &before, &after)
}

pub(super) fn remove(context: &Context<'_>, given: &str, role: Role) -> Plan {
    let identity = match identity(given) {
        Ok(identity) => identity,
        Err(cause) => return Plan::failed(None, vec![cause]),
    };
    let roles = &context.snapshot.organisation.roles;
    let subject = Subject::Identity(identity.clone());
    if !roles.holds(&identity, role) {
        return Plan::unchanged(subject);
    }
    if role == Role::GlobalAdmin && roles.is_last_global_admin(&identity) {
        let message = format!(
            "The last Global admin is {identity}, and one must stay. Make somebody else Global admin first"
        );
        let cause = Cause::new(Code::LastGlobalAdmin, message).with("identity", &identity);
        return Plan::failed(Some(subject), vec![cause]);
    }
    let before = Held {
        identity: &identity,
        role,
    };
    let change = Change::CloseRole {
        identity: identity.clone(),
        role,
    };
    let after = None::<Held<'_>>;
    Plan::applied(Action::RemoveRole, subject, vec![change], &before, &after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Command;
    use crate::fixture::World;
    use crate::plan::OutcomeKind;

    fn asked(identity: &str, role: Role, held: bool) -> Command {
        let identity = identity.to_owned();
        if held {
            Command::AssignRole { identity, role }
        } else {
            Command::RemoveRole { identity, role }
        }
    }

    fn result(world: &mut World, identity: &str, role: Role, held: bool) -> OutcomeKind {
        world.run(asked(identity, role, held)).outcome.result
    }

    #[test]
    fn a_role_is_held_once_and_taken_away_once() {
        let mut world = World::new(0, 0);
        let reader = Role::GlobalReader;
        for (held, expected) in [
            (true, OutcomeKind::Applied),
            (true, OutcomeKind::Unchanged),
            (false, OutcomeKind::Applied),
            (false, OutcomeKind::Unchanged),
        ] {
            assert_eq!(
                result(&mut world, "Kim@Contoso.com", reader, held),
                expected
            );
        }
        let refused = world.look(asked("system", reader, true)).outcome;
        assert_eq!(refused.causes[0].code, Code::InvalidArgument);
        assert_eq!(refused.causes[0].field.as_deref(), Some("identity"));
    }

    #[test]
    fn the_last_global_admin_stays_until_there_is_another() {
        let mut world = World::new(0, 0);
        result(&mut world, "megan", Role::GlobalAdmin, true);
        let refused = world.run(asked("MEGAN", Role::GlobalAdmin, false)).outcome;
        assert_eq!(refused.causes[0].code, Code::LastGlobalAdmin);
        result(&mut world, "kim", Role::GlobalAdmin, true);
        let removed = result(&mut world, "megan", Role::GlobalAdmin, false);
        assert_eq!(removed, OutcomeKind::Applied);
        let refused = world.run(asked("kim", Role::GlobalAdmin, false)).outcome;
        assert_eq!(refused.causes[0].code, Code::LastGlobalAdmin);
    }
}
