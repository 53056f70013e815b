//! The column and index shapes that the tables share: versions, name keys, live and past rows.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, big_integer_null, text};
use sea_orm_migration::sea_orm::DbBackend;

/// Starts a table whose rows are valid from one revision up to, not including, another.
/// The row's key is `key` and the first revision.
pub(crate) fn versioned(
    name: &'static str,
    key: &[&'static str],
    columns: Vec<ColumnDef>,
) -> TableCreateStatement {
    let mut primary = Index::create();
    for column in key {
        primary.col(*column);
    }
    primary.col("from_rev");
    let mut table = Table::create();
    table.table(name);
    for column in columns {
        table.col(column);
    }
    table
        .col(big_integer("from_rev"))
        .col(big_integer_null("to_rev"))
        .primary_key(&mut primary)
        .take()
}

/// A table that holds only what is true now.
pub(crate) fn current(
    name: &'static str,
    key: &[&'static str],
    columns: Vec<ColumnDef>,
) -> TableCreateStatement {
    let mut primary = Index::create();
    for column in key {
        primary.col(*column);
    }
    let mut table = Table::create();
    table.table(name);
    for column in columns {
        table.col(column);
    }
    table.primary_key(&mut primary).take()
}

/// A text column compared byte by byte on both databases, whatever the locale of the machine:
/// pages of a listing depend on one order.
pub(crate) fn ordered_text(manager: &SchemaManager<'_>, name: &'static str) -> ColumnDef {
    let mut column = text(name);
    if manager.get_database_backend() == DbBackend::Postgres {
        column.extra("COLLATE \"C\"");
    }
    column
}

/// At most one live row for these columns, none of which may ever be NULL.
pub(crate) fn live_unique(
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
) -> IndexCreateStatement {
    live(name, table, columns).unique().take()
}

/// Finds live rows only, so that history does not make it larger.
pub(crate) fn live(
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
) -> IndexCreateStatement {
    index(name, table, columns)
        .and_where(Expr::col("to_rev").is_null())
        .take()
}

/// Finds past rows only: a new row does not pay for it before it is closed.
pub(crate) fn past(
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
) -> IndexCreateStatement {
    index(name, table, columns)
        .and_where(Expr::col("to_rev").is_not_null())
        .take()
}

/// A plain index.
pub(crate) fn index(
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table(table);
    for column in columns {
        index.col(*column);
    }
    index.take()
}
