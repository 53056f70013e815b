//! A user with the paths by which it is to have products. Data only.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

use crate::ids::{
    AssignmentId, BatchId, Country, Instant, Path, PlanId, ProductId, Revision, UserId,
};
use crate::refusal::Code;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserType {
    #[default]
    Member,
    Guest,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UserProfile {
    pub id: UserId,
    pub upn: String,
    pub display_name: String,
    pub given_name: Option<String>,
    pub surname: Option<String>,
    pub mail: Option<String>,
    pub job_title: Option<String>,
    pub department: Option<String>,
    pub user_type: UserType,
    pub account_enabled: bool,
    pub usage_location: Option<Country>,
    pub country: Option<String>,
    pub state: Option<String>,
    pub city: Option<String>,
    pub office: Option<String>,
    pub postal_code: Option<String>,
    pub street_address: Option<String>,
    pub phone: Option<String>,
    pub mobile: Option<String>,
    pub created_at: Instant,
    pub deleted_at: Option<Instant>,
    pub hold: Option<Hold>,
}

/// What is kept of the person's data must not go (R50).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hold {
    pub reason: String,
    pub since: Instant,
}

/// How long a deleted user can be restored (R48).
pub const RESTORABLE_DAYS: i64 = 30;

impl UserProfile {
    /// When the deleted user is purged by itself; a user on hold is not.
    #[must_use]
    pub fn purge_at(&self) -> Option<Instant> {
        match &self.hold {
            Some(_) => None,
            None => Some(self.deleted_at?.plus_days(RESTORABLE_DAYS)),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub profile: UserProfile,
    pub from_rev: Revision,
    pub paths: Vec<Assignment>,
}

/// What a plan that was added to the product after the path began does by itself (R14).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewPlans {
    /// What the catalogue says, as for the other plans.
    #[default]
    On,
    Off,
}

/// A place in a pool's queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Lower goes first.
    pub priority: i32,
    pub since: Instant,
}

/// Why a group's product did not reach the user (R33).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathError {
    pub code: Code,
    pub because: Vec<Because>,
    pub since: Instant,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssignmentState {
    Active,
    Waiting(Waiting),
    Error(PathError),
}

/// What stands against a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// The plan that excludes it, or an alternative that is missing.
    Plan(PlanId),
    /// The product that brings the excluding plan.
    Product(ProductId),
    Country(Country),
}

/// A plan that is switched on and may not be on for now (R19a).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldOff {
    pub plan: PlanId,
    pub code: Code,
    pub because: Vec<Because>,
    pub since: Instant,
}

/// One path by which a user is to have a product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assignment {
    pub id: AssignmentId,
    pub user: UserId,
    pub product: ProductId,
    pub path: Path,
    pub state: AssignmentState,
    /// The plans that are switched; a plan that is not here follows the product (R14).
    pub switches: BTreeMap<PlanId, bool>,
    pub new_plans: NewPlans,
    pub began_at: Instant,
    pub began_rev: Revision,
    pub from_rev: Revision,
    pub held_off: Vec<HeldOff>,
    /// Bought by the user: outside the pool (R21).
    pub self_service: bool,
    pub batch: Option<BatchId>,
    /// Who began it.
    #[serde(serialize_with = "as_text")]
    pub actor: Arc<str>,
}

fn as_text<S: Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

impl Assignment {
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.state == AssignmentState::Active
    }

    /// A direct path from the pool: the kind that requests begin, change and end.
    #[must_use]
    pub fn is_direct(&self) -> bool {
        self.path == Path::Direct && !self.self_service
    }

    /// Counts towards the seat that the user takes from the pool (R5).
    #[must_use]
    pub fn takes_seat(&self) -> bool {
        self.is_active() && !self.self_service
    }
}

impl User {
    /// Whether the user takes one of the product's seats (R5).
    #[must_use]
    pub fn has_seat(&self, product: ProductId) -> bool {
        self.paths
            .iter()
            .any(|path| path.product == product && path.takes_seat())
    }

    /// The direct path to a product from the pool.
    #[must_use]
    pub fn direct(&self, product: ProductId) -> Option<&Assignment> {
        self.paths
            .iter()
            .find(|path| path.product == product && path.is_direct())
    }
}
