//! How long an answer is kept, by a clock that the test moves: repeated for a day at least, forgotten after two.

use std::{sync::Arc, time::Duration};

use sea_orm::{ConnectOptions, ConnectionTrait as _, Database as Connector, Statement};
use usher::v1::{ErrorReason, LicenseChange, Outcome, OutcomeResult};
use usher_tests::{
    client::{Client, refusal},
    clocked::{Clock, Clocked},
    databases::Database,
    load::stream,
    on_both_databases, seed,
};

use super::{by_row, consumed, modify, replayed};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const ONCE: &str = "once";
const ROWS: &str = "rows";
/// More than the moments that a service takes until it looks for what is to be forgotten.
const LONG: Duration = Duration::from_secs(20);

on_both_databases!(
    an_answer_is_repeated_for_a_day_on_any_process,
    after_two_days_an_id_is_forgotten_and_free_again,
);

async fn an_answer_is_repeated_for_a_day_on_any_process(database: Arc<Database>) {
    let world = World::new(&database).await;
    let began = world.clock.seconds();
    for later in [0, 24 * HOUR - MINUTE, 24 * HOUR] {
        world.clock.set(began + later);
        // Who just started forgets what is old first of all, and one that runs on does so every hour.
        let just_started = Clocked::start(&database.url, &world.clock).await;
        for service in world.services.iter().chain([&just_started]) {
            world.is_repeated(&service.client, later).await;
        }
        just_started.end().await;
    }
}

async fn after_two_days_an_id_is_forgotten_and_free_again(database: Arc<Database>) {
    let world = World::new(&database).await;
    assert_eq!(ids_kept(&database).await, [ONCE, ROWS, ROWS]);
    world.clock.pass(48 * HOUR + MINUTE);
    // Who starts looks for what is to be forgotten, though nobody writes.
    let just_started = Clocked::start(&database.url, &world.clock).await;
    let client = &just_started.client;
    let mut waited = Duration::ZERO;
    while !ids_kept(&database).await.is_empty() {
        assert!(
            waited < LONG,
            "still there: {:?}",
            ids_kept(&database).await
        );
        waited += Duration::from_millis(50);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    // On a process that repeated the answer before, what was another request two days ago is the first one.
    let (first, other) = (&world.services[0].client, world.other());
    let again = modify(first, &other, ONCE).await.unwrap();
    assert_eq!(
        (again.result(), again.replayed),
        (OutcomeResult::Applied, false)
    );
    assert_eq!(
        modify(client, &other, ONCE).await.unwrap(),
        replayed(&again)
    );
    let status = modify(client, &world.mine(), ONCE).await.unwrap_err();
    assert_eq!(refusal(&status), ErrorReason::RequestIdReused);
    let (rows, _) = stream(client, by_row(ROWS), world.rows()).await.unwrap();
    assert!(rows.iter().all(|row| !row.replayed), "{rows:?}");
    assert_eq!(ids_kept(&database).await, [ONCE, ROWS, ROWS]);
}

/// Two services over one database, and what was answered to a request and to the rows of a stream.
struct World {
    clock: Clock,
    services: [Clocked; 2],
    people: Vec<String>,
    answer: Outcome,
    rows: Vec<Outcome>,
}

impl World {
    async fn new(database: &Database) -> Self {
        let clock = Clock::new();
        let services = [
            Clocked::start(&database.url, &clock).await,
            Clocked::start(&database.url, &clock).await,
        ];
        let client = services[0].client.clone();
        seed::catalogue(&client).await;
        seed::seats(&client, seed::DESK, 3).await;
        seed::seats(&client, seed::MAIL, 2).await;
        let people = seed::people(&client, 2).await;
        let mut world = Self {
            clock,
            services,
            people,
            answer: Outcome::default(),
            rows: Vec::new(),
        };
        world.answer = modify(&client, &world.mine(), ONCE).await.unwrap();
        let rows = stream(&client, by_row(ROWS), world.rows()).await.unwrap();
        world.rows = rows.0;
        // What the first request did is undone: who did it again would show.
        let taken_away = LicenseChange {
            user: world.people[0].clone(),
            remove: vec![seed::DESK.to_owned()],
            ..LicenseChange::default()
        };
        modify(&client, &taken_away, "").await.unwrap();
        world
    }

    fn mine(&self) -> LicenseChange {
        seed::add(&self.people[0], seed::DESK)
    }

    fn other(&self) -> LicenseChange {
        seed::add(&self.people[1], seed::DESK)
    }

    fn rows(&self) -> Vec<LicenseChange> {
        let mail = |user: &String| seed::add(user, seed::MAIL);
        self.people.iter().map(mail).collect()
    }

    async fn is_repeated(&self, client: &Client, later: i64) {
        let again = modify(client, &self.mine(), ONCE).await.unwrap();
        assert_eq!(again, replayed(&self.answer), "{later} s later");
        let (rows, _) = stream(client, by_row(ROWS), self.rows()).await.unwrap();
        let expected: Vec<Outcome> = self.rows.iter().map(replayed).collect();
        assert_eq!(rows, expected, "{later} s later");
        let status = modify(client, &self.other(), ONCE).await.unwrap_err();
        let reused = ErrorReason::RequestIdReused;
        assert_eq!(refusal(&status), reused, "{later} s later");
        assert_eq!(consumed(client).await, 0, "{later} s later");
    }
}

/// The ids in the database, once for each row.
async fn ids_kept(database: &Database) -> Vec<String> {
    let mut options = ConnectOptions::new(&database.url);
    options.max_connections(1).sqlx_logging(false);
    let connection = Connector::connect(options).await.unwrap();
    let sql = "SELECT id FROM requests ORDER BY id";
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.unwrap();
    let ids = rows.iter().map(|row| row.try_get("", "id").unwrap());
    let ids = ids.collect();
    connection.close().await.unwrap();
    ids
}
