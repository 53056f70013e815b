//! A plan: what a command would change, what it answers, and the record of it. Pure: the same
//! snapshot, request, moment and ids give the same plan; bad input ends as causes, never as a panic.
//! Each decision is a module of its own; each rule is in `crate::rules`.

mod advance_subscription;
mod cancel_subscription;
mod change;
mod create_subscription;
mod create_user;
mod delete_rule;
mod delete_user;
mod deleted;
mod grace;
mod import_plan;
mod import_product;
mod import_rules;
mod import_user;
mod licenses;
mod limits;
mod modify_licenses;
mod modify_together;
mod names;
mod offboard_user;
mod outcome;
mod over_allocation;
mod permitted;
#[cfg(test)]
mod properties;
mod purchase;
mod purge_user;
mod reactivate_subscription;
mod recorded_user;
mod rejudge;
mod renew_subscription;
mod roles;
mod serve_queue;
mod take_over_subscription;
mod tenants;
#[cfg(test)]
mod tests;
mod tokens;
mod undelete_user;
mod update_plan;
mod update_product;
mod update_rule;
mod update_subscription;
mod update_user;
mod user_fields;

use serde::Serialize;
use uuid::Uuid;

pub use self::change::{Action, Change, RecordEntry};
pub use self::limits::{MAX_RULES, MAX_TOGETHER};
pub use self::outcome::{
    DataClock, Named, Note, NoteKind, Outcome, OutcomeKind, PlanChange, Subject,
};
pub use self::permitted::permitted;
pub use self::tenants::tenant_etag;
#[cfg(test)]
pub(crate) use self::tests::recorded_whole;
#[cfg(test)]
pub(crate) use self::user_fields::blank as blank_profile;
use crate::catalogue::Catalogue;
use crate::command::{Command, Request};
use crate::ids::{Instant, Revision};
use crate::refusal::Cause;
use crate::snapshot::Snapshot;

/// What a command comes to: steps that are all made, or none at all. Nothing to change, no steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub outcome: Outcome,
    /// Each takes one revision; the first one takes the revision that the plan was made for.
    pub steps: Vec<Step>,
}

/// What one revision changes, and the record of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// In the order in which they are to be written: a row is closed before its next version opens.
    pub changes: Vec<Change>,
    pub record: RecordEntry,
}

/// Plans one request. `revision` is the first that the changes will carry, should there be any;
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
    if let Err(cause) = permitted::by_roles(snapshot, request) {
        return Plan::failed(None, vec![cause]);
    }
    let mut plan = decide(&context, ids);
    over_allocation::mark(&context, &mut plan);
    grace::note(&context, &mut plan);
    plan
}

fn decide(context: &Context<'_>, ids: &mut dyn FnMut() -> Uuid) -> Plan {
    match &context.request.command {
        Command::ModifyLicenses(change) => modify_licenses::plan(context, change, ids),
        Command::ModifyLicensesTogether(changes) => modify_together::plan(context, changes, ids),
        Command::CreateUser(user) => create_user::plan(context, user, ids),
        Command::UpdateUser {
            user,
            patch,
            expect,
        } => update_user::plan(context, user, patch, expect.as_deref()),
        Command::DeleteUser { user, expect } => delete_user::plan(context, user, expect.as_deref()),
        Command::UndeleteUser(asked) => undelete_user::plan(context, asked, ids),
        Command::PurgeUser { user } => purge_user::plan(context, user),
        Command::OffboardUser { user, expect } => {
            offboard_user::plan(context, user, expect.as_deref())
        }
        Command::ImportUser(row) => import_user::plan(context, row, ids),
        Command::CreateSubscription(new) => create_subscription::plan(context, new, ids),
        Command::UpdateSubscription(change) => update_subscription::plan(context, change),
        Command::RenewSubscription {
            subscription,
            quantity,
            months,
        } => renew_subscription::plan(context, subscription, *quantity, *months),
        Command::CancelSubscription { subscription } => {
            cancel_subscription::plan(context, subscription)
        }
        Command::ReactivateSubscription {
            subscription,
            quantity,
            months,
        } => reactivate_subscription::plan(context, subscription, *quantity, *months),
        Command::TakeOverSubscription { subscription, how } => {
            take_over_subscription::plan(context, subscription, *how, ids)
        }
        Command::AdvanceSubscription { subscription } => {
            advance_subscription::plan(context, *subscription)
        }
        Command::ImportProduct(product) => import_product::plan(context, product),
        Command::ImportPlan(plan) => import_plan::plan(context, plan),
        Command::ImportRules(rules) => import_rules::plan(context, rules),
        Command::AssignRole { identity, role } => roles::assign(context, identity, *role),
        Command::RemoveRole { identity, role } => roles::remove(context, identity, *role),
        Command::CreateToken(new) => tokens::create(context, new, ids),
        Command::RevokeToken { token } => tokens::revoke(context, token),
        Command::UpdateTenant { patch, expect } => {
            tenants::update(context, patch, expect.as_deref())
        }
        Command::CreateTenant { id, name, admin } => tenants::create(context, *id, name, admin),
        Command::UpdateProduct {
            product,
            patch,
            expect,
        } => update_product::plan(context, *product, patch, expect.as_deref()),
        Command::UpdatePlan {
            plan,
            patch,
            expect,
        } => update_plan::plan(context, *plan, patch, expect.as_deref()),
        Command::UpdateRule {
            patch,
            allow_missing,
            expect,
        } => update_rule::plan(context, patch, *allow_missing, expect.as_deref()),
        Command::DeleteRule { key, expect } => delete_rule::plan(context, key, expect.as_deref()),
        Command::ServeQueue { product } => serve_queue::plan(context, *product),
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
            steps: Vec::new(),
        }
    }

    fn unchanged(subject: Subject) -> Self {
        Self {
            outcome: Outcome::new(Some(subject), OutcomeKind::Unchanged),
            steps: Vec::new(),
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
            steps: vec![Step::new((action, subject), changes, before, after)],
        }
    }

    /// The changes of all steps, in order.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.steps.iter().flat_map(|step| &step.changes)
    }
}

impl Step {
    fn new(
        (action, subject): (Action, Subject),
        changes: Vec<Change>,
        before: &impl Serialize,
        after: &impl Serialize,
    ) -> Self {
        let record = RecordEntry {
            action,
            subject,
            before: json(before),
            after: json(after),
        };
        Self { changes, record }
    }
}

/// The rows of a record as JSON. They hold nothing that JSON cannot say.
fn json(rows: &impl Serialize) -> String {
    serde_json::to_string(rows).unwrap_or_default()
}
