//! Starting: several processes at once on an empty database, and a schema from the future.

use std::sync::Arc;

use sea_orm::ConnectionTrait;

use super::database::TestDatabase;
use super::fixture::{PRODUCT, done, organisation, person, pool};
use super::on_both_databases;
use crate::env::Env;
use crate::storage::{Store, StoreError};

on_both_databases! {
    async fn processes_that_start_together_agree(database: &TestDatabase) {
        let starts = (0..4).map(|_| database.try_store());
        let stores = futures_util::future::join_all(starts).await;
        for (number, store) in stores.into_iter().enumerate() {
            done(&store.unwrap(), person(number as u32)).await;
        }
    }

    async fn a_newer_schema_is_left_alone(database: &TestDatabase) {
        database.store().await.close().await;
        let raw = database.raw().await;
        let future = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20991231_000001_future', 0)";
        raw.execute_unprepared(future).await.unwrap();
        let refused = database.try_store().await.err();
        let version = "m20991231_000001_future".to_owned();
        assert_eq!(refused, Some(StoreError::SchemaTooNew { version }));
    }

    async fn what_was_written_is_there_after_a_restart(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 2, 9).await;
        store.close().await;
        assert_eq!(pool(&database.store().await, PRODUCT).await.total(), 9);
    }
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_said_to() {
    for address in [
        "mysql://x",
        "usher.db",
        "sqlite::memory:",
        "sqlite://x?mode=memory",
    ] {
        let refused = Store::open(address, Env::system()).await.err();
        assert!(
            matches!(refused, Some(StoreError::BadAddress { .. })),
            "{address}: {refused:?}"
        );
    }
    for address in [
        "postgres://nobody@127.0.0.1:1/none",
        "sqlite:///no/such/folder/usher.db",
    ] {
        let refused = Store::open(address, Env::system()).await.err();
        assert_eq!(refused, Some(StoreError::Unavailable), "{address}");
    }
}
