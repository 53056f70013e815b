//! The decision on a renewal that is asked for: the next term begins where the running one ends, or
//! now when it has ended. Fewer seats than are in use are allowed only once it has (R8, R42).

use super::purchase::{check_months, check_quantity, ended, wrong};
use super::{Action, Context, Plan, Subject};
use crate::refusal::Cause;
use crate::subscription::Subscription;

pub(super) fn plan(
    context: &Context<'_>,
    subscription: &str,
    quantity: Option<i64>,
    months: Option<i64>,
) -> Plan {
    let old = match context
        .find_subscription(subscription, |one| one.works() && !one.is_self_service())
    {
        Ok(old) => old,
        Err(cause) => return Plan::failed(None, vec![cause]),
    };
    let causes: Vec<Cause> = [
        check_quantity("quantity", quantity, 1),
        check_months(months),
        context.refuse_self_service(old),
        context.refuse_others_than_partner(old),
        (!old.works()).then(|| ended(old, "renewed")),
        old.ends_at.is_none().then(|| never_ends(old)),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !causes.is_empty() {
        return Plan::failed(Some(Subject::Subscription(old.id)), causes);
    }
    let mut new = old.clone();
    new.begin_term(context.now, quantity, months);
    if old.runs_on(context.now)
        && let Some(cause) = context.refuse_below_consumed(old, &new)
    {
        return Plan::failed(Some(Subject::Subscription(old.id)), vec![cause]);
    }
    context.replace(Action::RenewSubscription, old, &new)
}

fn never_ends(one: &Subscription) -> Cause {
    let message = format!("\"{}\" is perpetual: it never ends", one.name);
    wrong("subscription", message)
}
