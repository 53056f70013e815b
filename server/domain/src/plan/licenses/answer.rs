//! What a decided change of licences answers, writes and records.

use super::data::note_data;
use super::notes::notes;
use super::plan_changes::plan_changes;
use super::{Context, Draft, Holder, carry};
use crate::command::LicenseChange;
use crate::ids::{ProductId, UserId};
use crate::plan::{Action, Change, Outcome, OutcomeKind, Plan, RecordEntry, Step, Subject};
use crate::refusal::Cause;
use crate::snapshot::{Assignment, AssignmentState, Pool};

pub(in crate::plan) struct Decision<'a> {
    pub(in crate::plan) outcome: Outcome,
    /// What it takes and frees, or would if it were not refused.
    pub(in crate::plan) seats: Vec<(ProductId, i64)>,
    draft: Option<Draft<'a>>,
}

impl<'a> Decision<'a> {
    pub(super) fn failed(user: UserId, causes: Vec<Cause>, seats: Vec<(ProductId, i64)>) -> Self {
        Self {
            outcome: Plan::failed(Some(Subject::User(user)), causes).outcome,
            seats,
            draft: None,
        }
    }

    pub(super) fn made(
        context: &Context<'_>,
        holder: Holder<'a>,
        change: &LicenseChange,
        draft: Draft<'a>,
        left: carry::Left,
        seats: Vec<(ProductId, i64)>,
    ) -> Self {
        let subject = Subject::User(holder.profile.id);
        let mut outcome = Outcome::new(Some(subject), draft.result());
        outcome.seats.clone_from(&seats);
        outcome.licenses = products(draft.after());
        if outcome.result != OutcomeKind::Unchanged {
            let before = products(draft.before());
            outcome.gained = without(&outcome.licenses, &before);
            outcome.lost = without(&before, &outcome.licenses);
            outcome.plans = plan_changes(context.catalogue(), &draft, &outcome.licenses);
        }
        outcome.notes = notes(context, change, &draft, &seats, left);
        let (before, after) = (draft.before(), draft.after());
        note_data(context, holder.profile, before, after, &mut outcome);
        Self {
            outcome,
            seats,
            draft: Some(draft),
        }
    }

    pub(in crate::plan) fn into_plan(self) -> Plan {
        let step = match (&self.draft, &self.outcome.subject) {
            (Some(draft), Some(subject)) if draft.is_changed() => Some(Step {
                changes: draft.changes(&self.outcome.seats),
                record: draft.record(Action::ModifyLicenses, subject),
            }),
            _ => None,
        };
        Plan {
            outcome: self.outcome,
            steps: step.into_iter().collect(),
        }
    }

    /// The paths after the change; none where there is no change.
    pub(in crate::plan) fn paths(&self) -> Option<Vec<Assignment>> {
        let draft = self.draft.as_ref()?;
        Some(draft.after().cloned().collect())
    }

    /// The rows to write, and the paths that begin, for a user who is being created.
    pub(in crate::plan) fn into_parts(self) -> (Outcome, Vec<Change>, Vec<Assignment>) {
        let Some(draft) = self.draft else {
            return (self.outcome, Vec::new(), Vec::new());
        };
        let paths = draft.after().cloned().collect();
        {
            let changes = draft.changes(&self.outcome.seats);
            (self.outcome, changes, paths)
        }
    }
}

impl Draft<'_> {
    pub(in crate::plan) fn is_changed(&self) -> bool {
        self.paths.iter().any(super::draft::DraftPath::is_changed)
    }

    fn result(&self) -> OutcomeKind {
        let waits = self.paths.iter().any(|path| {
            path.after.as_deref().is_some_and(|after| {
                after.is_direct() && matches!(after.state, AssignmentState::Waiting(_))
            }) && path.is_changed()
        });
        if waits {
            OutcomeKind::Waiting
        } else if self.is_changed() {
            OutcomeKind::Applied
        } else {
            OutcomeKind::Unchanged
        }
    }

    /// The rows to close and open, then the net seats.
    pub(in crate::plan) fn changes(&self, seats: &[(ProductId, i64)]) -> Vec<Change> {
        let mut changes = Vec::with_capacity(4);
        for path in self.paths.iter().filter(|path| path.is_changed()) {
            if let Some(before) = path.before {
                changes.push(Change::CloseAssignment {
                    id: before.id,
                    user: before.user,
                });
            }
            let (was, is) = (place(path.before), place(path.after.as_deref()));
            if let (Some(before), true) = (path.before, was.is_some() && was != is) {
                changes.push(Change::CloseWaiting {
                    assignment: before.id,
                });
            }
            if let Some(after) = &path.after {
                changes.push(Change::OpenAssignment(Box::new((**after).clone())));
                if let (Some(place), true) = (is, was != is) {
                    changes.push(Change::OpenWaiting {
                        assignment: after.id,
                        user: after.user,
                        product: after.product,
                        place,
                    });
                }
            }
        }
        changes.extend(seats.iter().map(|(product, net)| Change::PoolDelta {
            product: *product,
            delta: Pool {
                consumed: *net,
                ..Pool::default()
            },
        }));
        changes
    }

    pub(in crate::plan) fn record(&self, action: Action, subject: &Subject) -> RecordEntry {
        let changed = || self.paths.iter().filter(|path| path.is_changed());
        let before: Vec<&Assignment> = changed().filter_map(|path| path.before).collect();
        let after: Vec<&Assignment> = changed().filter_map(|path| path.after.as_deref()).collect();
        RecordEntry {
            action,
            subject: subject.clone(),
            before: json_rows(&before),
            after: json_rows(&after),
        }
    }
}

/// Rows as JSON in a text that needs not grow: one path is some 400 bytes.
fn json_rows(rows: &[&Assignment]) -> String {
    if rows.is_empty() {
        return "[]".to_owned();
    }
    let mut text = Vec::with_capacity(rows.len() * 448);
    match serde_json::to_writer(&mut text, rows) {
        Ok(()) => String::from_utf8(text).unwrap_or_default(),
        Err(_) => String::new(),
    }
}

fn place(path: Option<&Assignment>) -> Option<crate::snapshot::Waiting> {
    match path.map(|path| &path.state) {
        Some(AssignmentState::Waiting(place)) => Some(*place),
        _ => None,
    }
}

/// The products of active paths, sorted.
fn products<'p>(paths: impl Iterator<Item = &'p Assignment>) -> Vec<ProductId> {
    let mut products: Vec<ProductId> = paths
        .filter(|path| path.is_active())
        .map(|path| path.product)
        .collect();
    products.sort_unstable();
    products.dedup();
    products
}

fn without(these: &[ProductId], those: &[ProductId]) -> Vec<ProductId> {
    let new = these.iter().filter(|product| !those.contains(product));
    new.copied().collect()
}
