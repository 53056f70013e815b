//! What a plan writes: rows to close and open, and what the record says of them. Data only.

use super::Subject;
use crate::access::{Role, Token};
use crate::catalogue::{Product, ProductPlan, Rule, RuleKey, ServicePlan};
use crate::ids::{AssignmentId, Instant, PlanId, ProductId, SubscriptionId, TokenId, UserId};
use crate::snapshot::{Assignment, Pool, TenantSettings, UserProfile, Waiting};
use crate::subscription::Subscription;

/// One row to close or open. `Close` without an `Open` of the same key ends it.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    CloseUser {
        id: UserId,
    },
    OpenUser(Box<UserProfile>),
    /// Takes what is known of the person out of all versions of the row; ids stay (R54).
    EraseUser {
        id: UserId,
    },
    CloseAssignment {
        id: AssignmentId,
        user: UserId,
    },
    OpenAssignment(Box<Assignment>),
    CloseWaiting {
        assignment: AssignmentId,
    },
    OpenWaiting {
        assignment: AssignmentId,
        user: UserId,
        product: ProductId,
        place: Waiting,
    },
    PoolDelta {
        product: ProductId,
        delta: Pool,
    },
    /// More is used of the product than there is, since then (R8).
    OpenOverAllocation {
        product: ProductId,
        since: Instant,
    },
    CloseOverAllocation {
        product: ProductId,
    },
    CloseSubscription {
        id: SubscriptionId,
    },
    OpenSubscription(Box<Subscription>),
    CloseProduct {
        id: ProductId,
    },
    /// The product's own row; `plans` is empty, each comes as a row of its own.
    OpenProduct(Box<Product>),
    CloseProductPlan {
        product: ProductId,
        plan: PlanId,
    },
    OpenProductPlan {
        product: ProductId,
        plan: PlanId,
        entry: ProductPlan,
    },
    ClosePlan {
        id: PlanId,
    },
    OpenPlan(Box<ServicePlan>),
    CloseRule {
        key: RuleKey,
    },
    OpenRule(Box<Rule>),
    CloseRole {
        identity: String,
        role: Role,
    },
    OpenRole {
        identity: String,
        role: Role,
    },
    OpenToken(Box<Token>),
    /// A token has no versions: when it ended is part of it.
    RevokeToken {
        id: TokenId,
        at: Instant,
    },
    /// The organisation's own row.
    CloseTenant,
    OpenTenant {
        name: String,
        created_at: Instant,
        settings: TenantSettings,
    },
}

impl Change {
    /// Whether it begins a version of a thing that has an identity of its own.
    #[must_use]
    pub const fn opens_subject(&self) -> bool {
        matches!(
            self,
            Self::OpenUser(_)
                | Self::OpenProduct(_)
                | Self::OpenPlan(_)
                | Self::OpenRule(_)
                | Self::OpenSubscription(_)
                | Self::OpenToken(_)
        )
    }

    /// Whether it ends a version of a thing that has an identity of its own.
    #[must_use]
    pub const fn closes_subject(&self) -> bool {
        matches!(
            self,
            Self::CloseUser { .. }
                | Self::CloseProduct { .. }
                | Self::ClosePlan { .. }
                | Self::CloseRule { .. }
                | Self::CloseSubscription { .. }
        )
    }
}

/// What the record says of a change (R53): ids only, names live with the things named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordEntry {
    pub action: Action,
    pub subject: Subject,
    /// JSON text: the rows that ended, complete.
    pub before: String,
    /// JSON text: the rows that began, complete.
    pub after: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    ModifyLicenses,
    ServeQueue,
    CreateUser,
    UpdateUser,
    DeleteUser,
    UndeleteUser,
    PurgeUser,
    OffboardUser,
    CreateSubscription,
    UpdateSubscription,
    RenewSubscription,
    ReactivateSubscription,
    CancelSubscription,
    TakeOverSubscription,
    ExpireSubscription,
    DisableSubscription,
    DeleteSubscription,
    /// Licences that ended with the last subscription of their product.
    EndLicenses,
    ImportProduct,
    ImportPlan,
    ImportRule,
    AssignRole,
    RemoveRole,
    CreateToken,
    RevokeToken,
    CreateTenant,
    UpdateTenant,
    /// Holders for whom a rule or product changed what may be on.
    RejudgeRule,
    RejudgeProduct,
    UpdateProduct,
    UpdatePlan,
    /// Holders for whom a plan that became automatic, or is it no more, changed what may be on.
    RejudgePlan,
    UpdateRule,
    DeleteRule,
}

impl Action {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ModifyLicenses => "licenses.modify",
            Self::ServeQueue => "licenses.serve_queue",
            Self::CreateUser => "user.create",
            Self::UpdateUser => "user.update",
            Self::DeleteUser => "user.delete",
            Self::UndeleteUser => "user.undelete",
            Self::PurgeUser => "user.purge",
            Self::OffboardUser => "user.offboard",
            Self::CreateSubscription => "subscription.create",
            Self::UpdateSubscription => "subscription.update",
            Self::RenewSubscription => "subscription.renew",
            Self::ReactivateSubscription => "subscription.reactivate",
            Self::CancelSubscription => "subscription.cancel",
            Self::TakeOverSubscription => "subscription.take_over",
            Self::ExpireSubscription => "subscription.expire",
            Self::DisableSubscription => "subscription.disable",
            Self::DeleteSubscription => "subscription.delete",
            Self::EndLicenses => "subscription.end_licenses",
            Self::ImportProduct => "product.import",
            Self::ImportPlan => "plan.import",
            Self::ImportRule => "rule.import",
            Self::AssignRole => "role.assign",
            Self::RemoveRole => "role.remove",
            Self::CreateToken => "token.create",
            Self::RevokeToken => "token.revoke",
            Self::CreateTenant => "tenant.create",
            Self::UpdateTenant => "tenant.update",
            Self::RejudgeRule => "rule.rejudge",
            Self::RejudgeProduct => "product.rejudge",
            Self::UpdateProduct => "product.update",
            Self::UpdatePlan => "plan.update",
            Self::RejudgePlan => "plan.rejudge",
            Self::UpdateRule => "rule.update",
            Self::DeleteRule => "rule.delete",
        }
    }
}
