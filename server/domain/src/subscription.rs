//! A purchase of seats (R41-R45). Data only; what its seats count as follows from its status.

use serde::{Deserialize, Serialize};

use crate::ids::{Instant, ProductId, SubscriptionId, UserId};
use crate::snapshot::Pool;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionStatus {
    #[default]
    Active,
    /// In its grace days: seats work and count as `warning`.
    Expired,
    /// Lapsed: its seats are suspended.
    Disabled,
    /// Cancelled: its seats are locked out.
    Cancelled,
    Deleted,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Subscription {
    pub id: SubscriptionId,
    pub product: ProductId,
    /// What the operator calls it.
    pub name: String,
    pub quantity: i64,
    /// The seats from the next renewal on, when they differ.
    pub renewal_quantity: Option<i64>,
    pub status: SubscriptionStatus,
    pub trial: bool,
    pub starts_at: Instant,
    /// The end of the term; none for a perpetual product.
    pub ends_at: Option<Instant>,
    pub recurring_billing: bool,
    pub grace_days: i32,
    pub disabled_days: i32,
    /// Cancelling is possible until then (R43).
    pub cancel_until: Option<Instant>,
    /// The user who bought it by self-service (R21).
    pub purchaser: Option<UserId>,
    /// The partner it was bought from (R45).
    pub partner: Option<String>,
    pub created_at: Instant,
}

impl Subscription {
    /// What its seats add to the product's pool (R4, R21, R41).
    #[must_use]
    pub fn seats(&self) -> Pool {
        let mut pool = Pool::default();
        if self.purchaser.is_some() {
            return pool;
        }
        match self.status {
            SubscriptionStatus::Active => pool.enabled = self.quantity,
            SubscriptionStatus::Expired => pool.warning = self.quantity,
            SubscriptionStatus::Disabled => pool.suspended = self.quantity,
            SubscriptionStatus::Cancelled => pool.locked_out = self.quantity,
            SubscriptionStatus::Deleted => {}
        }
        pool
    }
}
