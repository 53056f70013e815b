//! The decision on a change of what is said of a subscription (R42): its name, its seats now or from
//! the renewal on, its billing, and its numbers of days.

use super::purchase::{
    check_days, check_name, check_not_due, check_quantity, counted, ended, wrong,
};
use super::{Action, Context, Note, NoteKind, Plan, Subject};
use crate::command::SubscriptionChange;
use crate::refusal::{Cause, Code};
use crate::subscription::{Subscription, SubscriptionStatus};

pub(super) fn plan(context: &Context<'_>, change: &SubscriptionChange) -> Plan {
    let old = match context.find_subscription(&change.subscription, |one| !one.is_self_service()) {
        Ok(old) => old,
        Err(cause) => return Plan::failed(None, vec![cause]),
    };
    let failed = |causes| Plan::failed(Some(Subject::Subscription(old.id)), causes);
    let expect = change.expect.as_deref();
    if expect.is_some_and(|expect| expect != old.etag()) {
        return failed(vec![changed_meanwhile(old)]);
    }
    if old.is_deleted() {
        return failed(vec![ended(old, "changed")]);
    }
    let new = put(old, change);
    if *old == new {
        return context.replace(Action::UpdateSubscription, old, &new);
    }
    let mut causes: Vec<Cause> = context.refuse_self_service(old).into_iter().collect();
    let buys = (new.quantity, new.renewal_quantity, new.recurring_billing);
    if buys != (old.quantity, old.renewal_quantity, old.recurring_billing) {
        causes.extend(context.refuse_others_than_partner(old));
    }
    causes.extend(check(context, old, &new, change));
    if causes.is_empty() {
        causes.extend(context.refuse_below_consumed(old, &new));
    }
    if !causes.is_empty() {
        return failed(causes);
    }
    let mut plan = context.replace(Action::UpdateSubscription, old, &new);
    plan.outcome.notes.extend(shortage(context, old, &new));
    plan
}

fn put(old: &Subscription, change: &SubscriptionChange) -> Subscription {
    let mut new = old.clone();
    if let Some(name) = change.name.as_deref().map(str::trim) {
        name.clone_into(&mut new.name);
    }
    new.quantity = change.quantity.unwrap_or(old.quantity);
    if let Some(seats) = change.renewal_quantity {
        new.renewal_quantity = (seats != 0).then_some(seats);
    }
    new.recurring_billing = change.recurring_billing.unwrap_or(old.recurring_billing);
    new.grace_days = change.grace_days.unwrap_or(old.grace_days);
    new.disabled_days = change.disabled_days.unwrap_or(old.disabled_days);
    new
}

fn check(
    context: &Context<'_>,
    old: &Subscription,
    new: &Subscription,
    change: &SubscriptionChange,
) -> Vec<Cause> {
    let mut causes: Vec<Cause> = [
        check_name(change.name.as_deref()),
        check_quantity("quantity", change.quantity, 1),
        check_quantity("renewal_quantity", change.renewal_quantity, 0),
        check_days("grace_days", change.grace_days),
        check_days("disabled_days", change.disabled_days),
    ]
    .into_iter()
    .flatten()
    .collect();
    if new.name.is_empty() {
        causes.push(wrong("name", "The name is empty"));
    }
    if old.ends_at.is_none() && new.renewal_quantity.is_some() {
        let message = "It is perpetual, so it is never renewed; change its quantity";
        causes.push(wrong("renewal_quantity", message));
    }
    if new.recurring_billing && !old.recurring_billing {
        causes.extend(billing(old));
    }
    if !causes.is_empty() {
        return causes;
    }
    let field = if new.grace_days == old.grace_days {
        "disabled_days"
    } else {
        "grace_days"
    };
    check_not_due(new, field, context.now).into_iter().collect()
}

/// What stands against renewing it at the end of its term.
fn billing(old: &Subscription) -> Option<Cause> {
    let message = if old.ends_at.is_none() {
        "It is perpetual, so it is never renewed"
    } else if old.trial {
        "It is a trial, which ends; renew it to buy it"
    } else if old.status != SubscriptionStatus::Active {
        "Its term has ended; reactivate it first"
    } else {
        return None;
    };
    Some(wrong("recurring_billing", message))
}

fn changed_meanwhile(old: &Subscription) -> Cause {
    let message = format!(
        "\"{}\" was changed since it was read. Read it again, then send the change with the new etag.",
        old.name
    );
    Cause::new(Code::ConcurrentChange, message)
        .field("etag")
        .with("subscription", old.id)
}

/// R8: what a smaller number for the renewal would lead to, as things stand.
fn shortage(context: &Context<'_>, old: &Subscription, new: &Subscription) -> Option<Note> {
    let seats = new.renewal_quantity?;
    if new.renewal_quantity == old.renewal_quantity || !new.works() {
        return None;
    }
    let pool = context.snapshot.pool(new.product);
    let total = pool.total() - old.quantity + seats;
    let missing = pool.consumed - total;
    if missing <= 0 {
        return None;
    }
    let name = context.catalogue().product_name(new.product);
    let from = new
        .ends_at
        .map_or_else(String::new, |end| format!(" on {}", end.date()));
    Some(Note {
        kind: NoteKind::OverAllocated,
        message: format!(
            "With the renewal{from}, {name} would lack {}",
            counted(missing)
        ),
        product: Some(new.product),
        plan: None,
        groups: Vec::new(),
    })
}
