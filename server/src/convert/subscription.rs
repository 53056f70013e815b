//! Purchases of seats, between the wire and the domain.

use usher::name::Collection;
use usher::v1 as wire;
use usher_domain::catalogue::Catalogue;
use usher_domain::command::NewSubscription;
use usher_domain::subscription::{Subscription, SubscriptionStatus};

use super::fields::Fields;
use super::time;

/// Reads a purchase; what is malformed goes to `fields`.
pub(crate) fn from_wire(new: &wire::Subscription, fields: &mut Fields) -> NewSubscription {
    fields.required_name("subscription.product", &new.product);
    NewSubscription {
        product: Collection::Products.strip(new.product.trim()).to_owned(),
        quantity: new.quantity,
        name: None,
        starts_at: fields.instant("subscription.start_time", new.start_time),
        ends_at: fields.instant("subscription.end_time", new.end_time),
        recurring_billing: new.recurring_billing.unwrap_or(true),
        trial: false,
        grace_days: new.grace_days,
        disabled_days: new.disabled_days,
        ..NewSubscription::default()
    }
}

/// A purchase as stored.
pub(crate) fn to_wire(subscription: &Subscription, catalogue: &Catalogue) -> wire::Subscription {
    wire::Subscription {
        name: Collection::Subscriptions.name(subscription.id),
        id: subscription.id.to_string(),
        product: subscription.product.to_string(),
        part_number: catalogue.product_name(subscription.product),
        quantity: subscription.quantity,
        status: match subscription.status {
            SubscriptionStatus::Active => wire::SubscriptionStatus::Active,
            SubscriptionStatus::Expired => wire::SubscriptionStatus::Expired,
            SubscriptionStatus::Disabled | SubscriptionStatus::Cancelled => {
                wire::SubscriptionStatus::Disabled
            }
            SubscriptionStatus::Deleted => wire::SubscriptionStatus::Deleted,
        }
        .into(),
        start_time: Some(time::to_wire(subscription.starts_at)),
        end_time: subscription.ends_at.map(time::to_wire),
        recurring_billing: Some(subscription.recurring_billing),
        grace_days: Some(subscription.grace_days),
        disabled_days: Some(subscription.disabled_days),
    }
}
