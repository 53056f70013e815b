//! Rows of files and the report about them, between the wire and the domain.

use usher::v1 as wire;
use usher_domain::import::{ReportItem, ReportKind, Row};

/// Things that a report lists at most; its counts are of all.
pub(crate) const MAX_ITEMS: usize = 5_000;

/// A row as it was read. A line that is no number from 1 on is taken for 0.
pub(crate) fn row(row: wire::ImportRow) -> Row {
    Row {
        line: u64::try_from(row.line).unwrap_or(0),
        cells: row.cells,
    }
}

/// A line number on the wire.
pub(crate) fn line(line: u64) -> i64 {
    i64::try_from(line).unwrap_or(i64::MAX)
}

/// A count on the wire.
pub(crate) fn count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// What happened to one row.
pub(crate) fn item(item: ReportItem) -> wire::ImportItem {
    wire::ImportItem {
        line: line(item.line),
        column: item.column.unwrap_or_default(),
        kind: match item.kind {
            ReportKind::Cleaned => wire::ImportItemKind::Cleaned,
            ReportKind::Dropped => wire::ImportItemKind::Dropped,
            ReportKind::Refused => wire::ImportItemKind::Refused,
        }
        .into(),
        message: item.message,
        subject: String::new(),
    }
}

/// Adds what happened to a row, in the order of the lines, as far as the report takes it.
pub(crate) fn add_item(report: &mut wire::ImportReport, item: wire::ImportItem) {
    if report.items.len() < MAX_ITEMS {
        report.items.push(item);
    } else {
        report.items_cut = true;
    }
}
