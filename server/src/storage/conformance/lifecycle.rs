//! What happens to subscriptions by themselves: in time, once, in the record, and before anything else
//! of the tenant, however late it is noticed and however many processes notice it (R41, R46).

use std::sync::Arc;

use usher_domain::command::{Command, NewSubscription};
use usher_domain::ids::Instant;
use usher_domain::plan::{OutcomeKind, Subject};
use usher_domain::refusal::Code;
use usher_domain::subscription::{Subscription, SubscriptionStatus};

use super::database::TestDatabase;
use super::fixture::{
    PRODUCT, assign, chunk, done, organisation, person, pool, queue_up, request, unassign, user_id,
};
use super::on_both_databases;
use crate::env::{Env, ManualClock};
use crate::storage::{
    DEFAULT_TENANT, PageRequest, Priority, ReadAt, ReadTx, Record, RecordFilter, Store,
};

/// 2026-01-31, noon.
const START: Instant = Instant(1_769_860_800_000_000);

pub(super) fn day(days: i64) -> Instant {
    START.plus_days(days)
}

/// A store of its own on a database, as a process with this clock would have it.
async fn store_by(database: &TestDatabase, clock: &Arc<ManualClock>) -> Store {
    let env = Env {
        clock: Arc::clone(clock) as Arc<dyn crate::env::Clock>,
        ..Env::system()
    };
    Store::open(&database.address, env).await.unwrap()
}

pub(super) async fn start(database: &TestDatabase, people: u32) -> (Store, Arc<ManualClock>) {
    let clock = Arc::new(ManualClock::at(day(-1)));
    let store = store_by(database, &clock).await;
    organisation(&store, people, 0).await;
    clock.set(START);
    (store, clock)
}

pub(super) fn monthly(quantity: i64, recurring_billing: bool) -> Command {
    Command::CreateSubscription(Box::new(NewSubscription {
        product: PRODUCT.to_string(),
        quantity,
        months: Some(1),
        recurring_billing,
        ..NewSubscription::default()
    }))
}

async fn read(store: &Store, at: ReadAt<'_>) -> ReadTx {
    store.read(DEFAULT_TENANT, at).await.unwrap()
}

async fn only_one(store: &Store, at: ReadAt<'_>) -> Subscription {
    let mut all = read(store, at).await.subscriptions().await.unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// What was recorded of subscriptions, oldest first.
async fn recorded(store: &Store) -> Vec<Record> {
    let read = read(store, ReadAt::Now).await;
    let page = PageRequest::default();
    let page = read
        .list_records(&RecordFilter::default(), &page)
        .await
        .unwrap();
    let mut records = page.items;
    records.retain(|record| record.action.starts_with("subscription."));
    records.sort_by_key(|record| record.revision);
    let check = read.verify_chain().await.unwrap();
    assert_eq!(check.broken_at, None);
    records
}

fn told(records: &[Record]) -> Vec<(&str, Instant)> {
    let all = records.iter();
    all.map(|record| (record.action.as_str(), record.at))
        .collect()
}

on_both_databases! {
    async fn without_billing_a_subscription_passes_through_all_its_states(database: &TestDatabase) {
        let (store, clock) = start(database, 2).await;
        done(&store, monthly(2, false)).await;
        done(&store, assign(0, PRODUCT)).await;
        clock.set(day(200));
        store.catch_up().await.unwrap();

        let end = START.plus_months(1);
        let records = recorded(&store).await;
        let expected = [
            ("subscription.expire", end),
            ("subscription.disable", end.plus_days(30)),
            ("subscription.delete", end.plus_days(120)),
        ];
        assert_eq!(told(&records)[1..4], expected);
        assert_eq!(records[4].action, "subscription.end_licenses");
        assert!(records[1..].iter().all(|record| record.actor == "system"));
        assert!(records[1].before.contains("\"active\"") && records[1].after.contains("\"expired\""));
        // Every day shows what was true on it.
        for (days, status, (total, suspended, consumed)) in [
            (10, SubscriptionStatus::Active, (2, 0, 1)),
            (40, SubscriptionStatus::Expired, (2, 0, 1)),
            (100, SubscriptionStatus::Disabled, (0, 2, 1)),
            (199, SubscriptionStatus::Deleted, (0, 0, 0)),
        ] {
            let at = ReadAt::Time(day(days));
            assert_eq!(only_one(&store, at).await.status, status, "day {days}");
            let pools = read(&store, at).await.pools().await.unwrap();
            let pool = pools[&PRODUCT];
            assert_eq!((pool.total(), pool.suspended, pool.consumed), (total, suspended, consumed));
        }
        assert_eq!(pool(&store, PRODUCT).await.consumed, 0);
        let paths = read(&store, ReadAt::Now).await.assignments_of([user_id(0)]).await.unwrap();
        assert!(paths.is_empty());
        // Nothing is left to fall due, and nothing happens twice.
        assert_eq!(store.catch_up().await.unwrap(), None);
        assert_eq!(recorded(&store).await.len(), records.len());
    }

    async fn with_billing_a_subscription_is_renewed_on_its_day(database: &TestDatabase) {
        let (store, clock) = start(database, 1).await;
        done(&store, monthly(5, true)).await;
        clock.set(day(200));
        store.catch_up().await.unwrap();
        let records = recorded(&store).await;
        let renewals: Vec<_> = (1..=6).map(|n| ("subscription.renew", START.plus_months(n))).collect();
        assert_eq!(told(&records)[1..], renewals);
        let one = only_one(&store, ReadAt::Now).await;
        assert_eq!((one.status, one.ends_at), (SubscriptionStatus::Active, Some(START.plus_months(7))));
        assert_eq!(pool(&store, PRODUCT).await.total(), 5);
        assert_eq!(store.catch_up().await.unwrap(), Some(START.plus_months(7)));
    }

    async fn two_processes_make_each_transition_once(database: &TestDatabase) {
        let (first, clock) = start(database, 1).await;
        done(&first, monthly(5, true)).await;
        done(&first, monthly(3, false)).await;
        let second = store_by(database, &clock).await;
        for days in [20, 45, 70, 130, 200] {
            clock.set(day(days));
            let (one, other) = tokio::join!(first.catch_up(), second.catch_up());
            assert_eq!((one.is_ok(), other.is_ok()), (true, true));
        }
        let records = recorded(&second).await;
        let count = |what: &str| records.iter().filter(|record| record.action == what).count();
        assert_eq!(count("subscription.renew"), 6);
        for what in ["expire", "disable", "delete"] {
            assert_eq!(count(&format!("subscription.{what}")), 1, "{what}");
        }
        assert_eq!(pool(&first, PRODUCT).await.total(), 5);
    }

    async fn a_late_process_assigns_no_lapsed_seat(database: &TestDatabase) {
        let (store, clock) = start(database, 3).await;
        done(&store, monthly(2, false)).await;
        done(&store, assign(0, PRODUCT)).await;
        store.close().await;

        clock.set(day(70));
        let store = store_by(database, &clock).await;
        // It was behind when it started, and falls behind again while it runs.
        assert_eq!(only_one(&store, ReadAt::Now).await.status, SubscriptionStatus::Disabled);
        done(&store, Command::ReactivateSubscription {
            subscription: PRODUCT.to_string(),
            quantity: None,
            months: Some(1),
        }).await;
        clock.set(day(170));
        let refused = store.write(request(assign(1, PRODUCT)), Priority::Interactive).await.unwrap();
        assert_eq!(refused.code(), Some(Code::SubscriptionSuspended), "{refused:?}");
        assert_eq!(pool(&store, PRODUCT).await.consumed, 1);
    }

    async fn a_preview_sees_what_has_fallen_due_and_records_nothing(database: &TestDatabase) {
        let (store, clock) = start(database, 2).await;
        done(&store, monthly(2, false)).await;
        clock.set(day(70));
        let mut preview = store.preview(DEFAULT_TENANT).await.unwrap();
        let judged = preview.plan(&[request(assign(0, PRODUCT))]).await.unwrap();
        assert_eq!(judged[0].code(), Some(Code::SubscriptionSuspended));
        assert_eq!(recorded(&store).await.len(), 1);
        let head = read(&store, ReadAt::Now).await.revision();
        let applied = store.write(request(assign(0, PRODUCT)), Priority::Interactive).await.unwrap();
        assert_eq!(applied.causes, judged[0].causes);
        assert!(read(&store, ReadAt::Now).await.revision() > head);
    }

    async fn a_clock_that_jumps_back_does_no_harm(database: &TestDatabase) {
        let (store, clock) = start(database, 1).await;
        done(&store, monthly(5, true)).await;
        clock.set(day(100));
        store.catch_up().await.unwrap();
        let before = recorded(&store).await;
        clock.set(day(-50));
        store.catch_up().await.unwrap();
        done(&store, assign(0, PRODUCT)).await;
        assert_eq!(recorded(&store).await, before);
        let read = read(&store, ReadAt::Now).await;
        let page = read.list_records(&RecordFilter::default(), &PageRequest::default()).await.unwrap();
        assert!(page.items.is_sorted_by_key(|record| (record.at, record.revision)));
        clock.set(day(100));
        store.catch_up().await.unwrap();
        assert_eq!(recorded(&store).await, before);
    }

    async fn an_over_allocated_pool_has_its_moment_and_the_queue_stands_still(database: &TestDatabase) {
        let (store, clock) = start(database, 5).await;
        done(&store, monthly(3, true)).await;
        for n in 0..3 {
            done(&store, assign(n, PRODUCT)).await;
        }
        done(&store, queue_up(3, PRODUCT)).await;
        let subscription = PRODUCT.to_string();
        let smaller = usher_domain::command::SubscriptionChange {
            subscription,
            renewal_quantity: Some(1),
            ..Default::default()
        };
        done(&store, Command::UpdateSubscription(Box::new(smaller))).await;
        let end = START.plus_months(1);
        clock.set(day(40));
        // Whoever comes first makes what has fallen due happen.
        done(&store, person(4)).await;
        let over = async |at| read(&store, at).await.over_allocations().await.unwrap();
        assert_eq!(over(ReadAt::Now).await.get(&PRODUCT), Some(&end));
        assert_eq!(pool(&store, PRODUCT).await.available(), -2);
        done(&store, unassign(0, PRODUCT)).await;
        assert_eq!(pool(&store, PRODUCT).await.consumed, 2);
        clock.set(day(41));
        done(&store, unassign(1, PRODUCT)).await;
        assert!(over(ReadAt::Now).await.is_empty());
        assert_eq!(over(ReadAt::Time(day(40))).await.get(&PRODUCT), Some(&end));
        assert!(over(ReadAt::Time(day(10))).await.is_empty());
        // One more seat goes to who waits, in the same transaction.
        let bought = done(&store, monthly(1, false)).await;
        let pool = pool(&store, PRODUCT).await;
        assert_eq!((pool.total(), pool.consumed), (2, 2));
        assert!(matches!(bought.subject, Some(Subject::Subscription(_))));
    }

    async fn one_transaction_does_not_do_everything_that_fell_due(database: &TestDatabase) {
        let (store, clock) = start(database, 1).await;
        let many: Vec<Command> = (0..130).map(|_| monthly(1, true)).collect();
        let outcomes = chunk(&store, many).await;
        assert!(outcomes.iter().all(|outcome| outcome.result == OutcomeKind::Applied));
        clock.set(START.plus_months(1));
        done(&store, assign(0, PRODUCT)).await;
        let all = read(&store, ReadAt::Now).await.subscriptions().await.unwrap();
        assert!(all.iter().all(|one| one.ends_at == Some(START.plus_months(2))));
        assert_eq!(pool(&store, PRODUCT).await.total(), 130);
    }
}

/// The schema as it was before subscriptions had a life.
const BEFORE: u32 = 15;

on_both_databases! {
    async fn purchases_from_before_go_on_from_their_dates(database: &TestDatabase) {
        use sea_orm::{ConnectionTrait, Statement};
        use sea_orm_migration::MigratorTrait as _;
        use usher_migrations::Migrator;
        use uuid::Uuid;

        if let Some(path) = database.address.strip_prefix("sqlite://") {
            std::fs::write(path, []).unwrap();
        }
        let raw = database.raw().await;
        Migrator::up(&raw, Some(BEFORE)).await.unwrap();
        let (tenant, id) = (DEFAULT_TENANT.as_uuid(), Uuid::from_u128(7));
        let head = "INSERT INTO heads (tenant, revision, chain_hash, last_at, catalogue_rev) VALUES ($1, 0, $2, 0, 0)";
        let named = "INSERT INTO tenants (id, name, guest_policy, created_at, from_rev) VALUES ($1, 'Default', 0, 0, 0)";
        let bought = "INSERT INTO subscriptions (tenant, id, product_id, name, quantity, status, trial, starts_at, ends_at, recurring_billing, grace_days, disabled_days, created_at, from_rev) VALUES ($1, $2, $3, 'Old', 5, 0, false, $4, $5, false, 30, 90, $4, 0)";
        let seats = "INSERT INTO pools (tenant, product_id, enabled, warning, suspended, locked_out, consumed) VALUES ($1, $2, 5, 0, 0, 0, 0)";
        let (start, end) = (START, START.plus_months(12));
        for (sql, values) in [
            (head, vec![tenant.into(), vec![0u8; 32].into()]),
            (named, vec![tenant.into()]),
            (bought, vec![tenant.into(), id.into(), PRODUCT.as_uuid().into(), start.0.into(), end.0.into()]),
            (seats, vec![tenant.into(), PRODUCT.as_uuid().into()]),
        ] {
            let backend = raw.get_database_backend();
            let statement = Statement::from_sql_and_values(backend, sql, values);
            raw.execute_raw(statement).await.unwrap();
        }
        drop(raw);

        let clock = Arc::new(ManualClock::at(end.plus_days(40)));
        let store = store_by(database, &clock).await;
        let one = only_one(&store, ReadAt::Now).await;
        assert_eq!((one.status, one.status_since), (SubscriptionStatus::Disabled, end.plus_days(30)));
        assert_eq!((one.term_months, one.cancel_days, one.anchor_at), (12, 7, end));
        assert_eq!(pool(&store, PRODUCT).await.suspended, 5);
        assert_eq!(store.catch_up().await.unwrap(), Some(end.plus_days(120)));
    }
}
