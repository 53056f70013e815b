//! The decision on a purchase of seats: they count in the product's pool at once (R4, R41).

use uuid::Uuid;

use super::limits::{MAX_QUANTITY, check_text};
use super::{Action, Change, Context, Plan, Subject};
use crate::catalogue::Product;
use crate::command::NewSubscription;
use crate::ids::{Instant, SubscriptionId};
use crate::refusal::{Cause, Code};
use crate::subscription::{Subscription, SubscriptionStatus};

const TERM_MONTHS: i64 = 12;
const GRACE_DAYS: i32 = 30;
const DISABLED_DAYS: i32 = 90;
const MOST_DAYS: i32 = 3_650;
const CANCEL_DAYS: i64 = 7;
const MAX_NAME: usize = 256;

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
    let causes = check(context, new, product);
    if !causes.is_empty() {
        return Plan::failed(None, causes);
    }
    let subscription = draft(context, new, product, ids);
    let subject = Subject::Subscription(subscription.id);
    let changes = vec![
        Change::OpenSubscription(Box::new(subscription.clone())),
        Change::PoolDelta {
            product: product.id,
            delta: subscription.seats(),
        },
    ];
    let none = None::<Subscription>;
    Plan::applied(
        Action::CreateSubscription,
        subject,
        changes,
        &none,
        &subscription,
    )
}

fn starts_at(context: &Context<'_>, new: &NewSubscription) -> Instant {
    new.starts_at.unwrap_or(context.now)
}

fn draft(
    context: &Context<'_>,
    new: &NewSubscription,
    product: &Product,
    ids: &mut dyn FnMut() -> Uuid,
) -> Subscription {
    let starts_at = starts_at(context, new);
    let term = (!product.perpetual).then(|| starts_at.plus_months(TERM_MONTHS));
    let name = new.name.as_deref().map(str::trim).unwrap_or_default();
    Subscription {
        id: SubscriptionId(ids()),
        product: product.id,
        name: if name.is_empty() { &product.name } else { name }.to_owned(),
        quantity: new.quantity,
        renewal_quantity: None,
        status: SubscriptionStatus::Active,
        trial: new.trial,
        starts_at,
        ends_at: new.ends_at.or(term),
        recurring_billing: new.recurring_billing && !product.perpetual,
        grace_days: new.grace_days.unwrap_or(GRACE_DAYS),
        disabled_days: new.disabled_days.unwrap_or(DISABLED_DAYS),
        cancel_until: Some(context.now.plus_days(CANCEL_DAYS)),
        purchaser: None,
        partner: None,
        created_at: context.now,
    }
}

fn check(context: &Context<'_>, new: &NewSubscription, product: &Product) -> Vec<Cause> {
    let name = new.name.as_deref().unwrap_or_default().trim();
    let mut causes: Vec<Cause> = check_text("name", name, MAX_NAME).into_iter().collect();
    let mut wrong = |field: &str, message: String| {
        causes.push(Cause::new(Code::InvalidArgument, message).field(field));
    };
    if new.quantity < 1 || new.quantity > MAX_QUANTITY {
        let quantity = new.quantity;
        wrong(
            "quantity",
            format!("{quantity} seats cannot be bought; from 1 to {MAX_QUANTITY} can"),
        );
    }
    let starts_at = starts_at(context, new);
    if starts_at > context.now {
        wrong(
            "starts_at",
            "The start is in the future; seats count from the start on".to_owned(),
        );
    }
    match new.ends_at {
        Some(_) if product.perpetual => wrong(
            "ends_at",
            format!(
                "{} is perpetual, so its subscription has no end",
                product.part_number
            ),
        ),
        Some(end) if end <= starts_at => {
            wrong("ends_at", "The end is not after the start".to_owned())
        }
        Some(end) if end <= context.now => {
            wrong("ends_at", "The end has passed already".to_owned())
        }
        None if !product.perpetual && starts_at.plus_months(TERM_MONTHS) <= context.now => wrong(
            "starts_at",
            format!(
                "A term of {TERM_MONTHS} months from that start has ended already; give the end"
            ),
        ),
        _ => {}
    }
    for (field, days) in [
        ("grace_days", new.grace_days),
        ("disabled_days", new.disabled_days),
    ] {
        if let Some(days) = days.filter(|days| !(0..=MOST_DAYS).contains(days)) {
            wrong(
                field,
                format!("{days} days are not between 0 and {MOST_DAYS}"),
            );
        }
    }
    causes
}
