//! A fresh database for each test: a file in a temporary folder, or a database of its own in the
//! PostgreSQL that `USHER_TEST_POSTGRES` names.

use std::future::Future;
use std::sync::Arc;

use sea_orm::{ConnectionTrait, DatabaseConnection};
use tempfile::TempDir;

use crate::env::Env;
use crate::storage::{Store, StoreError};

const VARIABLE: &str = "USHER_TEST_POSTGRES";

/// An empty database of one test.
pub(crate) struct TestDatabase {
    pub(crate) address: String,
    _folder: Option<TempDir>,
}

impl TestDatabase {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("usher.db");
        Self {
            address: format!("sqlite://{}", path.display()),
            _folder: Some(folder),
        }
    }

    /// Runs a test on a database of its own, which is dropped also when the test fails.
    pub(crate) async fn with_postgres<F>(name: &str, test: fn(Arc<Self>) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let Ok(server) = std::env::var(VARIABLE) else {
            println!("skipped: {name}: {VARIABLE} is not set");
            let in_ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(!in_ci, "{VARIABLE} must be set in CI");
            return;
        };
        let admin = sea_orm::Database::connect(&server).await.unwrap();
        let database = format!("usher_test_{}", Env::system().ids.next().simple());
        admin
            .execute_unprepared(&format!("CREATE DATABASE {database}"))
            .await
            .unwrap();
        let (base, _) = server.rsplit_once('/').unwrap();
        let address = format!("{base}/{database}");
        let outcome = tokio::spawn(test(Arc::new(Self {
            address,
            _folder: None,
        })))
        .await;
        admin
            .execute_unprepared(&format!("DROP DATABASE {database} WITH (FORCE)"))
            .await
            .unwrap();
        if let Err(failed) = outcome {
            std::panic::resume_unwind(failed.into_panic());
        }
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.address.starts_with("postgres")
    }

    /// A store on this database, as a process of its own would have it.
    pub(crate) async fn store(&self) -> Store {
        self.try_store().await.unwrap()
    }

    pub(crate) async fn try_store(&self) -> Result<Store, StoreError> {
        Store::open(&self.address, Env::system()).await
    }

    /// A connection past the store, for what the store would never do.
    pub(crate) async fn raw(&self) -> DatabaseConnection {
        let mut options = sea_orm::ConnectOptions::new(&self.address);
        options.max_connections(1).sqlx_logging(false);
        sea_orm::Database::connect(options).await.unwrap()
    }
}
