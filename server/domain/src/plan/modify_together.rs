//! The decision on changes of many people, all or nothing (R25): every row is judged on the state
//! as it is, pools once on the net over all rows, so that the order of rows never matters. Each
//! person is a step and a record of their own.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use super::licenses::{Decision, Depth, Holder, decide};
use super::{Context, MAX_TOGETHER, Outcome, OutcomeKind, Plan, Subject, limits};
use crate::command::LicenseChange;
use crate::ids::{ProductId, Revision, UserId};
use crate::refusal::{Cause, Code};
use crate::rules::seats;
use crate::snapshot::UserProfile;

/// Ways out are looked for in so many refused rows at most; each is planned, which takes its time.
const MOST_WITH_FIXES: usize = 500;

pub(super) fn plan(
    context: &Context<'_>,
    changes: &[LicenseChange],
    ids: &mut dyn FnMut() -> Uuid,
) -> Plan {
    if let Some(cause) = limits::check_list("changes", "people", changes.len(), MAX_TOGETHER) {
        return Plan::failed(None, vec![cause]);
    }
    let mut rows = judge(context, changes, ids);
    let short = short_pools(context, &rows);
    for row in &mut rows {
        let wants = row.seats.iter().filter(|(_, net)| *net > 0);
        let causes: Vec<Cause> = wants
            .filter_map(|(product, _)| short.get(product).cloned())
            .collect();
        if !causes.is_empty() {
            row.refuse(causes);
        }
    }
    joined(rows, short.into_values().collect())
}

/// One row with what it comes to.
struct Row {
    plan: Plan,
    /// What it takes and frees, also where it is refused.
    seats: Vec<(ProductId, i64)>,
    /// The row before it that says the same of the same person.
    same_as: Option<usize>,
}

impl Row {
    fn new(plan: Plan) -> Self {
        Self {
            plan,
            seats: Vec::new(),
            same_as: None,
        }
    }

    fn is_refused(&self) -> bool {
        self.plan.outcome.result == OutcomeKind::Failed
    }

    fn refuse(&mut self, causes: Vec<Cause>) {
        let mut all = std::mem::take(&mut self.plan.outcome.causes);
        all.extend(causes);
        let subject = self.plan.outcome.subject.take();
        self.plan = Plan::failed(subject, all);
    }
}

/// Each row on the state as it is, apart from the seats.
fn judge(
    context: &Context<'_>,
    changes: &[LicenseChange],
    ids: &mut dyn FnMut() -> Uuid,
) -> Vec<Row> {
    let mut first_row: HashMap<UserId, usize> = HashMap::new();
    let mut rows: Vec<Row> = Vec::with_capacity(changes.len());
    let (mut steps, mut refused) = (0, 0);
    for (at, change) in changes.iter().enumerate() {
        let row = match context.find_user(&change.user) {
            Err(cause) => Row::new(Plan::failed(None, vec![cause])),
            Ok(user) => {
                let profile = &user.profile;
                let first = *first_row.entry(profile.id).or_insert(at);
                if first == at {
                    let holder = Holder {
                        profile,
                        paths: &user.paths,
                    };
                    let depth = Depth {
                        fixes: refused < MOST_WITH_FIXES,
                        seats: false,
                    };
                    let context = Context {
                        revision: Revision(context.revision.0.saturating_add(steps)),
                        ..*context
                    };
                    let decision = decide(&context, holder, change, ids, depth);
                    row(decision, change, context.revision)
                } else {
                    again(profile, (first, &changes[first]), (at, change))
                }
            }
        };
        refused += usize::from(row.is_refused());
        steps += i64::from(!row.plan.steps.is_empty());
        rows.push(row);
    }
    rows
}

fn row(decision: Decision<'_>, change: &LicenseChange, revision: Revision) -> Row {
    let seats = decision.seats.clone();
    let mut plan = decision.into_plan();
    if !plan.steps.is_empty() {
        plan.outcome.revision = Some(revision);
    }
    let mut row = Row {
        seats,
        ..Row::new(plan)
    };
    let wrong = |field: &str, what: &str| {
        let message = format!(
            "{what} depends on which row is served first, and an all-or-nothing change has no order"
        );
        Cause::new(Code::InvalidArgument, message).field(field)
    };
    let mut causes = Vec::new();
    if change.wait_for_seat {
        causes.push(wrong("wait_for_seat", "Waiting for a seat"));
    }
    if !change.add_first.is_empty() {
        causes.push(wrong("add_first", "The first product with a free seat"));
    }
    if !causes.is_empty() {
        row.refuse(causes);
    }
    row
}

/// A second row for a person: it must say the same.
fn again(
    profile: &UserProfile,
    (first_at, first): (usize, &LicenseChange),
    (at, change): (usize, &LicenseChange),
) -> Row {
    let subject = Subject::User(profile.id);
    let same = LicenseChange {
        user: first.user.clone(),
        ..change.clone()
    } == *first;
    if same {
        return Row {
            same_as: Some(first_at),
            ..Row::new(Plan::unchanged(subject))
        };
    }
    let message = format!(
        "{} is in rows {} and {} with different changes; an all-or-nothing change has no order, so \
         put them into one row",
        profile.upn,
        first_at + 1,
        at + 1
    );
    let cause = Cause::new(Code::InvalidArgument, message).field("user");
    Row::new(Plan::failed(Some(subject), vec![cause]))
}

/// R6, R25: the pools that cannot take the net over all rows.
fn short_pools(context: &Context<'_>, rows: &[Row]) -> BTreeMap<ProductId, Cause> {
    let mut net: BTreeMap<ProductId, i64> = BTreeMap::new();
    for (product, seats) in rows.iter().flat_map(|row| &row.seats) {
        *net.entry(*product).or_default() += seats;
    }
    let short = net.into_iter().filter_map(|(product, net)| {
        let pool = context.snapshot.pool(product);
        let cause = seats::check(context.catalogue(), product, pool, net)?;
        Some((product, cause))
    });
    short.collect()
}

/// All rows as one: the steps of all of them, or the refusals of some and nothing done of the rest.
fn joined(rows: Vec<Row>, short: Vec<Cause>) -> Plan {
    let is_refused = |row: &&Row| match row.same_as {
        Some(first) => rows.get(first).is_some_and(Row::is_refused),
        None => row.is_refused(),
    };
    let refused = rows.iter().filter(is_refused).count();
    let mut outcome = Outcome::new(None, OutcomeKind::Unchanged);
    let mut steps = Vec::new();
    if refused > 0 {
        outcome.result = OutcomeKind::Failed;
        outcome.causes = vec![together(refused, rows.len())];
        outcome.causes.extend(short);
    } else {
        let mut net: BTreeMap<ProductId, i64> = BTreeMap::new();
        for (product, seats) in rows.iter().flat_map(|row| &row.seats) {
            *net.entry(*product).or_default() += seats;
        }
        outcome.seats = net.into_iter().filter(|(_, net)| *net != 0).collect();
    }
    for row in rows {
        let mut part = row.plan.outcome;
        let first = row.same_as.and_then(|first| outcome.parts.get(first));
        if let Some(first) = first.filter(|first| first.result == OutcomeKind::Failed) {
            part = first.clone();
        } else if refused == 0 {
            steps.extend(row.plan.steps);
        } else if part.result == OutcomeKind::Applied {
            let cause = together(refused, 0);
            part = Plan::failed(part.subject, vec![cause]).outcome;
        }
        outcome.parts.push(part);
    }
    if !steps.is_empty() {
        outcome.result = OutcomeKind::Applied;
    }
    Plan { outcome, steps }
}

/// What a row is told that would be applied, and the change as a whole.
fn together(refused: usize, rows: usize) -> Cause {
    let others = match (refused, rows) {
        (1, 0) => "another row is refused".to_owned(),
        (refused, 0) => format!("{refused} other rows are refused"),
        (refused, rows) => format!("{refused} of {rows} rows are refused"),
    };
    let message = format!("Nothing was changed, because {others} and all rows go together");
    Cause::new(Code::OtherRowRefused, message)
        .next("Mend the refused rows or leave them out, then run it again")
}

#[cfg(test)]
mod tests;
