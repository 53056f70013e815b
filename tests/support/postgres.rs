//! A fresh PostgreSQL database for each test, on the server that `USHER_TEST_POSTGRES` names.

use std::{
    env, process,
    sync::atomic::{AtomicU32, Ordering},
};

use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection};

use crate::skip::{in_ci, skipped};

const VARIABLE: &str = "USHER_TEST_POSTGRES";

/// The server's address, or `None` after saying that the test is skipped.
pub(crate) fn server(test: &str) -> Option<String> {
    let url = env::var(VARIABLE).ok().filter(|url| !url.is_empty());
    if url.is_none() {
        assert!(
            !in_ci(),
            "{test}: {VARIABLE} is not set, and in CI no test is left out"
        );
        skipped(test, &format!("{VARIABLE} is not set"));
    }
    url
}

/// Creates an empty database and gives its name and address.
pub(crate) async fn create(server: &str) -> (String, String) {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!(
        "usher_{}_{}",
        process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    );
    let connection = connect(server).await;
    // A run that was killed may have left a database of this name behind.
    execute(
        &connection,
        &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
    )
    .await;
    execute(
        &connection,
        &format!("CREATE DATABASE {name} TEMPLATE template0"),
    )
    .await;
    connection.close().await.expect("the connection closes");
    let url = with_database(server, &name);
    (name, url)
}

/// Drops a database, whoever is still connected to it.
pub(crate) async fn drop(server: &str, name: &str) {
    let connection = connect(server).await;
    execute(
        &connection,
        &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
    )
    .await;
    connection.close().await.expect("the connection closes");
}

async fn connect(server: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(server);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap_or_else(|error| {
        panic!("the PostgreSQL that {VARIABLE} names does not answer: {error}")
    })
}

async fn execute(connection: &DatabaseConnection, statement: &str) {
    connection
        .execute_unprepared(statement)
        .await
        .unwrap_or_else(|error| panic!("{statement}: {error}"));
}

/// The same server with another database: the path of the address is replaced, its options stay.
fn with_database(server: &str, name: &str) -> String {
    let (address, options) = server
        .split_once('?')
        .map_or((server, None), |(a, o)| (a, Some(o)));
    let authority = address.find("://").map_or(0, |at| at + 3);
    let end = address[authority..]
        .find('/')
        .map_or(address.len(), |at| authority + at);
    let url = format!("{}/{name}", &address[..end]);
    options.map_or_else(|| url.clone(), |options| format!("{url}?{options}"))
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn only_the_database_of_an_address_is_replaced() {
        for (server, expected) in [
            (
                "postgres://u:p@127.0.0.1:5432/postgres",
                "postgres://u:p@127.0.0.1:5432/x",
            ),
            ("postgres://u@host", "postgres://u@host/x"),
            (
                "postgres://u@host/a?sslmode=disable",
                "postgres://u@host/x?sslmode=disable",
            ),
            ("postgres:///a?host=/run/pg", "postgres:///x?host=/run/pg"),
        ] {
            assert_eq!(with_database(server, "x"), expected);
        }
    }
}
