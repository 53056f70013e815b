//! Any read as of any revision, and pages that do not move while others write (write-protocol 11).

use std::sync::Arc;

use usher_domain::ids::Revision;

use super::database::TestDatabase;
use super::fixture::{
    OTHER, PRODUCT, assign, done, known_as, named, organisation, person, pool, product, seats,
    unassign, user_id,
};
use super::on_both_databases;
use crate::storage::{
    AssignmentFilter, DEFAULT_TENANT, NamePattern, PageRequest, ReadAt, RecordFilter, Store,
    StoreError, UserFilter,
};

async fn names(store: &Store, filter: &UserFilter, at: ReadAt<'_>) -> Vec<String> {
    let read = store.read(DEFAULT_TENANT, at).await.unwrap();
    let page = PageRequest {
        size: 1_000,
        token: String::new(),
    };
    let page = read.list_users(filter, &page).await.unwrap();
    page.items
        .into_iter()
        .map(|user| user.profile.display_name)
        .collect()
}

on_both_databases! {
    async fn a_past_moment_shows_what_was(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 3, 2).await;
        done(&store, assign(0, PRODUCT)).await;
        let then = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap().revision();
        done(&store, unassign(0, PRODUCT)).await;
        done(&store, named(1, "Renamed")).await;
        done(&store, seats(PRODUCT, 5)).await;
        for command in product(OTHER, "E5_NEW") {
            done(&store, command).await;
        }
        let read = store.read(DEFAULT_TENANT, ReadAt::Revision(then)).await.unwrap();
        assert_eq!(read.assignments_of([user_id(0)]).await.unwrap().len(), 1);
        let pools = read.pools().await.unwrap();
        assert_eq!((pools[&PRODUCT].total(), pools[&PRODUCT].consumed), (2, 1));
        let catalogue = read.catalogue().await.unwrap();
        assert_eq!(catalogue.product(OTHER).unwrap().part_number, "E5");
        assert_eq!(read.find_users("renamed").await.unwrap(), []);
        assert_eq!(read.find_users(" PERSON  00001").await.unwrap().len(), 1);
        let filter = UserFilter { holding: Some(PRODUCT), ..UserFilter::default() };
        assert_eq!(names(&store, &filter, ReadAt::Revision(then)).await, ["Person 00000"]);
        assert!(names(&store, &filter, ReadAt::Now).await.is_empty());
        let now = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        assert_eq!(now.catalogue().await.unwrap().product(OTHER).unwrap().part_number, "E5_NEW");
        let pool = pool(&store, PRODUCT).await;
        assert_eq!((pool.total(), pool.consumed), (7, 0));
    }

    async fn an_instant_is_its_last_revision(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 2, 2).await;
        done(&store, assign(0, PRODUCT)).await;
        done(&store, assign(1, PRODUCT)).await;
        let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        let filter = RecordFilter { newest_first: true, ..RecordFilter::default() };
        let records = read.list_records(&filter, &PageRequest::default()).await.unwrap().items;
        let [last, before, ..] = records.as_slice() else { panic!("{records:?}") };
        drop(read);
        for record in [last, before] {
            let read = store.read(DEFAULT_TENANT, ReadAt::Time(record.at)).await.unwrap();
            assert_eq!(read.revision(), record.revision);
        }
        let mut long_ago = before.at;
        long_ago.0 = 1;
        let before_all = store.read(DEFAULT_TENANT, ReadAt::Time(long_ago)).await.err();
        let Some(StoreError::ReadTimeOutOfRange { range: Some((first, until)) }) = before_all else {
            panic!("{before_all:?}");
        };
        assert!(first < last.at && last.at <= until);
        let read = store.read(DEFAULT_TENANT, ReadAt::Time(first)).await.unwrap();
        assert_eq!(read.revision(), Revision(1));
        assert!(read.pools().await.unwrap().is_empty());
        drop(read);
        let mut ahead = last.at;
        ahead.0 += 3_600_000_000;
        let refused = store.read(DEFAULT_TENANT, ReadAt::Time(ahead)).await.err();
        assert!(matches!(refused, Some(StoreError::ReadTimeOutOfRange { range: Some(_) })));
    }

    async fn pages_stay_where_they_were(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 25, 25).await;
        for n in 0..25 {
            done(&store, assign(n, PRODUCT)).await;
        }
        let whole = names(&store, &UserFilter::default(), ReadAt::Now).await;
        let mut page = PageRequest { size: 10, token: String::new() };
        let mut paged = Vec::new();
        let mut paths = PageRequest { size: 10, token: String::new() };
        let mut holders = Vec::new();
        for round in 0..3u32 {
            let read = store.read(DEFAULT_TENANT, ReadAt::Page(&page.token)).await.unwrap();
            let found = read.list_users(&UserFilter::default(), &page).await.unwrap();
            paged.extend(found.items.into_iter().map(|user| user.profile.display_name));
            page.token = found.next;
            let read = store.read(DEFAULT_TENANT, ReadAt::Page(&paths.token)).await.unwrap();
            let found = read.list_assignments(&AssignmentFilter::default(), &paths).await.unwrap();
            holders.extend(found.items.into_iter().map(|path| path.user));
            paths.token = found.next;
            drop(read);
            // Somebody moves to the front, somebody comes, somebody loses a licence.
            let upn = format!("aaa{round}@example.com");
            done(&store, known_as(24 - round, &upn, "Moved")).await;
            done(&store, person(100 + round)).await;
            done(&store, unassign(20 + round, PRODUCT)).await;
        }
        assert_eq!(paged, whole);
        assert!(page.token.is_empty());
        assert_eq!(holders, (0..25).map(user_id).collect::<Vec<_>>());
        let after = names(&store, &UserFilter::default(), ReadAt::Now).await;
        assert_eq!(after[..4], ["Moved", "Moved", "Moved", "Person 00000"]);
        assert_eq!(after.len(), 28);
    }

    async fn a_token_is_for_its_listing(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 5, 0).await;
        let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        let page = PageRequest { size: 2, token: String::new() };
        let token = read.list_users(&UserFilter::default(), &page).await.unwrap().next;
        let page = PageRequest { size: 2, token };
        let sales = UserFilter { department: Some("sales".to_owned()), ..UserFilter::default() };
        assert_eq!(read.list_users(&sales, &page).await.unwrap_err(), StoreError::BadPageToken);
        let other = read.list_assignments(&AssignmentFilter::default(), &page).await;
        assert_eq!(other.unwrap_err(), StoreError::BadPageToken);
    }

    async fn filters_compare_names_and_not_bytes(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 3, 3).await;
        done(&store, named(1, "Zoë Straße")).await;
        done(&store, assign(2, PRODUCT)).await;
        let starts = |text: &str| UserFilter {
            display_name: Some(NamePattern { text: text.to_owned(), prefix: true }),
            ..UserFilter::default()
        };
        assert_eq!(names(&store, &starts("ZOË STRASS"), ReadAt::Now).await, ["Zoë Straße"]);
        assert_eq!(names(&store, &starts("person"), ReadAt::Now).await, ["Person 00000", "Person 00002"]);
        let sales = UserFilter { department: Some(" SALES ".to_owned()), ..UserFilter::default() };
        assert_eq!(names(&store, &sales, ReadAt::Now).await.len(), 3);
        let unlicensed = UserFilter { unlicensed: Some(true), ..UserFilter::default() };
        assert_eq!(names(&store, &unlicensed, ReadAt::Now).await, ["Person 00000", "Zoë Straße"]);
    }
}
