//! One suite for both databases: what the store promises, tried on real SQLite and real PostgreSQL.
//! What a licensing rule says is tested in the domain; here is what a database could break.

mod data;
pub(crate) mod database;
mod deleted;
mod failures;
mod filters;
pub(crate) mod fixture;
mod history;
mod lifecycle;
mod lost_commit;
mod plans;
mod postgres;
mod queues;
mod record;
mod request_ids;
mod rows;
mod search;
mod seats;
mod start;
mod tampered;
mod tenants;
mod upkeep;

/// Makes of each test one for SQLite and one for PostgreSQL.
macro_rules! on_both_databases {
    ($(async fn $name:ident($database:ident: &TestDatabase) $body:block)*) => {$(
        mod $name {
            use super::*;

            async fn check($database: Arc<TestDatabase>) {
                let $database = $database.as_ref();
                $body
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                Box::pin(check(Arc::new(TestDatabase::sqlite()))).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                let name = concat!(module_path!(), "::on_postgres");
                TestDatabase::with_postgres(name, check).await;
            }
        }
    )*};
}

use on_both_databases;
