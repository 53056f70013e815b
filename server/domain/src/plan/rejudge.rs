//! What a change of the catalogue or its rules makes of the licences that stand (R14, R19a): it
//! never fails for them; plans are held off or come back, in the same transaction, in steps whose
//! records stay small enough to be read.

use std::collections::BTreeMap;

use super::licenses::{Draft, rejudge};
use super::{Action, Change, Context, Note, NoteKind, RecordEntry, Step, Subject};
use crate::catalogue::Catalogue;
use crate::ids::{PlanId, ProductId, Revision};
use crate::licence::effective;
use crate::snapshot::{Assignment, User};

/// The people that one record tells of, at most.
pub(super) const MOST_PEOPLE: usize = 500;
/// A record that has grown to so many bytes on one side takes no further person.
const ENOUGH_BYTES: usize = 512 * 1024;

/// The holders who were judged again, and the steps for those who have something else on now.
pub(super) struct Rejudged {
    pub(super) steps: Vec<Step>,
    /// The people who end with other plans on than before.
    pub(super) concerned: usize,
    judged: usize,
    people: usize,
    /// How many people each plan comes on for, and goes off for.
    effects: BTreeMap<PlanId, (usize, usize)>,
}

impl Rejudged {
    /// Judges the users for whom `concerns` says so once each, against the catalogue to come. The
    /// steps follow on `steps_before` others of the same plan and are recorded as `record`.
    pub(super) fn new(
        context: &Context<'_>,
        catalogue: &Catalogue,
        concerns: impl Fn(&User) -> bool,
        steps_before: usize,
        record: (Action, &Subject),
    ) -> Self {
        let mut users: Vec<&User> = context
            .snapshot
            .users()
            .filter(|user| concerns(user))
            .collect();
        users.sort_by_key(|user| user.profile.id);
        let before = i64::try_from(steps_before).unwrap_or(i64::MAX);
        let mut revision = Revision(context.revision.0.saturating_add(before));
        let mut rejudged = Self {
            steps: Vec::new(),
            concerned: 0,
            judged: 0,
            people: 0,
            effects: BTreeMap::new(),
        };
        let mut group = Group::default();
        for user in users {
            let location = user.profile.usage_location;
            let at = (context.now, revision);
            let draft = rejudge(catalogue, user.profile.id, location, &user.paths, at);
            rejudged.judged += 1;
            rejudged.compare(context.catalogue(), catalogue, user, &draft);
            if !draft.is_changed() {
                continue;
            }
            rejudged.people += 1;
            group.add(&draft, &[]);
            if group.is_full() {
                rejudged
                    .steps
                    .push(std::mem::take(&mut group).into_step(record));
                revision.0 = revision.0.saturating_add(1);
            }
        }
        if !group.is_empty() {
            rejudged.steps.push(group.into_step(record));
        }
        rejudged
    }

    /// Takes in what comes on and goes off for one person.
    fn compare(&mut self, old: &Catalogue, new: &Catalogue, user: &User, draft: &Draft<'_>) {
        let before = effective(old, &user.paths);
        let after = effective(new, draft.after());
        self.concerned += usize::from(before != after);
        for plan in after.difference(&before) {
            self.effects.entry(*plan).or_default().0 += 1;
        }
        for plan in before.difference(&after) {
            self.effects.entry(*plan).or_default().1 += 1;
        }
    }

    /// For how many people each plan comes on or goes off, one line each.
    pub(super) fn effects(&self, catalogue: &Catalogue) -> Vec<Note> {
        let lines = self.effects.iter().flat_map(|(plan, (on, off))| {
            [("comes on", *on), ("goes off", *off)]
                .into_iter()
                .filter(|(_, people)| *people > 0)
                .map(|(becomes, people)| (*plan, becomes, people))
        });
        lines
            .map(|(plan, becomes, people)| Note {
                kind: NoteKind::Effect,
                message: format!(
                    "{} {becomes} for {people} {}",
                    catalogue.plan_name(plan),
                    if people == 1 { "person" } else { "people" },
                ),
                product: None,
                plan: Some(plan),
                groups: Vec::new(),
            })
            .collect()
    }

    /// How many people it concerns, in one line.
    pub(super) fn note(&self) -> Option<Note> {
        (self.people > 0).then(|| Note {
            kind: NoteKind::HeldOff,
            message: format!(
                "Holders judged again: {}. Of them, with plans held off or on again: {}",
                self.judged, self.people
            ),
            product: None,
            plan: None,
            groups: Vec::new(),
        })
    }
}

/// The people of one step.
#[derive(Default)]
pub(super) struct Group {
    people: usize,
    changes: Vec<Change>,
    before: Rows,
    after: Rows,
}

impl Group {
    /// Adds what becomes of one person, and the seats that it takes or frees.
    pub(super) fn add(&mut self, draft: &Draft<'_>, seats: &[(ProductId, i64)]) {
        self.people += 1;
        self.changes.extend(draft.changes(seats));
        for path in draft.paths.iter().filter(|path| path.is_changed()) {
            self.before.add(path.before);
            self.after.add(path.after.as_deref());
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.people == 0
    }

    pub(super) fn is_full(&self) -> bool {
        let bytes = self.before.0.len().max(self.after.0.len());
        self.people >= MOST_PEOPLE || bytes >= ENOUGH_BYTES
    }

    pub(super) fn into_step(self, (action, subject): (Action, &Subject)) -> Step {
        Step {
            changes: self.changes,
            record: RecordEntry {
                action,
                subject: subject.clone(),
                before: self.before.into_text(),
                after: self.after.into_text(),
            },
        }
    }
}

/// Rows as the inside of a JSON list.
#[derive(Default)]
struct Rows(String);

impl Rows {
    fn add(&mut self, row: Option<&Assignment>) {
        let Some(row) = row else {
            return;
        };
        if !self.0.is_empty() {
            self.0.push(',');
        }
        self.0.push_str(&super::json(row));
    }

    fn into_text(self) -> String {
        format!("[{}]", self.0)
    }
}
