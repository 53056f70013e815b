//! One test body, both databases: the same service must behave the same on SQLite and on PostgreSQL.

use std::{future::Future, panic::AssertUnwindSafe, path::Path};

use futures_util::FutureExt as _;
use tempfile::TempDir;

use crate::postgres;

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file in a folder of its own.
    Sqlite,
    /// A database of its own on the test server.
    Postgres,
}

/// An empty database for one test.
pub struct Database {
    /// Which engine it is.
    pub engine: Engine,
    /// Address as `usher-server --database` takes it.
    pub url: String,
    folder: TempDir,
}

impl Database {
    /// A folder that lives as long as the database.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// Runs a test on SQLite.
pub async fn on_sqlite<F, Done>(body: F)
where
    F: FnOnce(std::sync::Arc<Database>) -> Done,
    Done: Future<Output = ()>,
{
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let url = format!("sqlite://{}", folder.path().join("usher.db").display());
    body(
        Database {
            engine: Engine::Sqlite,
            url,
            folder,
        }
        .into(),
    )
    .await;
}

/// Runs a test on PostgreSQL, or says that it is skipped. The database goes, whatever becomes of the test.
pub async fn on_postgres<F, Done>(test: &str, body: F)
where
    F: FnOnce(std::sync::Arc<Database>) -> Done,
    Done: Future<Output = ()>,
{
    let Some(server) = postgres::server(test) else {
        return;
    };
    let (name, url) = postgres::create(&server).await;
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let database = Database {
        engine: Engine::Postgres,
        url,
        folder,
    };
    let result = AssertUnwindSafe(body(database.into())).catch_unwind().await;
    postgres::drop(&server, &name).await;
    if let Err(panic) = result {
        std::panic::resume_unwind(panic);
    }
}

/// Makes two tests of each named `async fn(Arc<Database>)`: `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                $crate::databases::on_sqlite(super::$name).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                let test = concat!(module_path!(), "::postgres");
                $crate::databases::on_postgres(test, super::$name).await;
            }
        }
    )+};
}
