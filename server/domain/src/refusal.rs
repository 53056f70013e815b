//! Why something is refused: the closed list of codes, and a cause with its fixes.
//! Whether something is refused is decided in `rules` and `plan`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::command::LicenseChange;
use crate::ids::{ProductId, SubscriptionId, UserId};

macro_rules! codes {
    ($($name:ident = $text:literal,)*) => {
        /// The stable code of a cause. Never reused, never renamed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Code { $(#[serde(rename = $text)] $name,)* }

        impl Code {
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

codes! {
    InvalidArgument = "INVALID_ARGUMENT",
    UserNotFound = "USER_NOT_FOUND",
    GroupNotFound = "GROUP_NOT_FOUND",
    ProductNotFound = "PRODUCT_NOT_FOUND",
    PlanNotFound = "PLAN_NOT_FOUND",
    SubscriptionNotFound = "SUBSCRIPTION_NOT_FOUND",
    RuleNotFound = "RULE_NOT_FOUND",
    AmbiguousName = "AMBIGUOUS_NAME",
    Unauthenticated = "UNAUTHENTICATED",
    PermissionDenied = "PERMISSION_DENIED",
    GuestNeedsGlobalAdmin = "GUEST_NEEDS_GLOBAL_ADMIN",
    LastGlobalAdmin = "LAST_GLOBAL_ADMIN",
    NotAssignableToUser = "NOT_ASSIGNABLE_TO_USER",
    SelfServiceSubscription = "SELF_SERVICE_SUBSCRIPTION",
    PartnerManaged = "PARTNER_MANAGED",
    AssignByProduct = "ASSIGN_BY_PRODUCT",
    InheritedFromGroup = "INHERITED_FROM_GROUP",
    ProductNotHeld = "PRODUCT_NOT_HELD",
    ProductInBothLists = "PRODUCT_IN_BOTH_LISTS",
    PlanNotInProduct = "PLAN_NOT_IN_PRODUCT",
    AutomaticService = "AUTOMATIC_SERVICE",
    UsageLocationMissing = "USAGE_LOCATION_MISSING",
    ProhibitedInLocation = "PROHIBITED_IN_LOCATION",
    MutuallyExclusivePlans = "MUTUALLY_EXCLUSIVE_PLANS",
    MissingPrerequisitePlan = "MISSING_PREREQUISITE_PLAN",
    PrerequisiteInUse = "PREREQUISITE_IN_USE",
    SubscriptionSuspended = "SUBSCRIPTION_SUSPENDED",
    NoAvailableSeats = "NO_AVAILABLE_SEATS",
    QuantityBelowConsumed = "QUANTITY_BELOW_CONSUMED",
    CancelWindowClosed = "CANCEL_WINDOW_CLOSED",
    SubscriptionEnded = "SUBSCRIPTION_ENDED",
    UpnInUse = "UPN_IN_USE",
    GroupHasLicenses = "GROUP_HAS_LICENSES",
    GroupCycle = "GROUP_CYCLE",
    BadRule = "BAD_RULE",
    StalePlan = "STALE_PLAN",
    ConcurrentChange = "CONCURRENT_CHANGE",
    RequestIdReused = "REQUEST_ID_REUSED",
    ReadTimeOutOfRange = "READ_TIME_OUT_OF_RANGE",
    LimitExceeded = "LIMIT_EXCEEDED",
    DatabaseBusy = "DATABASE_BUSY",
    Unavailable = "UNAVAILABLE",
    TenantNotFound = "TENANT_NOT_FOUND",
    TenantNotNamed = "TENANT_NOT_NAMED",
    TokenNotFound = "TOKEN_NOT_FOUND",
    TooManyRequests = "TOO_MANY_REQUESTS",
    UserNotDeleted = "USER_NOT_DELETED",
    RetentionHold = "RETENTION_HOLD",
    OtherRowRefused = "OTHER_ROW_REFUSED",
}

impl Code {
    /// The place in the order by which a row's causes are listed (R23): the lowest is the row's code.
    #[must_use]
    pub const fn rank(self) -> u8 {
        match self {
            Self::InvalidArgument | Self::LimitExceeded | Self::BadRule => 0,
            Self::UserNotFound
            | Self::GroupNotFound
            | Self::ProductNotFound
            | Self::PlanNotFound
            | Self::SubscriptionNotFound
            | Self::TenantNotFound
            | Self::TenantNotNamed
            | Self::TokenNotFound
            | Self::RuleNotFound
            | Self::AmbiguousName
            | Self::ProductInBothLists
            | Self::ProductNotHeld
            | Self::UpnInUse => 1,
            Self::Unauthenticated | Self::PermissionDenied | Self::LastGlobalAdmin => 2,
            Self::GuestNeedsGlobalAdmin => 3,
            Self::NotAssignableToUser => 4,
            Self::SelfServiceSubscription | Self::PartnerManaged | Self::AssignByProduct => 5,
            Self::InheritedFromGroup => 6,
            Self::PlanNotInProduct => 7,
            Self::AutomaticService => 8,
            Self::UsageLocationMissing => 9,
            Self::ProhibitedInLocation => 10,
            Self::MutuallyExclusivePlans => 11,
            Self::MissingPrerequisitePlan | Self::PrerequisiteInUse => 12,
            Self::SubscriptionSuspended => 13,
            Self::NoAvailableSeats => 14,
            Self::QuantityBelowConsumed
            | Self::CancelWindowClosed
            | Self::SubscriptionEnded
            | Self::GroupHasLicenses
            | Self::GroupCycle
            | Self::StalePlan
            | Self::ConcurrentChange
            | Self::RequestIdReused
            | Self::ReadTimeOutOfRange
            | Self::UserNotDeleted
            | Self::RetentionHold
            | Self::DatabaseBusy
            | Self::TooManyRequests
            | Self::Unavailable
            | Self::OtherRowRefused => 15,
        }
    }
}

/// One cause of a refusal: what is wrong in words, what would cure it, and what comes next (R23).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cause {
    pub code: Code,
    /// Sentence case, the cause first, the wrong value shown.
    pub message: String,
    #[serde(default)]
    pub fixes: Vec<Fix>,
    /// The field of the request that is wrong, when one is: `add[0].product`.
    pub field: Option<String>,
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
    /// What comes next, in words: how many seats to buy.
    pub next: Option<String>,
}

impl Cause {
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            fixes: Vec::new(),
            field: None,
            metadata: BTreeMap::new(),
            next: None,
        }
    }

    /// The request is malformed, or names what is not there: nothing else can be said of it.
    #[must_use]
    pub fn leaves_nothing_to_judge(&self) -> bool {
        self.code.rank() < Code::PermissionDenied.rank()
    }

    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    #[must_use]
    pub fn with(mut self, key: &str, value: impl ToString) -> Self {
        self.metadata.insert(key.to_owned(), value.to_string());
        self
    }

    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }

    #[must_use]
    pub fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }
}

/// Something that cures a cause, as data: who shows it turns it into a command to run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Fix {
    SetUsageLocation {
        user: UserId,
    },
    BuySeats {
        product: ProductId,
        more: i64,
    },
    /// Was itself planned against the same state, and would be applied.
    ChangeLicenses(Box<LicenseChange>),
    /// Use one of these names or ids instead of the one given.
    UseName {
        given: String,
        instead: Vec<String>,
    },
    /// One of these names may be meant: they come near the one given, which stands for nothing.
    NearName {
        given: String,
        near: Vec<String>,
    },
    /// The catalogue lacks it: import the published list.
    ImportProducts,
    /// A Global admin must do it.
    AskGlobalAdmin,
    /// Restore the user under another user principal name.
    RestoreAs {
        user: UserId,
        upn: String,
    },
    /// Delete the user first.
    DeleteUser {
        user: UserId,
    },
    /// Release the retention hold first.
    ReleaseHold {
        user: UserId,
    },
    /// Change the licence on the groups that carry it, or take the user out of them.
    ChangeGroups {
        groups: Vec<uuid::Uuid>,
    },
    /// Do something else with the purchase.
    ChangeSubscription {
        subscription: SubscriptionId,
        step: SubscriptionStep,
    },
    /// Bring back the subscription of the product; which one is said there if there are several.
    ReactivateProduct {
        product: ProductId,
    },
    /// Take the product from so many of its holders.
    UnassignSeats {
        product: ProductId,
        seats: i64,
    },
}

/// What can be done with a purchase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SubscriptionStep {
    /// Turn recurring billing off, so that it ends with its term.
    LetEnd,
    /// Have so many seats from the renewal on.
    RenewSmaller(i64),
    Reactivate,
    /// Take over what the user bought.
    TakeOver,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_its_text_everywhere() {
        for code in Code::ALL {
            let json = serde_json::to_string(code).unwrap();
            assert_eq!(json, format!("\"{}\"", code.as_str()));
            assert!(
                code.as_str()
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || b == b'_')
            );
        }
    }

    #[test]
    fn seats_come_last_and_bad_input_first() {
        use Code::{
            AmbiguousName, AutomaticService, GuestNeedsGlobalAdmin, InheritedFromGroup,
            InvalidArgument, MissingPrerequisitePlan, MutuallyExclusivePlans, NoAvailableSeats,
            NotAssignableToUser, PermissionDenied, PlanNotInProduct, ProhibitedInLocation,
            SelfServiceSubscription, SubscriptionSuspended, UsageLocationMissing,
        };
        let order = [
            InvalidArgument,
            AmbiguousName,
            PermissionDenied,
            GuestNeedsGlobalAdmin,
            NotAssignableToUser,
            SelfServiceSubscription,
            InheritedFromGroup,
            PlanNotInProduct,
            AutomaticService,
            UsageLocationMissing,
            ProhibitedInLocation,
            MutuallyExclusivePlans,
            MissingPrerequisitePlan,
            SubscriptionSuspended,
            NoAvailableSeats,
        ];
        assert!(order.is_sorted_by(|a, b| a.rank() < b.rank()));
    }
}
