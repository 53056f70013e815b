//! What became of an import, as objects: the report, what happened to single rows, and rows that were refused.

use std::rc::Rc;

use usher::v1::{
    ImportItem, ImportItemKind, ImportLicenseRulesResponse, ImportProductsResponse, ImportReport,
};
use usher_object::Value;

use super::{Shape, text};

/// An import of products.
pub struct ProductImport {
    /// Name of the file.
    pub file: String,
    /// What the service answered.
    pub answer: ImportProductsResponse,
    /// The report in it, with the rows that never reached the service.
    pub report: ImportReport,
}

/// What became of an import of products.
pub static PRODUCT_IMPORT: Shape<ProductImport> = Shape {
    name: "ProductImport",
    properties: &[
        ("File", |import| text(&import.file)),
        ("Rows", |import| Value::Int(import.report.rows)),
        ("Products", |import| Value::Int(import.answer.products)),
        ("ServicePlans", |import| {
            Value::Int(import.answer.service_plans)
        }),
        ("Pairs", |import| Value::Int(import.answer.pairs)),
        ("RowsDropped", |import| Value::Int(import.report.dropped)),
        ("AliasRows", |import| Value::Int(import.answer.alias_rows)),
        ("RowsCleaned", |import| Value::Int(import.report.cleaned)),
        ("Created", |import| Value::Int(import.report.created)),
        ("Updated", |import| Value::Int(import.report.updated)),
        ("Unchanged", |import| Value::Int(import.report.unchanged)),
        ("Refused", |import| Value::Int(import.report.refused)),
    ],
    columns: &[
        "File",
        "Products",
        "ServicePlans",
        "Pairs",
        "Created",
        "Updated",
        "Unchanged",
        "Refused",
    ],
    details: &[],
};

/// An import of users.
pub struct UserImport {
    /// Name of the file.
    pub file: String,
    /// The report.
    pub report: ImportReport,
}

/// What became of an import of users.
pub static USER_IMPORT: Shape<UserImport> = Shape {
    name: "UserImport",
    properties: &[
        ("File", |import| text(&import.file)),
        ("Rows", |import| Value::Int(import.report.rows)),
        ("RowsDropped", |import| Value::Int(import.report.dropped)),
        ("RowsCleaned", |import| Value::Int(import.report.cleaned)),
        ("Created", |import| Value::Int(import.report.created)),
        ("Updated", |import| Value::Int(import.report.updated)),
        ("Unchanged", |import| Value::Int(import.report.unchanged)),
        ("Refused", |import| Value::Int(import.report.refused)),
    ],
    columns: &["File", "Rows", "Created", "Updated", "Unchanged", "Refused"],
    details: &[],
};

/// An import of rules.
pub struct RuleImport {
    /// Name of the file.
    pub file: String,
    /// What the service answered.
    pub answer: ImportLicenseRulesResponse,
    /// The report in it, with the rows that never reached the service.
    pub report: ImportReport,
}

/// What became of an import of rules.
pub static RULE_IMPORT: Shape<RuleImport> = Shape {
    name: "RuleImport",
    properties: &[
        ("File", |import| text(&import.file)),
        ("Rows", |import| Value::Int(import.report.rows)),
        ("RowsDropped", |import| Value::Int(import.report.dropped)),
        ("RowsCleaned", |import| Value::Int(import.report.cleaned)),
        ("Created", |import| Value::Int(import.report.created)),
        ("Updated", |import| Value::Int(import.report.updated)),
        ("Unchanged", |import| Value::Int(import.report.unchanged)),
        ("Refused", |import| Value::Int(import.report.refused)),
        ("PeopleRejudged", |import| {
            Value::Int(import.answer.people_rejudged)
        }),
    ],
    columns: &[
        "File",
        "Rows",
        "Created",
        "Updated",
        "Unchanged",
        "Refused",
        "PeopleRejudged",
    ],
    details: &[],
};

/// What happened to one row of a file.
pub struct ImportedItem {
    /// Name of the file.
    pub file: Rc<str>,
    /// What happened.
    pub item: ImportItem,
}

/// What happened to one row of a file.
pub static IMPORT_ITEM: Shape<ImportedItem> = Shape {
    name: "ImportItem",
    properties: &[
        ("File", |row| text(&row.file)),
        ("Line", |row| Value::Int(row.item.line)),
        ("Column", |row| text(&row.item.column)),
        ("Kind", |row| match row.item.kind() {
            ImportItemKind::Cleaned => "cleaned".into(),
            ImportItemKind::Dropped => "dropped".into(),
            ImportItemKind::Alias => "alias".into(),
            ImportItemKind::Refused => "refused".into(),
            ImportItemKind::Unspecified => Value::Null,
        }),
        ("Message", |row| text(&row.item.message)),
        ("Subject", |row| text(&row.item.subject)),
    ],
    columns: &["Line", "Column", "Kind", "Message"],
    details: &[],
};

/// A row of a file that was refused.
#[derive(Clone, Debug)]
pub struct RefusedRow {
    /// Name of the file.
    pub file: String,
    /// Line of the row.
    pub line: i64,
    /// Name of the column, or its number; empty if it is about the whole row.
    pub column: String,
    /// What the row is about.
    pub target: String,
    /// Stable code.
    pub code: String,
    /// The cause.
    pub message: String,
    /// What to do about it.
    pub fix: String,
}

/// A row of a file that was refused; the object of its entry in `$Error`.
pub static REFUSED_ROW: Shape<RefusedRow> = Shape {
    name: "RefusedRow",
    properties: &[
        ("File", |row| text(&row.file)),
        ("Line", |row| Value::Int(row.line)),
        ("Column", |row| text(&row.column)),
        ("Target", |row| text(&row.target)),
        ("Outcome", |_| "failed".into()),
        ("Code", |row| text(&row.code)),
        ("Message", |row| text(&row.message)),
        ("Fix", |row| text(&row.fix)),
    ],
    columns: &["File", "Line", "Column", "Message"],
    details: &[],
};
