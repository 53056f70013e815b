//! A request sent again with its id is done once and answered as the first time, by whatever server process it reaches
//! (AIP-155). What becomes of ids inside one process is tested beside the code.

mod kept;

use std::sync::Arc;

use tonic::Status;
use usher::v1::{
    ErrorReason, LicenseChange, ModifyUserLicensesRequest, Outcome, OutcomeResult,
    StreamLicenseChangesOptions,
};
use usher_tests::{
    client::{Client, refusal},
    databases::Database,
    load::{spread, stream},
    on_both_databases, seed,
    server::Server,
};

use OutcomeResult::{Applied, Failed, Unchanged, Waiting};

const PAIRS: usize = 300;
const CALLERS: usize = 32;
const ROWS: usize = 2_000;
const ROWS_TOGETHER: usize = 40;
const ROUNDS: usize = 20;

on_both_databases!(
    a_repeated_request_is_answered_as_the_first_time,
    a_refused_request_is_judged_anew,
    an_id_is_not_for_another_request,
    a_pair_at_the_same_moment_is_done_once,
    a_stream_sent_again_does_only_what_was_refused,
    an_all_or_nothing_stream_sent_again_is_done_once,
    two_streams_at_the_same_moment_do_each_row_once,
    two_all_or_nothing_streams_at_the_same_moment_are_done_once,
);

async fn a_repeated_request_is_answered_as_the_first_time(database: Arc<Database>) {
    let mut service = Service::start(&database, 1).await;
    let people = seed::people(&service.first, 2).await;
    let wish = LicenseChange {
        wait_for_seat: true,
        ..seed::add(&people[1], seed::DESK)
    };
    let asked = [
        ("applied", seed::add(&people[0], seed::DESK), Applied),
        ("unchanged", seed::add(&people[0], seed::DESK), Unchanged),
        ("waiting", wish, Waiting),
    ];
    let mut answers = Vec::new();
    for (id, change, result) in &asked {
        let outcome = modify(&service.first, change, id).await.unwrap();
        assert_eq!(
            (outcome.result(), outcome.replayed),
            (*result, false),
            "{id}"
        );
        answers.push(outcome);
    }
    // What the first request did is undone: who did it again would show.
    let taken_away = LicenseChange {
        user: people[0].clone(),
        remove: vec![seed::DESK.to_owned()],
        ..LicenseChange::default()
    };
    modify(&service.first, &taken_away, "").await.unwrap();

    service.restart_first(&database).await;
    for (process, client) in service.processes() {
        for ((id, change, _), answer) in asked.iter().zip(&answers) {
            let again = modify(client, change, id).await.unwrap();
            assert_eq!(again, replayed(answer), "{id}, {process}");
        }
    }
    let holders = seed::holders(&service.first, seed::DESK).await;
    assert!(
        holders
            .iter()
            .all(|license| license.user_principal_name != people[0]),
        "a repeated request was done again: {holders:?}"
    );
}

async fn a_refused_request_is_judged_anew(database: Arc<Database>) {
    let mut service = Service::start(&database, 1).await;
    let people = seed::people(&service.first, 2).await;
    let (holder, wish) = (
        seed::add(&people[0], seed::DESK),
        seed::add(&people[1], seed::DESK),
    );
    modify(&service.first, &holder, "").await.unwrap();
    for (_, client) in service.processes() {
        let status = modify(client, &wish, "wish").await.unwrap_err();
        assert_eq!(refusal(&status), ErrorReason::NoAvailableSeats);
    }
    seed::seats(&service.first, seed::DESK, 1).await;
    service.restart_first(&database).await;
    let granted = modify(&service.second, &wish, "wish").await.unwrap();
    assert_eq!((granted.result(), granted.replayed), (Applied, false));
    let again = modify(&service.first, &wish, "wish").await.unwrap();
    assert_eq!(again, replayed(&granted));
    assert_eq!(consumed(&service.first).await, 2);
}

async fn an_id_is_not_for_another_request(database: Arc<Database>) {
    let mut service = Service::start(&database, 10).await;
    let people = seed::people(&service.first, 2).await;
    let mine = seed::add(&people[0], seed::DESK);
    let rows = || vec![mine.clone(), seed::add(&people[1], seed::DESK)];
    modify(&service.first, &mine, "single").await.unwrap();
    stream(&service.first, by_row("rows"), rows())
        .await
        .unwrap();
    stream(&service.first, together("together"), rows())
        .await
        .unwrap();
    service.restart_first(&database).await;

    let other = || seed::add(&people[1], seed::MAIL);
    let before = consumed(&service.first).await;
    for (process, client) in service.processes() {
        let with_a_reason = ModifyUserLicensesRequest {
            reason: "another".to_owned(),
            ..request(&mine, "single")
        };
        for request in [request(&other(), "single"), with_a_reason] {
            let status = send(client, request).await.unwrap_err();
            assert_eq!(refusal(&status), ErrorReason::RequestIdReused, "{process}");
        }
        let (outcomes, summary) = stream(client, by_row("rows"), vec![mine.clone(), other()])
            .await
            .unwrap();
        assert!(outcomes[0].replayed, "{process}: {:?}", outcomes[0]);
        assert_eq!(
            (outcomes[1].result(), outcomes[1].reason()),
            (Failed, ErrorReason::RequestIdReused),
            "{process}"
        );
        assert_eq!(summary.failed, 1);
        let status = stream(client, together("together"), vec![other()])
            .await
            .unwrap_err();
        assert_eq!(refusal(&status), ErrorReason::RequestIdReused, "{process}");
    }
    assert_eq!(consumed(&service.first).await, before);
    let mail = seed::holders(&service.first, seed::MAIL).await;
    assert!(mail.is_empty(), "done in spite of its refusal: {mail:?}");
}

async fn a_pair_at_the_same_moment_is_done_once(database: Arc<Database>) {
    let service = Service::start(&database, PAIRS).await;
    let people = Arc::new(seed::people(&service.first, PAIRS).await);
    let (first, second) = (service.first.clone(), service.second.clone());
    let pairs = spread(PAIRS, CALLERS, move |number| {
        let (first, second) = (first.clone(), second.clone());
        let change = seed::add(&people[number], seed::DESK);
        async move {
            let id = format!("pair-{number}");
            tokio::join!(modify(&first, &change, &id), modify(&second, &change, &id))
        }
    })
    .await;
    for (one, other) in pairs {
        done_once(&one.unwrap(), &other.unwrap());
    }
    assert_eq!(consumed(&service.first).await, PAIRS);
    assert_eq!(
        seed::holders(&service.second, seed::DESK).await.len(),
        PAIRS
    );
}

async fn a_stream_sent_again_does_only_what_was_refused(database: Arc<Database>) {
    let mut service = Service::start(&database, 2).await;
    let people = seed::people(&service.first, 4).await;
    let mut rows: Vec<LicenseChange> = [0, 0, 1, 2, 3]
        .map(|number: usize| seed::add(&people[number], seed::DESK))
        .into();
    rows[3].wait_for_seat = true;
    let (answers, _) = stream(&service.first, by_row("stream"), rows.clone())
        .await
        .unwrap();
    assert_eq!(
        results(&answers),
        [Applied, Unchanged, Applied, Waiting, Failed]
    );

    // One seat for who waits, one for who was refused.
    seed::seats(&service.first, seed::DESK, 2).await;
    service.restart_first(&database).await;
    let (again, _) = stream(&service.second, by_row("stream"), rows.clone())
        .await
        .unwrap();
    assert_eq!(
        again[..4],
        answers[..4].iter().map(replayed).collect::<Vec<_>>()
    );
    assert_eq!((again[4].result(), again[4].replayed), (Applied, false));
    let (last, _) = stream(&service.first, by_row("stream"), rows)
        .await
        .unwrap();
    assert_eq!(last, again.iter().map(replayed).collect::<Vec<_>>());
}

async fn an_all_or_nothing_stream_sent_again_is_done_once(database: Arc<Database>) {
    let mut service = Service::start(&database, 1).await;
    let people = seed::people(&service.first, 3).await;
    modify(&service.first, &seed::add(&people[0], seed::DESK), "")
        .await
        .unwrap();
    let rows: Vec<_> = people
        .iter()
        .map(|user| seed::add(user, seed::DESK))
        .collect();
    let (refused, _) = stream(&service.first, together("all"), rows.clone())
        .await
        .unwrap();
    assert_eq!(results(&refused), [Unchanged, Failed, Failed]);

    seed::seats(&service.first, seed::DESK, 2).await;
    let (answers, _) = stream(&service.first, together("all"), rows.clone())
        .await
        .unwrap();
    assert_eq!(results(&answers), [Unchanged, Applied, Applied]);
    assert!(answers.iter().all(|outcome| !outcome.replayed));

    service.restart_first(&database).await;
    let expected: Vec<_> = answers.iter().map(replayed).collect();
    for (process, client) in service.processes() {
        let (again, _) = stream(client, together("all"), rows.clone()).await.unwrap();
        assert_eq!(again, expected, "{process}");
    }
    assert_eq!(consumed(&service.first).await, 3);
}

async fn two_streams_at_the_same_moment_do_each_row_once(database: Arc<Database>) {
    let service = Service::start(&database, ROWS).await;
    let people = seed::people(&service.first, ROWS).await;
    let rows: Vec<_> = people
        .iter()
        .map(|user| seed::add(user, seed::DESK))
        .collect();
    let (one, other) = tokio::join!(
        stream(&service.first, by_row("race"), rows.clone()),
        stream(&service.second, by_row("race"), rows)
    );
    for (one, other) in one.unwrap().0.iter().zip(&other.unwrap().0) {
        done_once(one, other);
    }
    assert_eq!(consumed(&service.first).await, ROWS);
}

async fn two_all_or_nothing_streams_at_the_same_moment_are_done_once(database: Arc<Database>) {
    let service = Service::start(&database, ROUNDS * ROWS_TOGETHER).await;
    let people = seed::people(&service.first, ROUNDS * ROWS_TOGETHER).await;
    for (round, people) in people.chunks(ROWS_TOGETHER).enumerate() {
        let rows: Vec<_> = people
            .iter()
            .map(|user| seed::add(user, seed::DESK))
            .collect();
        let id = format!("race-{round}");
        let (one, other) = tokio::join!(
            stream(&service.first, together(&id), rows.clone()),
            stream(&service.second, together(&id), rows)
        );
        for (one, other) in one.unwrap().0.iter().zip(&other.unwrap().0) {
            done_once(one, other);
        }
    }
    assert_eq!(consumed(&service.first).await, ROUNDS * ROWS_TOGETHER);
}

/// Two server processes over one database, with a catalogue and some seats of [`seed::DESK`].
struct Service {
    first_process: Server,
    _second_process: Server,
    first: Client,
    second: Client,
}

impl Service {
    async fn start(database: &Database, seats: usize) -> Self {
        let (first_process, second_process) =
            (Server::start(&database.url), Server::start(&database.url));
        let first = Client::connect(first_process.address()).await;
        let second = Client::connect(second_process.address()).await;
        seed::catalogue(&first).await;
        seed::seats(&first, seed::DESK, i64::try_from(seats).unwrap()).await;
        Self {
            first_process,
            _second_process: second_process,
            first,
            second,
        }
    }

    async fn restart_first(&mut self, database: &Database) {
        self.first_process.kill();
        self.first_process = Server::start(&database.url);
        self.first = Client::connect(self.first_process.address()).await;
    }

    fn processes(&self) -> [(&str, &Client); 2] {
        [
            ("the first process", &self.first),
            ("the second process", &self.second),
        ]
    }
}

fn request(change: &LicenseChange, request_id: &str) -> ModifyUserLicensesRequest {
    ModifyUserLicensesRequest {
        change: Some(change.clone()),
        request_id: request_id.to_owned(),
        ..ModifyUserLicensesRequest::default()
    }
}

async fn modify(client: &Client, change: &LicenseChange, id: &str) -> Result<Outcome, Status> {
    send(client, request(change, id)).await
}

async fn send(client: &Client, request: ModifyUserLicensesRequest) -> Result<Outcome, Status> {
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

fn by_row(request_id: &str) -> StreamLicenseChangesOptions {
    StreamLicenseChangesOptions {
        request_id: request_id.to_owned(),
        ..StreamLicenseChangesOptions::default()
    }
}

fn together(request_id: &str) -> StreamLicenseChangesOptions {
    StreamLicenseChangesOptions {
        all_or_nothing: true,
        ..by_row(request_id)
    }
}

/// The same answer, told again.
fn replayed(outcome: &Outcome) -> Outcome {
    Outcome {
        replayed: true,
        ..outcome.clone()
    }
}

fn results(outcomes: &[Outcome]) -> Vec<OutcomeResult> {
    outcomes.iter().map(Outcome::result).collect()
}

/// One of the two did it, and both tell the same.
fn done_once(one: &Outcome, other: &Outcome) {
    assert_eq!(one.result(), Applied, "{one:?}");
    assert_ne!(one.replayed, other.replayed, "{one:?}\n{other:?}");
    assert_eq!(replayed(one), replayed(other));
}

async fn consumed(client: &Client) -> usize {
    usize::try_from(seed::pool(client, seed::DESK).await.consumed).unwrap()
}
