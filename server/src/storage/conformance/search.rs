//! Finding people by words, as of any revision, and words that are what the people's rows say.

use std::collections::BTreeSet;
use std::sync::Arc;

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use usher_domain::ids::Revision;
use usher_domain::words::Search;

use super::database::TestDatabase;
use super::fixture::{chunk, done, known_as, named, organisation};
use super::on_both_databases;
use crate::storage::{DEFAULT_TENANT, PageRequest, ReadAt, Store, UserFilter};

fn searching(text: &str) -> UserFilter {
    UserFilter {
        search: Search::typed(text),
        ..UserFilter::default()
    }
}

async fn found(store: &Store, text: &str, at: ReadAt<'_>) -> Vec<String> {
    let read = store.read(DEFAULT_TENANT, at).await.unwrap();
    let page = PageRequest::default();
    let page = read.list_users(&searching(text), &page).await.unwrap();
    let names = page.items.into_iter();
    names.map(|user| user.profile.display_name).collect()
}

async fn now(store: &Store) -> Revision {
    let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
    read.revision()
}

type Word = (String, String, String, i64, Option<i64>);

/// Every row of the table of words, by word, UPN and person.
async fn words(raw: &DatabaseConnection) -> BTreeSet<Word> {
    let statement = Statement::from_string(
        raw.get_database_backend(),
        "SELECT word, upn_key, user_id, from_rev, to_rev FROM user_words",
    );
    let rows = raw.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| {
            (
                row.try_get_by_index(0).unwrap(),
                row.try_get_by_index(1).unwrap(),
                row.try_get_by_index::<uuid::Uuid>(2).unwrap().to_string(),
                row.try_get_by_index(3).unwrap(),
                row.try_get_by_index(4).unwrap(),
            )
        })
        .collect()
}

/// What the rows of people say at a revision, and what the words say.
async fn both_sides(raw: &DatabaseConnection, revision: i64) -> [BTreeSet<(String, String)>; 2] {
    let at = |table: &str| {
        format!(
            "{table}.from_rev <= {revision} AND ({table}.to_rev IS NULL OR {table}.to_rev > {revision})"
        )
    };
    let pairs = async |sql: String| {
        let statement = Statement::from_string(raw.get_database_backend(), sql);
        let rows = raw.query_all_raw(statement).await.unwrap();
        let pair = |row: &sea_orm::QueryResult| -> (String, String) {
            let words = row.try_get_by_index(1).unwrap();
            (row.try_get_by_index(0).unwrap(), words)
        };
        rows.iter().map(pair).collect::<Vec<_>>()
    };
    let people = pairs(format!(
        "SELECT upn_key, words FROM users WHERE {}",
        at("users")
    ))
    .await;
    let people = people.into_iter().flat_map(|(upn, line)| {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        words.into_iter().map(move |word| (upn.clone(), word))
    });
    let words = format!(
        "SELECT upn_key, word FROM user_words WHERE {}",
        at("user_words")
    );
    [people.collect(), pairs(words).await.into_iter().collect()]
}

on_both_databases! {
    async fn a_search_shows_the_moment_asked_for(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 3, 2).await;
        done(&store, named(1, "Zoë Straße")).await;
        let then = now(&store).await;
        done(&store, named(1, "Zoë O'Neill")).await;
        done(&store, known_as(2, "strasser@example.com", "Person 00002")).await;
        assert_eq!(found(&store, "STRASS", ReadAt::Now).await, ["Person 00002"]);
        assert_eq!(found(&store, "strass", ReadAt::Revision(then)).await, ["Zoë Straße"]);
        assert_eq!(found(&store, "zoe", ReadAt::Revision(then)).await, ["Zoë Straße"]);
        assert_eq!(found(&store, "zoe", ReadAt::Now).await, ["Zoë O'Neill"]);
        assert_eq!(found(&store, "person 00001", ReadAt::Now).await, Vec::<String>::new());
        assert_eq!(found(&store, "person001", ReadAt::Now).await, Vec::<String>::new());
        assert_eq!(found(&store, "person", ReadAt::Revision(Revision(0))).await, Vec::<String>::new());
    }

    async fn pages_of_a_search_stay_where_they_were(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 25, 0).await;
        let mut page = PageRequest { size: 10, token: String::new() };
        let mut paged = Vec::new();
        for round in 0..3u32 {
            let read = store.read(DEFAULT_TENANT, ReadAt::Page(&page.token)).await.unwrap();
            let some = read.list_users(&searching("per 0"), &page).await.unwrap();
            paged.extend(some.items.into_iter().map(|user| user.profile.display_name));
            page.token = some.next;
            drop(read);
            done(&store, named(20 + round, "Elsewhere")).await;
            done(&store, named(100 + round, &format!("Person 0000{round}a"))).await;
        }
        let all: Vec<String> = (0..25).map(|n| format!("Person {n:05}")).collect();
        assert_eq!((paged, page.token.as_str()), (all, ""));
        assert_eq!(found(&store, "person 0", ReadAt::Now).await.len(), 25);
    }

    async fn words_are_what_the_rows_of_people_say(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 4, 2).await;
        let kept = words(&database.raw().await).await.len();
        // Several versions in one transaction, one of which changes no word.
        chunk(&store, vec![
            named(0, "Ann Bee"),
            named(0, "Ann Cee"),
            known_as(0, "ann@example.com", "Ann Cee"),
            named(9, "New Here"),
            named(9, "New There"),
        ]).await;
        done(&store, named(1, "Ann")).await;
        done(&store, named(9, "—")).await;
        let last = now(&store).await.0;
        let raw = database.raw().await;
        for revision in 0..=last {
            let [people, words] = both_sides(&raw, revision).await;
            assert_eq!(people, words, "at revision {revision}");
        }
        assert!(words(&raw).await.len() < kept + 20, "a word that stays is one row");
    }

    async fn people_from_before_the_words_get_theirs(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 1_100, 0).await;
        done(&store, named(3, "KÖLN Straße")).await;
        done(&store, known_as(3, "three@example.com", "Straße")).await;
        store.close().await;
        let raw = database.raw().await;
        let before = words(&raw).await;
        for sql in [
            "DROP TABLE user_words",
            "ALTER TABLE users DROP COLUMN words",
            "ALTER TABLE users DROP COLUMN folded",
            "DELETE FROM seaql_migrations WHERE version = 'm20261124_000003_words'",
        ] {
            raw.execute_unprepared(sql).await.unwrap();
        }
        let store = database.store().await;
        assert_eq!(words(&raw).await, before);
        let [people, words] = both_sides(&raw, now(&store).await.0).await;
        assert_eq!(people, words);
        assert_eq!(found(&store, "strasse", ReadAt::Now).await, ["Straße"]);
        done(&store, named(3, "Other")).await;
    }
}
