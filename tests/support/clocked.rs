//! The service on a port of this process, with a clock that the test moves: days pass in no time.

use std::{net::SocketAddr, sync::Arc};

use tokio::{sync::oneshot, task::JoinHandle};
use usher_server::{
    authn::Door,
    env::{Clock as _, Env, ManualClock},
    serve::{self, Entry, Service},
};

use crate::client::Client;

/// Where every clock starts: 18 November 2026, a little before noon.
pub const START_SECONDS: i64 = 1_795_000_000;
const MICROS: i64 = 1_000_000;
const DAY_SECONDS: i64 = 86_400;

/// A clock that one or several services share.
#[derive(Clone)]
pub struct Clock(Arc<ManualClock>);

impl Clock {
    /// A clock at its start.
    #[must_use]
    pub fn new() -> Self {
        let clock = ManualClock::default();
        let this = Self(Arc::new(clock));
        this.set(START_SECONDS);
        this
    }

    /// Seconds since 1970.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.0.now().0 / MICROS
    }

    /// Moves to this moment, also backwards.
    pub fn set(&self, seconds: i64) {
        let mut now = self.0.now();
        now.0 = seconds * MICROS;
        self.0.set(now);
    }

    /// Moves by this many seconds.
    pub fn pass(&self, seconds: i64) {
        self.set(self.seconds() + seconds);
    }

    /// Moves by this many days.
    pub fn pass_days(&self, days: i64) {
        self.pass(days * DAY_SECONDS);
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

/// A service of this process.
pub struct Clocked {
    /// A client of it.
    pub client: Client,
    /// Where it listens.
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
    service: Service,
}

impl Clocked {
    /// Starts a service on this database; whoever calls it is Global admin.
    pub async fn start(database: &str, clock: &Clock) -> Self {
        Self::behind(Entry::unlocked(), database, clock).await
    }

    /// Starts a service on this database that takes callers with a token only, each so often in a second; 0 is no
    /// limit.
    pub async fn guarded(database: &str, clock: &Clock, requests_per_second: u32) -> Self {
        let door = Door::Tokens {
            requests_per_second,
        };
        Self::behind(Entry { door, tls: None }, database, clock).await
    }

    /// # Panics
    /// If the database cannot be opened or no port is free.
    async fn behind(entry: Entry, database: &str, clock: &Clock) -> Self {
        let env = Env {
            clock: clock.0.clone(),
            ..Env::system()
        };
        let service = Service::open(database, env)
            .await
            .expect("the database can be opened");
        let listener = serve::listen(SocketAddr::from(([127, 0, 0, 1], 0)))
            .await
            .expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn({
            let service = service.clone();
            async move {
                let shutdown = async {
                    // The other end is kept until it is told to end.
                    let _ = stopped.await;
                };
                service
                    .serve(listener, entry, shutdown)
                    .await
                    .expect("the service ends well");
            }
        });
        Self {
            client: Client::connect(address).await,
            address,
            stop,
            serving,
            service,
        }
    }

    /// Does what has fallen due, as the service does by itself when it next looks at the time.
    ///
    /// # Panics
    /// If the database cannot be read.
    pub async fn look_at_the_time(&self) {
        let looked = self.service.store().catch_up().await;
        looked.expect("what has fallen due is done");
    }

    /// Takes the database away under the running service.
    pub async fn close_database(&self) {
        self.service.close().await;
    }

    /// Ends it as an operator does: open calls are answered, the database is closed.
    ///
    /// # Panics
    /// If it does not end well.
    pub async fn end(self) {
        drop(self.client);
        // It may have ended by itself.
        let _ = self.stop.send(());
        self.serving.await.expect("the service ends well");
        self.service.close().await;
    }
}
