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
use tonic::{Code, Request, Status};
use tonic_types::StatusExt as _;
use usher::v1::{
    ApiToken, AppliesTo, CancelSubscriptionRequest, CreateApiTokenRequest,
    CreateRoleAssignmentRequest, CreateUserRequest, DeleteLicenseRuleRequest,
    DeleteRoleAssignmentRequest, DeleteUserRequest, ErrorReason, GetSubscriptionRequest,
    GetUserRequest, LicenseChange, ListUsersRequest, ModifyUserLicensesRequest, Outcome,
    PlanSwitch, Product, PurgeUserRequest, ReactivateSubscriptionRequest, RevokeApiTokenRequest,
    Role, RoleAssignment, ServicePlan, StreamLicenseChangesOptions, StreamLicenseChangesRequest,
    Subscription, SwitchState, UpdateProductRequest, UpdateServicePlanRequest,
    UpdateSubscriptionRequest, UpdateUserRequest, User, UserType,
    access_service_client::AccessServiceClient,
};
use usher_shell::client::usual_fix_for;
use usher_tests::{
    client::{Client, outcome, refusal},
    clocked::{Clock, Clocked},
    databases::{Database, on_sqlite},
    invented, load, seed,
};

/// A service with the invented catalogue and rules, whose clock the test moves.
struct World {
    database: Arc<Database>,
    clock: Clock,
    service: Clocked,
}

type RowAnswer<'a> = Pin<Box<dyn Future<Output = Outcome> + 'a>>;
type Answer<'a> = Pin<Box<dyn Future<Output = Status> + 'a>>;

enum Proof {
    /// Refused with this gRPC code when asked for like this.
    Provoked(Code, fn(&World) -> Answer<'_>),
    /// The code of a row of a bulk change only.
    OfARow(fn(&World) -> RowAnswer<'_>),
    /// Cannot be raised by any call yet, for this reason.
    Waits(&'static str),
}
use Proof::{OfARow, Provoked, Waits};

const GROUPS: &str = "the group calls follow; the planner's tests prove the rule";
const PLANS: &str = "the calls for plans with digests follow";

const TABLE: &[(ErrorReason, Proof)] = &[
    (ErrorReason::OtherRowRefused, OfARow(other_row_refused)),
    (
        ErrorReason::TooManyRequests,
        Provoked(Code::ResourceExhausted, too_many_requests),
    ),
    (
        ErrorReason::TokenNotFound,
        Provoked(Code::NotFound, token_not_found),
    ),
    (
        ErrorReason::TenantNotNamed,
        Provoked(Code::InvalidArgument, tenant_not_named),
    ),
    (
        ErrorReason::TenantNotFound,
        Provoked(Code::PermissionDenied, tenant_not_found),
    ),
    (
        ErrorReason::SubscriptionEnded,
        Provoked(Code::FailedPrecondition, subscription_ended),
    ),
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
    (
        ErrorReason::Unauthenticated,
        Provoked(Code::Unauthenticated, unauthenticated),
    ),
    (
        ErrorReason::PermissionDenied,
        Provoked(Code::PermissionDenied, permission_denied),
    ),
    (
        ErrorReason::GuestNeedsGlobalAdmin,
        Provoked(Code::PermissionDenied, guest_needs_global_admin),
    ),
    (
        ErrorReason::LastGlobalAdmin,
        Provoked(Code::FailedPrecondition, last_global_admin),
    ),
    (
        ErrorReason::NotAssignableToUser,
        Provoked(Code::FailedPrecondition, not_assignable_to_user),
    ),
    (
        ErrorReason::AutomaticService,
        Provoked(Code::FailedPrecondition, automatic_service),
    ),
    (
        ErrorReason::RuleNotFound,
        Provoked(Code::NotFound, rule_not_found),
    ),
    (
        ErrorReason::SelfServiceSubscription,
        Provoked(Code::FailedPrecondition, self_service_subscription),
    ),
    (
        ErrorReason::PartnerManaged,
        Provoked(Code::PermissionDenied, partner_managed),
    ),
    (
        ErrorReason::AssignByProduct,
        Provoked(Code::FailedPrecondition, assign_by_product),
    ),
    (
        ErrorReason::SubscriptionSuspended,
        Provoked(Code::FailedPrecondition, subscription_suspended),
    ),
    (
        ErrorReason::QuantityBelowConsumed,
        Provoked(Code::FailedPrecondition, quantity_below_consumed),
    ),
    (
        ErrorReason::CancelWindowClosed,
        Provoked(Code::FailedPrecondition, cancel_window_closed),
    ),
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
        let code = text(*reason);
        let name = code.to_lowercase().replace('_', "-");
        let shown = std::fs::read_to_string(folder.join(format!("{name}.out")));
        let is_shown = shown.is_ok_and(|output| output.contains(code));
        match proof {
            Provoked(..) | OfARow(_) if !is_shown => missing.push(format!("{name}.usher")),
            Provoked(..) | OfARow(_) => {}
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

#[tokio::test(flavor = "multi_thread")]
async fn every_code_of_a_row_comes_with_its_cause_and_a_fix() {
    for (reason, proof) in TABLE {
        let OfARow(provoke) = proof else {
            continue;
        };
        on_sqlite(async |database| {
            let row = provoke(&World::new(database).await).await;
            assert_eq!(row.reason(), *reason, "{row:?}");
            assert!(!row.causes[0].message.is_empty(), "{row:?}");
            assert!(
                usual_fix_for(*reason, "", None).is_some(),
                "{reason:?} comes without a way out"
            );
        })
        .await;
    }
}

/// Nobody is changed where one of all cannot be.
fn other_row_refused(world: &World) -> RowAnswer<'_> {
    Box::pin(async move {
        let adele = world.adele().await;
        world.seats("FULL").await;
        let options = StreamLicenseChangesOptions {
            all_or_nothing: true,
            ..StreamLicenseChangesOptions::default()
        };
        let rows = vec![
            seed::add(&adele, "FULL"),
            seed::add("nobody@example.com", "FULL"),
        ];
        let (outcomes, _) = load::stream(world.client(), options, rows).await.unwrap();
        outcomes.into_iter().next().unwrap()
    })
}

/// A refusal is a sentence that a person can read, without the inside of the service, and a way out.
fn wrong_with(reason: ErrorReason, status: &Status) -> Vec<String> {
    let message = status.message();
    let mut wrong = Vec::new();
    // Who is meant is shown as it is written, also where it begins the sentence.
    let named = ["adele@", "guest@", "nowhere@", "root ", "somebody "];
    let begins_small = message.starts_with(char::is_lowercase)
        && !named.iter().any(|name| message.starts_with(name));
    if message.len() < 15 || begins_small {
        wrong.push(format!("{reason:?} is no sentence: {message}"));
    }
    let inside = ["sqlite", "SQLITE", "SELECT ", "panicked", "ERROR_REASON"];
    if inside.iter().any(|part| message.contains(part)) {
        wrong.push(format!("{reason:?} shows its inside: {message}"));
    }
    // What is malformed names its field; there is no command that would know what was meant.
    let names_its_field = status
        .get_details_bad_request()
        .is_some_and(|request| !request.field_violations.is_empty());
    if !names_its_field && offered(status) == 0 && usual_fix_for(reason, "", None).is_none() {
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

    /// A server on the same data that takes callers with a token only.
    async fn guarded(&self) -> Clocked {
        Clocked::guarded(&self.database.url, &self.clock, 0).await
    }

    /// The request as somebody with this one role sends it.
    async fn with_role<T>(&self, role: Role, message: T) -> Request<T> {
        bearing(&self.token(role, false).await, message)
    }

    /// A token of somebody with this one role.
    async fn token(&self, role: Role, partner: bool) -> String {
        let mut access = AccessServiceClient::new(self.client().channel.clone());
        let assignment = RoleAssignment {
            identity: "somebody".to_owned(),
            role: role.into(),
        };
        let request = CreateRoleAssignmentRequest {
            role_assignment: Some(assignment),
            ..CreateRoleAssignmentRequest::default()
        };
        access.create_role_assignment(request).await.unwrap();
        let token = ApiToken {
            display_name: "test".to_owned(),
            identity: "somebody".to_owned(),
            partner,
            ..ApiToken::default()
        };
        let request = CreateApiTokenRequest {
            api_token: Some(token),
            ..CreateApiTokenRequest::default()
        };
        access
            .create_api_token(request)
            .await
            .unwrap()
            .into_inner()
            .secret
    }

    /// Changes one thing about a product.
    async fn set_product(&self, mask: &str, product: Product) {
        let request = UpdateProductRequest {
            product: Some(product),
            update_mask: Some(prost_types::FieldMask {
                paths: vec![mask.to_owned()],
            }),
            target: "FULL".to_owned(),
            ..UpdateProductRequest::default()
        };
        self.client()
            .catalog
            .clone()
            .update_product(request)
            .await
            .unwrap();
    }

    /// Buys five seats of FULL by the month, else as described.
    async fn buy(&self, wanted: Subscription) -> Subscription {
        let wanted = Subscription {
            product: "FULL".to_owned(),
            quantity: 5,
            term_months: 1,
            recurring_billing: Some(false),
            ..wanted
        };
        invented::buy(self.client(), wanted).await.unwrap()
    }

    async fn set_quantity(&self, subscription: &Subscription, quantity: i64) -> Result<(), Status> {
        let request = UpdateSubscriptionRequest {
            subscription: Some(Subscription {
                id: subscription.id.clone(),
                quantity,
                ..Subscription::default()
            }),
            update_mask: Some(prost_types::FieldMask {
                paths: vec!["quantity".to_owned()],
            }),
            ..UpdateSubscriptionRequest::default()
        };
        let mut subscriptions = self.client().subscriptions.clone();
        subscriptions.update_subscription(request).await.map(|_| ())
    }

    fn meddle(&self, statements: &str) {
        let file = self.database.url.trim_start_matches("sqlite://");
        Connection::open(file)
            .unwrap()
            .execute_batch(statements)
            .unwrap();
    }
}

/// The request as the holder of a token sends it.
fn bearing<T>(token: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    let bearer = format!("Bearer {token}").parse().unwrap();
    request.metadata_mut().insert("authorization", bearer);
    request
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

    async fn unauthenticated(world) {
        let guarded = world.guarded().await;
        guarded.client.users.clone().list_users(ListUsersRequest::default()).await.unwrap_err()
    }

    async fn permission_denied(world) {
        let guarded = world.guarded().await;
        let user = User { user_principal_name: "new@example.com".to_owned(), ..User::default() };
        let request = CreateUserRequest { user: Some(user), ..CreateUserRequest::default() };
        let request = world.with_role(Role::GlobalReader, request).await;
        guarded.client.users.clone().create_user(request).await.unwrap_err()
    }

    async fn guest_needs_global_admin(world) {
        world.seats("FULL").await;
        let guest = User {
            user_principal_name: "guest@example.com".to_owned(),
            display_name: "Guest".to_owned(),
            usage_location: "DE".to_owned(),
            user_type: UserType::Guest.into(),
            ..User::default()
        };
        let request = CreateUserRequest { user: Some(guest), ..CreateUserRequest::default() };
        world.client().users.clone().create_user(request).await.unwrap();
        let guarded = world.guarded().await;
        let request = ModifyUserLicensesRequest {
            change: Some(seed::add("guest@example.com", "FULL")),
            ..ModifyUserLicensesRequest::default()
        };
        let request = world.with_role(Role::LicenseAdmin, request).await;
        guarded.client.licenses.clone().modify_user_licenses(request).await.unwrap_err()
    }

    async fn last_global_admin(world) {
        let mut access = AccessServiceClient::new(world.client().channel.clone());
        let only = Some(RoleAssignment { identity: "root".to_owned(), role: Role::GlobalAdmin.into() });
        let request = CreateRoleAssignmentRequest { role_assignment: only.clone(), ..CreateRoleAssignmentRequest::default() };
        access.create_role_assignment(request).await.unwrap();
        let request = DeleteRoleAssignmentRequest { role_assignment: only, ..DeleteRoleAssignmentRequest::default() };
        access.delete_role_assignment(request).await.unwrap_err()
    }

    async fn tenant_not_found(world) {
        let mut request = Request::new(ListUsersRequest::default());
        request.metadata_mut().insert(usher::TENANT_METADATA, "elsewhere".parse().unwrap());
        world.client().users.clone().list_users(request).await.unwrap_err()
    }

    async fn tenant_not_named(world) {
        let guarded = world.guarded().await;
        let token = world.token(Role::GlobalAdmin, true).await;
        let request = bearing(&token, ListUsersRequest::default());
        guarded.client.users.clone().list_users(request).await.unwrap_err()
    }

    async fn token_not_found(world) {
        let mut access = AccessServiceClient::new(world.client().channel.clone());
        let request = RevokeApiTokenRequest { api_token: "no such token".to_owned(), ..RevokeApiTokenRequest::default() };
        access.revoke_api_token(request).await.unwrap_err()
    }

    async fn too_many_requests(world) {
        let guarded = Clocked::guarded(&world.database.url, &world.clock, 1).await;
        let token = world.token(Role::GlobalReader, false).await;
        let mut users = guarded.client.users.clone();
        users.list_users(bearing(&token, ListUsersRequest::default())).await.unwrap();
        users.list_users(bearing(&token, ListUsersRequest::default())).await.unwrap_err()
    }

    async fn self_service_subscription(world) {
        let adele = world.adele().await;
        world.buy(Subscription { quantity: 1, purchaser: adele.clone(), ..Subscription::default() }).await;
        let remove = LicenseChange { user: adele, remove: vec!["FULL".to_owned()], ..LicenseChange::default() };
        world.change(remove).await.unwrap_err()
    }

    async fn partner_managed(world) {
        let sold = world.buy(Subscription { partner: "fabrikam".to_owned(), ..Subscription::default() }).await;
        world.set_quantity(&sold, 9).await.unwrap_err()
    }

    async fn assign_by_product(world) {
        world.set_product("perpetual", Product { perpetual: true, ..Product::default() }).await;
        let wanted = Subscription { product: "FULL".to_owned(), quantity: 5, ..Subscription::default() };
        let bought = invented::buy(world.client(), wanted).await.unwrap();
        world.change(seed::add(&world.adele().await, &bought.id)).await.unwrap_err()
    }

    async fn subscription_suspended(world) {
        world.buy(Subscription::default()).await;
        let adele = world.adele().await;
        world.clock.pass_days(70);
        world.change(seed::add(&adele, "FULL")).await.unwrap_err()
    }

    async fn quantity_below_consumed(world) {
        let bought = world.buy(Subscription::default()).await;
        for name in ["one@example.com", "two@example.com"] {
            let user = invented::user(world.client(), name, "DE").await.unwrap();
            world.change(seed::add(&user, "FULL")).await.unwrap();
        }
        world.set_quantity(&bought, 1).await.unwrap_err()
    }

    async fn cancel_window_closed(world) {
        let bought = world.buy(Subscription::default()).await;
        world.clock.pass_days(20);
        let request = CancelSubscriptionRequest { subscription: bought.id, ..CancelSubscriptionRequest::default() };
        world.client().subscriptions.clone().cancel_subscription(request).await.unwrap_err()
    }

    async fn subscription_ended(world) {
        let bought = world.buy(Subscription::default()).await;
        world.clock.pass_days(200);
        let request = ReactivateSubscriptionRequest { subscription: bought.id, ..ReactivateSubscriptionRequest::default() };
        world.client().subscriptions.clone().reactivate_subscription(request).await.unwrap_err()
    }

    async fn not_assignable_to_user(world) {
        world.seats("FULL").await;
        world.set_product("applies_to", Product { applies_to: AppliesTo::Company.into(), ..Product::default() }).await;
        world.change(seed::add(&world.adele().await, "FULL")).await.unwrap_err()
    }

    async fn automatic_service(world) {
        let adele = world.adele().await;
        world.seats("FULL").await;
        world.change(seed::add(&adele, "FULL")).await.unwrap();
        let request = UpdateServicePlanRequest {
            service_plan: Some(ServicePlan { automatic: true, ..ServicePlan::default() }),
            update_mask: Some(prost_types::FieldMask { paths: vec!["automatic".to_owned()] }),
            target: "FORMS".to_owned(),
            ..UpdateServicePlanRequest::default()
        };
        world.client().catalog.clone().update_service_plan(request).await.unwrap();
        world.change(switch(&adele, "FULL", "FORMS", SwitchState::Off)).await.unwrap_err()
    }

    async fn rule_not_found(world) {
        let request = DeleteLicenseRuleRequest {
            license_rule: "licenseRules/exclusion/nothing".to_owned(),
            ..DeleteLicenseRuleRequest::default()
        };
        world.client().catalog.clone().delete_license_rule(request).await.unwrap_err()
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
