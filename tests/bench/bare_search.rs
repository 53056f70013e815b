//! The floor of a search: the same beginnings of words on bare SQLite, without versions, tenants or a network.

use std::{path::Path, time::Instant};

use rusqlite::{Connection, params};

/// Milliseconds for the first ten people with each beginning's first word: the mean and the worst.
pub(crate) fn prefixes(folder: &Path, people: usize, typed: &[String]) -> (f64, f64) {
    let mut connection = Connection::open(folder.join("bare-search.db")).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE people (id INTEGER PRIMARY KEY, upn TEXT NOT NULL, name TEXT NOT NULL);
             CREATE TABLE words (word TEXT NOT NULL, upn TEXT NOT NULL, person INTEGER NOT NULL,
                 PRIMARY KEY (word, upn)) WITHOUT ROWID;",
        )
        .unwrap();
    let transaction = connection.transaction().unwrap();
    for number in 0..people {
        let id = i64::try_from(number).unwrap();
        let (upn, name) = (
            format!("person{number:06}@example.com"),
            format!("Person {number}"),
        );
        transaction
            .prepare_cached("INSERT INTO people VALUES (?1, ?2, ?3)")
            .unwrap()
            .execute(params![id, upn, name])
            .unwrap();
        for word in ["person", &number.to_string(), &upn[..12]] {
            transaction
                .prepare_cached("INSERT OR IGNORE INTO words VALUES (?1, ?2, ?3)")
                .unwrap()
                .execute(params![word, upn, id])
                .unwrap();
        }
    }
    transaction.commit().unwrap();
    let mut took: Vec<f64> = Vec::new();
    for text in typed.iter().chain(typed) {
        let word = text.split_whitespace().next().unwrap().to_lowercase();
        let begun = Instant::now();
        let mut select = connection
            .prepare_cached(
                "SELECT people.upn, people.name FROM words JOIN people ON people.id = words.person
                 WHERE words.word >= ?1 AND words.word < ?2 ORDER BY words.word, words.upn LIMIT 10",
            )
            .unwrap();
        let end = format!("{word}\u{10FFFF}");
        let rows = select.query_map(params![word, end], |row| row.get::<_, String>(0));
        assert!(rows.unwrap().count() > 0, "somebody is found by {word}");
        took.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    let took = &took[typed.len()..];
    let mean = took.iter().sum::<f64>() / took.len() as f64;
    (mean, took.iter().copied().fold(0.0, f64::max))
}
