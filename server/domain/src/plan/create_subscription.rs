//! The decision on a purchase of seats: they count in the product's pool at once (R4, R41). What a
//! user bought by self-service is beside the pool and goes to that user at once (R21).

use uuid::Uuid;

use super::licenses::{Draft, note_held_off};
use super::purchase::{
    Recorded, check_days, check_months, check_name, check_quantity, seats, wrong,
};
use super::{Action, Change, Context, Plan, Subject};
use crate::catalogue::Product;
use crate::command::NewSubscription;
use crate::ids::{Instant, SubscriptionId};
use crate::refusal::{Cause, Code};
use crate::rules::company;
use crate::snapshot::User;
use crate::subscription::{Subscription, SubscriptionStatus};

const TERM_MONTHS: i64 = 12;
const GRACE_DAYS: i32 = 30;
const DISABLED_DAYS: i32 = 90;
const CANCEL_DAYS: i32 = 7;

pub(super) fn plan(
    context: &Context<'_>,
    new: &NewSubscription,
    ids: &mut dyn FnMut() -> Uuid,
) -> Plan {
    let product = match context.find_product(&new.product) {
        Ok(id) => context.catalogue().product(id),
        Err(cause) => return Plan::failed(None, vec![cause.field("product")]),
    };
    let Some(product) = product else {
        let cause = Cause::new(Code::ProductNotFound, "The product is gone").field("product");
        return Plan::failed(None, vec![cause]);
    };
    let purchaser = match new.purchaser.as_deref().map(|text| context.find_user(text)) {
        Some(Ok(user)) => Some(user),
        Some(Err(cause)) => return Plan::failed(None, vec![cause.field("purchaser")]),
        None => None,
    };
    let mut causes = check(context, new, product);
    causes.extend(purchaser.and_then(|_| company::check(product)));
    if !causes.is_empty() {
        return Plan::failed(None, causes);
    }
    let subscription = draft(context, new, product, purchaser, ids);
    match purchaser {
        Some(user) => self_service(context, &subscription, user, ids),
        None => pooled(&subscription),
    }
}

fn pooled(subscription: &Subscription) -> Plan {
    let mut changes = vec![Change::OpenSubscription(Box::new(subscription.clone()))];
    changes.extend(seats(subscription.product, subscription.seats()));
    Plan::applied(
        Action::CreateSubscription,
        Subject::Subscription(subscription.id),
        changes,
        &None::<Subscription>,
        subscription,
    )
}

/// The purchase is not ours to refuse: what may not be on is held off (R19a).
fn self_service(
    context: &Context<'_>,
    subscription: &Subscription,
    user: &User,
    ids: &mut dyn FnMut() -> Uuid,
) -> Plan {
    let location = user.profile.usage_location;
    let mut draft = Draft::of(user.profile.id, location, &user.paths);
    draft.begin_self_service(context, subscription.product, ids);
    draft.settle(context, &[]);
    let mut changes = vec![Change::OpenSubscription(Box::new(subscription.clone()))];
    changes.extend(draft.changes(&[]));
    let (before, after) = draft.changed();
    let before = (!before.is_empty()).then_some(before);
    let after = Recorded {
        subscription,
        assignments: after,
    };
    let subject = Subject::Subscription(subscription.id);
    let mut plan = Plan::applied(
        Action::CreateSubscription,
        subject,
        changes,
        &before,
        &after,
    );
    note_held_off(context.catalogue(), &draft, &mut plan.outcome.notes);
    plan
}

fn starts_at(context: &Context<'_>, new: &NewSubscription) -> Instant {
    new.starts_at.unwrap_or(context.now)
}

fn draft(
    context: &Context<'_>,
    new: &NewSubscription,
    product: &Product,
    purchaser: Option<&User>,
    ids: &mut dyn FnMut() -> Uuid,
) -> Subscription {
    let starts_at = starts_at(context, new);
    let term_months = new.months.unwrap_or(TERM_MONTHS);
    let term = (!product.perpetual).then(|| starts_at.plus_months(term_months));
    let name = new.name.as_deref().map(str::trim).unwrap_or_default();
    let cancel_days = new.cancel_days.unwrap_or(CANCEL_DAYS);
    Subscription {
        id: SubscriptionId(ids()),
        product: product.id,
        name: if name.is_empty() { &product.name } else { name }.to_owned(),
        quantity: new.quantity,
        renewal_quantity: None,
        status: SubscriptionStatus::Active,
        status_since: starts_at,
        trial: new.trial,
        starts_at,
        ends_at: new.ends_at.or(term),
        anchor_at: new.ends_at.unwrap_or(starts_at),
        term_months,
        recurring_billing: new.recurring_billing && !product.perpetual && !new.trial,
        grace_days: new.grace_days.unwrap_or(GRACE_DAYS),
        disabled_days: new.disabled_days.unwrap_or(DISABLED_DAYS),
        cancel_days,
        cancel_until: Some(context.now.plus_days(cancel_days.into())),
        purchaser: purchaser.map(|user| user.profile.id),
        partner: new
            .partner
            .as_deref()
            .map(str::trim)
            .filter(|partner| !partner.is_empty())
            .map(str::to_owned),
        created_at: context.now,
        from_rev: context.revision,
    }
}

fn check(context: &Context<'_>, new: &NewSubscription, product: &Product) -> Vec<Cause> {
    let mut causes: Vec<Cause> = [
        check_name(new.name.as_deref()),
        check_quantity("quantity", Some(new.quantity), 1),
        check_months(new.months),
        check_days("grace_days", new.grace_days),
        check_days("disabled_days", new.disabled_days),
        check_days("cancel_days", new.cancel_days),
        super::limits::check_reason(new.partner.as_deref()).map(|cause| cause.field("partner")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if new.purchaser.is_some() && new.partner.is_some() {
        let message = "What a user buys by self-service is not bought through a partner";
        causes.push(wrong("partner", message));
    }
    if causes
        .iter()
        .all(|cause| cause.field.as_deref() != Some("months"))
    {
        causes.extend(check_dates(context, new, product));
    }
    causes
}

fn check_dates(context: &Context<'_>, new: &NewSubscription, product: &Product) -> Option<Cause> {
    let starts_at = starts_at(context, new);
    if starts_at > context.now {
        let message = "The start is in the future; seats count from the start on";
        return Some(wrong("starts_at", message));
    }
    let months = new.months.unwrap_or(TERM_MONTHS);
    match new.ends_at {
        Some(_) if product.perpetual => Some(wrong(
            "ends_at",
            format!(
                "{} is perpetual, so its subscription has no end",
                product.part_number
            ),
        )),
        Some(end) if end <= starts_at => Some(wrong("ends_at", "The end is not after the start")),
        Some(end) if end <= context.now => Some(wrong("ends_at", "The end has passed already")),
        None if !product.perpetual && starts_at.plus_months(months) <= context.now => Some(wrong(
            "starts_at",
            format!("A term of {months} months from that start has ended already; give the end"),
        )),
        _ => None,
    }
}
