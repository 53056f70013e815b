//! The decision on bringing a subscription back after its term ended or it was cancelled: possible
//! until it is deleted, and a new term from now on (R41).

use super::purchase::{check_months, check_quantity, ended};
use super::{Action, Context, Plan, Subject};
use crate::refusal::Cause;
use crate::subscription::SubscriptionStatus;

pub(super) fn plan(
    context: &Context<'_>,
    subscription: &str,
    quantity: Option<i64>,
    months: Option<i64>,
) -> Plan {
    let old = match context.find_subscription(subscription, |one| {
        one.status != SubscriptionStatus::Active && !one.is_self_service()
    }) {
        Ok(old) => old,
        Err(cause) => return Plan::failed(None, vec![cause]),
    };
    let subject = Subject::Subscription(old.id);
    let causes: Vec<Cause> = [
        check_quantity("quantity", quantity, 1),
        check_months(months),
        context.refuse_self_service(old),
        context.refuse_others_than_partner(old),
        old.is_deleted().then(|| ended(old, "reactivated")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !causes.is_empty() {
        return Plan::failed(Some(subject), causes);
    }
    if old.status == SubscriptionStatus::Active {
        return Plan::unchanged(subject);
    }
    let mut new = old.clone();
    // Its old term is over, also where it was cancelled before the end.
    new.ends_at = old.ends_at.map(|_| context.now);
    new.anchor_at = context.now;
    new.begin_term(context.now, quantity, months);
    match context.refuse_below_consumed(old, &new) {
        Some(cause) => Plan::failed(Some(subject), vec![cause]),
        None => context.replace(Action::ReactivateSubscription, old, &new),
    }
}
