//! Callers who may not: without a token, with one that is no good, in another organisation, in the
//! wrong role, and with another organisation's ids. Refused on every call, and nothing leaks.

#![allow(
    clippy::disallowed_methods,
    reason = "a client of a real server lives by the machine's clock, and guesses ids"
)]

mod neighbour;
mod request_ids;
mod table;
mod things;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tonic::{Code, Status};
use usher::v1::{self as wire, ErrorReason, Role};
use usher_tests::{
    client::reason,
    databases::Database,
    on_both_databases,
    raw::{Raw, calls_of_the_contract},
    server::Server,
};
use uuid::Uuid;

use neighbour::Neighbour;
use table::{Row, TABLE};
use things::{Page, Things};

on_both_databases!(every_call_refuses_bad_callers);

const CREATE_TOKEN: &str = "/usher.v1.AccessService/CreateApiToken";
const ASSIGN_ROLE: &str = "/usher.v1.AccessService/CreateRoleAssignment";
const REVOKE_TOKEN: &str = "/usher.v1.AccessService/RevokeApiToken";
const WHO_AM_I: &str = "/usher.v1.AccessService/WhoAmI";
const EXPIRES_IN: Duration = Duration::from_secs(2);
/// Words that only the neighbour knows.
const SECRETS: [&str; 3] = ["Zanzibar", "ZZ_NEIGHBOUR", "zz-neighbour"];

#[test]
fn every_call_of_the_contract_has_a_line_in_the_table() {
    let lines: Vec<&str> = TABLE.iter().map(|row| row.call).collect();
    let known: BTreeSet<&str> = lines.iter().copied().collect();
    assert_eq!(known.len(), lines.len(), "a call has two lines");
    let calls = calls_of_the_contract();
    let contract: BTreeSet<&str> = calls.iter().map(String::as_str).collect();
    assert_eq!(known, contract, "lines of the table, calls of the contract");
}

async fn every_call_refuses_bad_callers(database: Arc<Database>) {
    // A server without a lock stands for the operator; the other one is the one that is attacked.
    let open = Server::start(&database.url);
    let guarded = Server::guarded(&database.url, &["--requests-per-second", "0"]);
    let operator = Raw::connect(open.address()).await;
    let outside = Raw::connect(guarded.address()).await;
    home(&operator).await;
    let neighbour = Neighbour::settle(&operator).await;
    let expired = token(&operator, "expired", Role::GlobalAdmin, Some(EXPIRES_IN)).await;
    let revoked = token(&operator, "revoked", Role::GlobalAdmin, None).await;
    let admin = token(&operator, "admin", Role::GlobalAdmin, None).await;

    without_a_good_token(&outside).await;
    elsewhere(&outside.bearing(&admin), &neighbour).await;
    in_the_wrong_role(&operator, &outside).await;
    about_things_of_others(&outside.bearing(&admin), &neighbour).await;

    let revoking = wire::RevokeApiTokenRequest {
        api_token: "revoked".to_owned(),
        ..wire::RevokeApiTokenRequest::default()
    };
    outside
        .bearing(&revoked)
        .call(WHO_AM_I, Vec::new())
        .await
        .unwrap();
    operator
        .ask::<wire::RevokeApiTokenResponse>(REVOKE_TOKEN, &revoking)
        .await
        .unwrap();
    tokio::time::sleep(EXPIRES_IN).await;
    for row in TABLE {
        for (token, says) in [(&revoked, "was revoked at"), (&expired, "expired at")] {
            let refused = outside.bearing(token).call(row.call, Vec::new()).await;
            let status = refused.unwrap_err();
            unauthenticated(row, &status);
            assert!(status.message().contains(says), "{status:?}");
        }
    }
}

async fn without_a_good_token(outside: &Raw) {
    let other = tempfile::tempdir().unwrap();
    let other = format!("sqlite://{}", other.path().join("other.db").display());
    let made = Server::run(&[
        "token",
        "create",
        "--database",
        &other,
        "--role",
        "global-admin",
        "--name",
        "stranger",
    ]);
    let stranger = String::from_utf8(made.stdout).unwrap();
    let stranger = stranger.lines().last().unwrap();
    assert!(stranger.starts_with("usher_"), "{stranger}");
    let cut = &stranger[..stranger.len() - 1];
    for row in TABLE {
        let mut told = BTreeSet::new();
        for header in [
            None,
            Some(String::new()),
            Some("Bearer".to_owned()),
            Some("Basic YWRtaW46YWRtaW4=".to_owned()),
            Some("Bearer usher_0000".to_owned()),
            Some(format!("Bearer {cut}")),
            Some(stranger.to_owned()),
            Some(format!("Bearer {stranger}")),
        ] {
            let caller = match &header {
                None => outside.clone(),
                Some(header) => outside.with("authorization", header),
            };
            let status = caller.call(row.call, Vec::new()).await.unwrap_err();
            unauthenticated(row, &status);
            assert!(!status.message().contains(cut), "the token is shown");
            told.insert(status.message().to_owned());
        }
        assert_eq!(
            told.len(),
            4,
            "no token, malformed, not whole, unknown: {told:?}"
        );
        // Nobody proves who they are by saying so.
        let claimed = outside.with("usher-identity", "admin@example.com");
        unauthenticated(row, &claimed.call(row.call, Vec::new()).await.unwrap_err());
        let twice = outside.bearing(stranger).bearing(stranger);
        unauthenticated(row, &twice.call(row.call, Vec::new()).await.unwrap_err());
    }
}

async fn elsewhere(admin: &Raw, neighbour: &Neighbour) {
    let unknown = Uuid::new_v4().to_string();
    for row in TABLE {
        let mut told = BTreeSet::new();
        for tenant in [neighbour.id.as_str(), &neighbour.name, &unknown, "nowhere"] {
            let caller = admin.with("usher-tenant", tenant);
            let status = caller.call(row.call, Vec::new()).await.unwrap_err();
            let found = (reason(&status), status.code());
            let expected = (Some(ErrorReason::TenantNotFound), Code::PermissionDenied);
            assert_eq!(found, expected, "{}: {status:?}", row.call);
            told.insert(status.message().replace(tenant, "…"));
        }
        assert_eq!(told.len(), 1, "{told:?}");
    }
}

async fn in_the_wrong_role(operator: &Raw, outside: &Raw) {
    for role in [
        Role::LicenseAdmin,
        Role::UserAdmin,
        Role::BillingAdmin,
        Role::GlobalReader,
        Role::Unspecified,
    ] {
        let token = token(operator, role.as_str_name(), role, None).await;
        for row in TABLE {
            let answer = outside.bearing(&token).call(row.call, Vec::new()).await;
            let denied =
                answer.as_ref().err().and_then(reason) == Some(ErrorReason::PermissionDenied);
            let may = row.roles.contains(&role);
            assert_eq!(denied, !may, "{} as {role:?}: {answer:?}", row.call);
            if let (false, Err(status)) = (may, answer) {
                assert_eq!(status.code(), Code::PermissionDenied);
                assert!(status.message().contains("Global admin"), "{status:?}");
            }
        }
    }
}

async fn about_things_of_others(admin: &Raw, neighbour: &Neighbour) {
    // The same revision here and there, so that nothing but the organisation tells two listings apart.
    let (here, there) = (
        second_change(admin).await,
        second_change(&neighbour.caller).await,
    );
    for row in TABLE {
        let foreign = (row.about)(&neighbour.things);
        let unknown = (row.about)(&neighbour.unknown);
        for (foreign, unknown) in foreign.into_iter().zip(unknown) {
            let about_theirs = answer(admin, row, foreign, &neighbour.things).await;
            let about_nothing = answer(admin, row, unknown, &neighbour.unknown).await;
            assert_eq!(about_theirs, about_nothing, "{}", row.call);
            nothing_leaked(row, &about_theirs);
        }
        let plain = answer(admin, row, Vec::new(), &neighbour.things).await;
        nothing_leaked(row, &plain);
        let Some(page) = row.page else { continue };
        let ask = |token: String| page(Page { token, since: here });
        let first = |token: String| {
            page(Page {
                token,
                since: there,
            })
        };
        let answers = neighbour.caller.call(row.call, first(String::new())).await;
        let next = (row.next)(&answers.unwrap()[0]);
        assert!(!next.is_empty(), "{} has one page next door", row.call);
        let own = admin.call(row.call, ask(String::new())).await;
        assert!(own.is_ok(), "{} at home: {own:?}", row.call);
        let status = admin.call(row.call, ask(next.clone())).await.unwrap_err();
        assert_eq!(
            reason(&status),
            Some(ErrorReason::InvalidArgument),
            "{}",
            row.call
        );
        let made_up = next.replace(&next[2..6], "beef");
        let also = admin.call(row.call, ask(made_up)).await.unwrap_err();
        assert_eq!(status.message(), also.message(), "{}", row.call);
    }
}

/// What is answered, without the names that were asked with.
async fn answer(caller: &Raw, row: &Row, request: Vec<u8>, things: &Things) -> String {
    let answered = match caller.call(row.call, request).await {
        Ok(messages) => {
            let texts = messages
                .iter()
                .map(|message| String::from_utf8_lossy(message));
            texts.collect::<Vec<_>>().join("\n")
        }
        Err(status) => format!("{:?} {}", status.code(), status.message()),
    };
    let mut shown = answered;
    for thing in things.texts() {
        shown = shown.replace(thing, "…");
    }
    // Lengths stand before texts, and moments differ.
    shown.retain(|letter| letter.is_ascii_graphic() || letter == ' ');
    shown
}

fn nothing_leaked(row: &Row, answered: &str) {
    for secret in SECRETS {
        assert!(
            !answered.contains(secret),
            "{} tells {secret}: {answered}",
            row.call
        );
    }
}

fn unauthenticated(row: &Row, status: &Status) {
    let found = (reason(status), status.code());
    let expected = (Some(ErrorReason::Unauthenticated), Code::Unauthenticated);
    assert_eq!(found, expected, "{}: {status:?}", row.call);
}

/// A token of an identity with this role; none for [`Role::Unspecified`].
async fn token(operator: &Raw, name: &str, role: Role, expires_in: Option<Duration>) -> String {
    let identity = format!("{name}@example.com");
    if role != Role::Unspecified {
        let given = wire::CreateRoleAssignmentRequest {
            role_assignment: Some(wire::RoleAssignment {
                identity: identity.clone(),
                role: role.into(),
            }),
            ..wire::CreateRoleAssignmentRequest::default()
        };
        operator
            .ask::<wire::CreateRoleAssignmentResponse>(ASSIGN_ROLE, &given)
            .await
            .unwrap();
    }
    let asked = wire::CreateApiTokenRequest {
        api_token: Some(wire::ApiToken {
            display_name: name.to_owned(),
            identity,
            expire_time: expires_in.map(from_now),
            ..wire::ApiToken::default()
        }),
        ..wire::CreateApiTokenRequest::default()
    };
    let made: wire::CreateApiTokenResponse = operator.ask(CREATE_TOKEN, &asked).await.unwrap();
    made.secret
}

fn from_now(later: Duration) -> prost_types::Timestamp {
    (SystemTime::now() + later).into()
}

/// When the second change of an organisation was made.
async fn second_change(caller: &Raw) -> prost_types::Timestamp {
    let request = wire::ListChangesRequest {
        page_size: 2,
        oldest_first: true,
        ..wire::ListChangesRequest::default()
    };
    let path = "/usher.v1.AuditService/ListChanges";
    let answer: wire::ListChangesResponse = caller.ask(path, &request).await.unwrap();
    let change = &answer.changes[1];
    assert_eq!(change.revision, 2);
    change.time.unwrap()
}

/// A person and a product of the organisation that the bad callers are of.
async fn home(operator: &Raw) {
    import_products(operator, &[("KKK1", "JJJ2")]).await;
    create_user(operator, "home@example.com", "Somebody").await;
    buy(operator, "KKK1").await;
}

async fn import_products(caller: &Raw, products: &[(&str, &str)]) {
    let columns = usher_tests::seed::PRODUCT_COLUMNS
        .map(str::to_owned)
        .to_vec();
    let rows = products
        .iter()
        .zip(2..)
        .map(|((product, plan), line)| wire::ImportRow {
            line,
            cells: [
                *product,
                product,
                &Uuid::new_v4().to_string(),
                plan,
                &Uuid::new_v4().to_string(),
                plan,
            ]
            .map(str::to_owned)
            .to_vec(),
        });
    let request = wire::ImportProductsRequest {
        header: Some(wire::ImportHeader {
            source: "products.csv".to_owned(),
            columns,
            ..wire::ImportHeader::default()
        }),
        rows: rows.collect(),
    };
    let path = "/usher.v1.CatalogService/ImportProducts";
    let answer: wire::ImportProductsResponse = caller.ask(path, &request).await.unwrap();
    assert_eq!(answer.report.unwrap().refused, 0);
}

/// Two rules about these plans.
async fn import_rules(caller: &Raw, plans: &[&str]) -> String {
    let columns = ["set_id", "service", "service_plan_name", "service_plan_id"];
    let sets = ["zz-neighbour-rule", "zz-neighbour-other"];
    let rows = sets
        .iter()
        .flat_map(|set| plans.iter().map(move |plan| (*set, *plan)));
    let rows = rows.zip(2..).map(|((set, plan), line)| wire::ImportRow {
        line,
        cells: [set, "Zanzibar", plan, plan].map(str::to_owned).to_vec(),
    });
    let request = wire::ImportLicenseRulesRequest {
        header: Some(wire::ImportHeader {
            source: "rules.csv".to_owned(),
            columns: columns.map(str::to_owned).to_vec(),
            ..wire::ImportHeader::default()
        }),
        rows: rows.collect(),
    };
    let path = "/usher.v1.CatalogService/ImportLicenseRules";
    let answer: wire::ImportLicenseRulesResponse = caller.ask(path, &request).await.unwrap();
    assert_eq!(answer.report.unwrap().refused, 0);
    sets[0].to_owned()
}

async fn create_user(caller: &Raw, upn: &str, display_name: &str) -> wire::User {
    let request = wire::CreateUserRequest {
        user: Some(wire::User {
            user_principal_name: upn.to_owned(),
            display_name: display_name.to_owned(),
            usage_location: "DE".to_owned(),
            ..wire::User::default()
        }),
        ..wire::CreateUserRequest::default()
    };
    let path = "/usher.v1.UserService/CreateUser";
    let made: wire::CreateUserResponse = caller.ask(path, &request).await.unwrap();
    made.user.unwrap()
}

async fn buy(caller: &Raw, product: &str) -> wire::Subscription {
    let request = wire::CreateSubscriptionRequest {
        subscription: Some(wire::Subscription {
            product: product.to_owned(),
            quantity: 5,
            ..wire::Subscription::default()
        }),
        ..wire::CreateSubscriptionRequest::default()
    };
    let path = "/usher.v1.SubscriptionService/CreateSubscription";
    let made: wire::CreateSubscriptionResponse = caller.ask(path, &request).await.unwrap();
    made.subscription.unwrap()
}
