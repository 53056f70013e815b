//! What the caller is told of one command. Data only.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::catalogue::{DataKind, RuleKey};
use crate::ids::{Instant, PlanId, ProductId, Revision, SubscriptionId, TenantId, TokenId, UserId};
use crate::refusal::{Cause, Code};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OutcomeKind {
    Applied,
    /// Everything asked for is there already.
    Unchanged,
    /// Applied, except that a seat is awaited.
    Waiting,
    /// Nothing is changed.
    Failed,
}

impl OutcomeKind {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Unchanged => "unchanged",
            Self::Waiting => "waiting",
            Self::Failed => "failed",
        }
    }
}

/// What a change is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Subject {
    User(UserId),
    Product(ProductId),
    Plan(PlanId),
    Subscription(SubscriptionId),
    Rule(RuleKey),
    /// Several rules together.
    Rules,
    Identity(String),
    Token(TokenId),
    Tenant(TenantId),
}

impl Subject {
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Product(_) => "product",
            Self::Plan(_) => "plan",
            Self::Subscription(_) => "subscription",
            Self::Rule(_) | Self::Rules => "rule",
            Self::Identity(_) => "identity",
            Self::Token(_) => "token",
            Self::Tenant(_) => "tenant",
        }
    }

    /// The id as one text, unique within its kind.
    #[must_use]
    pub fn id(&self) -> String {
        match self {
            Self::User(id) => id.to_string(),
            Self::Product(id) => id.to_string(),
            Self::Plan(id) => id.to_string(),
            Self::Subscription(id) => id.to_string(),
            Self::Rule(key) => key.text(),
            Self::Rules => "*".to_owned(),
            Self::Identity(identity) => identity.clone(),
            Self::Token(id) => id.to_string(),
            Self::Tenant(id) => id.to_string(),
        }
    }
}

/// What the caller is told of one command. Kept with request ids, so a later version reads what this
/// one wrote: a new field has a default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// None when the name given could not be resolved.
    pub subject: Option<Subject>,
    pub result: OutcomeKind,
    /// In the order of R23. Beside `Applied` only for a user that was created while the licences
    /// asked for were refused (R47).
    #[serde(default)]
    pub causes: Vec<Cause>,
    #[serde(default)]
    pub notes: Vec<Note>,
    /// Net seats by product; products without a net change are not listed.
    #[serde(default)]
    pub seats: Vec<(ProductId, i64)>,
    /// The products that the user holds by any active path afterwards.
    #[serde(default)]
    pub licenses: Vec<ProductId>,
    #[serde(default)]
    pub gained: Vec<ProductId>,
    #[serde(default)]
    pub lost: Vec<ProductId>,
    /// Products that the user holds afterwards with other plans on than before, or than by default.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plans: Vec<PlanChange>,
    /// The user that it is about, as named afterwards. Filled in by who applies the plan, as are
    /// the fields below.
    pub named: Option<Named>,
    /// The change's number; none where nothing was changed.
    pub revision: Option<Revision>,
    /// Whether the subject itself began with the change.
    #[serde(default)]
    pub created: bool,
    /// How many people have a path that the change began, ended or held off.
    #[serde(default)]
    pub people: i64,
    /// Whether this is what an earlier request with the same id was told.
    #[serde(default)]
    pub replayed: bool,
    /// What became of each thing, in the order asked for, when the command spoke of several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Outcome>,
    /// Data that is no longer used, service by service (R50).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data_clocks: Vec<DataClock>,
}

/// Plans of one product that come on and go off: against what was on, and for a product that was not held, against
/// its defaults. Sorted by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanChange {
    pub product: ProductId,
    pub on: Vec<PlanId>,
    pub off: Vec<PlanId>,
}

/// What becomes of the data of a service whose last plan ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataClock {
    pub service: String,
    pub kind: DataKind,
    /// None: until the user is purged.
    pub until: Option<Instant>,
    /// Whether a retention hold keeps it longer.
    pub held: bool,
}

/// What people call a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub upn: String,
    pub display_name: String,
}

impl Outcome {
    #[must_use]
    pub fn new(subject: Option<Subject>, result: OutcomeKind) -> Self {
        Self {
            subject,
            result,
            causes: Vec::new(),
            notes: Vec::new(),
            seats: Vec::new(),
            licenses: Vec::new(),
            gained: Vec::new(),
            lost: Vec::new(),
            plans: Vec::new(),
            named: None,
            revision: None,
            created: false,
            people: 0,
            replayed: false,
            parts: Vec::new(),
            data_clocks: Vec::new(),
        }
    }

    /// The first cause's code.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        self.causes.first().map(|cause| cause.code)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NoteKind {
    /// A product whose direct path ended is still held through others.
    StillHeld,
    /// A plan that was turned off stays on through another path.
    StaysOn,
    /// Inherited licences that "replace" and "unassign all" left alone.
    InheritedKept,
    /// A plan may not be on for now.
    HeldOff,
    /// A plan that was held off is on again.
    CameBack,
    /// A breach that was there before and blocks nothing.
    StandingBreach,
    /// A switch that could not be carried to the new product.
    NotCarried,
    /// What comes to the other user through groups, and was not copied.
    NotCopied,
    /// Seats that nobody uses now.
    SpareSeats,
    /// Programs that are installed and will say that they are unlicensed.
    InstallsUnlicensed,
    /// A path that waited has its seat.
    SeatGiven,
    /// More is used of a product than there is, or would be from a day on (R8).
    OverAllocated,
    /// Seats work only until a day (R41).
    InGrace,
    /// For how many people a plan goes off or comes on by a change of the catalogue.
    Effect,
    /// A path that waited ended with the user.
    PlaceGivenUp,
    /// A product came through groups that the user left.
    GroupsLeft,
}

/// Something worth knowing that refuses nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    pub kind: NoteKind,
    pub message: String,
    pub product: Option<ProductId>,
    pub plan: Option<PlanId>,
    #[serde(default)]
    pub groups: Vec<Uuid>,
}
