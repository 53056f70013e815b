//! What a decided change of licences answers, writes and records.

use super::{Context, Draft, Holder, carry};
use crate::catalogue::Catalogue;
use crate::command::{LicenseChange, Mode};
use crate::ids::{ProductId, UserId};
use crate::plan::{
    Action, Change, Note, NoteKind, Outcome, OutcomeKind, Plan, RecordEntry, Subject, json,
};
use crate::refusal::Cause;
use crate::rules::inherited;
use crate::rules::switches::switched_on;
use crate::snapshot::{Assignment, AssignmentState, Pool};

pub(in crate::plan) struct Decision<'a> {
    pub(in crate::plan) outcome: Outcome,
    draft: Option<Draft<'a>>,
}

impl<'a> Decision<'a> {
    pub(super) fn failed(user: UserId, causes: Vec<Cause>) -> Self {
        Self {
            outcome: Plan::failed(Some(Subject::User(user)), causes).outcome,
            draft: None,
        }
    }

    pub(super) fn made(
        context: &Context<'_>,
        holder: Holder<'a>,
        change: &LicenseChange,
        draft: Draft<'a>,
        left: carry::Left,
    ) -> Self {
        let subject = Subject::User(holder.profile.id);
        let mut outcome = Outcome::new(Some(subject), draft.result());
        outcome.seats = draft.seats();
        outcome.licenses = products(draft.after());
        if outcome.result != OutcomeKind::Unchanged {
            let before = products(draft.before());
            outcome.gained = without(&outcome.licenses, &before);
            outcome.lost = without(&before, &outcome.licenses);
        }
        outcome.notes = notes(context.catalogue(), change, &draft, left);
        Self {
            outcome,
            draft: Some(draft),
        }
    }

    pub(in crate::plan) fn into_plan(self) -> Plan {
        let changed = match (&self.draft, &self.outcome.subject) {
            (Some(draft), Some(subject)) if draft.is_changed() => Some((
                draft.changes(),
                draft.record(Action::ModifyLicenses, subject),
            )),
            _ => None,
        };
        let (changes, record) = changed.unzip();
        Plan {
            outcome: self.outcome,
            changes: changes.unwrap_or_default(),
            record,
        }
    }

    /// The rows to write, and the paths that begin, for a user who is being created.
    pub(in crate::plan) fn into_parts(self) -> (Outcome, Vec<Change>, Vec<Assignment>) {
        let Some(draft) = self.draft else {
            return (self.outcome, Vec::new(), Vec::new());
        };
        let paths = draft.after().cloned().collect();
        (self.outcome, draft.changes(), paths)
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

    /// The rows to close and open, then the seats.
    pub(in crate::plan) fn changes(&self) -> Vec<Change> {
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
        changes.extend(
            self.seats()
                .into_iter()
                .map(|(product, net)| Change::PoolDelta {
                    product,
                    delta: Pool {
                        consumed: net,
                        ..Pool::default()
                    },
                }),
        );
        changes
    }

    pub(in crate::plan) fn record(&self, action: Action, subject: &Subject) -> RecordEntry {
        let changed = || self.paths.iter().filter(|path| path.is_changed());
        let before: Vec<&Assignment> = changed().filter_map(|path| path.before).collect();
        let after: Vec<&Assignment> = changed().filter_map(|path| path.after.as_deref()).collect();
        RecordEntry {
            action,
            subject: subject.clone(),
            before: json(&before),
            after: json(&after),
        }
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

fn notes(
    catalogue: &Catalogue,
    change: &LicenseChange,
    draft: &Draft<'_>,
    left: carry::Left,
) -> Vec<Note> {
    let mut notes = Vec::new();
    for ended in draft.ended() {
        note_still_held(catalogue, draft, ended, &mut notes);
    }
    if change.mode != Mode::Modify {
        note_inherited(catalogue, draft, &mut notes);
    }
    note_stays_on(catalogue, draft, &mut notes);
    note_held_off(catalogue, draft, &mut notes);
    for (product, plan) in left {
        notes.push(Note {
            kind: NoteKind::NotCarried,
            message: format!(
                "The switch of {} has no counterpart and was not carried",
                catalogue.plan_name(plan)
            ),
            product: Some(product),
            plan: Some(plan),
            groups: Vec::new(),
        });
    }
    notes
}

fn note_still_held(
    catalogue: &Catalogue,
    draft: &Draft<'_>,
    ended: &Assignment,
    notes: &mut Vec<Note>,
) {
    let mut others = draft
        .after()
        .filter(|path| path.product == ended.product && path.is_active())
        .peekable();
    if others.peek().is_none() {
        return;
    }
    let groups = inherited::groups(others, ended.product);
    let through = if groups.is_empty() {
        "a self-service purchase".to_owned()
    } else {
        inherited::in_words(&groups)
    };
    notes.push(Note {
        kind: NoteKind::StillHeld,
        message: format!(
            "{} is still held through {through}",
            catalogue.product_name(ended.product)
        ),
        product: Some(ended.product),
        plan: None,
        groups,
    });
}

fn note_inherited(catalogue: &Catalogue, draft: &Draft<'_>, notes: &mut Vec<Note>) {
    let mut named: Vec<ProductId> = draft.ended().map(|path| path.product).collect();
    for path in draft.after().filter(|path| !path.is_direct()) {
        if named.contains(&path.product) {
            continue;
        }
        named.push(path.product);
        let groups = inherited::groups(draft.after(), path.product);
        let through = if groups.is_empty() {
            "a self-service purchase".to_owned()
        } else {
            inherited::in_words(&groups)
        };
        notes.push(Note {
            kind: NoteKind::InheritedKept,
            message: format!(
                "{} comes through {through} and is left as it is",
                catalogue.product_name(path.product)
            ),
            product: Some(path.product),
            plan: None,
            groups,
        });
    }
}

/// R13: plans that a path no longer switches on but another path does.
fn note_stays_on(catalogue: &Catalogue, draft: &Draft<'_>, notes: &mut Vec<Note>) {
    for path in draft.paths.iter().filter(|path| path.is_changed()) {
        let Some(after) = path.after.as_deref().filter(|after| after.is_direct()) else {
            continue;
        };
        let turned_off = after.switches.iter().filter(|(plan, on)| {
            !**on
                && path
                    .before
                    .is_none_or(|before| before.switches.get(*plan) != Some(&false))
        });
        for (plan, _) in turned_off {
            let Some(number) = catalogue.number(*plan) else {
                continue;
            };
            let other = draft.after().find(|other| {
                other.id != after.id
                    && other.is_active()
                    && switched_on(catalogue, other).contains(number)
            });
            if let Some(other) = other {
                let groups = inherited::groups([other], other.product);
                let by = match groups.as_slice() {
                    [] => String::new(),
                    groups => format!(" from {}", inherited::in_words(groups)),
                };
                notes.push(Note {
                    kind: NoteKind::StaysOn,
                    message: format!(
                        "{} stays on through {}{by}",
                        catalogue.plan_name(*plan),
                        catalogue.product_name(other.product)
                    ),
                    product: Some(other.product),
                    plan: Some(*plan),
                    groups,
                });
            }
        }
    }
}

/// R19a: what is held off now, was before, or is on again.
pub(in crate::plan) fn note_held_off(
    catalogue: &Catalogue,
    draft: &Draft<'_>,
    notes: &mut Vec<Note>,
) {
    for path in &draft.paths {
        let before = path.before.map_or(&[][..], |path| path.held_off.as_slice());
        let after = path.after.as_deref();
        let now = after.map_or(&[][..], |path| path.held_off.as_slice());
        let mut note = |kind, plan, words: String| {
            let product = after.map(|path| path.product);
            let of = product
                .map(|id| catalogue.product_name(id))
                .unwrap_or_default();
            notes.push(Note {
                kind,
                message: format!("{} of {of} {words}", catalogue.plan_name(plan)),
                product,
                plan: Some(plan),
                groups: Vec::new(),
            });
        };
        for held in now {
            let code = held.code.as_str();
            if before.iter().any(|old| old.plan == held.plan) {
                note(
                    NoteKind::StandingBreach,
                    held.plan,
                    format!("is still held off ({code})"),
                );
            } else {
                note(
                    NoteKind::HeldOff,
                    held.plan,
                    format!("is held off for now ({code})"),
                );
            }
        }
        for old in before {
            let on = after.is_some_and(|path| {
                let number = catalogue.number(old.plan);
                path.is_active() && number.is_some_and(|n| switched_on(catalogue, path).contains(n))
            });
            if on && !now.iter().any(|held| held.plan == old.plan) {
                note(NoteKind::CameBack, old.plan, "is on again".to_owned());
            }
        }
    }
}
