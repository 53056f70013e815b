//! Free seats go to those who wait for them, however many there are and whatever else they wait for.

use std::sync::Arc;

use usher_domain::command::Command;
use usher_domain::ids::{ProductId, UserId};
use usher_domain::plan::OutcomeKind::{Applied, Failed};

use super::database::TestDatabase;
use super::fixture::{
    OTHER, PRODUCT, assign, chunk, done, named, organisation, pool, queue_up, request, seats,
    unassign, user_id,
};
use super::on_both_databases;
use crate::storage::{DEFAULT_TENANT, ReadAt, Store};

async fn line_up(store: &Store, people: u32, product: ProductId) {
    let people: Vec<u32> = (0..people).collect();
    for some in people.chunks(1_000) {
        chunk(store, some.iter().map(|n| queue_up(*n, product)).collect()).await;
    }
}

/// Which of the first people hold the product.
async fn holders(store: &Store, people: u32, product: ProductId) -> Vec<UserId> {
    let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
    let paths = read.assignments_of((0..people).map(user_id)).await.unwrap();
    let mut holders: Vec<_> = paths
        .into_iter()
        .filter(|path| path.is_active() && path.product == product)
        .map(|path| path.user)
        .collect();
    holders.sort_unstable();
    holders
}

/// Changes of licences as one, all or nothing.
fn together(changes: Vec<Command>) -> Command {
    let changes = changes.into_iter().filter_map(|command| match command {
        Command::ModifyLicenses(change) => Some(*change),
        _ => None,
    });
    Command::ModifyLicensesTogether(changes.collect())
}

on_both_databases! {
    async fn a_long_queue_leaves_no_seat_free_and_no_other_queue_unserved(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 2_300, 0).await;
        line_up(&store, 2_300, PRODUCT).await;
        line_up(&store, 3, OTHER).await;
        done(&store, seats(OTHER, 2)).await;
        assert_eq!(holders(&store, 3, OTHER).await, [user_id(0), user_id(1)]);
        done(&store, seats(PRODUCT, 2_200)).await;
        assert_eq!(pool(&store, PRODUCT).await.consumed, 2_200);
        let first: Vec<_> = (0..2_200).map(user_id).collect();
        assert_eq!(holders(&store, 2_300, PRODUCT).await, first);
    }

    async fn nobody_goes_past_those_who_came_before(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 250, 0).await;
        line_up(&store, 250, PRODUCT).await;
        // The last one is spoken of in the batch, one of the first leaves the queue in it.
        let mut batch = vec![named(249, "Spoken of"), unassign(1, PRODUCT)];
        batch.extend((0..120).map(|_| seats(PRODUCT, 1)));
        let mut preview = store.preview(DEFAULT_TENANT).await.unwrap();
        let asked: Vec<_> = batch.iter().cloned().map(request).collect();
        preview.plan(&asked).await.unwrap();
        chunk(&store, batch).await;
        let expected: Vec<_> = (0..121).filter(|n| *n != 1).map(user_id).collect();
        assert_eq!(holders(&store, 250, PRODUCT).await, expected);
    }

    async fn a_seat_that_a_row_frees_goes_to_who_waits_before_the_next_row(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 4, 2).await;
        for n in [0, 1] {
            done(&store, assign(n, PRODUCT)).await;
        }
        done(&store, queue_up(2, PRODUCT)).await;
        let rows = vec![unassign(0, PRODUCT), assign(3, PRODUCT), unassign(1, PRODUCT), assign(3, PRODUCT)];
        let outcomes = chunk(&store, rows).await;
        let results: Vec<_> = outcomes.iter().map(|outcome| outcome.result).collect();
        assert_eq!(results, [Applied, Failed, Applied, Applied]);
        assert_eq!(holders(&store, 4, PRODUCT).await, [user_id(2), user_id(3)]);
    }

    async fn all_or_nothing_leaves_to_who_waits_what_its_rows_do_not_need(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 4, 2).await;
        for n in [0, 1] {
            done(&store, assign(n, PRODUCT)).await;
        }
        done(&store, queue_up(2, PRODUCT)).await;
        // The seat that one row frees is another row's, in whatever order.
        done(&store, together(vec![assign(3, PRODUCT), unassign(0, PRODUCT)])).await;
        assert_eq!(holders(&store, 4, PRODUCT).await, [user_id(1), user_id(3)]);
        let rows = vec![unassign(1, PRODUCT), unassign(3, PRODUCT), assign(0, PRODUCT)];
        done(&store, together(rows)).await;
        assert_eq!(holders(&store, 4, PRODUCT).await, [user_id(0), user_id(2)]);
        assert_eq!(pool(&store, PRODUCT).await.consumed, 2);
    }
}
