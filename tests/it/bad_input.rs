//! Input and surroundings that cannot work: a clear error each, and nothing changed.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use sea_orm::{ConnectOptions, ConnectionTrait as _, Database as Connector, DatabaseConnection};
use tonic::Code;
use tonic_types::StatusExt as _;
use usher::v1::{
    CreateSubscriptionRequest, ErrorReason, LicenseChange, ListLicensePoolsRequest,
    ListUsersRequest, ModifyUserLicensesRequest, StreamLicenseChangesRequest, Subscription,
};
use usher_tests::{
    client::{Client, refusal},
    databases::{Database, Engine},
    import::Table,
    on_both_databases, seed,
    server::Server,
};

on_both_databases!(
    a_database_that_another_process_writes_to_is_busy_after_five_seconds,
    names_that_fit_nothing_or_too_much_are_refused,
    values_out_of_range_are_refused_by_field,
    a_table_without_a_needed_column_is_refused_whole,
    too_many_rows_in_a_message_are_refused,
);

async fn a_database_that_another_process_writes_to_is_busy_after_five_seconds(
    database: Arc<Database>,
) {
    let server = Server::start(&database.url);
    let client = Client::connect(server.address()).await;
    seed::catalogue(&client).await;
    seed::seats(&client, seed::DESK, 10).await;
    let people = seed::people(&client, 2).await;
    let holder = hold_write_lock(&database).await;

    let begun = Instant::now();
    let busy = modify(&client, seed::add(&people[0], seed::DESK))
        .await
        .unwrap_err();
    let waited = begun.elapsed();
    assert_eq!(
        (refusal(&busy), busy.code()),
        (ErrorReason::DatabaseBusy, Code::Unavailable),
        "{busy:?}"
    );
    assert!(
        busy.get_details_retry_info().is_some(),
        "a busy database is worth another try: {busy:?}"
    );
    assert!(
        (4..=9).contains(&waited.as_secs()),
        "answered after {waited:?}"
    );
    assert_eq!(
        seed::pool(&client, seed::DESK).await.consumed,
        0,
        "readers go on, and see nothing changed"
    );

    holder.execute_unprepared("ROLLBACK").await.unwrap();
    assert_eq!(
        seed::pool(&client, seed::DESK).await.consumed,
        0,
        "nothing was changed later either"
    );
    modify(&client, seed::add(&people[1], seed::DESK))
        .await
        .unwrap();
    assert_eq!(seed::pool(&client, seed::DESK).await.consumed, 1);
}

async fn hold_write_lock(database: &Database) -> DatabaseConnection {
    let mut options = ConnectOptions::new(&database.url);
    options
        .max_connections(1)
        .min_connections(1)
        .sqlx_logging(false);
    let holder = Connector::connect(options).await.unwrap();
    let statements: &[&str] = match database.engine {
        Engine::Sqlite => &["BEGIN IMMEDIATE"],
        Engine::Postgres => &["BEGIN", "SELECT 1 FROM heads FOR UPDATE"],
    };
    for statement in statements {
        holder.execute_unprepared(statement).await.unwrap();
    }
    holder
}

async fn names_that_fit_nothing_or_too_much_are_refused(database: Arc<Database>) {
    let server = Server::start(&database.url);
    let client = Client::connect(server.address()).await;
    seed::catalogue(&client).await;
    let user = seed::people(&client, 1).await.remove(0);
    let twins = (1..=2).map(|number| {
        let product = format!("c0000000-0000-4000-8000-00000000000{number}");
        let plan = "b0000000-0000-4000-8000-000000000001".to_owned();
        vec![
            "Twin".to_owned(),
            format!("TWIN_{number}"),
            product,
            seed::MAILBOX.to_owned(),
            plan,
            "Mail".to_owned(),
        ]
    });
    Table::new("twins.csv", &seed::PRODUCT_COLUMNS, twins)
        .into_products(&client)
        .await
        .unwrap();

    for (change, reason, code, parts) in [
        (
            seed::add("ghost@example.com", seed::DESK),
            ErrorReason::UserNotFound,
            Code::NotFound,
            vec!["ghost@example.com"],
        ),
        (
            seed::add(&user, "DESK_SUIT"),
            ErrorReason::ProductNotFound,
            Code::NotFound,
            vec!["DESK_SUIT"],
        ),
        (
            seed::add(&user, "Twin"),
            ErrorReason::AmbiguousName,
            Code::FailedPrecondition,
            vec!["Twin", "TWIN_1", "TWIN_2"],
        ),
    ] {
        let refused = modify(&client, change).await.unwrap_err();
        assert_eq!(
            (refusal(&refused), refused.code()),
            (reason, code),
            "{refused:?}"
        );
        for part in parts {
            assert!(
                refused.message().contains(part),
                "{part:?} is not in: {}",
                refused.message()
            );
        }
    }
    assert!(seed::holders(&client, seed::DESK).await.is_empty());
}

async fn values_out_of_range_are_refused_by_field(database: Arc<Database>) {
    let server = Server::start(&database.url);
    let client = Client::connect(server.address()).await;
    seed::catalogue(&client).await;
    for quantity in [0, -1, 10_000_001, i64::MAX] {
        let subscription = Subscription {
            product: seed::DESK.to_owned(),
            quantity,
            ..Subscription::default()
        };
        let request = CreateSubscriptionRequest {
            subscription: Some(subscription),
            ..CreateSubscriptionRequest::default()
        };
        let refused = client
            .subscriptions
            .clone()
            .create_subscription(request)
            .await
            .unwrap_err();
        invalid(&refused, "quantity");
    }
    for page_size in [-1, i32::MIN] {
        let request = ListUsersRequest {
            page_size,
            ..ListUsersRequest::default()
        };
        invalid(
            &client.users.clone().list_users(request).await.unwrap_err(),
            "page_size",
        );
    }
    let request = ListUsersRequest {
        filter: "department eq".to_owned(),
        ..ListUsersRequest::default()
    };
    let refused = client.users.clone().list_users(request).await.unwrap_err();
    invalid(&refused, "filter");
    assert!(
        refused
            .message()
            .contains(|letter: char| letter.is_ascii_digit()),
        "no position in: {}",
        refused.message()
    );
    invalid(
        &modify(&client, LicenseChange::default()).await.unwrap_err(),
        "user",
    );
    let request = ListLicensePoolsRequest {
        page_token: "forged".to_owned(),
        ..ListLicensePoolsRequest::default()
    };
    invalid(
        &client
            .licenses
            .clone()
            .list_license_pools(request)
            .await
            .unwrap_err(),
        "page_token",
    );
    let pools = client
        .licenses
        .clone()
        .list_license_pools(ListLicensePoolsRequest::default())
        .await
        .unwrap();
    assert!(
        pools.into_inner().license_pools.is_empty(),
        "a refused purchase left a pool behind"
    );
}

async fn a_table_without_a_needed_column_is_refused_whole(database: Arc<Database>) {
    let server = Server::start(&database.url);
    let client = Client::connect(server.address()).await;
    let table = Table::new(
        "list.csv",
        &["Product_Display_Name", "String_Id"],
        [vec!["Desk Suite", "DESK_SUITE"]],
    );
    let refused = table.into_products(&client).await.unwrap_err();
    assert_eq!(refusal(&refused), ErrorReason::InvalidArgument);
    assert!(refused.message().contains("GUID"), "{}", refused.message());
    let table = Table::new(
        "people.csv",
        &["displayName", "department"],
        [vec!["Adele", "Sales"]],
    );
    let refused = table.into_users(&client).await.unwrap_err();
    assert_eq!(refusal(&refused), ErrorReason::InvalidArgument);
    let users = client
        .users
        .clone()
        .list_users(ListUsersRequest::default())
        .await
        .unwrap()
        .into_inner();
    assert!(users.users.is_empty());
}

async fn too_many_rows_in_a_message_are_refused(database: Arc<Database>) {
    let server = Server::start(&database.url);
    let client = Client::connect(server.address()).await;
    seed::catalogue(&client).await;
    seed::seats(&client, seed::DESK, 10).await;
    let people = seed::people(&client, 1).await;
    let changes = vec![seed::add(&people[0], seed::DESK); usher::MAX_ROWS_PER_MESSAGE + 1];
    let request = StreamLicenseChangesRequest {
        options: None,
        changes,
    };
    let refused = match client
        .batches
        .clone()
        .stream_license_changes(tokio_stream::iter([request]))
        .await
    {
        Ok(answers) => answers.into_inner().message().await.unwrap_err(),
        Err(refused) => refused,
    };
    assert_eq!(refusal(&refused), ErrorReason::LimitExceeded, "{refused:?}");
    assert!(
        refused.message().contains("1,000") || refused.message().contains("1000"),
        "{}",
        refused.message()
    );
    assert_eq!(seed::pool(&client, seed::DESK).await.consumed, 0);
}

#[test]
fn a_database_that_cannot_be_had_ends_the_server_with_a_clear_error() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text.db");
    std::fs::write(
        &text,
        "this is no database, it only has its name and its place\n".repeat(100),
    )
    .unwrap();
    let missing = folder.path().join("no/such/folder/usher.db");
    for (database, parts) in [
        (
            "postgres://usher:s3cret@127.0.0.1:1/usher".to_owned(),
            vec!["reach"],
        ),
        (format!("sqlite://{}", missing.display()), vec!["database"]),
        (format!("sqlite://{}", text.display()), vec!["database"]),
        (
            "mysql://127.0.0.1/usher".to_owned(),
            vec!["mysql", "sqlite://", "postgres://"],
        ),
    ] {
        let begun = Instant::now();
        let output = Server::run(&["serve", "--listen", "127.0.0.1:0", "--database", &database]);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{database} was taken: {message}");
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "{database}: {:?}",
            begun.elapsed()
        );
        assert!(
            !message.contains("s3cret") && !message.contains("panicked"),
            "{message}"
        );
        for part in parts {
            assert!(
                message.contains(part),
                "{part:?} is not in the refusal of {database}:\n{message}"
            );
        }
    }
}

async fn modify(client: &Client, change: LicenseChange) -> Result<(), tonic::Status> {
    let request = ModifyUserLicensesRequest {
        change: Some(change),
        ..ModifyUserLicensesRequest::default()
    };
    client
        .licenses
        .clone()
        .modify_user_licenses(request)
        .await
        .map(|_| ())
}

fn invalid(status: &tonic::Status, field: &str) {
    assert_eq!(
        (refusal(status), status.code()),
        (ErrorReason::InvalidArgument, Code::InvalidArgument),
        "{status:?}"
    );
    let request = status
        .get_details_bad_request()
        .unwrap_or_else(|| panic!("no fields are named: {status:?}"));
    let fields: Vec<&str> = request
        .field_violations
        .iter()
        .map(|violation| violation.field.as_str())
        .collect();
    assert!(
        fields.iter().any(|found| found.ends_with(field)),
        "{field} is not among {fields:?}: {status:?}"
    );
}
