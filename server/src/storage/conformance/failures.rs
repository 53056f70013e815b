//! What happens when the database says no: somebody holds the lock, a caller leaves, a row is refused.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use usher_domain::plan::OutcomeKind;
use usher_domain::refusal::Code;

use super::database::TestDatabase;
use super::fixture::{PRODUCT, assign, done, named, organisation, person, pool, request, user_id};
use super::on_both_databases;
use crate::storage::{DEFAULT_TENANT, LOCK_WAIT, Priority, ReadAt, Store, StoreError};

/// Takes the lock as another process would.
async fn hold_lock(database: &TestDatabase, raw: &DatabaseConnection) -> DatabaseTransaction {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = raw.begin_with_options(options).await.unwrap();
    if database.is_postgres() {
        transaction
            .execute_unprepared("SELECT * FROM heads FOR UPDATE")
            .await
            .unwrap();
    }
    transaction
}

async fn display_names(store: &Store, numbers: &[u32]) -> Vec<String> {
    let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
    let mut names = Vec::new();
    for number in numbers {
        let found = read
            .find_users(&user_id(*number).to_string())
            .await
            .unwrap();
        names.extend(found.into_iter().map(|user| user.profile.display_name));
    }
    names
}

on_both_databases! {
    async fn a_lock_held_too_long_is_busy(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 1, 1).await;
        let raw = database.raw().await;
        let held = hold_lock(database, &raw).await;
        let began = Instant::now();
        let refused = store.write(request(assign(0, PRODUCT)), Priority::Interactive).await;
        assert_eq!(refused, Err(StoreError::Busy));
        let waited = began.elapsed();
        assert!(waited >= LOCK_WAIT && waited < LOCK_WAIT * 2, "{waited:?}");
        // Reading goes on meanwhile.
        assert_eq!(pool(&store, PRODUCT).await.consumed, 0);
        held.rollback().await.unwrap();
        done(&store, assign(0, PRODUCT)).await;
    }

    async fn a_caller_that_left_changes_nothing(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 3, 3).await;
        let raw = database.raw().await;
        let held = hold_lock(database, &raw).await;
        let writer = |n| {
            let store = store.clone();
            tokio::spawn(async move {
                store.write(request(assign(n, PRODUCT)), Priority::Interactive).await
            })
        };
        let (leaves, stays) = (writer(0), writer(1));
        tokio::time::sleep(Duration::from_millis(200)).await;
        leaves.abort();
        assert!(leaves.await.unwrap_err().is_cancelled());
        held.rollback().await.unwrap();
        assert_eq!(stays.await.unwrap().unwrap().result, OutcomeKind::Applied);
        done(&store, assign(2, PRODUCT)).await;
        let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        assert_eq!(read.assignments_of([user_id(0)]).await.unwrap(), []);
        assert_eq!(read.assignments_of([user_id(1), user_id(2)]).await.unwrap().len(), 2);
    }

    async fn only_the_guilty_command_of_a_batch_fails(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 1, 1).await;
        let raw = database.raw().await;
        raw.execute_unprepared(if database.is_postgres() {
            "ALTER TABLE users ADD CONSTRAINT trap CHECK (display_name <> 'Guilty')"
        } else {
            "CREATE TRIGGER trap BEFORE INSERT ON users WHEN NEW.display_name = 'Guilty' BEGIN SELECT RAISE(ABORT, 'trap'); END"
        }).await.unwrap();
        let rows = vec![person(1), named(2, "Guilty"), person(3)];
        let outcomes = store.write_chunk(rows.into_iter().map(request).collect()).await.unwrap();
        let codes: Vec<_> = outcomes.iter().map(|o| (o.result, o.code())).collect();
        assert_eq!(codes, [
            (OutcomeKind::Applied, None),
            (OutcomeKind::Failed, Some(Code::Unavailable)),
            (OutcomeKind::Applied, None),
        ]);
        assert_eq!(display_names(&store, &[1, 2, 3]).await, ["Person 00001", "Person 00003"]);
        let alone = store.write(request(named(4, "Guilty")), Priority::Interactive).await;
        assert!(matches!(alone, Err(StoreError::Corrupt(_))), "{alone:?}");
        done(&store, assign(3, PRODUCT)).await;
        let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        assert_eq!(read.verify_chain().await.unwrap().broken_at, None);
    }

    async fn closing_finishes_what_waits(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 1, 1).await;
        let pending = {
            let store = store.clone();
            tokio::spawn(async move {
                store.write(request(assign(0, PRODUCT)), Priority::Interactive).await
            })
        };
        tokio::task::yield_now().await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        store.close().await;
        assert_eq!(pending.await.unwrap().unwrap().result, OutcomeKind::Applied);
        assert_eq!(pool(&database.store().await, PRODUCT).await.consumed, 1);
    }
}
