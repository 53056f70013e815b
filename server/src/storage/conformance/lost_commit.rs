//! The answer to COMMIT does not arrive: a proxy in front of PostgreSQL cuts the connection there,
//! before the database got the COMMIT or after it (write-protocol 6).

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use usher_domain::plan::OutcomeKind;

use super::database::TestDatabase;
use super::fixture::{PRODUCT, assign, done, organisation, pool, request};
use crate::env::Env;
use crate::storage::{DEFAULT_TENANT, Priority, ReadAt, Store, StoreError};

const PASS: u8 = 0;
const CUT_BEFORE: u8 = 1;
const CUT_AFTER: u8 = 2;

/// Forwards to the database, and cuts one connection at its next COMMIT when it is told to.
struct Proxy {
    address: String,
    order: Arc<AtomicU8>,
}

impl Proxy {
    async fn before(database: &TestDatabase) -> Self {
        let (scheme, rest) = database.address.split_once("://").unwrap();
        let (authority, name) = rest.split_once('/').unwrap();
        let (user, server) = authority.rsplit_once('@').unwrap_or(("", authority));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let own = listener.local_addr().unwrap();
        let order = Arc::new(AtomicU8::new(PASS));
        let (orders, server) = (Arc::clone(&order), server.to_owned());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (orders, server) = (Arc::clone(&orders), server.clone());
                tokio::spawn(async move {
                    let server = TcpStream::connect(server).await.unwrap();
                    let (from_client, to_client) = client.into_split();
                    let (from_server, to_server) = server.into_split();
                    // Whichever direction ends first drops both sockets.
                    tokio::select! {
                        () = requests(from_client, to_server, &orders) => {}
                        () = answers(from_server, to_client) => {}
                    }
                });
            }
        });
        Self {
            address: format!("{scheme}://{user}@{own}/{name}"),
            order,
        }
    }

    fn cut(&self, order: u8) {
        self.order.store(order, Ordering::SeqCst);
    }
}

async fn requests(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, orders: &AtomicU8) {
    let mut buffer = vec![0; 65_536];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        let message = &buffer[..read];
        let commits = message.windows(6).any(|part| part == b"COMMIT");
        let order = if commits {
            orders.swap(PASS, Ordering::SeqCst)
        } else {
            PASS
        };
        if order == CUT_BEFORE {
            return;
        }
        if to.write_all(message).await.is_err() {
            return;
        }
        if order == CUT_AFTER {
            // The database has it; its answer is thrown away with the connection.
            return;
        }
    }
}

async fn answers(mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
    drop(tokio::io::copy(&mut from, &mut to).await);
}

async fn check(database: Arc<TestDatabase>) {
    let proxy = Proxy::before(&database).await;
    let store = Store::open(&proxy.address, Env::system()).await.unwrap();
    organisation(&store, 3, 3).await;

    proxy.cut(CUT_BEFORE);
    let asked = request(assign(0, PRODUCT));
    let answer = store.write(asked, Priority::Interactive).await;
    assert_eq!(answer, Err(StoreError::Unavailable));
    assert_eq!(pool(&store, PRODUCT).await.consumed, 0);

    proxy.cut(CUT_AFTER);
    let asked = request(assign(1, PRODUCT));
    let answer = tokio::time::timeout(
        Duration::from_secs(20),
        store.write(asked, Priority::Interactive),
    );
    assert_eq!(answer.await.unwrap().unwrap().result, OutcomeKind::Applied);
    assert_eq!(pool(&store, PRODUCT).await.consumed, 1);

    done(&store, assign(2, PRODUCT)).await;
    assert_eq!(pool(&store, PRODUCT).await.consumed, 2);
    let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
    assert_eq!(read.verify_chain().await.unwrap().broken_at, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres() {
    let name = concat!(module_path!(), "::on_postgres");
    TestDatabase::with_postgres(name, check).await;
}
