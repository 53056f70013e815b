//! The decision on offboarding (R49): sign-in is blocked, licensing groups are left, and direct
//! licences end, in one change. What the user bought is not the organisation's to take (R21).

use super::delete_user::{ends_of_guest, held, places_given_up};
use super::licenses::{Draft, note_data, note_held_off};
use super::recorded_user::RecordedUser;
use super::{Action, Change, Context, Note, NoteKind, Plan, Subject, update_user};
use crate::rules::inherited;
use crate::snapshot::{Assignment, User};

pub(super) fn plan(context: &Context<'_>, user: &str, expect: Option<&str>) -> Plan {
    let user = match context.find_user(user) {
        Ok(user) => user,
        Err(cause) => return Plan::failed(None, vec![cause]),
    };
    let subject = Subject::User(user.profile.id);
    let refused =
        update_user::changed_meanwhile(user, expect).or_else(|| ends_of_guest(context, user));
    match refused {
        Some(cause) => Plan::failed(Some(subject), vec![cause]),
        None => offboard(context, user, subject),
    }
}

fn offboard(context: &Context<'_>, user: &User, subject: Subject) -> Plan {
    let mut profile = user.profile.clone();
    profile.account_enabled = false;
    let mut draft = Draft::of(profile.id, profile.usage_location, &user.paths);
    draft.end_paths(|path| !path.self_service);
    if profile == user.profile && !draft.is_changed() {
        return Plan::unchanged(subject);
    }
    let seats = draft.seats();
    draft.settle(context, &seats);
    let mut changes = Vec::new();
    if profile != user.profile {
        changes.push(Change::CloseUser { id: profile.id });
        changes.push(Change::OpenUser(Box::new(profile.clone())));
    }
    changes.extend(draft.changes(&seats));
    let changed = || draft.paths.iter().filter(|path| path.is_changed());
    let were = changed().filter_map(|path| path.before).collect();
    let are = changed().filter_map(|path| path.after.as_deref()).collect();
    let before = RecordedUser::new(&user.profile, Some(&profile), were);
    let after = RecordedUser::new(&profile, Some(&user.profile), are);
    let mut plan = Plan::applied(Action::OffboardUser, subject, changes, &before, &after);
    let outcome = &mut plan.outcome;
    outcome.seats = seats;
    outcome.licenses = held(draft.after());
    outcome.lost = held(&user.paths);
    outcome
        .lost
        .retain(|product| !outcome.licenses.contains(product));
    outcome.notes = groups_left(context, &user.paths);
    outcome.notes.extend(kept(context, &draft));
    let ended = user.paths.iter().filter(|path| !path.self_service);
    outcome.notes.extend(places_given_up(context, ended));
    note_held_off(context.catalogue(), &draft, &mut outcome.notes);
    note_data(context, &profile, &user.paths, draft.after(), outcome);
    plan
}

/// What came through which groups: it stays with them.
fn groups_left(context: &Context<'_>, paths: &[Assignment]) -> Vec<Note> {
    let note = |product| {
        let groups = inherited::groups(paths, product);
        let message = format!(
            "{} came through {} and stays with it",
            context.catalogue().product_name(product),
            inherited::in_words(&groups)
        );
        (!groups.is_empty()).then_some(Note {
            kind: NoteKind::GroupsLeft,
            message,
            product: Some(product),
            plan: None,
            groups,
        })
    };
    held(paths).into_iter().filter_map(note).collect()
}

fn kept(context: &Context<'_>, draft: &Draft<'_>) -> Vec<Note> {
    let note = |product| Note {
        kind: NoteKind::StillHeld,
        message: format!(
            "{} was bought by the user and is kept until the purchase is taken over or ends",
            context.catalogue().product_name(product)
        ),
        product: Some(product),
        plan: None,
        groups: Vec::new(),
    };
    held(draft.after()).into_iter().map(note).collect()
}
