//! Callers that go away in the middle of a call take nobody else's change with them: a connection that was left inside
//! a transaction would answer the next caller's write with success and forget it.

use std::{collections::HashSet, sync::Arc, time::Duration};

use tokio::time::timeout;
use usher::v1::{GetUserRequest, ListUserLicensesRequest};
use usher_tests::{
    client::Client,
    databases::Database,
    load::{Answer, assign, spread},
    on_both_databases, seed,
    server::Server,
};

const CANCELLED: usize = 2_000;
const CALLERS: usize = 64;
const LONGEST_WAIT: u64 = 40_000;

on_both_databases!(cancelled_calls_take_no_acknowledged_change_with_them);

async fn cancelled_calls_take_no_acknowledged_change_with_them(database: Arc<Database>) {
    let server = Server::start(&database.url);
    let client = Client::connect(server.address()).await;
    seed::catalogue(&client).await;
    seed::seats(&client, seed::DESK, 10_000).await;
    let people = Arc::new(seed::people(&client, CANCELLED * 2).await);

    // All share one connection: calls that are given up on it must not end it for the others.
    let (asked, shared) = (Arc::clone(&people), client.clone());
    let answers = spread(CANCELLED * 2, CALLERS, move |number| {
        let (client, user) = (shared.clone(), asked[number].clone());
        async move {
            if number % 2 == 0 {
                return Some(assign(&client, &user, seed::DESK, "").await);
            }
            let patience = Duration::from_micros(random(number) % LONGEST_WAIT);
            match number % 8 {
                1 => timeout(patience, read_one(&client, &user))
                    .await
                    .ok()
                    .and(None),
                3 => timeout(patience, read_all(&client)).await.ok().and(None),
                _ => timeout(patience, assign(&client, &user, seed::DESK, ""))
                    .await
                    .ok(),
            }
        }
    })
    .await;

    let strange: Vec<&Answer> = answers
        .iter()
        .enumerate()
        .filter_map(|(number, answer)| answer.as_ref().map(|answer| (number, answer)))
        .filter(|(number, answer)| !(answer.is_applied() || number % 2 == 1 && answer.is_lost()))
        .map(|(_, answer)| answer)
        .collect();
    assert!(
        strange.is_empty(),
        "with seats for everybody, nobody is refused: {strange:?}"
    );
    let acknowledged: Vec<bool> = answers
        .iter()
        .map(|answer| answer.as_ref().is_some_and(Answer::is_applied))
        .collect();
    let gone = acknowledged
        .iter()
        .filter(|acknowledged| !**acknowledged)
        .count();
    assert!(
        gone > CANCELLED / 4,
        "only {gone} calls were given up: the test proves little"
    );

    let holders = seed::holders(&client, seed::DESK).await;
    let holding: HashSet<&str> = holders
        .iter()
        .map(|license| license.user_principal_name.as_str())
        .collect();
    let missing: Vec<&String> = people
        .iter()
        .zip(&acknowledged)
        .filter(|(user, acknowledged)| **acknowledged && !holding.contains(user.as_str()))
        .map(|(user, _)| user)
        .collect();
    assert!(
        missing.is_empty(),
        "{} acknowledged changes are not there: {missing:?}",
        missing.len()
    );
    let pool = seed::pool(&client, seed::DESK).await;
    assert_eq!(
        usize::try_from(pool.consumed),
        Ok(holding.len()),
        "the pool's figure and the live assignments"
    );
}

async fn read_one(client: &Client, user: &str) {
    let request = GetUserRequest {
        user: user.to_owned(),
        read_time: None,
    };
    let _ = client.users.clone().get_user(request).await;
}

async fn read_all(client: &Client) {
    let request = ListUserLicensesRequest {
        parent: "users/-".to_owned(),
        ..ListUserLicensesRequest::default()
    };
    let _ = client.licenses.clone().list_user_licenses(request).await;
}

// Moments spread without order, the same in every run (splitmix64).
fn random(number: usize) -> u64 {
    let mut value = (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
