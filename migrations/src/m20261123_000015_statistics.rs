//! Fixed statistics for SQLite, so that it picks the same indexes for an empty database as for a
//! large one. Without them it searches all users of a tenant where their ids are given.
//! PostgreSQL keeps its own.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

/// Table, index, and how many rows it has and each more column leaves: for a large tenant.
const STATISTICS: &[(&str, &str, &str)] = &[
    ("users", "sqlite_autoindex_users_1", "110000 110000 2 1"),
    ("users", "users_live", "100000 100000 1"),
    ("users", "users_live_upn", "100000 100000 1"),
    ("users", "users_live_name", "100000 100000 2 1"),
    ("users", "users_live_department", "100000 100000 1000"),
    ("users", "users_past", "10000 10000 1"),
    ("users", "users_past_upn", "10000 10000 2 2 1"),
    (
        "assignments",
        "sqlite_autoindex_assignments_1",
        "400000 400000 2 1",
    ),
    ("assignments", "assignments_live", "300000 300000 3 1 1 1"),
    (
        "assignments",
        "assignments_live_product",
        "300000 300000 10000 1 1",
    ),
    ("assignments", "assignments_past_user", "100000 100000 3 1"),
    ("assignments", "assignments_past", "100000 100000 5"),
    ("waiting", "sqlite_autoindex_waiting_1", "1000 1000 2 1"),
    ("waiting", "waiting_live", "100 100 1"),
    ("waiting", "waiting_live_order", "100 100 10 10 1 1"),
    ("waiting", "waiting_past", "900 900 1"),
    ("records", "sqlite_autoindex_records_1", "1000000 1000000 1"),
    ("records", "records_at", "1000000 1000000 1000 1"),
    ("records", "records_subject", "1000000 1000000 10 1"),
    (
        "requests",
        "sqlite_autoindex_requests_1",
        "1000000 1000000 10000 100 1",
    ),
    ("requests", "requests_at", "1000000 1000000 1000"),
];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DbBackend::Sqlite {
            return Ok(());
        }
        let rows: Vec<String> = STATISTICS
            .iter()
            .map(|(table, index, rows)| format!("('{table}', '{index}', '{rows}')"))
            .collect();
        let connection = manager.get_connection();
        // The first makes the table of statistics, the last makes this connection read it.
        for sql in [
            "ANALYZE",
            "DELETE FROM sqlite_stat1",
            &format!(
                "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES {}",
                rows.join(", ")
            ),
            "ANALYZE sqlite_schema",
        ] {
            connection.execute_unprepared(sql).await?;
        }
        Ok(())
    }
}
