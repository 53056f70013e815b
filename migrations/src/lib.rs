//! The database schema: every change is one file, never edited after release.
//! Only table shapes live here; what the rows mean belongs to the server.

use std::collections::HashSet;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};

mod columns;
mod m20261123_000001_tenants;
mod m20261123_000002_users;
mod m20261123_000003_groups;
mod m20261123_000004_catalogue;
mod m20261123_000005_rules;
mod m20261123_000006_subscriptions;
mod m20261123_000007_assignments;
mod m20261123_000008_roles;
mod m20261123_000009_holds;
mod m20261123_000010_batches;
mod m20261123_000011_records;
mod m20261123_000012_requests;
mod m20261123_000013_tokens;
mod m20261123_000014_jobs;
mod m20261123_000015_statistics;
mod m20261124_000001_lifecycle;
mod m20261124_000002_people;
mod m20261124_000003_words;
mod m20261124_000005_services;
mod m20261124_000041_partner_tokens;

/// The key of the advisory lock that lets one process at a time change a PostgreSQL schema.
const MIGRATION_LOCK: i64 = 0x7573_6865_725f_6d67;

/// The list of all changes, oldest first.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_tenants::Migration),
            Box::new(m20261123_000002_users::Migration),
            Box::new(m20261123_000003_groups::Migration),
            Box::new(m20261123_000004_catalogue::Migration),
            Box::new(m20261123_000005_rules::Migration),
            Box::new(m20261123_000006_subscriptions::Migration),
            Box::new(m20261123_000007_assignments::Migration),
            Box::new(m20261123_000008_roles::Migration),
            Box::new(m20261123_000009_holds::Migration),
            Box::new(m20261123_000010_batches::Migration),
            Box::new(m20261123_000011_records::Migration),
            Box::new(m20261123_000012_requests::Migration),
            Box::new(m20261123_000013_tokens::Migration),
            Box::new(m20261123_000014_jobs::Migration),
            Box::new(m20261123_000015_statistics::Migration),
            Box::new(m20261124_000001_lifecycle::Migration),
            Box::new(m20261124_000002_people::Migration),
            Box::new(m20261124_000003_words::Migration),
            Box::new(m20261124_000005_services::Migration),
            Box::new(m20261124_000041_partner_tokens::Migration),
        ]
    }
}

/// Why the schema could not be brought up to date.
#[derive(Debug)]
pub enum MigrateError {
    /// The database carries a change that this build does not know.
    Newer {
        /// The unknown change.
        version: String,
    },
    /// The database refused a statement.
    Database(DbErr),
}

impl From<DbErr> for MigrateError {
    fn from(error: DbErr) -> Self {
        Self::Database(error)
    }
}

/// Brings the schema up to date in one transaction under one lock of the whole database.
///
/// # Errors
/// Refuses a schema that is newer than this build, and passes on what the database reports.
pub async fn migrate(db: &DatabaseConnection) -> Result<(), MigrateError> {
    if pending(db).await? == 0 {
        return Ok(());
    }
    let transaction = db
        .begin_with_options(TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        })
        .await?;
    if db.get_database_backend() == DbBackend::Postgres {
        let lock = format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})");
        transaction
            .execute_raw(Statement::from_string(DbBackend::Postgres, lock))
            .await?;
    }
    // Another process may have been faster while this one waited for the lock.
    if pending(&transaction).await? > 0 {
        Migrator::up(&transaction, None).await?;
    }
    transaction.commit().await?;
    Ok(())
}

async fn pending<C: ConnectionTrait>(db: &C) -> Result<usize, MigrateError> {
    let known: Vec<String> = Migrator::migrations()
        .iter()
        .map(|migration| migration.name().to_owned())
        .collect();
    let applied = applied_versions(db).await?;
    if let Some(version) = applied.iter().find(|version| !known.contains(version)) {
        return Err(MigrateError::Newer {
            version: version.clone(),
        });
    }
    Ok(known.iter().filter(|name| !applied.contains(*name)).count())
}

async fn applied_versions<C: ConnectionTrait>(db: &C) -> Result<HashSet<String>, DbErr> {
    let backend = db.get_database_backend();
    let exists = match backend {
        DbBackend::Postgres => "SELECT to_regclass('seaql_migrations') IS NOT NULL",
        _ => {
            "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations')"
        }
    };
    let found = match db
        .query_one_raw(Statement::from_string(backend, exists))
        .await?
    {
        Some(row) => row.try_get_by_index::<bool>(0)?,
        None => false,
    };
    if !found {
        return Ok(HashSet::new());
    }
    db.query_all_raw(Statement::from_string(
        backend,
        "SELECT version FROM seaql_migrations",
    ))
    .await?
    .iter()
    .map(|row| row.try_get_by_index(0))
    .collect()
}
