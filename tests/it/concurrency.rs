//! More callers than seats (R6): whoever asks, however many ask at once, a pool never gives a seat that it lacks.

use std::{collections::HashSet, sync::Arc};

use usher::v1::ErrorReason;
use usher_tests::{
    client::Client,
    databases::Database,
    load::{Answer, assign, spread},
    on_both_databases, seed,
    server::Server,
};

const SEATS: usize = 50;
const REQUESTS: usize = 150;
const CALLERS: usize = 64;
const CONNECTIONS_PER_SERVER: usize = 4;

on_both_databases!(
    fifty_of_a_hundred_and_fifty_people_get_the_fifty_seats,
    two_servers_on_one_database_give_no_seat_twice
);

async fn fifty_of_a_hundred_and_fifty_people_get_the_fifty_seats(database: Arc<Database>) {
    race(&[Server::start(&database.url)]).await;
}

async fn two_servers_on_one_database_give_no_seat_twice(database: Arc<Database>) {
    let first = Server::start(&database.url);
    race(&[first, Server::start(&database.url)]).await;
}

async fn race(servers: &[Server]) {
    let mut clients = Vec::new();
    for server in servers {
        for _ in 0..CONNECTIONS_PER_SERVER {
            clients.push(Client::connect(server.address()).await);
        }
    }
    let client = clients[0].clone();
    seed::catalogue(&client).await;
    seed::seats(&client, seed::DESK, i64::try_from(SEATS).unwrap()).await;
    let people = Arc::new(seed::people(&client, REQUESTS).await);

    let asked = Arc::clone(&people);
    let answers = spread(REQUESTS, CALLERS, move |number| {
        // Neighbours go to different servers.
        let client = clients
            [number * CONNECTIONS_PER_SERVER % clients.len() + number % CONNECTIONS_PER_SERVER]
            .clone();
        let user = asked[number].clone();
        async move { assign(&client, &user, seed::DESK, "").await }
    })
    .await;

    let applied: HashSet<&str> = people
        .iter()
        .zip(&answers)
        .filter(|(_, answer)| answer.is_applied())
        .map(|(user, _)| user.as_str())
        .collect();
    let others: Vec<&Answer> = answers
        .iter()
        .filter(|answer| {
            !matches!(
                answer,
                Answer::Applied(_) | Answer::Refused(ErrorReason::NoAvailableSeats)
            )
        })
        .collect();
    assert!(
        others.is_empty(),
        "answers that are neither a seat nor the lack of one: {others:?}"
    );
    assert_eq!(applied.len(), SEATS, "people who were given a seat");

    let pool = seed::pool(&client, seed::DESK).await;
    assert_eq!((pool.total, pool.consumed, pool.available), (50, 50, 0));
    let holders = seed::holders(&client, seed::DESK).await;
    let holders: HashSet<&str> = holders
        .iter()
        .map(|license| license.user_principal_name.as_str())
        .collect();
    assert_eq!(
        holders, applied,
        "who holds the product, and who was told so"
    );
}
