//! From an address to open pools, with the settings that durability and the one lock depend on.
//! Nothing here reads or writes a table.

use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::sqlx::{self, Row};
use sea_orm::{ConnectOptions, DatabaseConnection};
use tokio::time::{Instant, sleep};

use super::error::{LOCK_WAIT, StoreError};

/// How many prepared statements a connection keeps: every table times every size of a set.
const PREPARED_STATEMENTS: usize = 256;
/// How long a process waits that met another one while opening a file.
const MEETING_PAUSE: Duration = Duration::from_millis(20);
const SQLITE_READERS: u32 = 4;
/// The writer waits for the lock by itself and asks SQLite to wait only this long at a time.
const SHORT_WAIT: Duration = Duration::from_millis(5);
const POSTGRES_READERS: u32 = 8;
/// Writers of different tenants work side by side, and one more looks whether a commit arrived.
const POSTGRES_WRITERS: u32 = 4;
const REACH_WAIT: Duration = Duration::from_secs(5);

/// The open pools of one database.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    /// Only the writer tasks, the migrations and the first start use it.
    pub(crate) writer: DatabaseConnection,
    pub(crate) reader: DatabaseConnection,
}

impl Database {
    pub(crate) async fn close(&self) {
        for pool in [&self.reader, &self.writer] {
            if let Err(error) = pool.close_by_ref().await {
                tracing::warn!(%error, "a pool did not close cleanly");
            }
        }
    }
}

/// Opens `sqlite://PATH` or `postgres://…` and brings its schema up to date.
pub(crate) async fn connect(address: &str) -> Result<Database, StoreError> {
    if address.contains(":memory:") || address.contains("mode=memory") {
        return Err(StoreError::BadAddress {
            message: format!(
                "{address} would be another database for each connection. Give the path of a file."
            ),
        });
    }
    if address.starts_with("sqlite:") {
        connect_sqlite(address).await
    } else if address.starts_with("postgres://") || address.starts_with("postgresql://") {
        connect_postgres(address).await
    } else {
        // The rest of the address may hold a password.
        let scheme = address
            .split_once(':')
            .map_or(address, |(scheme, _)| scheme);
        Err(StoreError::BadAddress {
            message: format!(
                "The database address begins with {scheme}, which is not known. Give sqlite://PATH or postgres://USER@HOST/NAME."
            ),
        })
    }
}

/// Processes that start together on a new file meet while its journal is set up, when SQLite answers
/// busy at once instead of waiting.
async fn connect_sqlite(address: &str) -> Result<Database, StoreError> {
    let deadline = Instant::now() + LOCK_WAIT;
    loop {
        match open_sqlite(address).await {
            Err(StoreError::Busy) if Instant::now() < deadline => sleep(MEETING_PAUSE).await,
            opened => return opened,
        }
    }
}

async fn open_sqlite(address: &str) -> Result<Database, StoreError> {
    let patient = sea_orm::Database::connect(sqlite_writer(address, LOCK_WAIT)).await?;
    usher_migrations::migrate(&patient).await?;
    patient.close().await?;
    let writer = sea_orm::Database::connect(sqlite_writer(address, SHORT_WAIT)).await?;

    let mut options = quiet(address);
    options
        .max_connections(SQLITE_READERS)
        .connect_lazy(true)
        .map_sqlx_sqlite_opts(|options| {
            options
                .busy_timeout(LOCK_WAIT)
                .statement_cache_capacity(PREPARED_STATEMENTS)
                .pragma("query_only", "1")
        });
    let reader = sea_orm::Database::connect(options).await?;
    Ok(Database { writer, reader })
}

fn sqlite_writer(address: &str, busy_timeout: Duration) -> ConnectOptions {
    let mut options = quiet(address);
    options
        .max_connections(1)
        .min_connections(1)
        .map_sqlx_sqlite_opts(move |options| {
            options
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(busy_timeout)
                .statement_cache_capacity(PREPARED_STATEMENTS)
                .pragma("cache_size", "-16000")
                // A chunk of bulk work writes some 400 pages; the default would copy the log back
                // into the file, with two more syncs, after every third one.
                .pragma("wal_autocheckpoint", "4000")
        });
    options
}

async fn connect_postgres(address: &str) -> Result<Database, StoreError> {
    let writer = sea_orm::Database::connect(postgres_options(address, POSTGRES_WRITERS)).await?;
    usher_migrations::migrate(&writer).await?;
    // Readers have a pool of their own, so that slow reads never keep a writer waiting.
    let mut options = postgres_options(address, POSTGRES_READERS);
    options.connect_lazy(true);
    let reader = sea_orm::Database::connect(options).await?;
    Ok(Database { writer, reader })
}

fn postgres_options(address: &str, connections: u32) -> ConnectOptions {
    let mut options = quiet(address);
    options
        .max_connections(connections)
        .connect_timeout(REACH_WAIT)
        .test_before_acquire(false)
        .map_sqlx_postgres_opts(|options| {
            let limit = format!("{}s", LOCK_WAIT.as_secs());
            options
                .application_name("usher")
                .statement_cache_capacity(PREPARED_STATEMENTS)
                .options([
                    ("lock_timeout", limit.as_str()),
                    // A process that freezes under the lock gives the tenant back.
                    ("idle_in_transaction_session_timeout", limit.as_str()),
                ])
        })
        // A change that was answered must outlive a crash, whatever the role or the server is set to.
        .map_sqlx_postgres_pool_opts(|options| {
            options.after_connect(|connection, _| {
                Box::pin(async move {
                    sqlx::raw_sql("SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'")
                        .execute(connection)
                        .await?;
                    Ok(())
                })
            })
        })
        // A `begin` that was dropped half way leaves its connection inside a transaction, where the
        // next caller's write would be answered and lost. Such a connection is closed, not lent.
        .map_sqlx_postgres_before_acquire(|connection, _| {
            Box::pin(async move {
                let row = sqlx::raw_sql("SELECT transaction_timestamp() = statement_timestamp()")
                    .fetch_one(connection)
                    .await?;
                row.try_get::<bool, _>(0)
            })
        });
    options
}

fn quiet(address: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(address);
    options
        .acquire_timeout(REACH_WAIT)
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_address_that_is_not_known_is_told_without_its_password() {
        for address in ["mysql://me:secret@host/usher", "postgres:me:secret@host"] {
            let error = connect(address).await.err().unwrap().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
