//! The decision on cancelling: inside the window after purchase or renewal only, and then at once
//! (R43). Past it, recurring billing is turned off, which ends the subscription at term end.

use super::purchase::ended;
use super::{Action, Context, Plan, Subject};
use crate::ids::Instant;
use crate::refusal::{Cause, Code, Fix, SubscriptionStep};
use crate::subscription::{Subscription, SubscriptionStatus};

pub(super) fn plan(context: &Context<'_>, subscription: &str) -> Plan {
    let old = match context
        .find_subscription(subscription, |one| one.works() && !one.is_self_service())
    {
        Ok(old) => old,
        Err(cause) => return Plan::failed(None, vec![cause]),
    };
    let subject = Subject::Subscription(old.id);
    let mut causes: Vec<Cause> = context
        .refuse_self_service(old)
        .into_iter()
        .chain(context.refuse_others_than_partner(old))
        .collect();
    if causes.is_empty() && old.status == SubscriptionStatus::Cancelled {
        return Plan::unchanged(subject);
    }
    if !old.works() {
        causes.push(ended(old, "cancelled"));
    } else if old.cancel_until.is_none_or(|until| until < context.now) {
        causes.push(closed(old));
    }
    if !causes.is_empty() {
        return Plan::failed(Some(subject), causes);
    }
    context.replace(
        Action::CancelSubscription,
        old,
        &cancelled(old, context.now),
    )
}

/// Its seats are locked out from now on.
pub(super) fn cancelled(old: &Subscription, now: Instant) -> Subscription {
    Subscription {
        status: SubscriptionStatus::Cancelled,
        status_since: now,
        renewal_quantity: None,
        cancel_until: None,
        ..old.clone()
    }
}

fn closed(one: &Subscription) -> Cause {
    let until = one.cancel_until.map(Instant::date).unwrap_or_default();
    let name = &one.name;
    let mut cause = Cause::new(
        Code::CancelWindowClosed,
        format!("\"{name}\" could be cancelled until {until}"),
    )
    .field("subscription")
    .with("subscription", one.id)
    .with("product", one.product)
    .with("cancel_until", &until)
    .with("recurring_billing", one.recurring_billing);
    let Some(end) = one.ends_at.map(Instant::date) else {
        return cause.next("It is perpetual and does not end");
    };
    cause = cause.with("ends", &end);
    if one.status == SubscriptionStatus::Expired {
        cause.next(format!("Its term ended on {end}; it goes by itself"))
    } else if one.renews() {
        cause
            .next(format!("Turn recurring billing off: it then ends on {end}"))
            .fix(Fix::ChangeSubscription {
                subscription: one.id,
                step: SubscriptionStep::LetEnd,
            })
    } else {
        cause.next(format!("It ends by itself on {end}"))
    }
}
