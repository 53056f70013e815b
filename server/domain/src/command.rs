//! What can be asked for, as data, in the words of the caller: names are resolved by the planner.
//! Absent means "not mentioned" and is never taken as "remove" (R10).

mod access;
mod catalogue_edit;
mod needs;
mod subscription;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use self::access::{NewToken, TenantFields};
pub use self::catalogue_edit::{PlanPatch, ProductPatch, RulePatch};
pub use self::needs::{Needs, needs, needs_of_purchase, takes_from_grace};
pub use self::subscription::{NewSubscription, SubscriptionChange, TakeOver};
pub use crate::access::Role;
use crate::catalogue::{CountryMode, CountrySubject, DataKind, RuleKey};
use crate::ids::{BatchId, Country, PlanId, ProductId, SubscriptionId, TenantId, UserId};
use crate::snapshot::NewPlans;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub identity: Arc<str>,
    pub roles: Vec<Role>,
}

impl Actor {
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// The key by which a repeated request is known; `row` counts within a stream.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestKey {
    pub identity: Arc<str>,
    pub id: String,
    pub row: i64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    pub tenant: TenantId,
    pub actor: Actor,
    pub reason: Option<String>,
    pub request_key: Option<RequestKey>,
    pub batch: Option<BatchId>,
    pub command: Command,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Command {
    ModifyLicenses(Box<LicenseChange>),
    /// Changes of many people, all of them or none, with seats net over all (R25).
    ModifyLicensesTogether(Vec<LicenseChange>),
    CreateUser(Box<NewUser>),
    UpdateUser {
        user: String,
        patch: Box<UserFields>,
        /// The user's tag as it was read; with another one, nothing is changed.
        #[serde(skip_serializing_if = "Option::is_none")]
        expect: Option<String>,
    },
    /// Ends all paths and keeps the account restorable (R48).
    DeleteUser {
        user: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        expect: Option<String>,
    },
    UndeleteUser(Box<Undelete>),
    /// Forgets a deleted user for good.
    PurgeUser {
        user: String,
    },
    /// Blocks sign-in, leaves licensing groups, and ends direct licences (R49).
    OffboardUser {
        user: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        expect: Option<String>,
    },
    /// Creates or updates by object id, else by UPN.
    ImportUser(Box<UserRow>),
    CreateSubscription(Box<NewSubscription>),
    UpdateSubscription(Box<SubscriptionChange>),
    /// Begins the next term: where the running one ends, or now when it has ended.
    RenewSubscription {
        subscription: String,
        /// As said for the renewal, or as it is, when absent.
        quantity: Option<i64>,
        /// The length of the new term and of those after it.
        months: Option<i64>,
    },
    /// Ends it at once, inside its window (R43).
    CancelSubscription {
        subscription: String,
    },
    /// Brings it back from now on, until it is deleted (R41).
    ReactivateSubscription {
        subscription: String,
        quantity: Option<i64>,
        months: Option<i64>,
    },
    /// Ends a self-service purchase, with its user moved to the pool or without (R44).
    TakeOverSubscription {
        subscription: String,
        how: TakeOver,
    },
    /// Makes the transition of a subscription that has fallen due (R41). Asked by the writer itself.
    AdvanceSubscription {
        subscription: SubscriptionId,
    },
    ImportProduct(Box<ProductImport>),
    ImportPlan(Box<PlanImport>),
    /// Each rule is taken or refused by itself; who holds what they touch is judged again once.
    ImportRules(Vec<RuleImport>),
    AssignRole {
        identity: String,
        role: Role,
    },
    RemoveRole {
        identity: String,
        role: Role,
    },
    CreateToken(Box<NewToken>),
    /// Ends a token, by id or name.
    RevokeToken {
        token: String,
    },
    UpdateTenant {
        patch: TenantFields,
        /// The organisation's tag as it was read; with another one, nothing is changed.
        #[serde(skip_serializing_if = "Option::is_none")]
        expect: Option<String>,
    },
    /// Begins an organisation that storage has just made room for, with its first Global admin.
    CreateTenant {
        /// The organisation itself; where it is only judged, another one judges it.
        id: TenantId,
        name: String,
        admin: String,
    },
    UpdateProduct {
        product: ProductId,
        patch: ProductPatch,
        /// The product's tag as it was read; with another one, nothing is changed.
        #[serde(skip_serializing_if = "Option::is_none")]
        expect: Option<String>,
    },
    UpdatePlan {
        plan: PlanId,
        patch: PlanPatch,
        #[serde(skip_serializing_if = "Option::is_none")]
        expect: Option<String>,
    },
    UpdateRule {
        patch: RulePatch,
        /// Whether a rule that is not there is made.
        allow_missing: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        expect: Option<String>,
    },
    DeleteRule {
        key: RuleKey,
        #[serde(skip_serializing_if = "Option::is_none")]
        expect: Option<String>,
    },
    /// Gives free seats of a product to those who wait for them (R34). Asked by the writer itself.
    ServeQueue {
        product: ProductId,
    },
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// Change what is named, keep the rest.
    #[default]
    Modify,
    /// End with exactly the added products as direct licences.
    Replace,
    /// End every direct licence but those to keep.
    UnassignAll,
}

/// One change of one user's licences (R10). Users, products and plans are ids or names (R1).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LicenseChange {
    pub user: String,
    pub mode: Mode,
    pub add: Vec<AddProduct>,
    pub remove: Vec<RemoveProduct>,
    pub switches: Vec<PlanSwitch>,
    /// Turn on these plans only, off all others.
    pub only_plans: Option<OnlyPlans>,
    /// The switches given replace all switches of those products instead of merging (R13).
    pub full_switches: bool,
    /// Carry the switches of removed products to added ones by plan name; the map names exceptions.
    pub carry_switches: Option<BTreeMap<String, String>>,
    /// Wait when a seat is all that is missing (R23).
    pub wait_for_seat: bool,
    /// The first of these products that has a free seat is added, unless one of them is held.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add_first: Vec<String>,
    /// Adds what somebody else holds directly, with its switches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy_from: Option<CopyFrom>,
    /// What stays where every other direct licence ends.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<String>,
}

/// Whose direct licences are added as well.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CopyFrom {
    pub user: String,
    /// None of them named: all.
    pub products: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AddProduct {
    pub product: String,
    /// None keeps the rule of a path that is there, and is `On` for a new one.
    pub new_plans: Option<NewPlans>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RemoveProduct {
    pub product: String,
    /// A swap: refused when the product is not held, unless all added ones are held already.
    pub must_hold: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SwitchTo {
    On,
    Off,
    /// What the product's default says (R14).
    Follow,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanSwitch {
    /// None: the products being added, else every direct licence that contains the plan (R13).
    pub product: Option<String>,
    pub plan: String,
    pub to: SwitchTo,
}

impl LicenseChange {
    /// Whether it names products to add, in whatever way: switches without a product are for those.
    #[must_use]
    pub fn adds_something(&self) -> bool {
        !self.add.is_empty() || !self.add_first.is_empty() || self.copy_from.is_some()
    }
}

/// An allow-list of plans.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OnlyPlans {
    /// The product it is for. None: the products that a switch without a product goes to.
    pub product: Option<String>,
    pub plans: Vec<String>,
}

/// What is said of a user. None is not mentioned; an empty text clears what can be cleared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct UserFields {
    pub upn: Option<String>,
    pub display_name: Option<String>,
    pub given_name: Option<String>,
    pub surname: Option<String>,
    pub mail: Option<String>,
    pub job_title: Option<String>,
    pub department: Option<String>,
    /// `Member` or `Guest`.
    pub user_type: Option<String>,
    pub account_enabled: Option<bool>,
    pub usage_location: Option<String>,
    pub country: Option<String>,
    pub state: Option<String>,
    pub city: Option<String>,
    pub office: Option<String>,
    pub postal_code: Option<String>,
    pub street_address: Option<String>,
    pub phone: Option<String>,
    pub mobile: Option<String>,
    /// Why the data of the user must be kept; empty releases the hold (R50).
    pub retention_hold: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct NewUser {
    /// Given where the id is known from elsewhere, else a new one is made.
    pub id: Option<UserId>,
    pub fields: UserFields,
    /// Whose `user` is not read: it is the new user (R47).
    pub licenses: Option<LicenseChange>,
}

/// Whom to restore: a deleted user by id or former user principal name (R48).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Undelete {
    pub user: String,
    /// None: the name that the user had.
    pub upn: Option<String>,
    pub restore_licenses: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct UserRow {
    pub id: Option<UserId>,
    pub fields: UserFields,
}

/// A product as an import found it. Plans that it does not mention stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProductImport {
    pub id: ProductId,
    pub part_number: String,
    pub name: String,
    pub aliases: Vec<String>,
    pub plans: Vec<PlanId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanImport {
    pub id: PlanId,
    pub name: String,
    pub friendly_name: String,
    pub aliases: Vec<String>,
}

/// A rule as an import found it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum RuleImport {
    /// Plans are added to the set: what a file does not mention stays.
    Exclusion {
        id: String,
        service: String,
        plans: Vec<PlanId>,
    },
    /// Replaces what the plan needed.
    Prerequisite {
        plan: PlanId,
        any_of: Vec<PlanId>,
        evidence: String,
    },
    /// Replaces the subject's rule.
    Country {
        subject: CountrySubject,
        mode: CountryMode,
        countries: Vec<Country>,
    },
    /// Replaces what the service was.
    Service {
        id: String,
        plans: Vec<PlanId>,
        kind: DataKind,
        days: Option<u32>,
    },
}
