//! The decision on a new user, with licences in the same request (R47): bad input creates
//! nothing; refused licences still leave the user created, and the outcome says so.

use uuid::Uuid;

use super::licenses::{Depth, Holder, decide};
use super::recorded_user::RecordedUser;
use super::{Action, Change, Context, OutcomeKind, Plan, Subject, user_fields};
use crate::command::NewUser;
use crate::ids::UserId;
use crate::refusal::{Cause, Code};

pub(super) fn plan(context: &Context<'_>, new: &NewUser, ids: &mut dyn FnMut() -> Uuid) -> Plan {
    if let Some(id) = new.id
        && context.snapshot.user(id).is_some()
    {
        let message = format!("The id {id} belongs to another user already");
        return Plan::failed(
            None,
            vec![Cause::new(Code::InvalidArgument, message).field("id")],
        );
    }
    let id = new.id.unwrap_or_else(|| UserId(ids()));
    let blank = user_fields::blank(id, context.now);
    let profile = match user_fields::put(context, &blank, &new.fields) {
        Ok(profile) => profile,
        Err(causes) => return Plan::failed(None, causes),
    };
    let mut changes = vec![Change::OpenUser(Box::new(profile.clone()))];
    let mut licenses = Vec::new();
    let mut answered = None;
    if let Some(change) = &new.licenses {
        let holder = Holder {
            profile: &profile,
            paths: &[],
        };
        let decision = decide(context, holder, change, ids, Depth::WHOLE);
        let (outcome, opened, paths) = decision.into_parts();
        if outcome.causes.iter().any(Cause::leaves_nothing_to_judge) {
            return Plan::failed(None, outcome.causes);
        }
        changes.extend(opened);
        licenses = paths;
        answered = Some(outcome);
    }
    let begun = RecordedUser::new(&profile, None, licenses.iter().collect());
    let subject = Subject::User(id);
    let mut plan = Plan::applied(
        Action::CreateUser,
        subject,
        changes,
        &None::<RecordedUser<'_>>,
        &begun,
    );
    if let Some(outcome) = answered {
        plan.outcome = outcome;
        if plan.outcome.result != OutcomeKind::Waiting {
            plan.outcome.result = OutcomeKind::Applied;
        }
    }
    plan
}
