use futures_util::StreamExt;
use usher::v1::batch_service_client::BatchServiceClient;
use usher::v1::{ErrorReason, OutcomeResult, UpdateUserRequest, User};
use usher_domain::access::Role;
use usher_domain::command::{Actor, NewToken};

use super::super::super::testing::{World, add};
use super::tests::{rows, world};
use super::*;
use crate::authn::{Door, Secret};
use crate::storage::{DEFAULT_TENANT, Priority};

async fn write(world: &World, command: Command) {
    let request = Request {
        tenant: DEFAULT_TENANT,
        actor: Actor {
            identity: "local".into(),
            roles: vec![Role::GlobalAdmin],
        },
        reason: None,
        request_key: None,
        batch: None,
        command,
    };
    let store = world.service().store();
    let outcome = store.write(request, Priority::Interactive).await.unwrap();
    assert_eq!(outcome.result, OutcomeKind::Applied, "{:?}", outcome.causes);
}

fn give(identity: &str, role: Role) -> Command {
    Command::AssignRole {
        identity: identity.to_owned(),
        role,
    }
}

async fn make_guest(world: &World, upn: &str) {
    let patch = UpdateUserRequest {
        user: Some(User {
            name: format!("users/{upn}"),
            user_type: usher::v1::UserType::Guest.into(),
            ..User::default()
        }),
        update_mask: Some(prost_types::FieldMask {
            paths: vec!["user_type".to_owned()],
        }),
        ..UpdateUserRequest::default()
    };
    world.users().update_user(patch).await.unwrap();
}

#[tokio::test]
async fn a_role_that_was_taken_away_judges_no_later_row() {
    let world = world(5).await;
    make_guest(&world, "a@c.com").await;
    make_guest(&world, "b@c.com").await;
    for (identity, role) in [
        ("kim", Role::GlobalAdmin),
        ("kim", Role::UserAdmin),
        ("megan", Role::GlobalAdmin),
    ] {
        write(&world, give(identity, role)).await;
    }
    let secret = Secret::new([7; 32]);
    let token = NewToken {
        name: "stream".to_owned(),
        identity: "kim".to_owned(),
        hash: secret.hash(),
        ..NewToken::default()
    };
    write(&world, Command::CreateToken(Box::new(token))).await;

    let door = Door::Tokens {
        requests_per_second: 0,
    };
    let (send, sent) = tokio::sync::mpsc::channel(1);
    let messages = futures_util::stream::unfold(sent, |mut sent| async {
        sent.recv().await.map(|message| (message, sent))
    });
    let mut call = tonic::Request::new(messages);
    let bearer = format!("Bearer {}", secret.text()).parse().unwrap();
    call.metadata_mut().insert("authorization", bearer);
    let mut client = BatchServiceClient::new(world.service().in_process(door));
    send.send(rows(vec![add("a@c.com", "SPE_E3")]))
        .await
        .unwrap();
    let mut answers = client
        .stream_license_changes(call)
        .await
        .unwrap()
        .into_inner();
    let first = answers.next().await.unwrap().unwrap();
    assert_eq!(first.outcomes[0].result(), OutcomeResult::Applied);

    let taken = Command::RemoveRole {
        identity: "kim".to_owned(),
        role: Role::GlobalAdmin,
    };
    write(&world, taken).await;
    send.send(rows(vec![add("b@c.com", "SPE_E3")]))
        .await
        .unwrap();
    let second = answers.next().await.unwrap().unwrap();
    let cause = &second.outcomes[0].causes[0];
    assert_eq!(cause.reason(), ErrorReason::GuestNeedsGlobalAdmin);
    assert_eq!(world.pool("SPE_E3").await.consumed, 1);
}
