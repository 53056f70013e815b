//! The stream of an import: a header first, then rows, within the stated limits; and its report.

use tonic::Streaming;
use usher::MAX_ROWS_PER_MESSAGE;
use usher::v1::{
    ImportHeader, ImportItem, ImportItemKind, ImportLicenseRulesRequest, ImportProductsRequest,
    ImportReport, ImportRow, ImportUsersRequest,
};
use usher_domain::import::Row;
use usher_domain::plan::{Outcome, OutcomeKind};

use super::change::Intent;
use super::status::Refusal;
use crate::convert::fields::Fields;
use crate::convert::import;

/// Columns of a file at most.
const MAX_COLUMNS: usize = 500;
/// Rows of a file that is judged as a whole, at most.
const MAX_ROWS: usize = 1_000_000;

/// A message of an import.
pub(super) trait ImportMessage {
    /// The header and the rows in it.
    fn parts(self) -> (Option<ImportHeader>, Vec<ImportRow>);
}

macro_rules! import_messages {
    ($($message:ty)*) => {$(
        impl ImportMessage for $message {
            fn parts(self) -> (Option<ImportHeader>, Vec<ImportRow>) {
                (self.header, self.rows)
            }
        }
    )*};
}

import_messages!(ImportUsersRequest ImportProductsRequest ImportLicenseRulesRequest);

/// The rows of an import, message by message.
pub(super) struct Rows<M> {
    messages: Streaming<M>,
    first: Option<Vec<ImportRow>>,
    /// Rows handed out so far.
    read: usize,
}

impl<M: ImportMessage> Rows<M> {
    /// Reads the first message.
    pub(super) async fn open(
        mut messages: Streaming<M>,
    ) -> Result<(Vec<String>, Intent, Self), Refusal> {
        let mut fields = Fields::default();
        let message = messages.message().await.map_err(Refusal::unreadable)?;
        let (header, rows) = message.map(M::parts).unwrap_or_default();
        let header = fields.required("header", header).unwrap_or_default();
        if header.columns.is_empty() {
            fields.fault("header.columns", "The header names no column.");
        }
        fields.at_most("header.columns", header.columns.len(), MAX_COLUMNS);
        let said = (header.reason, header.request_id, header.validate_only);
        let intent = Intent::read("header.", said, &mut fields);
        fields.check()?;
        let rows = Self {
            messages,
            first: Some(rows),
            read: 0,
        };
        Ok((header.columns, intent, rows))
    }

    /// The rows of the next message; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Row>>, Refusal> {
        let rows = match self.first.take() {
            Some(rows) => rows,
            None => match self.messages.message().await.map_err(Refusal::unreadable)? {
                Some(message) => rows_of_later(message)?,
                None => return Ok(None),
            },
        };
        let mut fields = Fields::default();
        fields.at_most("rows", rows.len(), MAX_ROWS_PER_MESSAGE);
        self.read += rows.len();
        fields.at_most("rows", self.read, MAX_ROWS);
        fields.check()?;
        Ok(Some(rows.into_iter().map(import::row).collect()))
    }

    /// All rows that are left.
    pub(super) async fn all(mut self) -> Result<Vec<Row>, Refusal> {
        let mut all = Vec::new();
        while let Some(rows) = self.next().await? {
            all.extend(rows);
        }
        Ok(all)
    }
}

fn rows_of_later(message: impl ImportMessage) -> Result<Vec<ImportRow>, Refusal> {
    let (header, rows) = message.parts();
    if header.is_some() {
        let mut fields = Fields::default();
        fields.fault("header", "Only the first message carries the header.");
        fields.check()?;
    }
    Ok(rows)
}

/// Counts what became of one object, and reports a refusal under the line of its row.
pub(super) fn count(report: &mut ImportReport, outcome: &Outcome, line: i64, subject: &str) {
    match outcome.result {
        OutcomeKind::Applied | OutcomeKind::Waiting if outcome.created => report.created += 1,
        OutcomeKind::Applied | OutcomeKind::Waiting => report.updated += 1,
        OutcomeKind::Unchanged => report.unchanged += 1,
        OutcomeKind::Failed => {
            report.refused += 1;
            for cause in &outcome.causes {
                import::add_item(
                    report,
                    ImportItem {
                        line,
                        column: cause.field.clone().unwrap_or_default(),
                        kind: ImportItemKind::Refused.into(),
                        message: cause.message.clone(),
                        subject: subject.to_owned(),
                    },
                );
            }
        }
    }
}
