//! The connection to the service: the only place of the shell that blocks on the network. What commands make of the
//! answers is in `cmdlets`; how answers look as objects in `types`.

mod bulk;
mod fix;
mod import;
mod ordered;
mod pages;
mod quote;
mod status;
mod usual_fix;

use std::cell::OnceCell;
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::StdError;
use tonic::codegen::http::{Request, Response};
use tonic::transport::Endpoint;
use tower::ServiceExt;
use tower::util::BoxCloneSyncService;

use crate::embedded::Embedded;
use crate::error::{Result, Severity, ShellError};

pub use bulk::{BulkAnswer, BulkOptions, LicenseStream};
pub use fix::{change_command, fix_text};
pub use import::{ImportStream, import_stream};
pub use ordered::{Answered, Ordered, Sent};
pub use pages::Pages;
pub use quote::quoted;
pub use status::error_of;
pub use usual_fix::usual_fix;

/// The service, wherever it runs: cloned for each call.
pub type Service = BoxCloneSyncService<Request<Body>, Response<Body>, TransportError>;

/// The way to the service failed. A type of its own, since boxed errors keep futures from being `Send`.
#[derive(Debug)]
pub struct TransportError(StdError);

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.0.as_ref())
    }
}

/// How often the stop flag is looked at while waiting for an answer.
const STOP_POLL: Duration = Duration::from_millis(20);
/// How long a server may take to accept the connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the service in this process may take to come to rest at the end.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);
const WORKER_THREADS: usize = 2;

/// Where the service is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A server, by its address.
    Server(String),
    /// In this process, with its data in this folder.
    Folder(PathBuf),
    /// In this process, with data that go when it ends.
    Memory,
}

/// The connection to the service, made on first use: a shell that only computes starts nothing.
pub struct Connection {
    target: Target,
    stop: Arc<AtomicBool>,
    live: OnceCell<Live>,
}

struct Live {
    service: Service,
    /// The service itself, if it runs here.
    embedded: Option<Embedded>,
    /// Taken out when the connection ends, so that the runtime is at rest before the folder goes.
    runtime: Option<Runtime>,
    _folder: Option<TempDir>,
}

impl Drop for Live {
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else {
            return;
        };
        if let Some(embedded) = &self.embedded {
            runtime.block_on(async {
                // What it did not finish in time is not lost: it was never answered.
                let _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, embedded.close()).await;
            });
        }
        runtime.shutdown_timeout(SHUTDOWN_TIMEOUT);
    }
}

impl Connection {
    /// A connection that will be made on first use. `stop` is set by Ctrl-C and ends any waiting.
    #[must_use]
    pub fn new(target: Target, stop: Arc<AtomicBool>) -> Self {
        Self {
            target,
            stop,
            live: OnceCell::new(),
        }
    }

    /// Where the service is.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Calls the service and waits for the answer, or until the user stops it.
    pub fn call<T, Fut>(&self, send: impl FnOnce(Service) -> Fut) -> Result<T>
    where
        Fut: Future<Output = std::result::Result<T, Status>>,
    {
        let live = self.live()?;
        self.wait(send(live.service.clone()))?
            .map_err(|status| error_of(&status))
    }

    /// Waits for a future, or until the user stops it.
    fn wait<T>(&self, future: impl Future<Output = T>) -> Result<T> {
        let runtime = self.runtime()?;
        runtime.block_on(async {
            tokio::select! {
                biased;
                done = future => Ok(done),
                () = self.until_stopped() => Err(ShellError::stopped()),
            }
        })
    }

    async fn until_stopped(&self) {
        let mut ticks = tokio::time::interval(STOP_POLL);
        while !self.stop.load(Ordering::Relaxed) {
            ticks.tick().await;
        }
    }

    fn service(&self) -> Result<Service> {
        Ok(self.live()?.service.clone())
    }

    fn runtime(&self) -> Result<&Runtime> {
        self.live()?
            .runtime
            .as_ref()
            .ok_or_else(|| ShellError::new("UNAVAILABLE", "The connection has ended"))
    }

    fn live(&self) -> Result<&Live> {
        if let Some(live) = self.live.get() {
            return Ok(live);
        }
        let made = self.connect()?;
        Ok(self.live.get_or_init(|| made))
    }

    fn connect(&self) -> Result<Live> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(WORKER_THREADS)
            .thread_name("usher-service")
            .enable_all()
            .build()
            .map_err(|error| {
                ShellError::new(
                    "UNAVAILABLE",
                    format!("No threads for the connection: {error}"),
                )
                .severity(Severity::Service)
            })?;
        let (embedded, folder) = match &self.target {
            Target::Server(address) => {
                let service = runtime.block_on(connect_to(address))?;
                return Ok(Live {
                    service,
                    embedded: None,
                    runtime: Some(runtime),
                    _folder: None,
                });
            }
            Target::Folder(folder) => (runtime.block_on(Embedded::start(folder))?, None),
            Target::Memory => {
                let folder = private_folder()?;
                (
                    runtime.block_on(Embedded::start(folder.path()))?,
                    Some(folder),
                )
            }
        };
        Ok(Live {
            service: embedded.way(),
            embedded: Some(embedded),
            runtime: Some(runtime),
            _folder: folder,
        })
    }
}

fn private_folder() -> Result<TempDir> {
    tempfile::Builder::new()
        .prefix("usher-")
        .tempdir()
        .map_err(|error| {
            ShellError::new(
                "DATA_FOLDER",
                format!("No private folder for the data: {error}"),
            )
            .fix("Give a folder: usher --data FOLDER")
            .severity(Severity::Service)
        })
}

async fn connect_to(address: &str) -> Result<Service> {
    let url = if address.contains("://") {
        address.to_owned()
    } else {
        format!("http://{address}")
    };
    let endpoint = Endpoint::from_shared(url).map_err(|error| {
        ShellError::new(
            "SERVER_ADDRESS",
            format!("`{address}` is not the address of a server: {error}"),
        )
        .fix("Write it as http://127.0.0.1:50443")
        .severity(Severity::Usage)
    })?;
    let channel = endpoint
        .connect_timeout(CONNECT_TIMEOUT)
        .connect()
        .await
        .map_err(|error| {
            ShellError::new(
                "UNAVAILABLE",
                format!(
                    "The server {address} cannot be reached: {}",
                    status::innermost(&error)
                ),
            )
            .fix("Check that it runs and that the address (--server, USHER_SERVER) is right")
            .severity(Severity::Service)
        })?;
    Ok(BoxCloneSyncService::new(
        channel.map_err(|error| TransportError(Box::new(error))),
    ))
}
