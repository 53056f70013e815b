//! Seats under concurrency, over several processes, and with callers that go away (R6).

use std::sync::Arc;
use std::time::Duration;

use usher_domain::plan::OutcomeKind;
use usher_domain::refusal::Code;

use super::database::TestDatabase;
use super::fixture::{
    OTHER, PRODUCT, assign, chunk, count, done, organisation, pool, queue_up, request, seats,
    unassign, user_id,
};
use super::on_both_databases;
use crate::storage::{AssignmentFilter, DEFAULT_TENANT, PageRequest, Priority, ReadAt, Store};

async fn holders(store: &Store) -> usize {
    let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
    let filter = AssignmentFilter {
        product: Some(PRODUCT),
        ..AssignmentFilter::default()
    };
    let page = PageRequest {
        size: 1_000,
        token: String::new(),
    };
    let page = read.list_assignments(&filter, &page).await.unwrap();
    assert!(page.next.is_empty());
    page.items.len()
}

on_both_databases! {
    async fn fifty_seats_are_fifty_licences(database: &TestDatabase) {
        let stores = [database.store().await, database.store().await];
        organisation(&stores[0], 150, 50).await;
        let calls: Vec<_> = (0..150u32)
            .map(|n| {
                let store = stores[n as usize % 2].clone();
                tokio::spawn(async move {
                    store.write(request(assign(n, PRODUCT)), Priority::Interactive).await
                })
            })
            .collect();
        let mut outcomes = Vec::new();
        for call in calls {
            outcomes.push(call.await.unwrap().unwrap());
        }
        assert_eq!(count(&outcomes, OutcomeKind::Applied, None), 50);
        assert_eq!(count(&outcomes, OutcomeKind::Failed, Some(Code::NoAvailableSeats)), 100);
        for store in &stores {
            let pool = pool(store, PRODUCT).await;
            assert_eq!((pool.total(), pool.consumed), (50, 50));
            assert_eq!(holders(store).await, 50);
        }
    }

    async fn a_chunk_is_served_in_its_order(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 4, 2).await;
        let rows = vec![
            assign(0, PRODUCT),
            assign(1, PRODUCT),
            assign(2, PRODUCT),
            unassign(1, PRODUCT),
            assign(3, PRODUCT),
            assign(0, PRODUCT),
        ];
        let outcomes = chunk(&store, rows).await;
        let results: Vec<_> = outcomes.iter().map(|outcome| outcome.result).collect();
        use OutcomeKind::{Applied, Failed, Unchanged};
        assert_eq!(results, [Applied, Applied, Failed, Applied, Applied, Unchanged]);
        assert_eq!(pool(&store, PRODUCT).await.consumed, 2);
        assert_eq!(holders(&store).await, 2);
    }

    async fn a_freed_seat_goes_to_the_first_in_the_queue(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 3, 1).await;
        done(&store, assign(0, PRODUCT)).await;
        for waiting in [1, 2] {
            let outcome = done(&store, queue_up(waiting, PRODUCT)).await;
            assert_eq!(outcome.result, OutcomeKind::Waiting);
        }
        done(&store, unassign(0, PRODUCT)).await;
        let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        let paths = read.assignments_of([user_id(1), user_id(2)]).await.unwrap();
        let active: Vec<_> = paths.iter().filter(|p| p.is_active()).map(|p| p.user).collect();
        assert_eq!(active, [user_id(1)]);
        done(&store, seats(PRODUCT, 1)).await;
        assert_eq!(pool(&store, PRODUCT).await.consumed, 2);
    }

    async fn a_preview_changes_nothing_and_comes_to_the_same(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 30, 12).await;
        let rows: Vec<_> = (0..30).map(|n| request(assign(n, PRODUCT))).collect();
        let mut preview = store.preview(DEFAULT_TENANT).await.unwrap();
        // Meanwhile somebody else takes the seats: the preview stays in its moment.
        let mut previewed = preview.plan(&rows[..10]).await.unwrap();
        done(&store, assign(29, PRODUCT)).await;
        previewed.extend(preview.plan(&rows[10..]).await.unwrap());
        assert_eq!(count(&previewed, OutcomeKind::Applied, None), 12);
        assert_eq!(holders(&store).await, 1);
        done(&store, unassign(29, PRODUCT)).await;
        let applied = store.write_chunk(rows).await.unwrap();
        let results = |of: &[usher_domain::plan::Outcome]| -> Vec<_> {
            of.iter().map(|outcome| (outcome.result, outcome.code())).collect()
        };
        assert_eq!(results(&applied), results(&previewed));
    }

    async fn what_was_acknowledged_is_there_whoever_was_cancelled(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 400, 400).await;
        let mut calls = Vec::new();
        for n in 0..400u32 {
            let store = store.clone();
            let patience = Duration::from_micros(u64::from(n % 7) * 400);
            calls.push(tokio::spawn(async move {
                let write = store.write(request(assign(n, PRODUCT)), Priority::Interactive);
                if n % 3 == 0 {
                    let read = store.read(DEFAULT_TENANT, ReadAt::Now);
                    drop(tokio::time::timeout(patience, read).await);
                }
                let answered = if n % 2 == 0 {
                    tokio::time::timeout(patience, write).await.ok()
                } else {
                    Some(write.await)
                };
                answered.map(|outcome| (n, outcome.unwrap()))
            }));
        }
        let mut acknowledged = Vec::new();
        for call in calls {
            acknowledged.extend(call.await.unwrap());
        }
        assert!(acknowledged.len() >= 200);
        done(&store, seats(OTHER, 1)).await;
        let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        for (n, outcome) in acknowledged {
            assert_eq!(outcome.result, OutcomeKind::Applied);
            let paths = read.assignments_of([user_id(n)]).await.unwrap();
            assert_eq!(paths.len(), 1, "the licence of person {n} was acknowledged and lost");
        }
        assert_eq!(read.verify_chain().await.unwrap().broken_at, None);
        pool(&store, PRODUCT).await;
    }

    async fn two_processes_share_the_lock(database: &TestDatabase) {
        let stores = [database.store().await, database.store().await];
        organisation(&stores[0], 600, 600).await;
        let busy: Vec<_> = stores
            .iter()
            .zip([0..300u32, 300..600])
            .map(|(store, people)| {
                let store = store.clone();
                tokio::spawn(async move {
                    for n in people {
                        let asked = vec![request(assign(n, PRODUCT)), request(unassign(n, PRODUCT))];
                        store.write_chunk(asked).await.unwrap();
                    }
                })
            })
            .collect();
        for process in busy {
            process.await.unwrap();
        }
        assert_eq!(pool(&stores[0], PRODUCT).await.consumed, 0);
    }
}
