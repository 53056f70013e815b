//! A small invented catalogue, its seats, and any number of invented people, made through the API.

use usher::v1::{
    CreateSubscriptionRequest, ImportReport, LicenseChange, LicensePool, ListLicensePoolsRequest,
    ListUserLicensesRequest, Outcome, Subscription, UserLicense,
};

use crate::{client::Client, import::Table};

/// A product of the catalogue: a desk with mail and files.
pub const DESK: &str = "DESK_SUITE";
/// A product of the catalogue: mail alone.
pub const MAIL: &str = "MAIL_ONLY";
/// A plan of [`DESK`].
pub const FILES: &str = "FILES_STANDARD";
/// A plan of [`DESK`] and [`MAIL`].
pub const MAILBOX: &str = "MAIL_STANDARD";

/// Columns of the vendor's list of products.
pub const PRODUCT_COLUMNS: [&str; 6] = [
    "Product_Display_Name",
    "String_Id",
    "GUID",
    "Service_Plan_Name",
    "Service_Plan_Id",
    "Service_Plans_Included_Friendly_Names",
];

const PRODUCTS: [[&str; 6]; 4] = [
    [
        "Desk Suite",
        DESK,
        "a0000000-0000-4000-8000-000000000001",
        MAILBOX,
        "b0000000-0000-4000-8000-000000000001",
        "Mail",
    ],
    [
        "Desk Suite",
        DESK,
        "a0000000-0000-4000-8000-000000000001",
        FILES,
        "b0000000-0000-4000-8000-000000000002",
        "Files",
    ],
    [
        "Desk Suite",
        DESK,
        "a0000000-0000-4000-8000-000000000001",
        "NOTES_STANDARD",
        "b0000000-0000-4000-8000-000000000003",
        "Notes",
    ],
    [
        "Mail",
        MAIL,
        "a0000000-0000-4000-8000-000000000002",
        MAILBOX,
        "b0000000-0000-4000-8000-000000000001",
        "Mail",
    ],
];

const USER_COLUMNS: [&str; 6] = [
    "userPrincipalName",
    "displayName",
    "userType",
    "department",
    "accountEnabled",
    "usageLocation",
];

/// Imports the catalogue.
///
/// # Panics
/// If the service refuses it or a row of it.
pub async fn catalogue(client: &Client) {
    let table = Table::new("catalogue.csv", &PRODUCT_COLUMNS, PRODUCTS.map(Vec::from));
    let response = table
        .into_products(client)
        .await
        .expect("the catalogue is imported");
    all_taken(
        &response
            .report
            .expect("an import is answered with a report"),
    );
}

/// Buys seats of a product.
///
/// # Panics
/// If the service refuses.
pub async fn seats(client: &Client, product: &str, quantity: i64) -> Subscription {
    let subscription = Subscription {
        product: product.to_owned(),
        quantity,
        ..Subscription::default()
    };
    let request = CreateSubscriptionRequest {
        subscription: Some(subscription),
        ..CreateSubscriptionRequest::default()
    };
    let response = client
        .subscriptions
        .clone()
        .create_subscription(request)
        .await;
    response
        .expect("the seats are bought")
        .into_inner()
        .subscription
        .expect("the subscription is answered")
}

/// The user principal name of the n-th invented person.
#[must_use]
pub fn person(number: usize) -> String {
    format!("person{number:06}@example.com")
}

/// Imports this many people with a usage location, in chunks over one stream, and gives their user principal names.
///
/// # Panics
/// If the service refuses any of them.
pub async fn people(client: &Client, count: usize) -> Vec<String> {
    let names: Vec<String> = (0..count).map(person).collect();
    let rows = names.iter().enumerate().map(|(number, name)| {
        let display_name = format!("Person {number}");
        let [name, display_name] = [name.as_str(), &display_name].map(str::to_owned);
        let [kind, department, enabled, location] =
            ["Member", "Sales", "True", "US"].map(str::to_owned);
        vec![name, display_name, kind, department, enabled, location]
    });
    let table = Table::new("people.csv", &USER_COLUMNS, rows);
    let report = table
        .into_users(client)
        .await
        .expect("the people are imported");
    all_taken(&report);
    assert_eq!(
        usize::try_from(report.created).ok(),
        Some(count),
        "people created"
    );
    names
}

/// A change that adds one product to one person.
#[must_use]
pub fn add(user: &str, product: &str) -> LicenseChange {
    LicenseChange {
        user: user.to_owned(),
        add: vec![product.to_owned()],
        ..LicenseChange::default()
    }
}

/// The pool of a product.
///
/// # Panics
/// If there is none.
pub async fn pool(client: &Client, product: &str) -> LicensePool {
    let request = ListLicensePoolsRequest {
        product: product.to_owned(),
        ..ListLicensePoolsRequest::default()
    };
    let response = client.licenses.clone().list_license_pools(request).await;
    let mut pools = response
        .expect("the pools are listed")
        .into_inner()
        .license_pools;
    assert_eq!(pools.len(), 1, "pools of {product}");
    pools.remove(0)
}

/// Everybody's licences of a product, over all pages.
///
/// # Panics
/// If the service refuses.
pub async fn holders(client: &Client, product: &str) -> Vec<UserLicense> {
    let mut licenses = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListUserLicensesRequest {
            parent: "users/-".to_owned(),
            product: product.to_owned(),
            page_size: usher::MAX_PAGE_SIZE,
            omit_plans: true,
            page_token,
            ..ListUserLicensesRequest::default()
        };
        let response = client.licenses.clone().list_user_licenses(request).await;
        let page = response.expect("the licences are listed").into_inner();
        licenses.extend(page.user_licenses);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return licenses;
        }
    }
}

/// How many seats of which product an outcome took.
#[must_use]
pub fn seats_taken(outcome: &Outcome) -> i64 {
    outcome.seats.iter().map(|delta| delta.seats).sum()
}

fn all_taken(report: &ImportReport) {
    assert_eq!(report.refused, 0, "refused rows: {:?}", report.items);
}
