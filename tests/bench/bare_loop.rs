//! The floor of bulk work on SQLite: a prepared statement in a loop, on the same library and with the same durability.

use std::{path::Path, time::Instant};

use rusqlite::{Connection, params};

const ROWS_PER_COMMIT: usize = 1_000;

/// Assignments a second: an assignment row and a record each, 1,000 a transaction.
pub(crate) fn assignments(folder: &Path, count: usize) -> f64 {
    let mut connection = Connection::open(folder.join("bare.db")).unwrap();
    connection
        .pragma_update(None, "journal_mode", "WAL")
        .unwrap();
    connection
        .pragma_update(None, "synchronous", "FULL")
        .unwrap();
    connection
        .execute_batch(
            "CREATE TABLE assignments (id BLOB PRIMARY KEY, tenant BLOB NOT NULL, user BLOB NOT NULL,
                 product BLOB NOT NULL, path BLOB NOT NULL, from_rev INTEGER NOT NULL, to_rev INTEGER);
             CREATE UNIQUE INDEX live ON assignments (tenant, user, product, path) WHERE to_rev IS NULL;
             CREATE TABLE records (revision INTEGER PRIMARY KEY, tenant BLOB NOT NULL, at INTEGER NOT NULL,
                 actor TEXT NOT NULL, action TEXT NOT NULL, subject BLOB NOT NULL, after TEXT NOT NULL,
                 hash BLOB NOT NULL);",
        )
        .unwrap();
    let (tenant, product, path, hash) = ([7u8; 16], [8u8; 16], [0u8; 16], [9u8; 32]);
    let begun = Instant::now();
    let mut done = 0;
    while done < count {
        let transaction = connection.transaction().unwrap();
        {
            let mut assignment = transaction
                .prepare_cached("INSERT INTO assignments VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL)")
                .unwrap();
            let mut record = transaction
                .prepare_cached("INSERT INTO records VALUES (?1, ?2, ?3, 'admin', 'licenses.modify', ?4, ?5, ?6)")
                .unwrap();
            for number in done..(done + ROWS_PER_COMMIT).min(count) {
                let id = (number as u128).to_be_bytes();
                let revision = i64::try_from(number).unwrap();
                let after =
                    format!(r#"{{"assignment":{number},"product":"DESK_SUITE","state":"active"}}"#);
                assignment
                    .execute(params![id, tenant, id, product, path, revision])
                    .unwrap();
                record
                    .execute(params![revision, tenant, revision, id, after, hash])
                    .unwrap();
            }
        }
        transaction.commit().unwrap();
        done += ROWS_PER_COMMIT;
    }
    count as f64 / begun.elapsed().as_secs_f64()
}
