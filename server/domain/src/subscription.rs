//! A purchase of seats (R41-R45). Data only; what its seats count as follows from its status, and
//! what comes next from its dates.

mod life;

use serde::{Deserialize, Serialize};

pub use self::life::{Transition, TransitionKind};
use crate::ids::{Instant, ProductId, Revision, SubscriptionId, UserId};
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
    /// When the status began: the instant at which it fell due, or was asked for.
    pub status_since: Instant,
    pub trial: bool,
    pub starts_at: Instant,
    /// The end of the term; none for a perpetual product.
    pub ends_at: Option<Instant>,
    /// The moment whose day of the month and time all terms end on.
    pub anchor_at: Instant,
    /// The length of a term.
    pub term_months: i64,
    pub recurring_billing: bool,
    pub grace_days: i32,
    pub disabled_days: i32,
    /// How long it can be cancelled after it was bought or renewed.
    pub cancel_days: i32,
    /// Cancelling is possible until then (R43).
    pub cancel_until: Option<Instant>,
    /// The user who bought it by self-service (R21).
    pub purchaser: Option<UserId>,
    /// The partner it was bought from (R45).
    pub partner: Option<String>,
    pub created_at: Instant,
    /// The change that made this version. The record says it beside the rows.
    #[serde(skip)]
    pub from_rev: Revision,
}

impl Subscription {
    /// A user bought it: its seats are outside the pool (R21).
    #[must_use]
    pub const fn is_self_service(&self) -> bool {
        self.purchaser.is_some()
    }

    /// Its seats give benefit.
    #[must_use]
    pub const fn works(&self) -> bool {
        matches!(
            self.status,
            SubscriptionStatus::Active | SubscriptionStatus::Expired
        )
    }

    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.status == SubscriptionStatus::Deleted
    }

    /// The tag of this version: another one after every change.
    #[must_use]
    pub fn etag(&self) -> String {
        format!("\"{:016x}\"", self.from_rev.0)
    }

    /// What its seats add to the product's pool (R4, R21, R41).
    #[must_use]
    pub fn seats(&self) -> Pool {
        let mut pool = Pool::default();
        if self.is_self_service() {
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
