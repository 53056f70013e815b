//! A service on a fresh SQLite file with a small catalogue, for the tests of the calls.

use std::sync::Arc;

use sea_orm::ConnectionTrait;
use tonic::{Code, Request, Status};
use tonic_types::StatusExt;
use usher::v1::audit_service_client::AuditServiceClient;
use usher::v1::batch_service_client::BatchServiceClient;
use usher::v1::catalog_service_client::CatalogServiceClient;
use usher::v1::license_service_client::LicenseServiceClient;
use usher::v1::subscription_service_client::SubscriptionServiceClient;
use usher::v1::user_service_client::UserServiceClient;
use usher::v1::{
    CreateSubscriptionRequest, CreateSubscriptionResponse, CreateUserRequest,
    GetSubscriptionRequest, ImportHeader, ImportLicenseRulesRequest, ImportLicenseRulesResponse,
    ImportProductsRequest, ImportProductsResponse, ImportRow, LicenseChange, LicensePool,
    ListLicensePoolsRequest, ModifyUserLicensesRequest, Outcome, Subscription, User,
};
use usher_domain::ids::Instant;

use crate::authn::Door;
use crate::env::{Clock, Env, ManualClock};
use crate::serve::{InProcess, Service};

pub(crate) const E3: &str = "05e9a617-0261-4cee-bb44-138d3ef5d965";
pub(crate) const E5: &str = "06ebc4ee-1bb5-47dd-8120-11324bc54e06";
pub(crate) const YAMMER: &str = "7547a3fe-08ee-4ccb-b430-5077c5041653";
pub(crate) const FORMS: &str = "2789c901-c14e-48ab-a76a-be334d9d793a";
pub(crate) const EXCHANGE_E3: &str = "efb87545-963c-4e0d-99df-69c6916d9eb0";
const EXCHANGE_PLUS: &str = "9aaf7827-d63c-4b61-89c3-182f06f82e5c";

/// Product, part number, GUID, plan, plan GUID, friendly name.
const PRODUCTS: [[&str; 6]; 4] = [
    [
        "Microsoft 365 E3",
        "SPE_E3",
        E3,
        "YAMMER_ENTERPRISE",
        YAMMER,
        "Yammer Enterprise",
    ],
    [
        "Microsoft 365 E3",
        "SPE_E3",
        E3,
        "FORMS_PLAN_E3",
        FORMS,
        "Microsoft Forms (Plan E3)",
    ],
    [
        "Microsoft 365 E5",
        "SPE_E5",
        E5,
        "YAMMER_ENTERPRISE",
        YAMMER,
        "Yammer Enterprise",
    ],
    [
        "Exchange Plus",
        "EXCHANGE_PLUS",
        EXCHANGE_PLUS,
        "EXCHANGE_S_ENTERPRISE",
        EXCHANGE_E3,
        "Exchange",
    ],
];

/// A service of one test.
pub(crate) struct World {
    pub(crate) clock: Arc<ManualClock>,
    service: Service,
    channel: InProcess,
    address: String,
    _folder: tempfile::TempDir,
}

impl World {
    /// An empty database.
    pub(crate) async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at(Instant(1_795_000_000_000_000)));
        let env = Env {
            clock: clock.clone(),
            ..Env::system()
        };
        let address = format!("sqlite://{}", folder.path().join("usher.db").display());
        let service = Service::open(&address, env).await.unwrap();
        let channel = service.in_process(Door::open("local"));
        Self {
            clock,
            service,
            channel,
            address,
            _folder: folder,
        }
    }

    /// Does to the database what the service would never do.
    pub(crate) async fn meddle(&self, sql: &str) {
        let database = sea_orm::Database::connect(&self.address).await.unwrap();
        database.execute_unprepared(sql).await.unwrap();
        database.close().await.unwrap();
    }

    /// The service itself.
    pub(crate) fn service(&self) -> &Service {
        &self.service
    }

    /// Closes the database under the service.
    pub(crate) async fn close(&self) {
        self.service.store().close().await;
    }

    /// With three products.
    pub(crate) async fn new() -> Self {
        let world = Self::empty().await;
        let report = world
            .import_products(&PRODUCTS)
            .await
            .unwrap()
            .report
            .unwrap();
        assert_eq!(
            (report.created, report.refused),
            (6, 0),
            "{:?}",
            report.items
        );
        world
    }

    pub(crate) fn users(&self) -> UserServiceClient<InProcess> {
        UserServiceClient::new(self.channel.clone())
    }

    pub(crate) fn catalog(&self) -> CatalogServiceClient<InProcess> {
        CatalogServiceClient::new(self.channel.clone())
    }

    pub(crate) fn subscriptions(&self) -> SubscriptionServiceClient<InProcess> {
        SubscriptionServiceClient::new(self.channel.clone())
    }

    pub(crate) fn licenses(&self) -> LicenseServiceClient<InProcess> {
        LicenseServiceClient::new(self.channel.clone())
    }

    pub(crate) fn batches(&self) -> BatchServiceClient<InProcess> {
        BatchServiceClient::new(self.channel.clone())
    }

    pub(crate) fn audit(&self) -> AuditServiceClient<InProcess> {
        AuditServiceClient::new(self.channel.clone())
    }

    pub(crate) async fn import_products(
        &self,
        rows: &[[&str; 6]],
    ) -> Result<ImportProductsResponse, Status> {
        let columns = usher_domain::import::products::COLUMNS;
        let message = ImportProductsRequest {
            header: Some(header(&columns)),
            rows: lines(rows),
        };
        let answer = self.catalog().import_products(stream([message])).await?;
        Ok(answer.into_inner())
    }

    pub(crate) async fn import_rules<const N: usize>(
        &self,
        columns: [&str; N],
        rows: &[[&str; N]],
    ) -> Result<ImportLicenseRulesResponse, Status> {
        let message = ImportLicenseRulesRequest {
            header: Some(header(&columns)),
            rows: lines(rows),
        };
        let answer = self
            .catalog()
            .import_license_rules(stream([message]))
            .await?;
        Ok(answer.into_inner())
    }

    /// Creates a user in Germany.
    pub(crate) async fn user(&self, upn: &str) -> User {
        let request = CreateUserRequest {
            user: Some(person(upn)),
            ..CreateUserRequest::default()
        };
        self.users()
            .create_user(request)
            .await
            .unwrap()
            .into_inner()
            .user
            .unwrap()
    }

    pub(crate) async fn buy(&self, product: &str, quantity: i64) -> Subscription {
        let subscription = Subscription {
            product: product.into(),
            quantity,
            ..Subscription::default()
        };
        let request = CreateSubscriptionRequest {
            subscription: Some(subscription),
            ..CreateSubscriptionRequest::default()
        };
        let answer = self
            .subscriptions()
            .create_subscription(request)
            .await
            .unwrap();
        answer.into_inner().subscription.unwrap()
    }

    /// Buys what this says beside the product.
    pub(crate) async fn bought(
        &self,
        subscription: Subscription,
    ) -> Result<CreateSubscriptionResponse, Status> {
        let request = CreateSubscriptionRequest {
            subscription: Some(subscription),
            ..CreateSubscriptionRequest::default()
        };
        let answer = self.subscriptions().create_subscription(request).await?;
        Ok(answer.into_inner())
    }

    /// One seat that this user bought by self-service.
    pub(crate) async fn bought_by(&self, purchaser: &str, product: &str) -> Subscription {
        let own = Subscription {
            product: product.into(),
            quantity: 1,
            purchaser: purchaser.into(),
            ..Subscription::default()
        };
        self.bought(own).await.unwrap().subscription.unwrap()
    }

    /// A subscription as it is.
    pub(crate) async fn subscription(&self, name: &str) -> Subscription {
        let request = GetSubscriptionRequest {
            subscription: name.into(),
            read_time: None,
        };
        let answer = self
            .subscriptions()
            .get_subscription(request)
            .await
            .unwrap();
        answer.into_inner().subscription.unwrap()
    }

    /// The seats of a product.
    pub(crate) async fn pool(&self, product: &str) -> LicensePool {
        let request = ListLicensePoolsRequest {
            product: product.into(),
            ..ListLicensePoolsRequest::default()
        };
        let answer = self.licenses().list_license_pools(request).await.unwrap();
        answer.into_inner().license_pools.remove(0)
    }

    pub(crate) async fn assign(&self, upn: &str, product: &str) -> Result<Outcome, Status> {
        self.modify(add(upn, product)).await
    }

    pub(crate) async fn modify(&self, change: LicenseChange) -> Result<Outcome, Status> {
        let request = ModifyUserLicensesRequest {
            change: Some(change),
            ..ModifyUserLicensesRequest::default()
        };
        let answer = self.licenses().modify_user_licenses(request).await?;
        Ok(answer.into_inner().outcome.unwrap())
    }

    /// Lets days go by, and has what fell due meanwhile happen.
    pub(crate) async fn days(&self, days: i64) {
        self.clock.set(self.clock.now().plus_days(days));
        self.service.store().catch_up().await.unwrap();
    }

    /// Lets a second go by.
    pub(crate) fn tick(&self) {
        self.clock.set(Instant(self.clock.now().0 + 1_000_000));
    }
}

/// A user in Germany, as a request says it.
pub(crate) fn person(upn: &str) -> User {
    User {
        user_principal_name: upn.into(),
        display_name: upn.split('@').next().unwrap_or_default().into(),
        department: "Sales".into(),
        usage_location: "DE".into(),
        ..User::default()
    }
}

/// A change that adds one product.
pub(crate) fn add(user: &str, product: &str) -> LicenseChange {
    LicenseChange {
        user: user.into(),
        add: vec![product.into()],
        ..LicenseChange::default()
    }
}

pub(crate) fn header(columns: &[&str]) -> ImportHeader {
    ImportHeader {
        columns: columns.iter().map(ToString::to_string).collect(),
        ..ImportHeader::default()
    }
}

/// Rows from line 2 on.
pub(crate) fn lines<const N: usize>(rows: &[[&str; N]]) -> Vec<ImportRow> {
    let row = |(line, cells): (i64, &[&str; N])| ImportRow {
        line,
        cells: cells.iter().map(ToString::to_string).collect(),
    };
    (2..).zip(rows).map(row).collect()
}

/// A request that streams these messages.
pub(crate) fn stream<M: Send + 'static, const N: usize>(
    messages: [M; N],
) -> Request<impl futures_util::Stream<Item = M> + Send + 'static> {
    Request::new(futures_util::stream::iter(messages))
}

/// Asserts code and reason of a refusal, and that its reason travels in `ErrorInfo`.
#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(
    answer: Result<T, Status>,
    code: Code,
    reason: &str,
) -> Status {
    let status = answer.unwrap_err();
    let info = status.get_details_error_info().unwrap();
    assert_eq!(
        (status.code(), info.reason.as_str()),
        (code, reason),
        "{}",
        status.message()
    );
    status
}

/// The fields that a refusal names.
pub(crate) fn fields_in(status: &Status) -> Vec<String> {
    let named = status
        .get_details_bad_request()
        .map(|found| found.field_violations);
    named
        .unwrap_or_default()
        .into_iter()
        .map(|violation| violation.field)
        .collect()
}
