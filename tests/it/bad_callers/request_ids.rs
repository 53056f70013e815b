//! An id of a request means nothing in another organisation, whoever sends it: the same name of a caller, the same id
//! and the same words are another request there. Nothing is replayed, nothing leaks, and both are done.

use std::sync::Arc;

use prost::Message;
use usher::v1::{self as wire, ErrorReason, OutcomeResult, Role};
use usher_tests::{
    client::reason, databases::Database, on_both_databases, raw::Raw, server::Server,
};

use super::{SECRETS, buy, home, import_products, neighbour::Neighbour, token};

on_both_databases!(a_request_id_of_another_organisation_means_nothing);

const CREATE_USER: &str = "/usher.v1.UserService/CreateUser";
const MODIFY: &str = "/usher.v1.LicenseService/ModifyUserLicenses";
const STREAM: &str = "/usher.v1.BatchService/StreamLicenseChanges";
const LIST_USERS: &str = "/usher.v1.UserService/ListUsers";
const ID: &str = "the-one-id";

async fn a_request_id_of_another_organisation_means_nothing(database: Arc<Database>) {
    let open = Server::start(&database.url);
    let guarded = Server::guarded(&database.url, &[]);
    let operator = Raw::connect(open.address()).await;
    let outside = Raw::connect(guarded.address()).await;
    home(&operator).await;
    let neighbour = Neighbour::settle(&operator).await;
    import_products(&neighbour.caller, &[("KKK1", "JJJ2")]).await;
    buy(&neighbour.caller, "KKK1").await;
    let admin = token(&operator, "admin", Role::GlobalAdmin, None).await;
    let other = token(&neighbour.caller, "admin", Role::GlobalAdmin, None).await;
    let (here, there) = (outside.bearing(&admin), outside.bearing(&other));
    assert_eq!(
        who(&here).await.0,
        who(&there).await.0,
        "one name of a caller"
    );
    assert_ne!(who(&here).await.1, who(&there).await.1, "two organisations");

    // Other words under an id that is taken next door: neither its answer nor that it is taken.
    let secret = user("third@zz-neighbour.com", "Zanzibar Person", "secret");
    create(&there, &secret).await;
    let mine = create(&here, &user("mine@example.com", "Mine", "secret")).await;
    assert_eq!(mine.user_principal_name, "mine@example.com");

    // The same words: a person of each organisation, with a licence each.
    let twin = user("twin@example.com", "Twin", ID);
    let (theirs, ours) = (create(&there, &twin).await, create(&here, &twin).await);
    assert_ne!(theirs.id, ours.id, "two people");
    let both = [(&there, &theirs), (&here, &ours)];
    let (add, drop) = (change(true), change(false));
    for (path, request) in [
        (MODIFY, modify(&add)),
        (MODIFY, modify(&drop)),
        (STREAM, stream(&add)),
    ] {
        for (caller, user) in both {
            let outcome = done(caller, path, &request).await;
            let found = (outcome.result(), outcome.replayed, &outcome.subject_id);
            assert_eq!(found, (OutcomeResult::Applied, false, &user.id), "{path}");
        }
    }

    // Sent again, each has its own answer.
    for (caller, made) in both {
        assert_eq!(create(caller, &twin).await.id, made.id);
        let outcome = done(caller, STREAM, &stream(&add)).await;
        assert_eq!((outcome.replayed, &outcome.subject_id), (true, &made.id));
        let taken = user("fourth@example.com", "Fourth", ID);
        let status = caller
            .call(CREATE_USER, taken.encode_to_vec())
            .await
            .unwrap_err();
        assert_eq!(reason(&status), Some(ErrorReason::RequestIdReused));
        assert!(
            !SECRETS
                .iter()
                .any(|secret| status.message().contains(secret))
        );
    }
    let people: wire::ListUsersResponse = here
        .ask(LIST_USERS, &wire::ListUsersRequest::default())
        .await
        .unwrap();
    let names: Vec<&str> = people
        .users
        .iter()
        .map(|user| user.user_principal_name.as_str())
        .collect();
    assert_eq!(
        names,
        ["home@example.com", "mine@example.com", "twin@example.com"]
    );
}

/// The name of the caller, and the organisation.
async fn who(caller: &Raw) -> (String, String) {
    let path = "/usher.v1.AccessService/WhoAmI";
    let me: wire::WhoAmIResponse = caller.ask(path, &wire::WhoAmIRequest {}).await.unwrap();
    (me.identity, me.tenant_id)
}

fn user(upn: &str, display_name: &str, request_id: &str) -> wire::CreateUserRequest {
    wire::CreateUserRequest {
        user: Some(wire::User {
            user_principal_name: upn.to_owned(),
            display_name: display_name.to_owned(),
            usage_location: "DE".to_owned(),
            ..wire::User::default()
        }),
        request_id: request_id.to_owned(),
        ..wire::CreateUserRequest::default()
    }
}

async fn create(caller: &Raw, request: &wire::CreateUserRequest) -> wire::User {
    let answer: wire::CreateUserResponse = caller.ask(CREATE_USER, request).await.unwrap();
    answer.user.unwrap()
}

/// The twin gets the licence, or loses it.
fn change(gets: bool) -> wire::LicenseChange {
    let product = vec!["KKK1".to_owned()];
    let (add, remove) = if gets {
        (product, Vec::new())
    } else {
        (Vec::new(), product)
    };
    wire::LicenseChange {
        user: "twin@example.com".to_owned(),
        add,
        remove,
        ..wire::LicenseChange::default()
    }
}

fn modify(change: &wire::LicenseChange) -> Vec<u8> {
    wire::ModifyUserLicensesRequest {
        change: Some(change.clone()),
        request_id: format!("{ID}-{}", change.add.len()),
        ..wire::ModifyUserLicensesRequest::default()
    }
    .encode_to_vec()
}

fn stream(change: &wire::LicenseChange) -> Vec<u8> {
    wire::StreamLicenseChangesRequest {
        options: Some(wire::StreamLicenseChangesOptions {
            request_id: format!("{ID}-stream"),
            ..wire::StreamLicenseChangesOptions::default()
        }),
        changes: vec![change.clone()],
    }
    .encode_to_vec()
}

/// The one outcome that a call answers.
async fn done(caller: &Raw, path: &str, request: &[u8]) -> wire::Outcome {
    let answers = caller.call(path, request.to_vec()).await.unwrap();
    let first = answers[0].as_slice();
    if path == MODIFY {
        let answer = wire::ModifyUserLicensesResponse::decode(first).unwrap();
        return answer.outcome.unwrap();
    }
    let answer = wire::StreamLicenseChangesResponse::decode(first).unwrap();
    answer.outcomes.into_iter().next().unwrap()
}
