//! The decision on a change of what is said of a user. A new location changes the ground under
//! the user's licences, so it holds off and brings back, and never fails for them (R17, R19a).

use super::licenses::{note_data, note_held_off, rejudge};
use super::recorded_user::RecordedUser;
use super::{Action, Change, Context, Plan, Subject, user_fields};
use crate::command::UserFields;
use crate::refusal::{Cause, Code};
use crate::snapshot::{User, etag};

pub(super) fn plan(
    context: &Context<'_>,
    user: &str,
    patch: &UserFields,
    expect: Option<&str>,
) -> Plan {
    let user = match find(context, user, patch) {
        Ok(user) => user,
        Err(cause) => return Plan::failed(None, vec![cause]),
    };
    if let Some(cause) = changed_meanwhile(user, expect) {
        let subject = Subject::User(user.profile.id);
        return Plan::failed(Some(subject), vec![cause]);
    }
    update(context, user, patch)
}

/// A live user; what only sets or releases a hold may be about a deleted one.
fn find<'a>(context: &Context<'a>, text: &str, patch: &UserFields) -> Result<&'a User, Cause> {
    match context.find_user(text) {
        Err(cause) if cause.code == Code::UserNotFound && is_of_hold(patch) => {
            let none = |of_deleted: Cause| match of_deleted.code {
                Code::UserNotFound => cause,
                _ => of_deleted,
            };
            context.find_deleted(text).map_err(none)
        }
        found => found,
    }
}

fn is_of_hold(patch: &UserFields) -> bool {
    let hold = UserFields {
        retention_hold: patch.retention_hold.clone(),
        ..UserFields::default()
    };
    patch.retention_hold.is_some() && *patch == hold
}

/// That the user is not as it was read, if `expect` says how that was.
pub(super) fn changed_meanwhile(user: &User, expect: Option<&str>) -> Option<Cause> {
    if expect? == etag(user.from_rev, &user.paths) {
        return None;
    }
    let message = format!(
        "{} was changed since it was read. Read it again, then send the change with the new etag.",
        user.profile.upn
    );
    Some(Cause::new(Code::ConcurrentChange, message).field("user.etag"))
}

pub(super) fn update(context: &Context<'_>, user: &User, patch: &UserFields) -> Plan {
    let subject = Subject::User(user.profile.id);
    if user.profile.deleted_at.is_some() && !is_of_hold(patch) {
        let message = format!("{} is deleted; restore the user first", user.profile.upn);
        return Plan::failed(Some(subject), vec![Cause::new(Code::UserNotFound, message)]);
    }
    let profile = match user_fields::put(context, &user.profile, patch) {
        Ok(profile) if profile == user.profile => return Plan::unchanged(subject),
        Ok(profile) => profile,
        Err(causes) => return Plan::failed(Some(subject), causes),
    };
    let draft = rejudge(
        context.catalogue(),
        profile.id,
        profile.usage_location,
        &user.paths,
        (context.now, context.revision),
    );
    let mut changes = vec![
        Change::CloseUser { id: profile.id },
        Change::OpenUser(Box::new(profile.clone())),
    ];
    changes.extend(draft.changes(&[]));
    let changed = || draft.paths.iter().filter(|path| path.is_changed());
    let before = RecordedUser::new(
        &user.profile,
        Some(&profile),
        changed().filter_map(|path| path.before).collect(),
    );
    let after = RecordedUser::new(
        &profile,
        Some(&user.profile),
        changed().filter_map(|path| path.after.as_deref()).collect(),
    );
    let mut plan = Plan::applied(Action::UpdateUser, subject, changes, &before, &after);
    note_held_off(context.catalogue(), &draft, &mut plan.outcome.notes);
    note_data(
        context,
        &profile,
        &user.paths,
        draft.after(),
        &mut plan.outcome,
    );
    plan
}
