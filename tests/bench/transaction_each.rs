//! The floor of single assignments: the same work as it would plainly be written, one SeaORM transaction each.

use std::{sync::Arc, time::Instant};

use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ConnectOptions, ConnectionTrait as _,
    Database as Connector, DatabaseConnection, EntityTrait as _, IntoActiveModel as _,
    QuerySelect as _, SqliteTransactionMode, TransactionOptions, TransactionTrait as _,
    sea_query::LockType,
};
use usher_tests::{
    databases::{Database, Engine},
    load::spread,
};

mod pools {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "floor_pools")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) id: i64,
        pub(crate) total: i64,
        pub(crate) consumed: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod assignments {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "floor_assignments")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) person: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) product: i64,
        pub(crate) revision: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod records {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "floor_records")]
    pub(crate) struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) revision: i64,
        pub(crate) at: i64,
        pub(crate) actor: String,
        pub(crate) action: String,
        pub(crate) subject: i64,
        pub(crate) after: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

const TABLES: [&str; 4] = [
    "CREATE TABLE floor_pools (id BIGINT PRIMARY KEY, total BIGINT NOT NULL, consumed BIGINT NOT NULL)",
    "CREATE TABLE floor_assignments (person BIGINT NOT NULL, product BIGINT NOT NULL, revision BIGINT NOT NULL,
         PRIMARY KEY (person, product))",
    "CREATE TABLE floor_records (revision BIGINT PRIMARY KEY, at BIGINT NOT NULL, actor TEXT NOT NULL,
         action TEXT NOT NULL, subject BIGINT NOT NULL, after TEXT NOT NULL)",
    "INSERT INTO floor_pools VALUES (1, 10000000, 0)",
];

/// Assignments a second with this many callers: on PostgreSQL a connection each, on SQLite one writer for all, since
/// more of them only take each other's lock.
pub(crate) async fn assignments(database: &Database, count: usize, callers: usize) -> f64 {
    let connection = Arc::new(connect(database, callers).await);
    let engine = database.engine;
    for table in TABLES {
        connection.execute_unprepared(table).await.unwrap();
    }
    let shared = Arc::clone(&connection);
    let begun = Instant::now();
    spread(count, callers, move |number| {
        let connection = Arc::clone(&shared);
        async move { assign(&connection, engine, i64::try_from(number).unwrap()).await }
    })
    .await;
    let rate = count as f64 / begun.elapsed().as_secs_f64();
    for table in ["floor_pools", "floor_assignments", "floor_records"] {
        connection
            .execute_unprepared(&format!("DROP TABLE {table}"))
            .await
            .unwrap();
    }
    rate
}

async fn connect(database: &Database, callers: usize) -> DatabaseConnection {
    let (url, connections) = match database.engine {
        Engine::Sqlite => (
            format!("sqlite://{}", database.folder().join("floor.db").display()),
            1,
        ),
        Engine::Postgres => (database.url.clone(), u32::try_from(callers).unwrap()),
    };
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .sqlx_logging(false)
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(|options| {
            use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
            options
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
        });
    Connector::connect(options).await.unwrap()
}

async fn assign(connection: &DatabaseConnection, engine: Engine, person: i64) {
    let sqlite_transaction_mode =
        (engine == Engine::Sqlite).then_some(SqliteTransactionMode::Immediate);
    let options = TransactionOptions {
        isolation_level: None,
        access_mode: None,
        sqlite_transaction_mode,
    };
    let transaction = connection.begin_with_options(options).await.unwrap();
    let pool = pools::Entity::find_by_id(1)
        .lock(LockType::Update)
        .one(&transaction)
        .await
        .unwrap()
        .unwrap();
    assert!(pool.consumed < pool.total, "the pool is large enough");
    let revision = pool.consumed + 1;
    let mut pool = pool.into_active_model();
    pool.consumed = Set(revision);
    pool.update(&transaction).await.unwrap();
    let assignment = assignments::ActiveModel {
        person: Set(person),
        product: Set(1),
        revision: Set(revision),
    };
    assignments::Entity::insert(assignment)
        .exec_without_returning(&transaction)
        .await
        .unwrap();
    let record = records::ActiveModel {
        revision: Set(revision),
        at: Set(revision),
        actor: Set("admin".to_owned()),
        action: Set("licenses.modify".to_owned()),
        subject: Set(person),
        after: Set(format!(
            r#"{{"assignment":{person},"product":"DESK_SUITE","state":"active"}}"#
        )),
    };
    records::Entity::insert(record)
        .exec_without_returning(&transaction)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
}
