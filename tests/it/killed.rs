//! A server that dies in the middle of its work loses nothing that it acknowledged, and a request sent again with its
//! id is done once (R6, AIP-155).

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use usher::v1::ErrorReason;
use usher_tests::{
    client::Client,
    databases::Database,
    load::{Answer, assign, spread},
    on_both_databases, seed,
    server::Server,
};

const SEATS: usize = 5_000;
const REQUESTS: usize = 15_000;
const CALLERS: usize = 64;
/// About a third of all answers, while some seats are still free.
const ANSWERS_BEFORE_THE_END: usize = 4_500;

on_both_databases!(a_killed_server_loses_nothing_that_it_acknowledged);

async fn a_killed_server_loses_nothing_that_it_acknowledged(database: Arc<Database>) {
    let doomed = Server::start(&database.url);
    let survivor = Server::start(&database.url);
    let clients = [
        Client::connect(doomed.address()).await,
        Client::connect(survivor.address()).await,
    ];
    let client = clients[1].clone();
    seed::catalogue(&client).await;
    seed::seats(&client, seed::DESK, i64::try_from(SEATS).unwrap()).await;
    let people = Arc::new(seed::people(&client, REQUESTS).await);

    let mut answers = ask_both_and_kill_one(clients, doomed, &people).await;
    let lost: Vec<usize> = (0..REQUESTS)
        .filter(|number| answers[*number].is_lost())
        .collect();
    assert!(
        !lost.is_empty(),
        "the server died without leaving a caller behind: the test proves nothing"
    );
    let acknowledged = applied(&people, &answers);
    assert!(
        acknowledged.len() > SEATS / 2,
        "only {} were served before the end",
        acknowledged.len()
    );
    let holding = holders(&client).await;
    let missing: Vec<_> = acknowledged.difference(&holding).collect();
    assert!(
        missing.is_empty(),
        "acknowledged and not there: {missing:?}"
    );
    pool_agrees(&client, holding.len()).await;

    let again = Arc::new(lost);
    let (asked, numbers, survivor_client) =
        (Arc::clone(&people), Arc::clone(&again), client.clone());
    let second = spread(again.len(), CALLERS, move |position| {
        let number = numbers[position];
        let (client, user) = (survivor_client.clone(), asked[number].clone());
        async move { assign(&client, &user, seed::DESK, &request_id(number)).await }
    })
    .await;
    for (number, answer) in again.iter().zip(second) {
        answers[*number] = answer;
    }

    let unexpected: Vec<&Answer> = answers
        .iter()
        .filter(|answer| {
            !matches!(
                answer,
                Answer::Applied(_) | Answer::Refused(ErrorReason::NoAvailableSeats)
            )
        })
        .collect();
    assert!(
        unexpected.is_empty(),
        "answers that are neither a seat nor the lack of one: {unexpected:?}"
    );
    let holding = holders(&client).await;
    assert_eq!(
        holding.len(),
        SEATS,
        "people who hold the product in the end"
    );
    assert_eq!(
        applied(&people, &answers),
        holding,
        "who was told so, and who holds the product"
    );
    pool_agrees(&client, SEATS).await;
}

async fn ask_both_and_kill_one(
    clients: [Client; 2],
    doomed: Server,
    people: &Arc<Vec<String>>,
) -> Vec<Answer> {
    let (doomed, answered) = (Arc::new(Mutex::new(doomed)), Arc::new(AtomicUsize::new(0)));
    let asked = Arc::clone(people);
    spread(REQUESTS, CALLERS, move |number| {
        let (client, user) = (clients[number % 2].clone(), asked[number].clone());
        let (doomed, answered) = (Arc::clone(&doomed), Arc::clone(&answered));
        async move {
            let answer = assign(&client, &user, seed::DESK, &request_id(number)).await;
            if answered.fetch_add(1, Ordering::Relaxed) + 1 == ANSWERS_BEFORE_THE_END {
                doomed.lock().unwrap().kill();
            }
            answer
        }
    })
    .await
}

fn request_id(number: usize) -> String {
    uuid::Uuid::from_u128(0x5eed_0000_0000_4000_8000_0000_0000_0000 + number as u128).to_string()
}

fn applied(people: &[String], answers: &[Answer]) -> HashSet<String> {
    people
        .iter()
        .zip(answers)
        .filter(|(_, answer)| answer.is_applied())
        .map(|(user, _)| user.clone())
        .collect()
}

async fn holders(client: &Client) -> HashSet<String> {
    let licenses = seed::holders(client, seed::DESK).await;
    let count = licenses.len();
    let holders: HashSet<String> = licenses
        .into_iter()
        .map(|license| license.user_principal_name)
        .collect();
    assert_eq!(holders.len(), count, "somebody holds the product twice");
    holders
}

async fn pool_agrees(client: &Client, consumed: usize) {
    let pool = seed::pool(client, seed::DESK).await;
    assert_eq!(
        usize::try_from(pool.consumed),
        Ok(consumed),
        "the pool's figure and the live assignments"
    );
}
