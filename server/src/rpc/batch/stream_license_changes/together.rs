//! Rows of a stream that are one change (R25, all or nothing): gathered whole, then judged and made
//! as one command.

use usher::v1::{LicenseChange, Outcome};
use usher_domain::command::Command;
use usher_domain::plan::{MAX_TOGETHER, Outcome as Judged, OutcomeKind};
use usher_domain::refusal::{Cause, Code};

use super::{Rows, Work};
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;
use crate::convert::license_change::{self, Whose};
use crate::rpc::chunks::Chunks;
use crate::rpc::status::Refusal;

impl Rows {
    /// Every row that comes; more than may go together are refused as soon as they are seen.
    pub(super) async fn all(&mut self) -> Result<Vec<LicenseChange>, Refusal> {
        loop {
            let mut fields = Fields::default();
            fields.at_most("changes", self.waiting.len(), MAX_TOGETHER);
            fields.check()?;
            if self.ended {
                return Ok(self.waiting.drain(..).collect());
            }
            self.arrive().await?;
        }
    }
}

impl Work {
    /// Makes all rows one change, and answers each in its place. Where a row cannot be read, the
    /// others are only judged, so that everything that is wrong is told at once.
    pub(super) async fn run_together(
        &mut self,
        rows: Vec<LicenseChange>,
    ) -> Result<Vec<Outcome>, Refusal> {
        let names: Vec<String> = rows.iter().map(|change| change.user.clone()).collect();
        let mut changes = Vec::with_capacity(rows.len());
        let mut unread: Vec<Option<Outcome>> = Vec::with_capacity(rows.len());
        for change in rows {
            let mut fields = Fields::default();
            let change = license_change::from_wire(change, "change", Whose::Named, &mut fields);
            match fields.check() {
                Ok(()) => {
                    changes.push(change);
                    unread.push(None);
                }
                Err(refusal) => unread.push(Some(refusal.into_outcome())),
            }
        }
        let is_readable = changes.len() == unread.len();
        if !is_readable {
            self.chunks = Chunks::open(&self.api, true).await?;
        }
        let whole = self.judge(changes).await?;
        let mut parts = whole.parts.iter();
        let mut told = Vec::with_capacity(unread.len());
        let faults = unread.iter().flatten().count();
        for (row, (unread, name)) in (0..).zip(unread.into_iter().zip(names)) {
            let outcome = match unread {
                Some(outcome) => {
                    self.tally.refused();
                    outcome
                }
                None => self.part(&whole, parts.next(), faults),
            };
            let subject = if outcome.subject.is_empty() {
                name
            } else {
                outcome.subject.clone()
            };
            told.push(Outcome {
                row,
                subject,
                ..outcome
            });
        }
        if is_readable {
            self.tally.add_together(&whole);
        }
        self.row = i64::try_from(told.len()).unwrap_or(i64::MAX);
        Ok(told)
    }

    async fn judge(
        &mut self,
        changes: Vec<usher_domain::command::LicenseChange>,
    ) -> Result<Judged, Refusal> {
        if changes.is_empty() {
            return Ok(Judged::new(None, OutcomeKind::Unchanged));
        }
        let command = Command::ModifyLicensesTogether(changes);
        let place = (0, Some(self.batch));
        let request = self.intent.request(&self.api, &self.caller, place, command);
        let mut judged = self.chunks.run(vec![request]).await?;
        let whole = judged
            .pop()
            .ok_or_else(|| Refusal::internal("an all-or-nothing change without an outcome"))?;
        // Refused before any row was looked at: too many rows, or an id that is taken.
        if whole.result == OutcomeKind::Failed && whole.parts.is_empty() {
            return Err(self.api.told(&whole, Asked::Row).into());
        }
        Ok(whole)
    }

    /// A row that could be read; what `faults` other rows have to do with it is said where it is
    /// well itself.
    fn part(&mut self, whole: &Judged, part: Option<&Judged>, faults: usize) -> Outcome {
        let mut part = part
            .cloned()
            .unwrap_or_else(|| Judged::new(None, OutcomeKind::Failed));
        part.replayed = whole.replayed;
        if self.intent.validate_only {
            part.revision = None;
        }
        if faults > 0 {
            if part.result == OutcomeKind::Applied {
                let message = format!(
                    "Nothing was changed, because {faults} other rows cannot be read and all rows go together"
                );
                part = Judged {
                    causes: vec![Cause::new(Code::OtherRowRefused, message)],
                    named: part.named,
                    ..Judged::new(part.subject, OutcomeKind::Failed)
                };
            }
            self.tally.add(&part);
        }
        self.api.told(&part, Asked::Row)
    }
}
