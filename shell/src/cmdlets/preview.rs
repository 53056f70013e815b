//! What `-WhatIf` says beside the objects of a command: how many there would be, and that nothing was changed. Changes
//! of licences have a preview of their own, made by the service.

use usher_object::Value;

use crate::cmdlet::{ChangeOptions, Host};
use crate::error::Result;

/// Tells that nothing was changed, if only the preview was asked for.
pub(crate) fn would(host: Host<'_>, options: &ChangeOptions, what: &str) {
    if options.what_if {
        host.session
            .console
            .note_at_end(&format!("What if: {what}; nothing was changed"));
    }
}

/// Counts the objects of a command and tells at the end what they would be.
pub(crate) struct Preview<'a, I> {
    host: Host<'a>,
    options: ChangeOptions,
    /// What would become of an object: "changed".
    done: &'static str,
    rows: I,
    applied: u64,
    unchanged: u64,
    refused: u64,
}

impl<'a, I> Preview<'a, I> {
    /// Objects that would be what `done` says.
    pub(crate) fn new(host: Host<'a>, options: ChangeOptions, done: &'static str, rows: I) -> Self {
        Self {
            host,
            options,
            done,
            rows,
            applied: 0,
            unchanged: 0,
            refused: 0,
        }
    }

    fn count(&mut self, row: &Value) {
        let outcome = row.as_record().and_then(|row| row.find("Outcome"));
        let counter = match outcome.and_then(Value::as_str) {
            Some("failed") => &mut self.refused,
            Some("unchanged") => &mut self.unchanged,
            _ => &mut self.applied,
        };
        *counter = counter.saturating_add(1);
    }

    fn end(&self) {
        let mut line = format!("{} would be {}", self.applied, self.done);
        for (count, what) in [(self.unchanged, "unchanged"), (self.refused, "refused")] {
            if count > 0 {
                line.push_str(&format!(", {count} {what}"));
            }
        }
        would(self.host, &self.options, &line);
    }
}

impl<I: Iterator<Item = Result<Value>>> Iterator for Preview<'_, I> {
    type Item = Result<Value>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.rows.next();
        match &row {
            Some(Ok(row)) => self.count(row),
            Some(Err(_)) => {}
            None => self.end(),
        }
        row
    }
}
