//! The service over gRPC, in a process of its own: single assignments, bulk, lists and point reads.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};
use usher::v1::{GetUserRequest, ListUsersRequest, StreamLicenseChangesOptions};
use usher_tests::{
    client::Client,
    databases::{Database, Engine},
    load::{self, assign, spread},
    seed,
    server::Server,
};

use crate::{
    Scale, bare_loop, bare_search,
    report::{Aim, Line},
    transaction_each,
};

const CALLERS: usize = 64;
const CONNECTIONS: usize = 8;
/// How often each text is searched for; the first time does not count.
const SEARCH_ROUNDS: usize = 6;

/// Every figure of the service on this database.
pub(crate) async fn measure(database: &Arc<Database>, scale: Scale) -> Vec<Line> {
    let (engine, times) = match database.engine {
        Engine::Sqlite => ("SQLite", 3.0),
        Engine::Postgres => ("PostgreSQL", 5.0),
    };
    let (alone, together, bulk) = (scale.of(2_000), scale.of(40_000), scale.of(100_000));
    let bench = Bench::start(database, alone + together + bulk).await;
    let mut lines = Vec::new();

    for (callers, from, count) in [(1, 0, alone), (CALLERS, alone, together)] {
        let what = format!("{engine}: single assignments, {callers} callers");
        if !scale.wants(&what) {
            continue;
        }
        let floor = transaction_each::assignments(
            database,
            scale.of(if callers == 1 { 1_000 } else { 4_000 }),
            callers,
        );
        let floor = floor.await;
        let line = Line::rate(what, bench.single(callers, from, count).await)
            .floor("one SeaORM transaction each", floor);
        lines.push(if callers == 1 {
            line
        } else {
            line.aim(Aim::TimesFloor(times))
        });
    }
    let what = format!("{engine}: bulk assignments, one stream");
    if scale.wants(&what) {
        let line = Line::rate(what, bench.bulk(alone + together, bulk).await);
        lines.push(match database.engine {
            Engine::Sqlite => line
                .floor(
                    "a prepared loop on bare SQLite, 1,000 a commit",
                    bare_loop::assignments(database.folder(), bulk),
                )
                .aim(Aim::AtLeast(50_000.0)),
            Engine::Postgres => line,
        });
    }
    let what = format!("{engine}: point reads, {CALLERS} callers");
    if scale.wants(&what) {
        let empty = bench.empty_calls(scale.of(20_000)).await;
        let line = Line::rate(what, bench.point_reads(scale.of(20_000)).await);
        lines.push(line.floor("health checks", empty));
    }
    let what = format!("{engine}: users listed, pages of 1,000");
    if scale.wants(&what) {
        lines.push(Line::rate(what, bench.listed().await));
    }
    if scale.wants(&format!("{engine}: search")) {
        lines.extend(bench.searched(engine, database).await);
    }
    lines
}

struct Bench {
    clients: Vec<Client>,
    people: Arc<Vec<String>>,
    _server: Server,
}

impl Bench {
    async fn start(database: &Database, people: usize) -> Self {
        let server = Server::start(&database.url);
        let mut clients = Vec::new();
        for _ in 0..CONNECTIONS {
            clients.push(Client::connect(server.address()).await);
        }
        seed::catalogue(&clients[0]).await;
        seed::seats(&clients[0], seed::DESK, 10_000_000).await;
        let people = Arc::new(seed::people(&clients[0], people).await);
        Self {
            clients,
            people,
            _server: server,
        }
    }

    /// Runs a call for so many numbers, by so many callers, and gives the calls a second.
    async fn rate<Call, Done>(&self, count: usize, callers: usize, call: Call) -> f64
    where
        Call: Fn(Client, usize) -> Done + Send + Sync + 'static,
        Done: Future<Output = ()> + Send,
    {
        let clients = self.clients.clone();
        let begun = Instant::now();
        spread(count, callers, move |number| {
            call(clients[number % clients.len()].clone(), number)
        })
        .await;
        per_second(count, begun.elapsed())
    }

    async fn single(&self, callers: usize, from: usize, count: usize) -> f64 {
        let people = Arc::clone(&self.people);
        self.rate(count, callers, move |client, number| {
            let user = people[from + number].clone();
            async move {
                let answer = assign(&client, &user, seed::DESK, "").await;
                assert!(answer.is_applied(), "{user}: {answer:?}");
            }
        })
        .await
    }

    async fn bulk(&self, from: usize, count: usize) -> f64 {
        let changes = self.people[from..from + count]
            .iter()
            .map(|user| seed::add(user, seed::DESK))
            .collect();
        let begun = Instant::now();
        let options = StreamLicenseChangesOptions::default();
        let (_, summary) = load::stream(&self.clients[0], options, changes)
            .await
            .unwrap();
        let took = begun.elapsed();
        assert_eq!(usize::try_from(summary.applied), Ok(count), "rows applied");
        per_second(count, took)
    }

    async fn empty_calls(&self, count: usize) -> f64 {
        self.rate(count, CALLERS, |client, _| async move {
            HealthClient::new(client.channel)
                .check(HealthCheckRequest::default())
                .await
                .unwrap();
        })
        .await
    }

    async fn point_reads(&self, count: usize) -> f64 {
        let people = Arc::clone(&self.people);
        self.rate(count, CALLERS, move |client, number| {
            let request = GetUserRequest {
                user: people[number % people.len()].clone(),
                read_time: None,
            };
            async move {
                client.users.clone().get_user(request).await.unwrap();
            }
        })
        .await
    }

    /// What a person waits for while typing and picking: the first ten people, after each key.
    async fn searched(&self, engine: &str, database: &Database) -> [Line; 2] {
        let typed = typed(self.people.len());
        let mut took: Vec<f64> = Vec::new();
        for text in typed.iter().cycle().take(typed.len() * SEARCH_ROUNDS) {
            let request = ListUsersRequest {
                page_size: 10,
                search: text.clone(),
                ..ListUsersRequest::default()
            };
            let mut users = self.clients[0].users.clone();
            let begun = Instant::now();
            let found = users.list_users(request).await.unwrap().into_inner();
            took.push(begun.elapsed().as_secs_f64() * 1e3);
            assert!(!found.users.is_empty(), "somebody is found by {text}");
        }
        // The first round opens connections and fills caches.
        let took = &took[typed.len()..];
        let mean = took.iter().sum::<f64>() / took.len() as f64;
        let worst = took.iter().copied().fold(0.0, f64::max);
        let people = self.people.len();
        let (bare_mean, bare_worst) = bare_search::prefixes(database.folder(), people, &typed);
        let floor = "the first word's beginning on bare SQLite";
        [
            Line::milliseconds(format!("{engine}: search among {people}, mean"), mean)
                .floor(floor, bare_mean)
                .aim(Aim::AtMost(20.0)),
            Line::milliseconds(format!("{engine}: search among {people}, worst"), worst)
                .floor(floor, bare_worst)
                .aim(Aim::AtMost(20.0)),
        ]
    }

    async fn listed(&self) -> f64 {
        let (mut count, mut page_token) = (0, String::new());
        let begun = Instant::now();
        loop {
            let request = ListUsersRequest {
                page_size: 1_000,
                page_token,
                ..ListUsersRequest::default()
            };
            let page = self.clients[0]
                .users
                .clone()
                .list_users(request)
                .await
                .unwrap()
                .into_inner();
            count += page.users.len();
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(count, self.people.len(), "people listed");
        per_second(count, begun.elapsed())
    }
}

/// What stands in the box after each key, for a name, an address, and both ways round.
fn typed(people: usize) -> Vec<String> {
    let number = people / 3;
    [
        format!("Person {number}"),
        format!("person{number:06}"),
        format!("{number} per"),
    ]
    .iter()
    .flat_map(|whole| (1..=whole.len()).map(|end| whole[..end].to_owned()))
    .collect()
}

fn per_second(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}
