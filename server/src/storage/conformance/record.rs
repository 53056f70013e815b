//! The record: a chain without gaps, in commit order, that shows when it was touched (R53, R54).

use std::sync::Arc;

use sea_orm::ConnectionTrait;
use usher_domain::catalogue::{CountryMode, CountrySubject};
use usher_domain::command::{Command, RuleImport};
use usher_domain::ids::{PlanId, Revision};
use usher_domain::plan::OutcomeKind;

use super::database::TestDatabase;
use super::fixture::{PRODUCT, assign, chunk, count, organisation, request, user_id, with_id};
use super::on_both_databases;
use crate::storage::{DEFAULT_TENANT, PageRequest, Priority, ReadAt, Record, RecordFilter, Store};

async fn all_records(store: &Store) -> Vec<Record> {
    let mut records = Vec::new();
    let mut page = PageRequest {
        size: 70,
        token: String::new(),
    };
    loop {
        let read = store
            .read(DEFAULT_TENANT, ReadAt::Page(&page.token))
            .await
            .unwrap();
        let found = read
            .list_records(&RecordFilter::default(), &page)
            .await
            .unwrap();
        records.extend(found.items);
        page.token = found.next;
        if page.token.is_empty() {
            return records;
        }
    }
}

on_both_databases! {
    async fn a_rule_that_concerns_many_is_recorded_in_parts_of_one_chain(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 600, 600).await;
        chunk(&store, (0..600).map(|n| assign(n, PRODUCT)).collect()).await;
        let before = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap().revision();
        let nowhere = RuleImport::Country {
            subject: CountrySubject::Product(PRODUCT),
            mode: CountryMode::Deny,
            countries: vec!["DE".parse().unwrap()],
        };
        let nothing = RuleImport::Exclusion {
            id: "nothing".to_owned(),
            service: String::new(),
            plans: vec![PlanId(uuid::Uuid::from_u128(7))],
        };
        let asked = with_id(request(Command::ImportRules(vec![nowhere, nothing])), "rules", 0);
        let outcome = store.write(asked.clone(), Priority::Bulk).await.unwrap();
        assert_eq!((outcome.people, outcome.parts.len()), (600, 2));
        let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        assert_eq!(outcome.revision, Some(read.revision()));
        let check = read.verify_chain().await.unwrap();
        assert_eq!((check.broken_at, check.verified), (None, before.0 + 4));
        let actions: Vec<String> = all_records(&store)
            .await
            .into_iter()
            .filter(|record| record.revision > before)
            .map(|record| record.action)
            .collect();
        assert_eq!(actions, ["rule.import", "rule.import", "rule.rejudge", "rule.rejudge"]);
        let paths = read.assignments_of((0..600).map(user_id)).await.unwrap();
        assert!(paths.iter().all(|path| path.held_off.len() == 1));
        for (revision, people) in [(before.0 + 3, 500), (before.0 + 4, 100)] {
            let of = paths.iter().filter(|path| path.from_rev.0 == revision);
            assert_eq!(of.count(), people);
        }
        let again = store.write(asked, Priority::Bulk).await.unwrap();
        assert_eq!((again.replayed, again.parts), (true, outcome.parts));
    }

    async fn revisions_have_no_gaps_and_time_never_goes_back(database: &TestDatabase) {
        let stores = [database.store().await, database.store().await];
        organisation(&stores[0], 60, 60).await;
        let calls: Vec<_> = (0..60u32)
            .map(|n| {
                let store = stores[n as usize % 2].clone();
                tokio::spawn(async move {
                    store.write(request(assign(n, PRODUCT)), Priority::Interactive).await.unwrap();
                    // Whoever sees a revision sees all before it.
                    let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
                    let check = read.verify_chain().await.unwrap();
                    assert_eq!((check.broken_at, check.verified), (None, read.revision().0));
                })
            })
            .collect();
        for call in calls {
            call.await.unwrap();
        }
        let records = all_records(&stores[0]).await;
        let revisions: Vec<i64> = records.iter().map(|record| record.revision.0).collect();
        assert_eq!(revisions, (1..=revisions.len() as i64).collect::<Vec<_>>());
        assert!(records.is_sorted_by_key(|record| record.at));
    }

    async fn a_touched_record_is_named(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 20, 5).await;
        let raw = database.raw().await;
        raw.execute_unprepared("UPDATE records SET actor = 'nobody' WHERE revision = 7").await.unwrap();
        let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        let check = read.verify_chain().await.unwrap();
        assert_eq!((check.verified, check.broken_at), (6, Some(Revision(7))));
        drop(read);
        raw.execute_unprepared("UPDATE records SET actor = 'admin@example.com' WHERE revision = 7").await.unwrap();
        raw.execute_unprepared("DELETE FROM records WHERE revision = 9").await.unwrap();
        let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        assert_eq!(read.verify_chain().await.unwrap().broken_at, Some(Revision(9)));
    }

    async fn what_is_refused_or_unchanged_leaves_no_trace(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 3, 1).await;
        chunk(&store, vec![assign(0, PRODUCT)]).await;
        let before = all_records(&store).await;
        let outcomes = chunk(&store, vec![assign(0, PRODUCT), assign(1, PRODUCT), assign(2, PRODUCT)]).await;
        assert_eq!(count(&outcomes, OutcomeKind::Unchanged, None), 1);
        assert_eq!(all_records(&store).await, before);
        let raw = database.raw().await;
        let sql = "SELECT COUNT(*) FROM assignments";
        let statement = sea_orm::Statement::from_string(raw.get_database_backend(), sql);
        let row = raw.query_one_raw(statement).await.unwrap().unwrap();
        assert_eq!(row.try_get_by_index::<i64>(0).unwrap(), 1);
    }
}
