//! What only PostgreSQL can do to a store: its own defaults, and refusals that come and go.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{ConnectionTrait, Statement};
use tokio::time::{Instant, sleep};
use usher_domain::plan::OutcomeKind;
use usher_domain::refusal::Code;

use super::database::TestDatabase;
use super::fixture::{
    PRODUCT, assign, chunk, count, done, named, organisation, person, pool, request, user_id,
};
use crate::storage::connect::connect;
use crate::storage::{DEFAULT_TENANT, Priority, ReadAt};

async fn set_default(database: &TestDatabase, setting: &str) {
    let (_, name) = database.address.rsplit_once('/').unwrap();
    let sql = format!("ALTER DATABASE {name} SET {setting}");
    database.raw().await.execute_unprepared(&sql).await.unwrap();
}

/// A stricter level would see the pool as it was before the lock was waited for, or fail.
async fn defaults_are_not_relied_on(database: Arc<TestDatabase>) {
    set_default(&database, "default_transaction_isolation = 'serializable'").await;
    set_default(&database, "synchronous_commit = off").await;
    let opened = connect(&database.address).await.unwrap();
    for connections in [&opened.writer, &opened.reader] {
        let backend = connections.get_database_backend();
        let show = Statement::from_string(backend, "SHOW synchronous_commit");
        let row = connections.query_one_raw(show).await.unwrap().unwrap();
        assert_eq!(row.try_get_by_index::<String>(0).unwrap(), "on");
    }
    opened.close().await;
    let stores = [database.store().await, database.store().await];
    organisation(&stores[0], 60, 20).await;
    let calls: Vec<_> = (0..60u32)
        .map(|n| {
            let store = stores[n as usize % 2].clone();
            tokio::spawn(async move {
                let asked = request(assign(n, PRODUCT));
                store.write(asked, Priority::Interactive).await
            })
        })
        .collect();
    let mut outcomes = Vec::new();
    for call in calls {
        outcomes.push(call.await.unwrap().unwrap());
    }
    assert_eq!(count(&outcomes, OutcomeKind::Applied, None), 20);
    assert_eq!(pool(&stores[0], PRODUCT).await.consumed, 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn defaults_of_the_server_are_not_relied_on() {
    let name = concat!(module_path!(), "::defaults_of_the_server_are_not_relied_on");
    TestDatabase::with_postgres(name, defaults_are_not_relied_on).await;
}

const TRAP: &str = "
CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.display_name = 'Guilty' THEN RAISE 'trap' USING ERRCODE = '23514'; END IF;
  IF NEW.display_name = 'Too slow' THEN RAISE 'trap' USING ERRCODE = '55P03'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER trap BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION trap();
";

async fn what_stops_one_stops_the_rest(database: Arc<TestDatabase>) {
    let store = database.store().await;
    organisation(&store, 1, 1).await;
    database.raw().await.execute_unprepared(TRAP).await.unwrap();
    let rows = vec![
        person(1),
        named(2, "Guilty"),
        named(3, "Too slow"),
        person(4),
    ];
    let outcomes = store
        .write_chunk(rows.into_iter().map(request).collect())
        .await
        .unwrap();
    let codes: Vec<_> = outcomes.iter().map(|o| (o.result, o.code())).collect();
    assert_eq!(
        codes,
        [
            (OutcomeKind::Applied, None),
            (OutcomeKind::Failed, Some(Code::Unavailable)),
            (OutcomeKind::Failed, Some(Code::DatabaseBusy)),
            (OutcomeKind::Failed, Some(Code::DatabaseBusy)),
        ]
    );
    let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
    for (name, people) in [("Person 00001", 1), ("Person 00004", 0)] {
        assert_eq!(read.find_users(name).await.unwrap().len(), people, "{name}");
    }
    drop(read);
    done(&store, person(4)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stops_one_command_stops_the_rest() {
    let name = concat!(module_path!(), "::what_stops_one_command_stops_the_rest");
    TestDatabase::with_postgres(name, what_stops_one_stops_the_rest).await;
}

/// Without figures every index of a young table looks alike, and one person is looked for among all.
async fn a_table_that_grows_is_known_to_have_grown(database: Arc<TestDatabase>) {
    let store = database.store().await;
    let raw = database.raw().await;
    raw.execute_unprepared("ALTER TABLE users SET (autovacuum_enabled = false)")
        .await
        .unwrap();
    let rows = (0..600).map(person).map(request).collect();
    store.write_chunk(rows).await.unwrap();
    let known = Statement::from_string(
        raw.get_database_backend(),
        "SELECT reltuples FROM pg_class WHERE relname = 'users'",
    );
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let row = raw.query_one_raw(known.clone()).await.unwrap().unwrap();
        let rows: f32 = row.try_get_by_index(0).unwrap();
        if rows >= 600.0 {
            break;
        }
        assert!(Instant::now() < until, "the database knows of {rows} rows");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_young_table_is_looked_at_again() {
    let name = concat!(module_path!(), "::a_young_table_is_looked_at_again");
    TestDatabase::with_postgres(name, a_table_that_grows_is_known_to_have_grown).await;
}

/// People first, licences later: the figures of a table that was empty at the first look say nothing.
async fn every_young_table_gets_its_figures(database: Arc<TestDatabase>) {
    let store = database.store().await;
    organisation(&store, 1_200, 1_200).await;
    let raw = database.raw().await;
    raw.execute_unprepared("ALTER TABLE assignments SET (autovacuum_enabled = false)")
        .await
        .unwrap();
    raw.execute_unprepared("ANALYZE assignments").await.unwrap();
    let numbers: Vec<u32> = (0..1_200).collect();
    for some in numbers.chunks(600) {
        let commands = some.iter().map(|number| assign(*number, PRODUCT)).collect();
        chunk(&store, commands).await;
    }
    let rows_known = async || {
        let sql = "SELECT reltuples::bigint FROM pg_class WHERE relname = 'assignments'";
        let backend = raw.get_database_backend();
        let row = raw.query_one_raw(Statement::from_string(backend, sql));
        row.await
            .unwrap()
            .unwrap()
            .try_get_by_index::<i64>(0)
            .unwrap()
    };
    let deadline = Instant::now() + Duration::from_secs(20);
    while rows_known().await <= 0 {
        assert!(Instant::now() < deadline, "nothing is known of assignments");
        sleep(Duration::from_millis(100)).await;
    }
    let sql = format!(
        "EXPLAIN SELECT * FROM assignments WHERE tenant = '{}' AND user_id = '{}' AND to_rev IS NULL",
        DEFAULT_TENANT.as_uuid(),
        user_id(7).as_uuid()
    );
    let backend = raw.get_database_backend();
    let plan = raw.query_all_raw(Statement::from_string(backend, sql));
    let plan: Vec<String> = plan
        .await
        .unwrap()
        .iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect();
    let plan = plan.join("\n");
    assert!(plan.contains("assignments_live "), "{plan}");
    assert!(plan.contains("user_id = "), "{plan}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn young_tables_get_their_figures() {
    let name = concat!(module_path!(), "::young_tables_get_their_figures");
    TestDatabase::with_postgres(name, every_young_table_gets_its_figures).await;
}
