//! Deleting, restoring and purging people (R48, R54): what only a database can get wrong.

use std::sync::Arc;

use sea_orm::ConnectionTrait;
use usher_domain::command::{Command, Undelete, UserFields};
use usher_domain::ids::Instant;
use usher_domain::plan::{Outcome, OutcomeKind};
use usher_domain::refusal::Code;
use usher_domain::snapshot::RESTORABLE_DAYS;

use super::database::TestDatabase;
use super::fixture::{
    OTHER, PRODUCT, assign, chunk, done, known_as, organisation, pool, queue_up, request, seats,
    unassign, user_id,
};
use super::on_both_databases;
use crate::env::{Env, ManualClock};
use crate::storage::{DEFAULT_TENANT, PageRequest, Priority, ReadAt, Store, UserFilter};

fn delete(number: u32) -> Command {
    Command::DeleteUser {
        user: user_id(number).to_string(),
        expect: None,
    }
}

fn restore(user: &str) -> Command {
    Command::UndeleteUser(Box::new(Undelete {
        user: user.to_owned(),
        upn: None,
        restore_licenses: true,
    }))
}

fn purge(number: u32) -> Command {
    Command::PurgeUser {
        user: user_id(number).to_string(),
    }
}

fn hold(number: u32, reason: &str) -> Command {
    Command::UpdateUser {
        user: user_id(number).to_string(),
        patch: Box::new(UserFields {
            retention_hold: Some(reason.to_owned()),
            ..UserFields::default()
        }),
        expect: None,
    }
}

async fn refused(store: &Store, command: Command) -> Code {
    let outcome = store
        .write(request(command), Priority::Interactive)
        .await
        .unwrap();
    assert_eq!(outcome.result, OutcomeKind::Failed, "{outcome:?}");
    outcome.code().unwrap()
}

async fn holds(store: &Store, number: u32) -> usize {
    let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
    let paths = read.assignments_of([user_id(number)]).await.unwrap();
    paths.iter().filter(|path| path.is_active()).count()
}

async fn deleted(store: &Store) -> usize {
    let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
    let filter = UserFilter {
        deleted: true,
        ..UserFilter::default()
    };
    let page = PageRequest::default();
    read.list_users(&filter, &page).await.unwrap().items.len()
}

async fn count(raw: &sea_orm::DatabaseConnection, sql: &str) -> usize {
    let statement = sea_orm::Statement::from_string(raw.get_database_backend(), sql);
    raw.query_all_raw(statement).await.unwrap().len()
}

fn parts(outcome: &Outcome) -> Vec<(OutcomeKind, Option<Code>)> {
    let parts = outcome.parts.iter();
    parts.map(|part| (part.result, part.code())).collect()
}

on_both_databases! {
    async fn a_deleted_person_hands_the_seat_on_in_the_same_transaction(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 2, 1).await;
        done(&store, assign(0, PRODUCT)).await;
        done(&store, queue_up(1, PRODUCT)).await;
        let preview = store.preview(DEFAULT_TENANT).await.unwrap().plan(&[request(delete(0))]).await.unwrap();
        assert_eq!((preview[0].lost.as_slice(), preview[0].seats.as_slice()), (&[PRODUCT][..], &[(PRODUCT, -1)][..]));
        assert_eq!(holds(&store, 0).await, 1);
        done(&store, delete(0)).await;
        assert_eq!((holds(&store, 0).await, holds(&store, 1).await), (0, 1));
        assert_eq!(pool(&store, PRODUCT).await.consumed, 1);
        let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        assert!(read.find_users("person00000@example.com").await.unwrap().is_empty());
        drop(read);
        // The seat is gone: the person is back, the licence is not.
        let outcome = done(&store, restore("PERSON00000@example.com")).await;
        assert_eq!(parts(&outcome), [(OutcomeKind::Failed, Some(Code::NoAvailableSeats))]);
        assert_eq!(holds(&store, 0).await, 0);
        let again = done(&store, restore("person00000@example.com")).await;
        assert_eq!(again.result, OutcomeKind::Unchanged);
    }

    async fn only_what_the_last_deletion_ended_comes_back(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 2, 5).await;
        done(&store, seats(OTHER, 5)).await;
        for product in [PRODUCT, OTHER] {
            done(&store, assign(0, product)).await;
        }
        done(&store, delete(0)).await;
        assert_eq!(parts(&done(&store, restore("person00000@example.com")).await).len(), 2);
        done(&store, unassign(0, OTHER)).await;
        done(&store, delete(0)).await;
        // What is said of the deleted later does not hide what they had.
        done(&store, hold(0, "Case 7")).await;
        let outcome = done(&store, restore(&user_id(0).to_string())).await;
        assert_eq!(parts(&outcome), [(OutcomeKind::Applied, None)]);
        assert_eq!(pool(&store, PRODUCT).await.consumed, 1);
        assert_eq!(pool(&store, OTHER).await.consumed, 0);
        // Deleted and restored in one transaction: history has nothing of it yet.
        let outcomes = chunk(&store, vec![delete(0), restore(&user_id(0).to_string())]).await;
        assert_eq!(parts(&outcomes[1]), [(OutcomeKind::Applied, None)]);
        assert_eq!(holds(&store, 0).await, 1);
        let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        assert_eq!(read.verify_chain().await.unwrap().broken_at, None);
    }

    async fn a_name_is_free_again_and_then_in_the_way(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 1, 1).await;
        done(&store, delete(0)).await;
        done(&store, known_as(7, "person00000@example.com", "Another")).await;
        for name in ["person00000@example.com", &user_id(0).to_string()] {
            assert_eq!(refused(&store, restore(name)).await, Code::UpnInUse);
        }
        done(&store, delete(7)).await;
        assert_eq!(refused(&store, restore("person00000@example.com")).await, Code::AmbiguousName);
        done(&store, restore(&user_id(7).to_string())).await;
        let as_another = Command::UndeleteUser(Box::new(Undelete {
            user: user_id(0).to_string(),
            upn: Some("back@example.com".to_owned()),
            restore_licenses: true,
        }));
        done(&store, as_another).await;
        let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        assert_eq!(read.find_users("back@example.com").await.unwrap()[0].profile.id, user_id(0));
    }

    async fn the_purged_leave_ids_and_a_whole_chain(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 2, 2).await;
        done(&store, assign(0, PRODUCT)).await;
        let then = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap().revision();
        done(&store, delete(0)).await;
        let gone = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        let profile = gone.user(user_id(0)).await.unwrap().unwrap().profile;
        assert_eq!(profile.upn, "person00000@example.com");
        assert!(profile.deleted_at.is_some());
        let read = store.read(DEFAULT_TENANT, ReadAt::Revision(then)).await.unwrap();
        assert_eq!(read.find_users("person00000@example.com").await.unwrap().len(), 1);
        drop((read, gone));
        assert_eq!(refused(&store, purge(1)).await, Code::UserNotDeleted);
        done(&store, purge(0)).await;
        assert_eq!(deleted(&store).await, 0);
        assert_eq!(refused(&store, restore(&user_id(0).to_string())).await, Code::UserNotFound);
        let read = store.read(DEFAULT_TENANT, ReadAt::Revision(then)).await.unwrap();
        assert!(read.find_users("person00000@example.com").await.unwrap().is_empty());
        let profile = read.user(user_id(0)).await.unwrap().unwrap().profile;
        assert_eq!((profile.upn.as_str(), profile.display_name.as_str()), ("", ""));
        assert_eq!((profile.department, profile.usage_location.map(String::from)), (None, Some("DE".to_owned())));
        assert_eq!(read.assignments_of([user_id(0)]).await.unwrap().len(), 1);
        drop(read);
        let raw = database.raw().await;
        for (table, column) in [("user_words", "upn_key"), ("records", "\"after\""), ("records", "\"before\"")] {
            let rows = count(&raw, &format!("SELECT 1 FROM {table} WHERE {column} LIKE '%person00000%'")).await;
            assert_eq!(rows, 0, "{table}.{column}");
        }
        let words = count(&raw, "SELECT 1 FROM user_words WHERE word = '00001'").await;
        assert!(words > 0, "others keep their words");
        let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        assert_eq!(read.verify_chain().await.unwrap().broken_at, None);
    }

    async fn after_thirty_days_people_are_purged_by_themselves(database: &TestDatabase) {
        let clock = Arc::new(ManualClock::at(Instant(1_790_000_000_000_000)));
        let env = Env { clock: clock.clone(), ..Env::system() };
        let store = Store::open(&database.address, env).await.unwrap();
        organisation(&store, 250, 0).await;
        let at = |days: i64| Instant(1_790_000_000_000_000).plus_days(days);
        chunk(&store, (0..230).map(delete).collect()).await;
        done(&store, hold(0, "Case 7")).await;
        clock.set(at(10));
        done(&store, delete(240)).await;
        clock.set(at(RESTORABLE_DAYS - 1));
        done(&store, seats(PRODUCT, 1)).await;
        assert_eq!(deleted(&store).await, 100, "a page of them is still there");
        clock.set(at(RESTORABLE_DAYS + 1));
        // Whatever is written next, they are gone before it.
        assert_eq!(refused(&store, restore(&user_id(5).to_string())).await, Code::UserNotFound);
        assert_eq!(deleted(&store).await, 2);
        done(&store, hold(0, "")).await;
        clock.set(at(RESTORABLE_DAYS + 11));
        done(&store, seats(PRODUCT, 1)).await;
        assert_eq!(deleted(&store).await, 0);
        let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        assert_eq!(read.verify_chain().await.unwrap().broken_at, None);
    }
}
