//! The decision on deleting a user (R48): one change. All paths end and their seats are free at
//! once; the account stays, so that it can be restored.

use super::licenses::{Draft, note_data};
use super::recorded_user::RecordedUser;
use super::{Action, Change, Context, Note, NoteKind, Plan, Subject, update_user};
use crate::ids::ProductId;
use crate::refusal::Cause;
use crate::rules::guests;
use crate::snapshot::{Assignment, AssignmentState, User};

pub(super) fn plan(context: &Context<'_>, user: &str, expect: Option<&str>) -> Plan {
    let user = match context.find_user(user) {
        Ok(user) => user,
        Err(cause) => {
            return match context.find_deleted(user) {
                Ok(gone) => Plan::unchanged(Subject::User(gone.profile.id)),
                Err(_) => Plan::failed(None, vec![cause]),
            };
        }
    };
    let subject = Subject::User(user.profile.id);
    let refused =
        update_user::changed_meanwhile(user, expect).or_else(|| ends_of_guest(context, user));
    match refused {
        Some(cause) => Plan::failed(Some(subject), vec![cause]),
        None => delete(context, user, subject),
    }
}

/// What speaks against ending the direct licences of this user, if it is a guest (R22).
pub(super) fn ends_of_guest(context: &Context<'_>, user: &User) -> Option<Cause> {
    if !user.paths.iter().any(Assignment::is_direct) {
        return None;
    }
    let policy = context.snapshot.tenant.guest_policy;
    guests::check(&user.profile, &context.request.actor, policy)
}

fn delete(context: &Context<'_>, user: &User, subject: Subject) -> Plan {
    let mut profile = user.profile.clone();
    profile.deleted_at = Some(context.now);
    let mut draft = Draft::of(profile.id, profile.usage_location, &user.paths);
    draft.end_paths(|_| true);
    let seats = draft.seats();
    // The row goes before the paths: what the user had is remembered while it is there.
    let mut changes = vec![
        Change::CloseUser { id: profile.id },
        Change::OpenUser(Box::new(profile.clone())),
    ];
    changes.extend(draft.changes(&seats));
    let had = user.paths.iter().collect();
    let before = RecordedUser::new(&user.profile, Some(&profile), had);
    let after = RecordedUser::new(&profile, Some(&user.profile), Vec::new());
    let mut plan = Plan::applied(Action::DeleteUser, subject, changes, &before, &after);
    plan.outcome.seats = seats;
    plan.outcome.lost = held(&user.paths);
    plan.outcome.notes = places_given_up(context, &user.paths);
    note_data(
        context,
        &profile,
        &user.paths,
        draft.after(),
        &mut plan.outcome,
    );
    plan
}

/// The products of active paths, sorted.
pub(super) fn held<'p>(paths: impl IntoIterator<Item = &'p Assignment>) -> Vec<ProductId> {
    let active = paths.into_iter().filter(|path| path.is_active());
    let mut products: Vec<ProductId> = active.map(|path| path.product).collect();
    products.sort_unstable();
    products.dedup();
    products
}

/// The queues that the user leaves.
pub(super) fn places_given_up<'p>(
    context: &Context<'_>,
    paths: impl IntoIterator<Item = &'p Assignment>,
) -> Vec<Note> {
    let waiting = paths
        .into_iter()
        .filter(|path| matches!(path.state, AssignmentState::Waiting(_)));
    let mut products: Vec<ProductId> = waiting.map(|path| path.product).collect();
    products.sort_unstable();
    products.dedup();
    let note = |product| Note {
        kind: NoteKind::PlaceGivenUp,
        message: format!(
            "The place in the queue for {} is given up",
            context.catalogue().product_name(product)
        ),
        product: Some(product),
        plan: None,
        groups: Vec::new(),
    };
    products.into_iter().map(note).collect()
}
