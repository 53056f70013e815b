//! A request id makes a retry safe: the first answer again, on any process (write-protocol 7).

use std::sync::Arc;

use usher_domain::command::{Command, Role, UserFields, UserRow};
use usher_domain::plan::{Outcome, OutcomeKind};
use usher_domain::refusal::Code;

use super::database::TestDatabase;
use super::fixture::{
    PRODUCT, assign, done, organisation, pool, request, seats, unassign, user_id, with_id,
};
use super::on_both_databases;
use crate::storage::{DEFAULT_TENANT, Priority, ReadAt};

/// The answer without the mark that it was given before.
fn first_time(outcome: Outcome) -> Outcome {
    Outcome {
        replayed: false,
        ..outcome
    }
}

on_both_databases! {
    async fn a_retry_gets_the_first_answer(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 2, 5).await;
        let first = with_id(request(assign(0, PRODUCT)), "once", 0);
        let answer = store.write(first.clone(), Priority::Interactive).await.unwrap();
        assert_eq!(answer.result, OutcomeKind::Applied);
        done(&store, unassign(0, PRODUCT)).await;
        let before = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap().revision();
        for process in [store, database.store().await] {
            let again = process.write(first.clone(), Priority::Interactive).await.unwrap();
            assert!(again.replayed);
            assert_eq!(first_time(again), answer);
            assert_eq!(pool(&process, PRODUCT).await.consumed, 0);
            let read = process.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
            assert_eq!(read.revision(), before);
        }
    }

    async fn an_answer_is_not_repeated_to_who_may_not_ask_any_more(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 1, 5).await;
        let visitor = Command::ImportUser(Box::new(UserRow {
            id: Some(user_id(0)),
            fields: UserFields {
                user_type: Some("Guest".to_owned()),
                ..UserFields::default()
            },
        }));
        done(&store, visitor).await;
        let mut asked = with_id(request(assign(0, PRODUCT)), "guest", 0);
        let first = store.write(asked.clone(), Priority::Interactive).await.unwrap();
        assert_eq!(first.result, OutcomeKind::Applied);
        asked.actor.roles = vec![Role::LicenseAdmin];
        let refused = store.write(asked.clone(), Priority::Interactive).await.unwrap();
        assert_eq!(refused.code(), Some(Code::GuestNeedsGlobalAdmin));
        asked.actor.roles = vec![Role::GlobalAdmin];
        let again = store.write(asked, Priority::Interactive).await.unwrap();
        assert!(again.replayed);
    }

    async fn an_id_is_for_one_request(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 2, 5).await;
        let first = with_id(request(assign(0, PRODUCT)), "mine", 0);
        let other = with_id(request(assign(1, PRODUCT)), "mine", 0);
        let mut someone = other.clone();
        if let Some(key) = &mut someone.request_key {
            key.identity = Arc::from("somebody@example.com");
        }
        let outcomes = store
            .write_chunk(vec![first.clone(), first, other.clone(), someone])
            .await
            .unwrap();
        assert_eq!(first_time(outcomes[1].clone()), outcomes[0]);
        assert_eq!(outcomes[2].code(), Some(Code::RequestIdReused));
        assert_eq!(outcomes[3].result, OutcomeKind::Applied);
        let later = store.write(other, Priority::Interactive).await.unwrap();
        assert_eq!(later.code(), Some(Code::RequestIdReused));
        assert_eq!(pool(&store, PRODUCT).await.consumed, 2);
    }

    async fn rows_of_a_stream_are_known_apart(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 40, 40).await;
        let rows: Vec<_> = (0..40u32)
            .map(|n| with_id(request(assign(n, PRODUCT)), "stream", n.into()))
            .collect();
        let half = store.write_chunk(rows[..20].to_vec()).await.unwrap();
        let all = store.write_chunk(rows).await.unwrap();
        assert!(all[..20].iter().zip(&half).all(|(again, once)| first_time(again.clone()) == *once));
        assert!(all[20..].iter().all(|outcome| !outcome.replayed));
        assert!(all.iter().all(|outcome| outcome.result == OutcomeKind::Applied));
        assert_eq!(pool(&store, PRODUCT).await.consumed, 40);
    }

    async fn a_refusal_is_judged_anew(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 1, 0).await;
        let wish = with_id(request(assign(0, PRODUCT)), "wish", 0);
        let refused = store.write(wish.clone(), Priority::Interactive).await.unwrap();
        assert_eq!(refused.code(), Some(Code::NoAvailableSeats));
        done(&store, seats(PRODUCT, 1)).await;
        let granted = store.write(wish, Priority::Interactive).await.unwrap();
        assert_eq!(granted.result, OutcomeKind::Applied);
    }
}
