//! Purchases of seats, between the wire and the domain.

use std::collections::HashMap;

use prost_types::FieldMask;
use usher::name::Collection;
use usher::v1 as wire;
use usher_domain::catalogue::Catalogue;
use usher_domain::command::{NewSubscription, SubscriptionChange};
use usher_domain::ids::UserId;
use usher_domain::subscription::{Subscription, SubscriptionStatus, TransitionKind};

use super::fields::Fields;
use super::time;

/// Reads a purchase; what is malformed goes to `fields`.
pub(crate) fn from_wire(new: &wire::Subscription, fields: &mut Fields) -> NewSubscription {
    let said = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    fields.required_name("subscription.product", &new.product);
    fields.name("subscription.purchaser", &new.purchaser);
    fields.name("subscription.partner", &new.partner);
    NewSubscription {
        product: Collection::Products.strip(new.product.trim()).to_owned(),
        quantity: new.quantity,
        name: said(&new.display_name),
        starts_at: fields.instant("subscription.start_time", new.start_time),
        ends_at: fields.instant("subscription.end_time", new.end_time),
        months: (new.term_months != 0).then(|| new.term_months.into()),
        recurring_billing: new.recurring_billing.unwrap_or(true),
        trial: new.trial,
        grace_days: new.grace_days,
        disabled_days: new.disabled_days,
        cancel_days: new.cancel_days,
        purchaser: said(Collection::Users.strip(new.purchaser.trim())),
        partner: said(&new.partner),
    }
}

/// Reads which subscription a request names, and the fields of it that the mask names.
pub(crate) fn masked(
    asked: &wire::Subscription,
    mask: &FieldMask,
    fields: &mut Fields,
) -> SubscriptionChange {
    let (field, subscription) = target(asked);
    fields.required_name(field, subscription);
    if mask.paths.is_empty() {
        fields.fault(
            "update_mask",
            "The mask names no field. Name the fields to change.",
        );
    }
    let mut change = SubscriptionChange {
        subscription: subscription.to_owned(),
        expect: (!asked.etag.is_empty()).then(|| asked.etag.clone()),
        ..SubscriptionChange::default()
    };
    for path in &mask.paths {
        set(&mut change, asked, path, fields);
    }
    change
}

fn set(
    change: &mut SubscriptionChange,
    asked: &wire::Subscription,
    path: &str,
    fields: &mut Fields,
) {
    match path {
        "quantity" => change.quantity = Some(asked.quantity),
        "renewal_quantity" => {
            change.renewal_quantity = Some(asked.renewal_quantity.unwrap_or_default());
        }
        "display_name" => change.name = Some(asked.display_name.clone()),
        "recurring_billing" => {
            change.recurring_billing = asked.recurring_billing;
            needed(asked.recurring_billing.is_some(), path, fields);
        }
        "grace_days" => {
            change.grace_days = asked.grace_days;
            needed(asked.grace_days.is_some(), path, fields);
        }
        "disabled_days" => {
            change.disabled_days = asked.disabled_days;
            needed(asked.disabled_days.is_some(), path, fields);
        }
        other => fields.fault(
            "update_mask",
            format!("A subscription has no field `{other}` that can be changed."),
        ),
    }
}

fn needed(is_said: bool, path: &str, fields: &mut Fields) {
    if !is_said {
        fields.fault(
            &format!("subscription.{path}"),
            format!("The mask names {path}, and the subscription does not say it."),
        );
    }
}

/// Which subscription a request is about, and in which field: by name, else by id, else by product.
pub(crate) fn target(asked: &wire::Subscription) -> (&'static str, &str) {
    let said = [
        ("subscription.name", &asked.name),
        ("subscription.id", &asked.id),
        ("subscription.product", &asked.product),
    ];
    let named = said.into_iter().find(|(_, text)| !text.trim().is_empty());
    named.map_or(("subscription.name", ""), |(field, text)| {
        (field, named_in(text))
    })
}

/// What a resource name, an id or a product's name stands for.
pub(crate) fn named_in(text: &str) -> &str {
    Collection::Products.strip(Collection::Subscriptions.strip(text.trim()))
}

/// A purchase as stored; `purchasers` gives the user principal names of those who bought for themselves.
pub(crate) fn to_wire(
    subscription: &Subscription,
    catalogue: &Catalogue,
    purchasers: &HashMap<UserId, String>,
) -> wire::Subscription {
    let next = subscription.next_transition();
    let is_cancelled = subscription.status == SubscriptionStatus::Cancelled;
    wire::Subscription {
        name: Collection::Subscriptions.name(subscription.id),
        id: subscription.id.to_string(),
        product: subscription.product.to_string(),
        part_number: catalogue.product_name(subscription.product),
        quantity: subscription.quantity,
        status: status(subscription.status).into(),
        start_time: Some(time::to_wire(subscription.starts_at)),
        end_time: subscription.ends_at.map(time::to_wire),
        recurring_billing: Some(subscription.recurring_billing),
        grace_days: Some(subscription.grace_days),
        disabled_days: Some(subscription.disabled_days),
        display_name: subscription.name.clone(),
        renewal_quantity: subscription.renewal_quantity,
        trial: subscription.trial,
        term_months: match subscription.ends_at {
            Some(_) => i32::try_from(subscription.term_months).unwrap_or(i32::MAX),
            None => 0,
        },
        cancel_days: Some(subscription.cancel_days),
        cancel_until_time: subscription.cancel_until.map(time::to_wire),
        cancel_time: is_cancelled.then(|| time::to_wire(subscription.status_since)),
        next_status: next.map_or(0, |next| status_after(next.kind).into()),
        next_status_time: next.map(|next| time::to_wire(next.at)),
        grace_end_time: subscription.grace_ends_at().map(time::to_wire),
        delete_time: subscription.deleted_at().map(time::to_wire),
        purchaser: subscription
            .purchaser
            .and_then(|id| purchasers.get(&id).cloned())
            .unwrap_or_default(),
        purchaser_id: subscription
            .purchaser
            .map(|id| id.to_string())
            .unwrap_or_default(),
        self_service: subscription.is_self_service(),
        partner: subscription.partner.clone().unwrap_or_default(),
        create_time: Some(time::to_wire(subscription.created_at)),
        etag: subscription.etag(),
    }
}

/// The status on the wire, where cancelling is a way of being disabled.
pub(crate) fn status(status: SubscriptionStatus) -> wire::SubscriptionStatus {
    match status {
        SubscriptionStatus::Active => wire::SubscriptionStatus::Active,
        SubscriptionStatus::Expired => wire::SubscriptionStatus::Expired,
        SubscriptionStatus::Disabled | SubscriptionStatus::Cancelled => {
            wire::SubscriptionStatus::Disabled
        }
        SubscriptionStatus::Deleted => wire::SubscriptionStatus::Deleted,
    }
}

/// The status that a transition leads to.
pub(crate) fn status_after(kind: TransitionKind) -> wire::SubscriptionStatus {
    match kind {
        TransitionKind::Renew => wire::SubscriptionStatus::Active,
        TransitionKind::Expire => wire::SubscriptionStatus::Expired,
        TransitionKind::Disable => wire::SubscriptionStatus::Disabled,
        TransitionKind::Delete => wire::SubscriptionStatus::Deleted,
    }
}
