//! A plan: what a command would change, what it answers, and the record of it. Pure: the same
//! snapshot, request, moment and ids give the same plan; bad input ends as causes, never as a panic.
//! Each decision is a module of its own; each rule is in `crate::rules`.

mod create_subscription;
mod create_user;
mod import_plan;
mod import_product;
mod import_rule;
mod import_user;
mod licenses;
mod limits;
mod modify_licenses;
mod names;
#[cfg(test)]
mod properties;
mod rejudge;
mod serve_queue;
#[cfg(test)]
mod tests;
mod update_user;
mod user_fields;

#[cfg(test)]
pub(crate) use self::user_fields::blank as blank_profile;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::catalogue::{Catalogue, Product, ProductPlan, Rule, RuleKey, ServicePlan};
use crate::command::{Command, Request};
use crate::ids::{AssignmentId, Instant, PlanId, ProductId, Revision, SubscriptionId, UserId};
use crate::refusal::{Cause, Code};
use crate::snapshot::{Assignment, Pool, Snapshot, UserProfile, Waiting};
use crate::subscription::Subscription;

/// What a command comes to. No changes, no record, and no revision used.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub outcome: Outcome,
    /// In the order in which they are to be written: a row is closed before its next version opens.
    pub changes: Vec<Change>,
    pub record: Option<RecordEntry>,
}

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
}

impl Subject {
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Product(_) => "product",
            Self::Plan(_) => "plan",
            Self::Subscription(_) => "subscription",
            Self::Rule(_) => "rule",
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
        }
    }
}

/// What the caller is told of one command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// None when the name given could not be resolved.
    pub subject: Option<Subject>,
    pub result: OutcomeKind,
    /// In the order of R23. Beside `Applied` only for a user that was created while the licences
    /// asked for were refused (R47).
    pub causes: Vec<Cause>,
    pub notes: Vec<Note>,
    /// Net seats by product; products without a net change are not listed.
    pub seats: Vec<(ProductId, i64)>,
    /// The products that the user holds by any active path afterwards.
    pub licenses: Vec<ProductId>,
    pub gained: Vec<ProductId>,
    pub lost: Vec<ProductId>,
    /// The user that it is about, as named afterwards. Filled in by who applies the plan, as are
    /// the fields below.
    pub named: Option<Named>,
    /// The change's number; none where nothing was changed.
    pub revision: Option<Revision>,
    /// Whether the subject itself began with the change.
    pub created: bool,
    /// How many people have a path that the change began, ended or held off.
    pub people: i64,
    /// Whether this is what an earlier request with the same id was told.
    pub replayed: bool,
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
            named: None,
            revision: None,
            created: false,
            people: 0,
            replayed: false,
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
    /// A path that waited has its seat.
    SeatGiven,
}

/// Something worth knowing that refuses nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    pub kind: NoteKind,
    pub message: String,
    pub product: Option<ProductId>,
    pub plan: Option<PlanId>,
    pub groups: Vec<Uuid>,
}

/// One row to close or open. `Close` without an `Open` of the same key ends it.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    CloseUser {
        id: UserId,
    },
    OpenUser(Box<UserProfile>),
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
    CreateSubscription,
    ImportProduct,
    ImportPlan,
    ImportRule,
}

impl Action {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ModifyLicenses => "licenses.modify",
            Self::ServeQueue => "licenses.serve_queue",
            Self::CreateUser => "user.create",
            Self::UpdateUser => "user.update",
            Self::CreateSubscription => "subscription.create",
            Self::ImportProduct => "product.import",
            Self::ImportPlan => "plan.import",
            Self::ImportRule => "rule.import",
        }
    }
}

/// Plans one request. `revision` is the one that the changes will carry, should there be any;
/// `ids` gives a new id for each row that needs one.
pub fn plan(
    snapshot: &Snapshot,
    request: &Request,
    now: Instant,
    revision: Revision,
    ids: &mut dyn FnMut() -> Uuid,
) -> Plan {
    let context = Context {
        snapshot,
        request,
        now,
        revision,
    };
    if let Some(cause) = limits::check_reason(request.reason.as_deref()) {
        return Plan::failed(None, vec![cause]);
    }
    match &request.command {
        Command::ModifyLicenses(change) => modify_licenses::plan(&context, change, ids),
        Command::CreateUser(user) => create_user::plan(&context, user, ids),
        Command::UpdateUser { user, patch } => update_user::plan(&context, user, patch),
        Command::ImportUser(row) => import_user::plan(&context, row, ids),
        Command::CreateSubscription(new) => create_subscription::plan(&context, new, ids),
        Command::ImportProduct(product) => import_product::plan(&context, product),
        Command::ImportPlan(plan) => import_plan::plan(&context, plan),
        Command::ImportRule(rule) => import_rule::plan(&context, rule),
        Command::ServeQueue { product } => serve_queue::plan(&context, *product),
    }
}

/// What every decision is made from.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) request: &'a Request,
    pub(crate) now: Instant,
    pub(crate) revision: Revision,
}

impl<'a> Context<'a> {
    fn catalogue(&self) -> &'a Catalogue {
        &self.snapshot.catalogue
    }
}

impl Plan {
    fn failed(subject: Option<Subject>, mut causes: Vec<Cause>) -> Self {
        causes.sort_by_key(|cause| cause.code.rank());
        let mut outcome = Outcome::new(subject, OutcomeKind::Failed);
        outcome.causes = causes;
        Self {
            outcome,
            changes: Vec::new(),
            record: None,
        }
    }

    fn unchanged(subject: Subject) -> Self {
        Self {
            outcome: Outcome::new(Some(subject), OutcomeKind::Unchanged),
            changes: Vec::new(),
            record: None,
        }
    }

    fn applied(
        action: Action,
        subject: Subject,
        changes: Vec<Change>,
        before: &impl Serialize,
        after: &impl Serialize,
    ) -> Self {
        Self {
            outcome: Outcome::new(Some(subject.clone()), OutcomeKind::Applied),
            changes,
            record: Some(RecordEntry {
                action,
                subject,
                before: json(before),
                after: json(after),
            }),
        }
    }
}

/// The rows of a record as JSON. They hold nothing that JSON cannot say.
fn json(rows: &impl Serialize) -> String {
    serde_json::to_string(rows).unwrap_or_default()
}
