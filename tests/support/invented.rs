//! An invented catalogue with a rule of every kind, small enough for a model of it to be written by hand.

use tonic::Status;
use usher::v1::{
    CreateSubscriptionRequest, CreateUserRequest, LicenseChange, ModifyUserLicensesRequest,
    Outcome, Subscription, User,
};

use crate::{client::Client, import::Table, seed::PRODUCT_COLUMNS};

/// Each product's part number and its plans.
pub const PRODUCTS: [(&str, &[&str]); 5] = [
    ("BASIC", &["MAIL_SMALL", "SITE_SMALL", "CHAT"]),
    ("FULL", &["MAIL_LARGE", "SITE_LARGE", "CHAT", "FORMS"]),
    ("CALLS", &["CALLING"]),
    ("PROJECT", &["PLANNING", "SITE_LARGE"]),
    ("VAULT", &["CRYPTO", "CHAT"]),
];
/// Sets of plans that exclude each other.
pub const EXCLUSIONS: [(&str, [&str; 2]); 2] = [
    ("mail", ["MAIL_SMALL", "MAIL_LARGE"]),
    ("site", ["SITE_SMALL", "SITE_LARGE"]),
];
/// A plan, and those of which it needs one.
pub const PREREQUISITES: [(&str, &[&str]); 2] = [
    ("CALLING", &["CHAT", "FORMS"]),
    ("PLANNING", &["SITE_LARGE"]),
];
/// A plan, and the country where it is not offered.
pub const NOT_OFFERED: (&str, &str) = ("CRYPTO", "CN");

/// The id of a product.
///
/// # Panics
/// If there is none of this part number.
#[must_use]
pub fn product_id(part_number: &str) -> String {
    let at = PRODUCTS.iter().position(|(name, _)| *name == part_number);
    let at = at.expect("a product of the invented catalogue");
    format!("a0000000-0000-4000-8000-0000000000{at:02}")
}

/// The id of a plan.
///
/// # Panics
/// If no product has it.
#[must_use]
pub fn plan_id(plan: &str) -> String {
    let mut all: Vec<&str> = PRODUCTS
        .iter()
        .flat_map(|(_, plans)| plans.iter().copied())
        .collect();
    all.sort_unstable();
    all.dedup();
    let at = all.iter().position(|name| *name == plan);
    let at = at.expect("a plan of the invented catalogue");
    format!("b0000000-0000-4000-8000-0000000000{at:02}")
}

/// Imports the products.
///
/// # Panics
/// If the service refuses a row.
pub async fn products(client: &Client) {
    let rows = PRODUCTS.iter().flat_map(|(product, plans)| {
        plans.iter().map(move |plan| {
            let name = product.to_lowercase();
            vec![
                format!("The {name} product"),
                (*product).to_owned(),
                product_id(product),
                (*plan).to_owned(),
                plan_id(plan),
                plan.to_lowercase(),
            ]
        })
    });
    let table = Table::new("products.csv", &PRODUCT_COLUMNS, rows);
    let response = table
        .into_products(client)
        .await
        .expect("the products are imported");
    let report = response
        .report
        .expect("an import is answered with a report");
    assert_eq!(report.refused, 0, "{:?}", report.items);
}

/// Imports the rules of every kind.
///
/// # Panics
/// If the service refuses a row.
pub async fn rules(client: &Client) {
    let exclusions = EXCLUSIONS.iter().flat_map(|(set, plans)| {
        plans.iter().map(|plan| {
            vec![
                (*set).to_owned(),
                (*set).to_owned(),
                (*plan).to_owned(),
                plan_id(plan),
            ]
        })
    });
    let columns = ["set_id", "service", "service_plan_name", "service_plan_id"];
    import(client, Table::new("exclusions.csv", &columns, exclusions)).await;
    let prerequisites = PREREQUISITES.iter().map(|(plan, any_of)| {
        let ids: Vec<String> = any_of.iter().map(|plan| plan_id(plan)).collect();
        vec![
            (*plan).to_owned(),
            plan_id(plan),
            any_of.join("|"),
            ids.join("|"),
            "invented".to_owned(),
        ]
    });
    let columns = [
        "dependent_plan",
        "dependent_plan_id",
        "needs_any_of",
        "needs_any_of_ids",
        "evidence",
    ];
    import(
        client,
        Table::new("prerequisites.csv", &columns, prerequisites),
    )
    .await;
    let (plan, country) = NOT_OFFERED;
    let countries = [vec![plan_id(plan), "deny".to_owned(), country.to_owned()]];
    import(
        client,
        Table::new("countries.csv", &["id", "mode", "countries"], countries),
    )
    .await;
}

async fn import(client: &Client, table: Table) {
    let response = table
        .into_rules(client)
        .await
        .expect("the rules are imported");
    let report = response
        .report
        .expect("an import is answered with a report");
    assert_eq!(report.refused, 0, "{:?}", report.items);
}

/// Creates a member in this country; none where it is empty. Gives their id.
///
/// # Errors
/// What the service answers.
///
/// # Panics
/// If the answer has no user.
pub async fn user(client: &Client, name: &str, country: &str) -> Result<String, Status> {
    let user = User {
        user_principal_name: name.to_owned(),
        display_name: name.split('@').next().unwrap_or_default().to_owned(),
        usage_location: country.to_owned(),
        ..User::default()
    };
    let request = CreateUserRequest {
        user: Some(user),
        ..CreateUserRequest::default()
    };
    let response = client
        .users
        .clone()
        .create_user(request)
        .await?
        .into_inner();
    Ok(response.user.expect("the user is answered").id)
}

/// Makes one change of one person's licences.
///
/// # Errors
/// What the service answers.
///
/// # Panics
/// If the answer has no outcome.
pub async fn change(client: &Client, change: LicenseChange) -> Result<Outcome, Status> {
    let request = ModifyUserLicensesRequest {
        change: Some(change),
        ..ModifyUserLicensesRequest::default()
    };
    let response = client
        .licenses
        .clone()
        .modify_user_licenses(request)
        .await?;
    Ok(response
        .into_inner()
        .outcome
        .expect("a change is answered with its outcome"))
}

/// Buys seats as described.
///
/// # Errors
/// What the service answers.
///
/// # Panics
/// If the answer has no subscription.
pub async fn buy(client: &Client, wanted: Subscription) -> Result<Subscription, Status> {
    let request = CreateSubscriptionRequest {
        subscription: Some(wanted),
        ..CreateSubscriptionRequest::default()
    };
    let answer = client
        .subscriptions
        .clone()
        .create_subscription(request)
        .await?;
    Ok(answer
        .into_inner()
        .subscription
        .expect("the subscription is answered"))
}
