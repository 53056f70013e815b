//! Tokens, roles and partners, on real servers: what was revoked or taken away opens nothing on any
//! process, one Global admin always stays, and a partner acts in one organisation at a time.

use std::sync::Arc;

use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_types::StatusExt as _;
use usher::v1::{self as wire, ErrorReason, Role};
use usher_tests::{
    client::{reason, refusal},
    databases::{Database, Engine},
    on_both_databases,
    raw::Raw,
    server::Server,
    usher::Usher,
};

on_both_databases!(
    what_is_revoked_or_taken_away_opens_nothing_on_any_process,
    of_two_admins_who_remove_each_other_at_once_one_stays,
    a_partner_acts_in_one_organisation_at_a_time,
    an_earlier_answer_is_not_given_to_who_lost_the_role,
);

const WHO_AM_I: &str = "/usher.v1.AccessService/WhoAmI";
const CREATE_TOKEN: &str = "/usher.v1.AccessService/CreateApiToken";
const ASSIGN_ROLE: &str = "/usher.v1.AccessService/CreateRoleAssignment";
const REMOVE_ROLE: &str = "/usher.v1.AccessService/DeleteRoleAssignment";
const REVOKE_TOKEN: &str = "/usher.v1.AccessService/RevokeApiToken";
const CREATE_USER: &str = "/usher.v1.UserService/CreateUser";
const GET_TENANT: &str = "/usher.v1.TenantService/GetTenant";

/// The first token, as an operator makes it on the server's machine.
pub(super) fn first_token(database: &str, name: &str) -> String {
    let made = Server::run(&[
        "token",
        "create",
        "--database",
        database,
        "--role",
        "global-admin",
        "--name",
        name,
    ]);
    assert!(made.status.success(), "{made:?}");
    let out = String::from_utf8(made.stdout).unwrap();
    out.lines().last().unwrap().to_owned()
}

async fn token(admin: &Raw, name: &str, partner: bool) -> wire::CreateApiTokenResponse {
    let asked = wire::CreateApiTokenRequest {
        api_token: Some(wire::ApiToken {
            display_name: name.to_owned(),
            identity: name.to_owned(),
            partner,
            ..wire::ApiToken::default()
        }),
        ..wire::CreateApiTokenRequest::default()
    };
    admin.ask(CREATE_TOKEN, &asked).await.unwrap()
}

fn held(identity: &str, role: Role) -> Option<wire::RoleAssignment> {
    Some(wire::RoleAssignment {
        identity: identity.to_owned(),
        role: role.into(),
    })
}

async fn assign(admin: &Raw, identity: &str, role: Role) {
    let request = wire::CreateRoleAssignmentRequest {
        role_assignment: held(identity, role),
        ..wire::CreateRoleAssignmentRequest::default()
    };
    admin
        .ask::<wire::CreateRoleAssignmentResponse>(ASSIGN_ROLE, &request)
        .await
        .unwrap();
}

async fn remove(admin: &Raw, identity: &str, role: Role) -> Result<(), tonic::Status> {
    let request = wire::DeleteRoleAssignmentRequest {
        role_assignment: held(identity, role),
        ..wire::DeleteRoleAssignmentRequest::default()
    };
    admin
        .ask::<wire::DeleteRoleAssignmentResponse>(REMOVE_ROLE, &request)
        .await
        .map(drop)
}

async fn who_am_i(caller: &Raw) -> Result<wire::WhoAmIResponse, tonic::Status> {
    caller.ask(WHO_AM_I, &wire::WhoAmIRequest {}).await
}

async fn what_is_revoked_or_taken_away_opens_nothing_on_any_process(database: Arc<Database>) {
    let megan = first_token(&database.url, "Megan@contoso.com");
    let here = Server::guarded(&database.url, &[]);
    let there = Server::guarded(&database.url, &[]);
    let admin = Raw::connect(here.address()).await.bearing(&megan);
    let me = who_am_i(&admin).await.unwrap();
    assert_eq!((me.identity.as_str(), me.roles()).0, "megan@contoso.com");
    assert_eq!(me.roles().collect::<Vec<_>>(), [Role::GlobalAdmin]);

    assign(&admin, "kim", Role::GlobalReader).await;
    let kim = token(&admin, "kim", false).await;
    let there_raw = Raw::connect(there.address()).await;
    let caller = there_raw.bearing(&kim.secret);
    let seen = who_am_i(&caller).await.unwrap();
    assert_eq!(seen.roles().collect::<Vec<_>>(), [Role::GlobalReader]);
    assign(&admin, "kim", Role::LicenseAdmin).await;
    let seen = who_am_i(&caller).await.unwrap();
    assert_eq!(
        seen.roles().collect::<Vec<_>>(),
        [Role::LicenseAdmin, Role::GlobalReader]
    );
    for role in [Role::LicenseAdmin, Role::GlobalReader] {
        remove(&admin, "kim", role).await.unwrap();
    }
    let denied = who_am_i(&caller).await.unwrap_err();
    assert_eq!(refusal(&denied), ErrorReason::PermissionDenied);

    let revoke = wire::RevokeApiTokenRequest {
        api_token: kim.api_token.unwrap().id,
        ..wire::RevokeApiTokenRequest::default()
    };
    let ended: wire::RevokeApiTokenResponse = admin.ask(REVOKE_TOKEN, &revoke).await.unwrap();
    assert!(ended.api_token.unwrap().revoke_time.is_some());
    let refused = who_am_i(&caller).await.unwrap_err();
    assert_eq!(refusal(&refused), ErrorReason::Unauthenticated);

    let shown = format!("{}{}", here.log(), there.log());
    assert!(
        !shown.contains(&kim.secret) && !shown.contains(&megan),
        "a token is in a log"
    );
    let changes: wire::ListChangesResponse = admin
        .ask(
            "/usher.v1.AuditService/ListChanges",
            &wire::ListChangesRequest::default(),
        )
        .await
        .unwrap();
    let recorded = format!("{changes:?}");
    assert!(recorded.contains("token.create") && recorded.contains("token.revoke"));
    assert!(
        !recorded.contains("usher_") && !recorded.contains("hash\""),
        "{recorded}"
    );
}

async fn of_two_admins_who_remove_each_other_at_once_one_stays(database: Arc<Database>) {
    let tokens = ["megan", "kim"].map(|name| first_token(&database.url, name));
    let servers = [&database.url, &database.url].map(|url| Server::guarded(url, &[]));
    for round in 0..5 {
        let mut admins = Vec::new();
        for (server, token) in servers.iter().zip(&tokens) {
            admins.push(Raw::connect(server.address()).await.bearing(token));
        }
        let (first, second) = tokio::join!(
            remove(&admins[0], "kim", Role::GlobalAdmin),
            remove(&admins[1], "megan", Role::GlobalAdmin),
        );
        let (staying, gone) = match (&first, &second) {
            (Ok(()), Err(_)) => (0, "kim"),
            (Err(_), Ok(())) => (1, "megan"),
            both => panic!("round {round}: {both:?}"),
        };
        let refused = first.err().or(second.err()).unwrap();
        // Whoever came second was the last one, or had lost the role already.
        let told = refusal(&refused);
        assert!(
            matches!(
                told,
                ErrorReason::LastGlobalAdmin | ErrorReason::PermissionDenied
            ),
            "{refused:?}"
        );
        let itself = if gone == "kim" { "megan" } else { "kim" };
        let last = remove(&admins[staying], itself, Role::GlobalAdmin).await;
        assert_eq!(refusal(&last.unwrap_err()), ErrorReason::LastGlobalAdmin);
        assign(&admins[staying], gone, Role::GlobalAdmin).await;
    }
}

async fn a_partner_acts_in_one_organisation_at_a_time(database: Arc<Database>) {
    let megan = first_token(&database.url, "megan");
    let server = Server::guarded(&database.url, &[]);
    let outside = Raw::connect(server.address()).await;
    let admin = outside.bearing(&megan);
    assign(&admin, "kim", Role::GlobalAdmin).await;
    let kim = outside.bearing(&token(&admin, "kim", true).await.secret);

    let refused = who_am_i(&kim).await.unwrap_err();
    assert_eq!(refusal(&refused), ErrorReason::TenantNotNamed);
    let request = wire::CreateTenantRequest {
        tenant: Some(wire::Tenant {
            display_name: "Fabrikam".to_owned(),
            ..wire::Tenant::default()
        }),
        request_id: "begin".to_owned(),
        ..wire::CreateTenantRequest::default()
    };
    let path = "/usher.v1.TenantService/CreateTenant";
    let made: wire::CreateTenantResponse = kim.ask(path, &request).await.unwrap();
    let again: wire::CreateTenantResponse = kim.ask(path, &request).await.unwrap();
    let fabrikam = made.tenant.unwrap().id;
    assert_eq!(again.tenant.unwrap().id, fabrikam, "a retry begins nothing");

    let path = "/usher.v1.TenantService/ListTenants";
    let listed: wire::ListTenantsResponse = kim
        .ask(path, &wire::ListTenantsRequest::default())
        .await
        .unwrap();
    let names: Vec<&str> = listed
        .tenants
        .iter()
        .map(|one| one.display_name.as_str())
        .collect();
    assert_eq!(names, ["Default", "Fabrikam"]);
    let listed: wire::ListTenantsResponse = admin
        .ask(path, &wire::ListTenantsRequest::default())
        .await
        .unwrap();
    assert_eq!(listed.tenants.len(), 1, "who is no partner acts at home");

    let there = kim.with("usher-tenant", "fabrikam");
    let me = who_am_i(&there).await.unwrap();
    assert_eq!(me.tenant_id, fabrikam);
    assert!(me.identity.ends_with("/identities/kim"), "{}", me.identity);
    let at_home = kim.with("usher-tenant", "Default");
    assert_eq!(who_am_i(&at_home).await.unwrap().identity, "kim");
    let both = at_home.with("usher-tenant", "Fabrikam");
    let refused = who_am_i(&both).await.unwrap_err();
    assert_eq!(refusal(&refused), ErrorReason::InvalidArgument);

    // The same name in the other organisation is somebody else's.
    assign(&there, "megan", Role::GlobalAdmin).await;
    let refused = who_am_i(&admin.with("usher-tenant", "Fabrikam"))
        .await
        .unwrap_err();
    assert_eq!(refusal(&refused), ErrorReason::TenantNotFound);
    assert_eq!(refused.code(), Code::PermissionDenied);
    remove(&there, &me.identity, Role::GlobalAdmin)
        .await
        .unwrap();
    let refused = who_am_i(&there).await.unwrap_err();
    assert_eq!(refusal(&refused), ErrorReason::TenantNotFound);
    kim.with("usher-tenant", "Default")
        .call(GET_TENANT, Vec::new())
        .await
        .unwrap();
}

async fn an_earlier_answer_is_not_given_to_who_lost_the_role(database: Arc<Database>) {
    let megan = first_token(&database.url, "megan");
    let server = Server::guarded(&database.url, &[]);
    let outside = Raw::connect(server.address()).await;
    let admin = outside.bearing(&megan);
    assign(&admin, "kim", Role::UserAdmin).await;
    assign(&admin, "kim", Role::GlobalReader).await;
    let kim = outside.bearing(&token(&admin, "kim", false).await.secret);
    let request = wire::CreateUserRequest {
        user: Some(wire::User {
            user_principal_name: "adele@contoso.com".to_owned(),
            display_name: "Adele".to_owned(),
            ..wire::User::default()
        }),
        request_id: "once".to_owned(),
        ..wire::CreateUserRequest::default()
    };
    let first: wire::CreateUserResponse = kim.ask(CREATE_USER, &request).await.unwrap();
    let again: wire::CreateUserResponse = kim.ask(CREATE_USER, &request).await.unwrap();
    assert_eq!(first.user.unwrap().id, again.user.unwrap().id);
    remove(&admin, "kim", Role::UserAdmin).await.unwrap();
    let refused = kim
        .ask::<wire::CreateUserResponse>(CREATE_USER, &request)
        .await;
    assert_eq!(
        refusal(&refused.unwrap_err()),
        ErrorReason::PermissionDenied
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn health_answers_everybody_and_a_token_has_its_limit() {
    usher_tests::databases::on_sqlite(|database| async move {
        assert_eq!(database.engine, Engine::Sqlite);
        let megan = first_token(&database.url, "megan");
        let server = Server::guarded(&database.url, &["--requests-per-second", "3"]);
        let channel =
            tonic::transport::Endpoint::from_shared(format!("http://{}", server.address()))
                .unwrap()
                .connect()
                .await
                .unwrap();
        for _ in 0..20 {
            let mut health = HealthClient::new(channel.clone());
            health.check(HealthCheckRequest::default()).await.unwrap();
        }
        let admin = Raw::connect(server.address()).await.bearing(&megan);
        let mut refused = Vec::new();
        for _ in 0..50 {
            refused.extend(who_am_i(&admin).await.err());
        }
        let status = refused.pop().expect("50 requests at once are too many");
        assert_eq!(reason(&status), Some(ErrorReason::TooManyRequests));
        assert_eq!(status.code(), Code::ResourceExhausted);
        assert!(status.message().contains("3 requests"), "{status:?}");
        assert!(status.get_details_retry_info().is_some(), "{status:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shell_shows_no_token_and_says_which_of_the_three_is_wrong() {
    usher_tests::databases::on_sqlite(|database| async move {
        let megan = first_token(&database.url, "megan");
        let server = Server::guarded(&database.url, &[]);
        let address = server.address().to_string();
        let shell = |arguments: &[&str], token: &str| {
            Usher::new()
                .args(arguments)
                .env("USHER_SERVER", &address)
                .env("USHER_TOKEN", token)
                .run()
        };
        let session = shell(&["--output", "json", "-c", "Get-Session"], &megan).expect_code(0);
        assert!(session.stdout.contains("\"megan\""), "{}", session.stdout);
        let made = shell(&["-c", "(New-ApiToken laptop megan).Token"], &megan).expect_code(0);
        assert!(made.stdout.trim().starts_with("usher_"), "{}", made.stdout);
        let listed = shell(&["--output", "json", "-c", "Get-ApiToken"], &megan).expect_code(0);
        assert!(listed.stdout.contains("laptop") && !listed.stdout.contains("usher_"));

        let refused = shell(&["-c", "Get-User"], "usher_0000").expect_code(4);
        assert!(
            refused.stderr.contains("UNAUTHENTICATED"),
            "{}",
            refused.stderr
        );
        assert!(!refused.stderr.contains("usher_0000"), "{}", refused.stderr);
        let refused = shell(&["-c", "Get-User"], "").expect_code(4);
        assert!(
            refused.stderr.contains("carries no token"),
            "{}",
            refused.stderr
        );
        let lost = Usher::new()
            .args(["--server", "127.0.0.1:1", "-c", "Get-User"])
            .env("USHER_TOKEN", &megan)
            .run()
            .expect_code(4);
        assert!(lost.stderr.contains("cannot be reached"), "{}", lost.stderr);
        let wrong = Usher::new()
            .args(["--server", &format!("https://{address}"), "-c", "Get-User"])
            .run()
            .expect_code(4);
        assert!(wrong.stderr.contains("not by TLS"), "{}", wrong.stderr);
    })
    .await;
}
