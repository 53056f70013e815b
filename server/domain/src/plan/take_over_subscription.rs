//! The decision on taking over what a user bought by self-service (R44): the user moves to the pool,
//! whole or not at all and without a gap, or the purchase is cancelled.

use uuid::Uuid;

use super::cancel_subscription::cancelled;
use super::licenses::{Draft, note_held_off};
use super::purchase::{Recorded, ended, wrong};
use super::{Action, Context, Plan, Subject};
use crate::command::TakeOver;
use crate::refusal::Cause;
use crate::rules::{guests, seats};
use crate::snapshot::User;
use crate::subscription::{Subscription, SubscriptionStatus};

pub(super) fn plan(
    context: &Context<'_>,
    subscription: &str,
    how: TakeOver,
    ids: &mut dyn FnMut() -> Uuid,
) -> Plan {
    let old = match context.find_subscription(subscription, Subscription::is_self_service) {
        Ok(old) => old,
        Err(cause) => return Plan::failed(None, vec![cause]),
    };
    let subject = Subject::Subscription(old.id);
    let Some(purchaser) = old.purchaser else {
        let message = format!(
            "\"{}\" was bought by the organisation, so there is nothing to take over",
            old.name
        );
        return Plan::failed(Some(subject), vec![wrong("subscription", message)]);
    };
    if old.is_deleted() {
        return Plan::failed(Some(subject), vec![ended(old, "taken over")]);
    }
    match how {
        TakeOver::Cancel if old.status == SubscriptionStatus::Cancelled => Plan::unchanged(subject),
        TakeOver::Cancel => {
            let new = cancelled(old, context.now);
            context.replace(Action::TakeOverSubscription, old, &new)
        }
        TakeOver::Move => match context.snapshot.user(purchaser) {
            Some(user) => move_user(context, old, user, ids),
            None => context.replace(Action::TakeOverSubscription, old, &deleted(context, old)),
        },
    }
}

fn deleted(context: &Context<'_>, old: &Subscription) -> Subscription {
    Subscription {
        status: SubscriptionStatus::Deleted,
        status_since: context.now,
        renewal_quantity: None,
        cancel_until: None,
        ..old.clone()
    }
}

fn move_user(
    context: &Context<'_>,
    old: &Subscription,
    user: &User,
    ids: &mut dyn FnMut() -> Uuid,
) -> Plan {
    let subject = Subject::Subscription(old.id);
    // The seat of the pool is assigned to the person, whoever manages purchases (R22).
    let policy = context.snapshot.tenant.guest_policy;
    if let Some(cause) = guests::check(&user.profile, &context.request.actor, policy) {
        return Plan::failed(Some(subject), vec![cause]);
    }
    let new = deleted(context, old);
    let location = user.profile.usage_location;
    let mut draft = Draft::of(user.profile.id, location, &user.paths);
    let is_last = context.is_last_of(old);
    draft.move_to_pool(context.catalogue(), old.product, is_last, ids);
    let net = draft.seats();
    let causes: Vec<Cause> = net
        .iter()
        .filter_map(|(product, net)| {
            let pool = context.snapshot.pool(*product);
            seats::check(context.catalogue(), *product, pool, *net)
        })
        .collect();
    if !causes.is_empty() {
        return Plan::failed(Some(subject), causes);
    }
    draft.settle(context, &net);
    let mut changes = context.next_version(old, &new);
    changes.extend(draft.changes(&net));
    let (before, after) = draft.changed();
    let before = Recorded {
        subscription: old,
        assignments: before,
    };
    let after = Recorded {
        subscription: &new,
        assignments: after,
    };
    let action = Action::TakeOverSubscription;
    let mut plan = Plan::applied(action, subject, changes, &before, &after);
    note_held_off(context.catalogue(), &draft, &mut plan.outcome.notes);
    plan.outcome.seats = net;
    plan
}
