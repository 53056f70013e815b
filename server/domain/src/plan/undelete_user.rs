//! The decision on restoring a deleted user (R48). The account comes back first; then each direct
//! licence that the deletion ended comes back as a change of its own, and where one cannot, the
//! others and the user are there all the same.

mod former;

use std::collections::BTreeMap;

use uuid::Uuid;

use self::former::asked;
use super::licenses::{Depth, Draft, Holder, decide, note_held_off};
use super::recorded_user::RecordedUser;
use super::{
    Action, Change, Context, Note, Outcome, OutcomeKind, Plan, Step, Subject, user_fields,
};
use crate::command::{Undelete, UserFields};
use crate::ids::{AssignmentId, Revision};
use crate::refusal::{Cause, Code, Fix};
use crate::snapshot::{Assignment, User, UserProfile};

pub(super) fn plan(context: &Context<'_>, asked: &Undelete, ids: &mut dyn FnMut() -> Uuid) -> Plan {
    let user = match context.find_deleted(&asked.user) {
        Ok(user) => user,
        Err(cause) => {
            let live = context.snapshot.live_user(&asked.user);
            return match live.filter(|_| cause.code == Code::UserNotFound) {
                Some(id) => Plan::unchanged(Subject::User(id)),
                None => Plan::failed(None, vec![cause]),
            };
        }
    };
    let subject = Subject::User(user.profile.id);
    let profile = match restored(context, user, asked.upn.as_deref()) {
        Ok(profile) => profile,
        Err(causes) => return Plan::failed(Some(subject), causes),
    };
    let mut plan = account(user, &profile, subject);
    let paths = own_purchases(context, &profile, &mut plan, ids);
    if asked.restore_licenses {
        bring_back(context, (&profile, paths), &mut plan, ids);
    }
    plan
}

/// The profile as it comes back, under its old name unless another one is given.
fn restored(
    context: &Context<'_>,
    user: &User,
    upn: Option<&str>,
) -> Result<UserProfile, Vec<Cause>> {
    let mut profile = user.profile.clone();
    profile.deleted_at = None;
    let name = UserFields {
        upn: Some(upn.unwrap_or(&user.profile.upn).to_owned()),
        ..UserFields::default()
    };
    user_fields::put(context, &profile, &name).map_err(|causes| {
        let with_fix = |cause: Cause| match cause.code {
            Code::UpnInUse => cause.fix(Fix::RestoreAs {
                user: user.profile.id,
                upn: another(&user.profile.upn),
            }),
            _ => cause,
        };
        causes.into_iter().map(with_fix).collect()
    })
}

/// A name that says where it comes from; whoever restores may well know a better one.
fn another(upn: &str) -> String {
    match upn.split_once('@') {
        Some((local, domain)) => format!("{local}.restored@{domain}"),
        None => upn.to_owned(),
    }
}

fn account(user: &User, profile: &UserProfile, subject: Subject) -> Plan {
    let changes = vec![
        Change::CloseUser { id: profile.id },
        Change::OpenUser(Box::new(profile.clone())),
    ];
    let before = RecordedUser::new(&user.profile, Some(profile), Vec::new());
    let after = RecordedUser::new(profile, Some(&user.profile), Vec::new());
    Plan::applied(Action::UndeleteUser, subject, changes, &before, &after)
}

/// R21: what the user bought went on without the user, and serves the user again.
fn own_purchases(
    context: &Context<'_>,
    profile: &UserProfile,
    plan: &mut Plan,
    ids: &mut dyn FnMut() -> Uuid,
) -> Vec<Assignment> {
    let context = later(context, plan.steps.len());
    let mut draft = Draft::of(profile.id, profile.usage_location, &[]);
    let mut bought: Vec<_> = context
        .snapshot
        .subscriptions()
        .filter(|one| one.purchaser == Some(profile.id) && !one.is_deleted())
        .collect();
    bought.sort_unstable_by_key(|one| one.id);
    for one in bought {
        draft.begin_self_service(&context, one.product, ids);
    }
    if !draft.is_changed() {
        return Vec::new();
    }
    draft.settle(&context, &[]);
    let (_, after) = draft.changed();
    let action = (Action::UndeleteUser, Subject::User(profile.id));
    let none: [&Assignment; 0] = [];
    plan.steps
        .push(Step::new(action, draft.changes(&[]), &none, &after));
    note_held_off(context.catalogue(), &draft, &mut plan.outcome.notes);
    draft.after().cloned().collect()
}

/// What a step is planned in that follows on so many others.
fn later<'a>(context: &Context<'a>, steps_before: usize) -> Context<'a> {
    let before = i64::try_from(steps_before).unwrap_or(i64::MAX);
    Context {
        revision: Revision(context.revision.0.saturating_add(before)),
        ..*context
    }
}

/// Tries each former licence, and those that were refused again as long as others came back: one
/// may need what another brings.
fn bring_back(
    context: &Context<'_>,
    (profile, mut paths): (&UserProfile, Vec<Assignment>),
    plan: &mut Plan,
    ids: &mut dyn FnMut() -> Uuid,
) {
    let former = context.snapshot.former_paths(profile.id);
    let mut told: BTreeMap<AssignmentId, Outcome> = BTreeMap::new();
    let mut open: Vec<&Assignment> = former.iter().collect();
    loop {
        let tried = open.len();
        open.retain(|path| {
            let (outcome, step, after) =
                one_back(context, (profile, &paths), path, plan.steps.len(), ids);
            let again = outcome.result == OutcomeKind::Failed;
            told.insert(path.id, outcome);
            plan.steps.extend(step);
            if let Some(after) = after {
                paths = after;
            }
            again
        });
        if open.is_empty() || open.len() == tried {
            break;
        }
    }
    let parts = former.iter().filter_map(|path| told.remove(&path.id));
    for part in parts {
        plan.outcome.gained.extend(&part.gained);
        plan.outcome.seats.extend(&part.seats);
        plan.outcome.plans.extend(part.plans.iter().cloned());
        plan.outcome.parts.push(part);
    }
    plan.outcome.gained.sort_unstable();
    plan.outcome.licenses.clone_from(&plan.outcome.gained);
}

/// One former licence, on the paths that the ones before left: its outcome, its step, and the
/// paths after it.
fn one_back(
    context: &Context<'_>,
    (profile, paths): (&UserProfile, &[Assignment]),
    path: &Assignment,
    steps_before: usize,
    ids: &mut dyn FnMut() -> Uuid,
) -> (Outcome, Option<Step>, Option<Vec<Assignment>>) {
    let context = later(context, steps_before);
    let (change, notes): (_, Vec<Note>) = asked(&context, profile, path);
    let holder = Holder { profile, paths };
    let decision = decide(&context, holder, &change, ids, Depth::WHOLE);
    let after = decision.paths();
    let mut plan = decision.into_plan();
    let step = plan.steps.pop();
    plan.outcome.revision = step.as_ref().map(|_| context.revision);
    plan.outcome.notes.extend(notes);
    plan.outcome.subject = Some(Subject::Product(path.product));
    (plan.outcome, step, after)
}
