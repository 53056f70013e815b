//! What can be asked of purchases of seats, as data.

use serde::Serialize;

use crate::ids::Instant;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NewSubscription {
    pub product: String,
    pub quantity: i64,
    pub name: Option<String>,
    /// Now when absent.
    pub starts_at: Option<Instant>,
    /// The end of the term; must be absent for a perpetual product.
    pub ends_at: Option<Instant>,
    /// The length of a term, the first one and each by which it is renewed.
    pub months: Option<i64>,
    pub recurring_billing: bool,
    pub trial: bool,
    pub grace_days: Option<i32>,
    pub disabled_days: Option<i32>,
    /// How long it can be cancelled after it was bought or renewed (R43).
    pub cancel_days: Option<i32>,
    /// The user who buys it by self-service (R21).
    pub purchaser: Option<String>,
    /// The identity of the partner who sells it (R45).
    pub partner: Option<String>,
}

/// A change of what is said of a subscription. None is not mentioned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SubscriptionChange {
    /// Its id, else its name, else its product where one subscription fits.
    pub subscription: String,
    pub name: Option<String>,
    /// The seats from now on, as an absolute total (R42).
    pub quantity: Option<i64>,
    /// The seats from the next renewal on; 0 clears it.
    pub renewal_quantity: Option<i64>,
    pub recurring_billing: Option<bool>,
    pub grace_days: Option<i32>,
    pub disabled_days: Option<i32>,
    /// The tag as it was read; with another one, nothing is changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expect: Option<String>,
}

/// What becomes of the licence of a user whose own purchase is taken over (R44).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum TakeOver {
    /// It goes on from the pool, without a gap; the purchase is deleted.
    Move,
    /// The purchase is cancelled, and the licence ends with it.
    Cancel,
}
