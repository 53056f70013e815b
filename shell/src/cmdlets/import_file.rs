//! A file to import: its rows with their lines, and the report of what became of them.

use std::collections::BTreeMap;
use std::fs::File;
use std::rc::Rc;

use usher::v1::{ImportHeader, ImportItem, ImportItemKind, ImportReport, ImportRow};
use usher_object::csv_read::CsvReader;
use usher_object::{ErrorCode, ObjectError, Value};

use super::{refused_row, would};
use crate::cmdlet::{ChangeOptions, Host, Objects};
use crate::error::{Result, ShellError};
use crate::files::reach;
use crate::types::{self, ImportedItem, RefusedRow};

/// Code of a row that was refused.
const ROW_REFUSED: &str = "ROW_REFUSED";
const ROW_FIX: &str =
    "Correct the row and import the file again; the rows that are in already stay as they are";

/// Refused rows that are told one by one.
const ROWS_TOLD: usize = 5;

/// A CSV file, read.
pub(crate) struct ImportFile {
    /// Its name as given.
    pub(crate) name: Rc<str>,
    /// Names of its columns.
    pub(crate) columns: Vec<String>,
    /// Rows that can be sent.
    pub(crate) rows: Vec<ImportRow>,
    /// Rows that are no rows: too many cells, a quote that is not closed.
    broken: Vec<ImportItem>,
}

impl ImportFile {
    /// Reads all rows; a file that cannot be read as text is an error before anything is sent.
    pub(crate) fn read(host: Host<'_>, name: &str) -> Result<Self> {
        let path = reach(host.session, name)?;
        let file = File::open(&path).map_err(|error| {
            let message = if error.kind() == std::io::ErrorKind::NotFound {
                format!("There is no file `{name}`")
            } else {
                format!("`{name}` cannot be opened: {error}")
            };
            ShellError::new("FILE_NOT_READ", message)
                .fix("Check the path; it starts from the folder in which usher runs")
                .target(name)
        })?;
        let in_file = |error: ObjectError| {
            let mut shown = ShellError::from(error);
            shown.message = format!("{name}: {}", shown.message);
            shown.target(name)
        };
        let mut reader = CsvReader::new(file, None).map_err(in_file)?;
        let columns: Vec<String> = reader.columns().iter().map(ToString::to_string).collect();
        let (mut rows, mut broken) = (Vec::new(), Vec::new());
        for row in &mut reader {
            host.check()?;
            match row {
                Ok(row) => rows.push(ImportRow {
                    line: line_number(row.line),
                    cells: row
                        .record
                        .values()
                        .iter()
                        .map(|cell| cell.display().to_string())
                        .collect(),
                }),
                Err(error)
                    if matches!(
                        error.code,
                        ErrorCode::TextNotDecodable | ErrorCode::ReadFailed
                    ) =>
                {
                    return Err(in_file(error));
                }
                Err(error) => broken.push(broken_row(&error)),
            }
        }
        Ok(Self {
            name: Rc::from(name),
            columns,
            rows,
            broken,
        })
    }

    /// The first message of the import.
    pub(crate) fn header(&self, options: &ChangeOptions) -> ImportHeader {
        ImportHeader {
            columns: self.columns.clone(),
            source: self.name.to_string(),
            reason: options.reason.clone(),
            request_id: options.request_id.clone(),
            validate_only: options.what_if,
        }
    }

    /// Warns where a cell stands in several rows of the column with one of these names: each row is imported, so the
    /// last one decides.
    pub(crate) fn warn_of_repeated(&self, host: Host<'_>, names: &[&str]) {
        let is_one = |column: &String| {
            let mut names = names.iter();
            names.any(|name| letters(name) == letters(column))
        };
        let Some(place) = self.columns.iter().position(is_one) else {
            return;
        };
        let mut lines: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for row in &self.rows {
            let cell = row.cells.get(place).map_or("", |cell| cell.trim());
            if !cell.is_empty() {
                lines.entry(cell.to_lowercase()).or_default().push(row.line);
            }
        }
        lines.retain(|_, lines| lines.len() > 1);
        let Some((cell, places)) = lines.first_key_value() else {
            return;
        };
        let places: Vec<String> = places.iter().map(ToString::to_string).collect();
        let others = match lines.len() {
            1 => String::new(),
            several => format!(", and {} more are repeated too", several - 1),
        };
        host.session.console.warn(&format!(
            "{}: {cell} stands in lines {}{others}; the last row of each decides",
            self.name,
            places.join(", ")
        ));
    }

    /// Counts its rows against the writes of the session.
    pub(crate) fn count_writes(&self, host: Host<'_>, options: &ChangeOptions) -> Result<()> {
        if options.verbose {
            let columns = self.columns.join(", ");
            host.session.console.note(&format!(
                "{}: {} rows with {columns}",
                self.name,
                self.rows.len()
            ));
        }
        if options.what_if {
            return Ok(());
        }
        host.session
            .count_writes(u64::try_from(self.rows.len()).unwrap_or(u64::MAX))
    }
}

fn broken_row(error: &ObjectError) -> ImportItem {
    let place = error.position;
    ImportItem {
        line: place.map_or(0, |place| line_number(place.line)),
        column: place.map_or_else(String::new, |place| place.column.to_string()),
        kind: ImportItemKind::Refused.into(),
        message: error.cause.clone(),
        subject: String::new(),
    }
}

fn line_number(line: u64) -> i64 {
    i64::try_from(line).unwrap_or(i64::MAX)
}

/// What became of the rows.
pub(crate) struct Report {
    file: Rc<str>,
    report: ImportReport,
    first_refused: Option<RefusedRow>,
}

impl Report {
    /// Joins what the service says with the rows that never reached it; refused rows go to `$Error`.
    pub(crate) fn new(
        host: Host<'_>,
        file: &ImportFile,
        options: &ChangeOptions,
        mut report: ImportReport,
    ) -> Self {
        let broken = i64::try_from(file.broken.len()).unwrap_or(i64::MAX);
        report.rows = report.rows.saturating_add(broken);
        report.refused = report.refused.saturating_add(broken);
        report.items.extend(file.broken.iter().cloned());
        report.items.sort_by_key(|item| item.line);
        let mut first_refused = None;
        let refused = report
            .items
            .iter()
            .filter(|item| item.kind() == ImportItemKind::Refused);
        for (index, item) in refused.enumerate() {
            let row = refused_of(file, item);
            match index {
                0..ROWS_TOLD => host.session.console.warn(&place_and_cause(&row)),
                ROWS_TOLD => host
                    .session
                    .console
                    .warn("More rows were refused; $Error lists them"),
                _ => {}
            }
            if !options.what_if {
                refused_row(host, error_of(&row), types::REFUSED_ROW.object(&row));
            }
            first_refused.get_or_insert(row);
        }
        if report.items_cut {
            host.session.console.warn(&format!(
                "{}: more happened than is listed row by row",
                file.name
            ));
        }
        would(
            host,
            options,
            &format!(
                "{} would be created, {} updated, {} unchanged, {} refused",
                report.created, report.updated, report.unchanged, report.refused
            ),
        );
        let first_refused = first_refused.filter(|_| options.stop);
        Self {
            file: Rc::clone(&file.name),
            report,
            first_refused,
        }
    }

    /// The objects that the command gives: the report as `shown`, or what happened to single rows.
    pub(crate) fn finish<'a>(
        self,
        details: bool,
        shown: impl FnOnce(ImportReport) -> Value,
    ) -> Result<Objects<'a>> {
        if let Some(row) = self.first_refused {
            return Err(error_of(&row));
        }
        if !details {
            return Ok(Box::new(std::iter::once(Ok(shown(self.report)))));
        }
        let file = self.file;
        let items = self.report.items.into_iter();
        Ok(Box::new(items.map(move |item| {
            Ok(types::IMPORT_ITEM.object(&ImportedItem {
                file: Rc::clone(&file),
                item,
            }))
        })))
    }
}

fn refused_of(file: &ImportFile, item: &ImportItem) -> RefusedRow {
    RefusedRow {
        file: file.name.to_string(),
        line: item.line,
        column: column_of(&file.columns, &item.column),
        target: item.subject.clone(),
        code: ROW_REFUSED.to_owned(),
        message: item.message.clone(),
        fix: ROW_FIX.to_owned(),
    }
}

/// The column as the file's header writes it, where the service names the field behind it.
fn column_of(header: &[String], field: &str) -> String {
    let wanted = letters(field);
    header
        .iter()
        .find(|column| letters(column) == wanted)
        .map_or(field, String::as_str)
        .to_owned()
}

/// A column's name without what forms of the same name differ in.
fn letters(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn error_of(row: &RefusedRow) -> ShellError {
    let target = if row.target.is_empty() {
        format!("{}:{}", row.file, row.line)
    } else {
        row.target.clone()
    };
    ShellError::new(row.code.clone(), place_and_cause(row))
        .fix(row.fix.clone())
        .target(target)
}

fn place_and_cause(row: &RefusedRow) -> String {
    let column = if row.column.is_empty() {
        String::new()
    } else {
        format!(", column {}", row.column)
    };
    format!("{}, line {}{column}: {}", row.file, row.line, row.message)
}
