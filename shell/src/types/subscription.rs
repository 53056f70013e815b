//! Purchases and what became of changing them, as objects.

use usher::v1::{LicensePool, Outcome, OutcomeResult, Subscription, SubscriptionStatus};
use usher_object::Value;

use super::outcome::{Changed, code, fix, message, result, revision};
use super::{Shape, instant, text, texts};
use crate::error::ShellError;

/// One purchase of seats.
pub static SUBSCRIPTION: Shape<Subscription> = Shape {
    name: "Subscription",
    properties: &[
        ("Id", |bought| text(&bought.id)),
        ("PartNumber", |bought| text(&bought.part_number)),
        ("Name", |bought| text(&bought.display_name)),
        ("Quantity", |bought| Value::Int(bought.quantity)),
        ("Status", |bought| status(bought.status())),
        ("Next", |bought| next(bought.next_status())),
        ("NextTime", |bought| {
            instant(bought.next_status_time.as_ref())
        }),
        ("RenewalQuantity", |bought| bought.renewal_quantity.into()),
        ("RecurringBilling", |bought| bought.recurring_billing.into()),
        ("Trial", |bought| Value::Bool(bought.trial)),
        ("TermMonths", |bought| match bought.term_months {
            0 => Value::Null,
            months => Value::Int(months.into()),
        }),
        ("StartTime", |bought| instant(bought.start_time.as_ref())),
        ("EndTime", |bought| instant(bought.end_time.as_ref())),
        ("CancelUntil", |bought| {
            instant(bought.cancel_until_time.as_ref())
        }),
        ("CancelTime", |bought| instant(bought.cancel_time.as_ref())),
        ("GraceDays", |bought| bought.grace_days.into()),
        ("GraceEndTime", |bought| {
            instant(bought.grace_end_time.as_ref())
        }),
        ("DisabledDays", |bought| bought.disabled_days.into()),
        ("DeleteTime", |bought| instant(bought.delete_time.as_ref())),
        ("SelfService", |bought| Value::Bool(bought.self_service)),
        ("Purchaser", |bought| text(&bought.purchaser)),
        ("PurchaserId", |bought| text(&bought.purchaser_id)),
        ("Partner", |bought| text(&bought.partner)),
        ("CreateTime", |bought| instant(bought.create_time.as_ref())),
        ("Etag", |bought| text(&bought.etag)),
        ("Product", |bought| text(&bought.product)),
    ],
    columns: &["PartNumber", "Quantity", "Status", "Next", "NextTime", "Id"],
    details: &[],
};

/// What became of changing one subscription.
#[derive(Clone, Debug, Default)]
pub struct SubscriptionChanged {
    /// The subscription as it is afterwards, where it is known.
    pub subscription: Subscription,
    /// What became of it.
    pub changed: Changed,
    /// The seats of the product before and after, where it is only judged.
    pub pools: Option<(LicensePool, LicensePool)>,
}

impl SubscriptionChanged {
    /// A change refused without an outcome of the service, of a subscription as far as it is known.
    pub fn refused(error: ShellError, subscription: Subscription) -> Self {
        Self {
            changed: Changed::refused(error),
            subscription,
            pools: None,
        }
    }

    /// A change that the service answered.
    pub fn answered(
        subscription: Option<Subscription>,
        outcome: Option<Outcome>,
        pools: Option<(LicensePool, LicensePool)>,
    ) -> Self {
        let outcome = outcome.unwrap_or_else(|| Outcome {
            result: OutcomeResult::Applied.into(),
            ..Outcome::default()
        });
        Self {
            subscription: subscription.unwrap_or_default(),
            changed: outcome.into(),
            pools,
        }
    }

    fn pool(&self, figure: fn(&(LicensePool, LicensePool)) -> i64) -> Value {
        self.pools
            .as_ref()
            .map_or(Value::Null, |pools| Value::Int(figure(pools)))
    }

    fn id(&self) -> &str {
        match self.subscription.id.as_str() {
            "" if self.changed.outcome.subject_id.is_empty() => &self.changed.outcome.subject,
            "" => &self.changed.outcome.subject_id,
            id => id,
        }
    }
}

/// What became of a change of a purchase.
pub static SUBSCRIPTION_CHANGE: Shape<SubscriptionChanged> = Shape {
    name: "SubscriptionChange",
    properties: &[
        ("Id", |row| text(row.id())),
        ("PartNumber", |row| text(&row.subscription.part_number)),
        ("Name", |row| match row.subscription.display_name.as_str() {
            "" => text(row.id()),
            name => text(name),
        }),
        ("Outcome", |row| result(row.changed.outcome.result())),
        ("Code", |row| code(&row.changed)),
        ("Message", |row| message(&row.changed)),
        ("Fix", |row| fix(&row.changed)),
        ("Notes", |row| texts(&row.changed.outcome.notes)),
        ("Quantity", |row| match row.subscription.quantity {
            0 => Value::Null,
            seats => Value::Int(seats),
        }),
        ("Status", |row| status(row.subscription.status())),
        ("Next", |row| next(row.subscription.next_status())),
        ("NextTime", |row| {
            instant(row.subscription.next_status_time.as_ref())
        }),
        ("TotalBefore", |row| row.pool(|(before, _)| before.total)),
        ("TotalAfter", |row| row.pool(|(_, after)| after.total)),
        ("AvailableBefore", |row| {
            row.pool(|(before, _)| before.available)
        }),
        ("AvailableAfter", |row| {
            row.pool(|(_, after)| after.available)
        }),
        ("Revision", |row| revision(row.changed.outcome.revision)),
    ],
    columns: &[
        "Name", "Outcome", "Quantity", "Status", "Next", "NextTime", "Fix",
    ],
    details: &[],
};

fn status(status: SubscriptionStatus) -> Value {
    match status {
        SubscriptionStatus::Unspecified => Value::Null,
        SubscriptionStatus::Active => "Active".into(),
        SubscriptionStatus::Expired => "Expired".into(),
        SubscriptionStatus::Disabled => "Disabled".into(),
        SubscriptionStatus::Deleted => "Deleted".into(),
    }
}

/// What comes by itself, as a word that goes with its time.
fn next(status: SubscriptionStatus) -> Value {
    next_word(status).map_or(Value::Null, Value::from)
}

/// The same word for messages.
pub fn next_word(status: SubscriptionStatus) -> Option<&'static str> {
    match status {
        SubscriptionStatus::Unspecified => None,
        SubscriptionStatus::Active => Some("renews"),
        SubscriptionStatus::Expired => Some("expires"),
        SubscriptionStatus::Disabled => Some("lapses"),
        SubscriptionStatus::Deleted => Some("ends"),
    }
}
