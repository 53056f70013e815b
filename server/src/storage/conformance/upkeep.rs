//! What a writer keeps between batches, and what it forgets.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{ConnectionTrait, Statement};
use usher_domain::ids::Instant;
use usher_domain::plan::OutcomeKind;

use super::database::TestDatabase;
use super::fixture::{PRODUCT, assign, done, organisation, person, request, with_id};
use super::on_both_databases;
use crate::env::{Env, ManualClock};
use crate::storage::{Priority, Store};

const HOUR: i64 = 3_600_000_000;

async fn store_at(database: &TestDatabase, now: i64) -> Store {
    let env = Env {
        clock: Arc::new(ManualClock::at(Instant(now))),
        ..Env::system()
    };
    Store::open(&database.address, env).await.unwrap()
}

async fn ids_kept(database: &TestDatabase) -> Vec<String> {
    let raw = database.raw().await;
    let sql = "SELECT id FROM requests ORDER BY id";
    let statement = Statement::from_string(raw.get_database_backend(), sql);
    let rows = raw.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| row.try_get("", "id").unwrap())
        .collect()
}

on_both_databases! {
    async fn old_answers_are_forgotten_and_young_ones_are_not(database: &TestDatabase) {
        let start = 1_000 * HOUR;
        for (n, hours) in [(0, 0), (1, 40), (2, 49)] {
            let store = store_at(database, start + hours * HOUR).await;
            let asked = with_id(request(person(n)), &format!("id{n}"), 0);
            store.write(asked, Priority::Interactive).await.unwrap();
            store.close().await;
        }
        for _ in 0..100 {
            if ids_kept(database).await.len() < 3 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(ids_kept(database).await, ["id1", "id2"]);
    }

    async fn old_answers_are_forgotten_where_nobody_writes_any_more(database: &TestDatabase) {
        let start = 1_000 * HOUR;
        let store = store_at(database, start).await;
        let asked = with_id(request(person(0)), "id", 0);
        store.write(asked, Priority::Interactive).await.unwrap();
        store.close().await;
        let store = store_at(database, start + 49 * HOUR).await;
        for _ in 0..500 {
            if ids_kept(database).await.is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(ids_kept(database).await.is_empty());
        store.close().await;
    }

    async fn counters_of_another_history_are_not_trusted(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 2, 1).await;
        done(&store, assign(0, PRODUCT)).await;
        // As after putting back a copy in which the same revision came about differently.
        let raw = database.raw().await;
        let other = if database.is_postgres() { "decode(repeat('ab', 32), 'hex')" } else { "randomblob(32)" };
        for sql in [&format!("UPDATE heads SET chain_hash = {other}"), "UPDATE pools SET enabled = 2"] {
            raw.execute_unprepared(sql).await.unwrap();
        }
        let outcome = done(&store, assign(1, PRODUCT)).await;
        assert_eq!(outcome.result, OutcomeKind::Applied);
    }
}
