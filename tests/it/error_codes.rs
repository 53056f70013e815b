//! Every code of the closed list: provoked through gRPC against a real server, shown to a person by a golden script of
//! its name, or listed with what it waits for. A new code fails the walk until it stands here.

use std::{
    collections::BTreeSet,
    future::Future,
    path::Path,
    pin::Pin,
    sync::{Arc, Mutex},
};

use prost_types::Timestamp;
use rusqlite::Connection;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;
use usher::v1::{
    DeleteUserRequest, ErrorReason, GetSubscriptionRequest, GetUserRequest, LicenseChange,
    ListUsersRequest, ModifyUserLicensesRequest, PlanSwitch, PurgeUserRequest,
    StreamLicenseChangesRequest, SwitchState, UpdateUserRequest, User,
};
use usher_shell::client::usual_fix;
use usher_tests::{
    client::{Client, outcome, refusal},
    clocked::{Clock, Clocked},
    databases::{Database, on_sqlite},
    invented, seed,
};

/// A service with the invented catalogue and rules, whose clock the test moves.
struct World {
    database: Arc<Database>,
    clock: Clock,
    service: Clocked,
}

type Answer<'a> = Pin<Box<dyn Future<Output = Status> + 'a>>;

enum Proof {
    /// Refused with this gRPC code when asked for like this.
    Provoked(Code, fn(&World) -> Answer<'_>),
    /// Cannot be raised by any call yet, for this reason.
    Waits(&'static str),
}
use Proof::{Provoked, Waits};

const GROUPS: &str = "the group calls follow; the planner's tests prove the rule";
const ACCESS: &str = "tokens and roles follow";
const CATALOGUE: &str = "the commands for products, plans and rules follow";
const PURCHASES: &str = "the calls for subscriptions follow";
const PLANS: &str = "the calls for plans with digests follow";

const TABLE: &[(ErrorReason, Proof)] = &[
    (
        ErrorReason::InvalidArgument,
        Provoked(Code::InvalidArgument, invalid_argument),
    ),
    (
        ErrorReason::UserNotFound,
        Provoked(Code::NotFound, user_not_found),
    ),
    (ErrorReason::GroupNotFound, Waits(GROUPS)),
    (
        ErrorReason::ProductNotFound,
        Provoked(Code::NotFound, product_not_found),
    ),
    (
        ErrorReason::PlanNotFound,
        Provoked(Code::NotFound, plan_not_found),
    ),
    (
        ErrorReason::SubscriptionNotFound,
        Provoked(Code::NotFound, subscription_not_found),
    ),
    (
        ErrorReason::AmbiguousName,
        Provoked(Code::FailedPrecondition, ambiguous_name),
    ),
    (ErrorReason::Unauthenticated, Waits(ACCESS)),
    (ErrorReason::PermissionDenied, Waits(ACCESS)),
    (ErrorReason::GuestNeedsGlobalAdmin, Waits(ACCESS)),
    (ErrorReason::LastGlobalAdmin, Waits(ACCESS)),
    (ErrorReason::NotAssignableToUser, Waits(CATALOGUE)),
    (ErrorReason::AutomaticService, Waits(CATALOGUE)),
    (ErrorReason::RuleNotFound, Waits(CATALOGUE)),
    (ErrorReason::SelfServiceSubscription, Waits(PURCHASES)),
    (ErrorReason::PartnerManaged, Waits(PURCHASES)),
    (ErrorReason::AssignByProduct, Waits(PURCHASES)),
    (ErrorReason::SubscriptionSuspended, Waits(PURCHASES)),
    (ErrorReason::QuantityBelowConsumed, Waits(PURCHASES)),
    (ErrorReason::CancelWindowClosed, Waits(PURCHASES)),
    (ErrorReason::InheritedFromGroup, Waits(GROUPS)),
    (
        ErrorReason::ProductNotHeld,
        Provoked(Code::FailedPrecondition, product_not_held),
    ),
    (
        ErrorReason::ProductInBothLists,
        Provoked(Code::InvalidArgument, product_in_both_lists),
    ),
    (
        ErrorReason::PlanNotInProduct,
        Provoked(Code::FailedPrecondition, plan_not_in_product),
    ),
    (
        ErrorReason::UsageLocationMissing,
        Provoked(Code::FailedPrecondition, usage_location_missing),
    ),
    (
        ErrorReason::ProhibitedInLocation,
        Provoked(Code::FailedPrecondition, prohibited_in_location),
    ),
    (
        ErrorReason::MutuallyExclusivePlans,
        Provoked(Code::FailedPrecondition, mutually_exclusive_plans),
    ),
    (
        ErrorReason::MissingPrerequisitePlan,
        Provoked(Code::FailedPrecondition, missing_prerequisite_plan),
    ),
    (
        ErrorReason::PrerequisiteInUse,
        Provoked(Code::FailedPrecondition, prerequisite_in_use),
    ),
    (
        ErrorReason::NoAvailableSeats,
        Provoked(Code::ResourceExhausted, no_available_seats),
    ),
    (
        ErrorReason::UpnInUse,
        Provoked(Code::AlreadyExists, upn_in_use),
    ),
    (
        ErrorReason::UserNotDeleted,
        Provoked(Code::FailedPrecondition, user_not_deleted),
    ),
    (
        ErrorReason::RetentionHold,
        Provoked(Code::FailedPrecondition, retention_hold),
    ),
    (ErrorReason::GroupHasLicenses, Waits(GROUPS)),
    (ErrorReason::GroupCycle, Waits(GROUPS)),
    (ErrorReason::BadRule, Waits(GROUPS)),
    (ErrorReason::StalePlan, Waits(PLANS)),
    (
        ErrorReason::ConcurrentChange,
        Provoked(Code::Aborted, concurrent_change),
    ),
    (
        ErrorReason::RequestIdReused,
        Provoked(Code::InvalidArgument, request_id_reused),
    ),
    (
        ErrorReason::ReadTimeOutOfRange,
        Provoked(Code::OutOfRange, read_time_out_of_range),
    ),
    (
        ErrorReason::LimitExceeded,
        Provoked(Code::InvalidArgument, limit_exceeded),
    ),
    (
        ErrorReason::DatabaseBusy,
        Provoked(Code::Unavailable, database_busy),
    ),
    (
        ErrorReason::Unavailable,
        Provoked(Code::Unavailable, unavailable),
    ),
    (ErrorReason::Internal, Provoked(Code::Internal, internal)),
];

/// What a person cannot meet in the shell, and why.
const NOT_SHOWN: &[(ErrorReason, &str)] = &[
    (ErrorReason::SubscriptionNotFound, PURCHASES),
    (ErrorReason::ConcurrentChange, "no command sends an etag"),
    (ErrorReason::ReadTimeOutOfRange, CATALOGUE),
];

fn every_code() -> Vec<ErrorReason> {
    (1..1_000)
        .filter_map(|number| ErrorReason::try_from(number).ok())
        .collect()
}

fn text(reason: ErrorReason) -> &'static str {
    reason.as_str_name().trim_start_matches("ERROR_REASON_")
}

#[test]
fn every_code_stands_in_the_table_once() {
    let all: BTreeSet<&str> = every_code().into_iter().map(text).collect();
    let named: Vec<&str> = TABLE.iter().map(|(reason, _)| text(*reason)).collect();
    let missing: Vec<_> = all.iter().filter(|code| !named.contains(code)).collect();
    assert!(
        missing.is_empty(),
        "codes that no test provokes: {missing:?}"
    );
    assert_eq!(named.len(), all.len(), "a code stands in the table twice");
}

#[test]
fn every_code_that_can_be_raised_is_shown_by_a_golden_script() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts");
    let mut missing = Vec::new();
    for (reason, proof) in TABLE {
        if NOT_SHOWN.iter().any(|(not_shown, _)| not_shown == reason) {
            continue;
        }
        let code = text(*reason);
        let name = code.to_lowercase().replace('_', "-");
        let shown = std::fs::read_to_string(folder.join(format!("{name}.out")));
        let is_shown = shown.is_ok_and(|output| output.contains(code));
        match proof {
            Provoked(..) if !is_shown => missing.push(format!("{name}.usher")),
            Provoked(..) => {}
            Waits(why) => assert!(!why.is_empty(), "{code} waits for nothing"),
        }
    }
    assert!(
        missing.is_empty(),
        "golden scripts that show no such error: {missing:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_code_that_can_be_raised_is_raised_with_its_cause_and_a_fix() {
    let wrong = Mutex::new(Vec::new());
    for (reason, proof) in TABLE {
        let Provoked(code, provoke) = proof else {
            continue;
        };
        on_sqlite(async |database| {
            let world = World::new(database).await;
            let status = provoke(&world).await;
            assert_eq!(
                (refusal(&status), status.code()),
                (*reason, *code),
                "{status:?}"
            );
            wrong.lock().unwrap().extend(wrong_with(*reason, &status));
        })
        .await;
    }
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A refusal is a sentence that a person can read, without the inside of the service, and a way out.
fn wrong_with(reason: ErrorReason, status: &Status) -> Vec<String> {
    let message = status.message();
    let mut wrong = Vec::new();
    // A user principal name is shown as it is written, also where it begins the sentence.
    let first = message.split_whitespace().next().unwrap_or_default();
    let begins_small = first.starts_with(char::is_lowercase) && !first.contains('@');
    if message.len() < 15 || begins_small {
        wrong.push(format!("{reason:?} is no sentence: {message}"));
    }
    let inside = [
        "sqlite",
        "SQLITE",
        "SELECT ",
        "panicked",
        "usher_",
        "ERROR_REASON",
    ];
    if inside.iter().any(|part| message.contains(part)) {
        wrong.push(format!("{reason:?} shows its inside: {message}"));
    }
    // What is malformed names its field; there is no command that would know what was meant.
    let names_its_field = status
        .get_details_bad_request()
        .is_some_and(|request| !request.field_violations.is_empty());
    if !names_its_field && offered(status) == 0 && usual_fix(reason).is_none() {
        wrong.push(format!("{reason:?} comes without a way out: {message}"));
    }
    wrong
}

/// How many commands the service offers.
fn offered(status: &Status) -> usize {
    if !String::from_utf8_lossy(status.details()).contains("usher.v1.Outcome") {
        return 0;
    }
    let causes = outcome(status).causes;
    causes.iter().map(|cause| cause.fixes.len()).sum()
}

impl World {
    async fn new(database: Arc<Database>) -> Self {
        let clock = Clock::new();
        let service = Clocked::start(&database.url, &clock).await;
        invented::products(&service.client).await;
        invented::rules(&service.client).await;
        Self {
            database,
            clock,
            service,
        }
    }

    fn client(&self) -> &Client {
        &self.service.client
    }

    /// A person in Germany.
    async fn adele(&self) -> String {
        invented::user(self.client(), "adele@example.com", "DE")
            .await
            .unwrap()
    }

    async fn seats(&self, product: &str) {
        seed::seats(self.client(), product, 5).await;
    }

    async fn change(&self, change: LicenseChange) -> Result<(), Status> {
        invented::change(self.client(), change).await.map(|_| ())
    }

    fn meddle(&self, statements: &str) {
        let file = self.database.url.trim_start_matches("sqlite://");
        Connection::open(file)
            .unwrap()
            .execute_batch(statements)
            .unwrap();
    }
}

fn switch(user: &str, product: &str, plan: &str, state: SwitchState) -> LicenseChange {
    let switch = PlanSwitch {
        product: product.to_owned(),
        plan: plan.to_owned(),
        state: state.into(),
    };
    LicenseChange {
        user: user.to_owned(),
        switches: vec![switch],
        ..LicenseChange::default()
    }
}

macro_rules! provoked {
    ($(async fn $name:ident($world:ident) $body:block)*) => {$(
        fn $name($world: &World) -> Answer<'_> {
            Box::pin(async move { $body })
        }
    )*};
}

provoked! {
    async fn invalid_argument(world) {
        let request = ListUsersRequest { page_size: -1, ..ListUsersRequest::default() };
        world.client().users.clone().list_users(request).await.unwrap_err()
    }

    async fn user_not_found(world) {
        world.change(seed::add("nobody@example.com", "FULL")).await.unwrap_err()
    }

    async fn product_not_found(world) {
        let adele = world.adele().await;
        world.change(seed::add(&adele, "FULLL")).await.unwrap_err()
    }

    async fn plan_not_found(world) {
        let adele = world.adele().await;
        world.seats("FULL").await;
        let mut change = switch(&adele, "FULL", "CHAD", SwitchState::Off);
        change.add = vec!["FULL".to_owned()];
        world.change(change).await.unwrap_err()
    }

    async fn subscription_not_found(world) {
        let request = GetSubscriptionRequest {
            subscription: invented::product_id("FULL"),
            ..GetSubscriptionRequest::default()
        };
        world.client().subscriptions.clone().get_subscription(request).await.unwrap_err()
    }

    async fn ambiguous_name(world) {
        for name in ["pat@example.com", "pat@example.org"] {
            invented::user(world.client(), name, "DE").await.unwrap();
        }
        world.change(seed::add("pat", "FULL")).await.unwrap_err()
    }

    async fn product_not_held(world) {
        let adele = world.adele().await;
        world.seats("FULL").await;
        let mut change = seed::add(&adele, "FULL");
        change.remove = vec!["BASIC".to_owned()];
        change.require_removed_held = true;
        world.change(change).await.unwrap_err()
    }

    async fn product_in_both_lists(world) {
        let mut change = seed::add(&world.adele().await, "FULL");
        change.remove = change.add.clone();
        world.change(change).await.unwrap_err()
    }

    async fn plan_not_in_product(world) {
        let adele = world.adele().await;
        world.seats("BASIC").await;
        world.change(seed::add(&adele, "BASIC")).await.unwrap();
        world.change(switch(&adele, "BASIC", "FORMS", SwitchState::Off)).await.unwrap_err()
    }

    async fn usage_location_missing(world) {
        world.seats("FULL").await;
        let nowhere = invented::user(world.client(), "nowhere@example.com", "").await.unwrap();
        world.change(seed::add(&nowhere, "FULL")).await.unwrap_err()
    }

    async fn prohibited_in_location(world) {
        world.seats("VAULT").await;
        let there = invented::user(world.client(), "there@example.com", "CN").await.unwrap();
        world.change(seed::add(&there, "VAULT")).await.unwrap_err()
    }

    async fn mutually_exclusive_plans(world) {
        let adele = world.adele().await;
        world.seats("FULL").await;
        world.seats("BASIC").await;
        world.change(seed::add(&adele, "FULL")).await.unwrap();
        world.change(seed::add(&adele, "BASIC")).await.unwrap_err()
    }

    async fn missing_prerequisite_plan(world) {
        let adele = world.adele().await;
        world.seats("CALLS").await;
        world.change(seed::add(&adele, "CALLS")).await.unwrap_err()
    }

    async fn prerequisite_in_use(world) {
        let adele = world.adele().await;
        world.seats("FULL").await;
        world.seats("CALLS").await;
        let mut both = seed::add(&adele, "FULL");
        both.add.push("CALLS".to_owned());
        world.change(both).await.unwrap();
        let remove = LicenseChange { add: Vec::new(), remove: vec!["FULL".to_owned()], ..seed::add(&adele, "") };
        world.change(remove).await.unwrap_err()
    }

    async fn no_available_seats(world) {
        let adele = world.adele().await;
        world.change(seed::add(&adele, "FULL")).await.unwrap_err()
    }

    async fn upn_in_use(world) {
        world.adele().await;
        invented::user(world.client(), "ADELE@example.com", "DE").await.unwrap_err()
    }

    async fn user_not_deleted(world) {
        let request = PurgeUserRequest { user: world.adele().await, ..PurgeUserRequest::default() };
        world.client().users.clone().purge_user(request).await.unwrap_err()
    }

    async fn retention_hold(world) {
        let adele = world.adele().await;
        let mut users = world.client().users.clone();
        let held = UpdateUserRequest {
            target: adele.clone(),
            user: Some(User { retention_hold: "Case 7".to_owned(), ..User::default() }),
            update_mask: Some(prost_types::FieldMask { paths: vec!["retention_hold".to_owned()] }),
            ..UpdateUserRequest::default()
        };
        users.update_user(held).await.unwrap();
        let request = DeleteUserRequest { user: adele.clone(), ..DeleteUserRequest::default() };
        users.delete_user(request).await.unwrap();
        let request = PurgeUserRequest { user: adele, ..PurgeUserRequest::default() };
        users.purge_user(request).await.unwrap_err()
    }

    async fn concurrent_change(world) {
        let request = GetUserRequest { user: world.adele().await, ..GetUserRequest::default() };
        let mut users = world.client().users.clone();
        let read = users.get_user(request).await.unwrap().into_inner().user.unwrap();
        let edit = |title: &str| UpdateUserRequest {
            user: Some(User { job_title: title.to_owned(), ..read.clone() }),
            update_mask: Some(prost_types::FieldMask { paths: vec!["job_title".to_owned()] }),
            ..UpdateUserRequest::default()
        };
        users.update_user(edit("first")).await.unwrap();
        users.update_user(edit("second")).await.unwrap_err()
    }

    async fn request_id_reused(world) {
        let adele = world.adele().await;
        world.seats("FULL").await;
        world.seats("BASIC").await;
        let ask = |product: &str| ModifyUserLicensesRequest {
            change: Some(seed::add(&adele, product)),
            request_id: "5f6c1f0e-8f0a-4c39-9a57-2f3ae7a34d10".to_owned(),
            ..ModifyUserLicensesRequest::default()
        };
        let mut licenses = world.client().licenses.clone();
        licenses.modify_user_licenses(ask("FULL")).await.unwrap();
        licenses.modify_user_licenses(ask("BASIC")).await.unwrap_err()
    }

    async fn read_time_out_of_range(world) {
        let tomorrow = Timestamp { seconds: world.clock.seconds() + 86_400, nanos: 0 };
        let request = ListUsersRequest { read_time: Some(tomorrow), ..ListUsersRequest::default() };
        world.client().users.clone().list_users(request).await.unwrap_err()
    }

    async fn limit_exceeded(world) {
        let rows = vec![seed::add("nobody@example.com", "FULL"); usher::MAX_ROWS_PER_MESSAGE + 1];
        let request = StreamLicenseChangesRequest { options: None, changes: rows };
        let answer = world.client().batches.clone().stream_license_changes(tokio_stream::iter([request])).await;
        match answer {
            Ok(answers) => answers.into_inner().message().await.unwrap_err(),
            Err(status) => status,
        }
    }

    async fn database_busy(world) {
        let file = world.database.url.trim_start_matches("sqlite://");
        let other = Connection::open(file).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        invented::user(world.client(), "adele@example.com", "DE").await.unwrap_err()
    }

    async fn unavailable(world) {
        world.service.close_database().await;
        invented::user(world.client(), "adele@example.com", "DE").await.unwrap_err()
    }

    async fn internal(world) {
        world.adele().await;
        world.meddle("UPDATE users SET usage_location = 'no country'");
        world.client().users.clone().list_users(ListUsersRequest::default()).await.unwrap_err()
    }
}
