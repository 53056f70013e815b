//! The service as a whole: all calls of the contract over one store, in this process or on a port.
//! What a call does is not decided here.

mod first_token;

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tonic::server::NamedService;
use tonic::service::Routes;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Server, ServerTlsConfig};
use tonic_health::ServingStatus;
use tonic_health::server::{HealthReporter, health_reporter};
use tower::Layer;
use tower_http::trace::{DefaultOnFailure, TraceLayer};
use tracing::Level;
use usher::MAX_MESSAGE_BYTES;
use usher::v1::access_service_server::AccessServiceServer;
use usher::v1::audit_service_server::AuditServiceServer;
use usher::v1::batch_service_server::BatchServiceServer;
use usher::v1::catalog_service_server::CatalogServiceServer;
use usher::v1::license_service_server::LicenseServiceServer;
use usher::v1::subscription_service_server::SubscriptionServiceServer;
use usher::v1::tenant_service_server::TenantServiceServer;
use usher::v1::user_service_server::UserServiceServer;

use crate::authn::{Door, Gate, Guard, GuardLayer};
use crate::env::Env;
use crate::rpc::Services;
use crate::storage::{Store, StoreError};

/// Calls of one connection that are worked on at a time; the others wait.
const CALLS_PER_CONNECTION: usize = 512;
/// Streams that one connection may have open.
const STREAMS_PER_CONNECTION: u32 = 1_024;
/// Calls that their callers gave up and that are not yet cleared away, before the connection is closed: a deadline
/// that passes for a whole page of calls must not take the other callers of the connection with it.
const CANCELLED_STREAMS: usize = STREAMS_PER_CONNECTION as usize;
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(30);
const KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(20);
/// How long open calls may take when the service is told to end.
const GRACE: Duration = Duration::from_secs(10);

/// All calls of the contract as one tower service: a generated client over it makes calls without a
/// connection.
pub type InProcess = Guard<Routes>;

/// The service over one database.
#[derive(Clone)]
pub struct Service {
    services: Services,
}

/// How callers get to the service.
pub struct Entry {
    /// How they prove who they are.
    pub door: Door,
    /// The server's certificate; without one, what they send can be read on the way.
    pub tls: Option<ServerTlsConfig>,
}

impl Entry {
    /// For whoever reaches the port, as Global admin: only where nobody else can reach it.
    #[must_use]
    pub fn unlocked() -> Self {
        Self {
            door: Door::open("local"),
            tls: None,
        }
    }
}

/// Why the service cannot be served.
#[derive(Debug)]
pub enum ServeError {
    /// The address cannot be listened on.
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not.
        cause: std::io::Error,
    },
    /// The descriptors of the contract cannot be served.
    Reflection(tonic_reflection::server::Error),
    /// The certificate or its key cannot be used.
    Tls(tonic::transport::Error),
    /// The server ended with an error.
    Transport(tonic::transport::Error),
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen { address, cause } => write!(
                f,
                "The service cannot listen on {address}: {cause}. Give another address with --listen; port 0 takes a free one."
            ),
            Self::Reflection(cause) => write!(f, "The contract cannot be described: {cause}."),
            Self::Tls(cause) => write!(
                f,
                "The certificate and its key cannot be used: {}. Give a PEM file of each with --tls-cert and --tls-key.",
                innermost(cause)
            ),
            Self::Transport(cause) => write!(f, "The server ended: {cause}."),
        }
    }
}

impl std::error::Error for ServeError {}

fn innermost(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |cause| cause.source());
    causes.last().map(ToString::to_string).unwrap_or_default()
}

impl Service {
    /// Opens the database, and brings its schema up to date.
    ///
    /// # Errors
    /// When the address is not known, the database cannot be reached, or its schema is too new.
    pub async fn open(database: &str, env: Env) -> Result<Self, StoreError> {
        let store = Store::open(database, env.clone()).await?;
        Ok(Self {
            services: Services { store, env },
        })
    }

    /// The store behind the service.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.services.store
    }

    /// The service in this process, behind this door.
    #[must_use]
    pub fn in_process(&self, door: Door) -> InProcess {
        self.guard(door).layer(self.routes().prepare())
    }

    fn guard(&self, door: Door) -> GuardLayer {
        let Services { store, env } = self.services.clone();
        GuardLayer::new(Gate::new(store, env, door))
    }

    /// Answers calls that come in on the listener until `shutdown` is done, then lets open calls end.
    ///
    /// # Errors
    /// When the descriptors cannot be served, or the server ends with an error.
    pub async fn serve(
        &self,
        listener: TcpListener,
        entry: Entry,
        shutdown: impl Future<Output = ()> + Send,
    ) -> Result<(), ServeError> {
        let (health, routes) = self.routes_of_a_server().await?;
        let (stop, stopped) = watch::channel(false);
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        let mut server = Server::builder();
        if let Some(tls) = entry.tls {
            server = server.tls_config(tls).map_err(ServeError::Tls)?;
        }
        let serving = server
            .layer(
                // What callers get wrong is no failure of the service; its own are logged where they happen.
                TraceLayer::new_for_grpc().on_failure(DefaultOnFailure::new().level(Level::DEBUG)),
            )
            .layer(self.guard(entry.door))
            .concurrency_limit_per_connection(CALLS_PER_CONNECTION)
            .max_concurrent_streams(STREAMS_PER_CONNECTION)
            .http2_max_pending_accept_reset_streams(Some(CANCELLED_STREAMS))
            .http2_max_local_error_reset_streams(Some(CANCELLED_STREAMS))
            .http2_keepalive_interval(Some(KEEP_ALIVE_INTERVAL))
            .http2_keepalive_timeout(Some(KEEP_ALIVE_TIMEOUT))
            .add_routes(routes)
            .serve_with_incoming_shutdown(incoming, told_to(stopped));
        let mut serving = std::pin::pin!(serving);
        tokio::select! {
            ended = &mut serving => return ended.map_err(ServeError::Transport),
            () = shutdown => {}
        }
        tracing::info!(
            "ending: no new calls, open ones have {} seconds",
            GRACE.as_secs()
        );
        tell_health(&health, ServingStatus::NotServing).await;
        // The server listens to it for as long as it runs.
        let _ = stop.send(true);
        match tokio::time::timeout(GRACE, serving).await {
            Ok(ended) => ended.map_err(ServeError::Transport),
            Err(_) => {
                tracing::warn!("calls were still open after {} seconds", GRACE.as_secs());
                Ok(())
            }
        }
    }

    /// Lets what waits to be written be written, and closes the database.
    pub async fn close(&self) {
        self.services.store.close().await;
    }

    fn routes(&self) -> Routes {
        macro_rules! routes {
            ($($server:ident)*) => {
                Routes::default()$(.add_service(
                    $server::new(self.services.clone())
                        .max_decoding_message_size(MAX_MESSAGE_BYTES)
                        .max_encoding_message_size(MAX_MESSAGE_BYTES),
                ))*
            };
        }
        routes!(
            AccessServiceServer AuditServiceServer BatchServiceServer CatalogServiceServer LicenseServiceServer
            SubscriptionServiceServer TenantServiceServer UserServiceServer
        )
    }

    /// The calls of the contract, and those by which operators and tools look at a server.
    async fn routes_of_a_server(&self) -> Result<(HealthReporter, Routes), ServeError> {
        let (health, health_server) = health_reporter();
        tell_health(&health, ServingStatus::Serving).await;
        let describe = || {
            tonic_reflection::server::Builder::configure()
                .register_encoded_file_descriptor_set(usher::DESCRIPTORS)
                .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        };
        let routes = self
            .routes()
            .add_service(health_server)
            .add_service(describe().build_v1().map_err(ServeError::Reflection)?)
            .add_service(describe().build_v1alpha().map_err(ServeError::Reflection)?);
        Ok((health, routes.prepare()))
    }
}

/// Takes an address to listen on.
///
/// # Errors
/// When it is taken, or not of this machine.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address)
        .await
        .map_err(|cause| ServeError::Listen { address, cause })
}

async fn told_to(mut stopped: watch::Receiver<bool>) {
    // It ends as well when the sender is gone.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

async fn tell_health(health: &HealthReporter, status: ServingStatus) {
    for name in [
        "",
        AccessServiceServer::<Services>::NAME,
        AuditServiceServer::<Services>::NAME,
        BatchServiceServer::<Services>::NAME,
        CatalogServiceServer::<Services>::NAME,
        LicenseServiceServer::<Services>::NAME,
        SubscriptionServiceServer::<Services>::NAME,
        TenantServiceServer::<Services>::NAME,
        UserServiceServer::<Services>::NAME,
    ] {
        health.set_service_status(name, status).await;
    }
}

#[cfg(test)]
mod tests;
