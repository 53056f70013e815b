//! The one lock: whoever writes for a tenant holds its row in `heads`, and nothing else.
//! What is loaded before it is held is not trusted.

use std::time::Duration;

use sea_orm::sea_query::LockType;
use sea_orm::{
    AccessMode, DatabaseConnection, DatabaseTransaction, DbBackend, EntityTrait, IsolationLevel,
    QuerySelect, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tokio::time::{Instant, sleep};
use usher_domain::ids::{self, Revision, TenantId};

use super::connect::Database;
use super::entity::heads;
use super::error::{LOCK_WAIT, StoreError, is_busy};
use crate::env::Clock;

/// The end of a tenant's chain of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) revision: Revision,
    pub(crate) chain_hash: [u8; 32],
    pub(crate) last_at: ids::Instant,
    /// Nothing falls due by itself before.
    pub(crate) next_due: Option<ids::Instant>,
    pub(crate) catalogue_rev: Revision,
}

impl Head {
    /// The moment of the next change: no clock that goes back puts it before the last one.
    pub(crate) fn next_instant(&self, clock: &dyn Clock) -> ids::Instant {
        ids::Instant(clock.now().0.max(self.last_at.0.saturating_add(1)))
    }

    /// Whether something may have fallen due that is to be done before anything else.
    pub(crate) fn is_due(&self, now: ids::Instant) -> bool {
        self.next_due.is_some_and(|due| due <= now)
    }
}

/// How long a writer waits before it tries again to get the lock of a SQLite file. SQLite's own
/// waiting looks ever more rarely, up to ten times a second, and misses the moments in which a busy
/// process lets go.
const TRY_AGAIN: Duration = Duration::from_millis(2);

/// Begins a transaction that may write; on SQLite it is the only one that may from then on.
pub(crate) async fn begin_write(
    writer: &DatabaseConnection,
) -> Result<DatabaseTransaction, StoreError> {
    let options = || match writer.get_database_backend() {
        // Whatever the server's default is: a stricter one would see the state before the lock.
        DbBackend::Postgres => TransactionOptions {
            isolation_level: Some(IsolationLevel::ReadCommitted),
            access_mode: None,
            sqlite_transaction_mode: None,
        },
        _ => TransactionOptions {
            isolation_level: None,
            access_mode: None,
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        },
    };
    let until = Instant::now() + LOCK_WAIT;
    loop {
        match writer.begin_with_options(options()).await {
            Err(error) if is_busy(&error) && Instant::now() < until => sleep(TRY_AGAIN).await,
            begun => return Ok(begun?),
        }
    }
}

/// Begins a transaction that may write, and takes the tenant's lock in a statement of its own:
/// whatever is loaded later sees all that the last holder committed.
pub(crate) async fn lock_tenant(
    database: &Database,
    tenant: TenantId,
) -> Result<(DatabaseTransaction, Head), StoreError> {
    let transaction = begin_write(&database.writer).await?;
    let row = heads::Entity::find_by_id(tenant.as_uuid())
        .lock(LockType::NoKeyUpdate)
        .one(&transaction)
        .await?
        .ok_or(StoreError::TenantNotFound)?;
    Ok((transaction, head_of(row)?))
}

/// Begins a transaction in which every statement sees the same moment.
///
/// It begins on a task of its own: a `begin` that its caller drops half way would leave the
/// connection inside a transaction for whoever is lent it next.
pub(crate) async fn begin_read(database: &Database) -> Result<DatabaseTransaction, StoreError> {
    let reader = database.reader.clone();
    tokio::spawn(async move {
        let options = match reader.get_database_backend() {
            DbBackend::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                sqlite_transaction_mode: None,
            },
            _ => TransactionOptions {
                isolation_level: None,
                access_mode: None,
                sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
            },
        };
        reader.begin_with_options(options).await
    })
    .await
    .map_err(|_| StoreError::Closed)?
    .map_err(StoreError::from)
}

/// The head as a reader sees it, without the lock.
pub(crate) async fn head_seen(
    transaction: &DatabaseTransaction,
    tenant: TenantId,
) -> Result<Head, StoreError> {
    let row = heads::Entity::find_by_id(tenant.as_uuid())
        .one(transaction)
        .await?
        .ok_or(StoreError::TenantNotFound)?;
    head_of(row)
}

fn head_of(row: heads::Model) -> Result<Head, StoreError> {
    Ok(Head {
        revision: Revision(row.revision),
        chain_hash: row
            .chain_hash
            .try_into()
            .map_err(|_| StoreError::Corrupt("a chain hash that is not 32 bytes".to_owned()))?,
        last_at: ids::Instant(row.last_at),
        next_due: row.next_due.map(ids::Instant),
        catalogue_rev: Revision(row.catalogue_rev),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::ManualClock;

    #[test]
    fn a_clock_that_goes_back_does_not_turn_changes_round() {
        let head = Head {
            revision: Revision(7),
            chain_hash: [0; 32],
            last_at: ids::Instant(1_000),
            next_due: None,
            catalogue_rev: Revision(0),
        };
        for (clock, next) in [(500, 1_001), (1_000, 1_001), (1_500, 1_500)] {
            let clock = ManualClock::at(ids::Instant(clock));
            assert_eq!(head.next_instant(&clock), ids::Instant(next));
        }
    }
}
