//! The connection to the service: the only place of the shell that blocks on the network. What commands make of the
//! answers is in `cmdlets`; how answers look as objects in `types`.

mod bulk;
mod caller_certificate;
mod fix;
mod import;
mod naming;
mod not_connected;
mod ordered;
mod pages;
mod persistent;
mod quote;
mod remote;
mod secret_file;
mod status;
mod usual_fix;
mod way;

use std::cell::{Cell, RefCell};
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tempfile::TempDir;
use tokio::runtime::{Builder, Handle, Runtime};
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::StdError;
use tonic::codegen::http::{HeaderMap, Request, Response};
use tower::ServiceExt;
use tower::util::BoxCloneSyncService;
use usher::v1::access_service_client::AccessServiceClient;
use usher::v1::{ErrorReason, WhoAmIRequest, WhoAmIResponse};

use crate::embedded::Embedded;
use crate::error::{Result, Severity, ShellError};
use crate::keyring;

pub use bulk::{BulkAnswer, BulkOptions, LicenseStream};
pub use caller_certificate::CallerCertificate;
pub use fix::{change_command, fix_text};
pub use import::{ImportStream, import_stream};
pub use naming::Naming;
pub use ordered::{Answered, Ordered, Sent};
pub use pages::Pages;
pub use quote::quoted;
#[cfg(test)]
pub(crate) use usual_fix::usual_fix;
pub use usual_fix::usual_fix_for;
pub use way::{Target, Token, Way};

use not_connected::{hung_up, tls_asked_for};
use persistent::persistent;
use remote::{connect_to, is_plain, judged, speaks_tls};
use status::{error_of, innermost, is_of_the_connection};

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

/// What the libraries say, in small letters, of a connection that the other end gave up.
const ENDED: [&str; 4] = ["closed", "reset", "broken pipe", "fatal alert"];

/// How often the stop flag is looked at while waiting for an answer.
const STOP_POLL: Duration = Duration::from_millis(20);
/// How long the service in this process may take to come to rest at the end.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(2);
const WORKER_THREADS: usize = 2;

/// The connection to the service, made on first use: a shell that only computes starts nothing.
pub struct Connection {
    /// The way that the shell was started with.
    first: Way,
    way: RefCell<Way>,
    /// A command said the way, or can say another one.
    by_command: Cell<bool>,
    stop: Arc<AtomicBool>,
    live: RefCell<Option<Rc<Live>>>,
}

struct Live {
    /// The service, told who calls and about which organisation.
    service: RefCell<Service>,
    /// Whether it has answered anything yet.
    answered: Cell<bool>,
    /// The same without being told the organisation.
    bare: Service,
    /// The service itself, if it runs here.
    embedded: Option<Embedded>,
    handle: Handle,
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
    pub fn new(way: impl Into<Way>, stop: Arc<AtomicBool>) -> Self {
        let way = way.into();
        Self {
            first: way.clone(),
            way: RefCell::new(way),
            by_command: Cell::default(),
            stop,
            live: RefCell::default(),
        }
    }

    /// How the service is reached.
    #[must_use]
    pub fn way(&self) -> Way {
        self.way.borrow().clone()
    }

    /// Where the service is that the shell was started with.
    #[must_use]
    pub fn first_target(&self) -> &Target {
        &self.first.target
    }

    /// Commands name other ways from now on: somebody types them.
    pub fn offer_commands(&self) {
        self.by_command.set(true);
    }

    /// How the way is said.
    pub fn naming(&self) -> Naming {
        Naming::of(&self.way.borrow(), self.by_command.get())
    }

    /// Judges a way that a command says, as far as that goes before it is gone; `with_token` where one will be sent.
    pub fn judge(&self, way: &Way, with_token: bool) -> Result<()> {
        way.headers()?;
        match &way.target {
            Target::Server(address) => {
                judged(address, way, with_token, &Naming::of(way, true)).map(drop)
            }
            Target::Folder(_) | Target::Memory => Ok(()),
        }
    }

    /// Goes another way from now on, if it leads to a service that takes this caller; else nothing changes.
    pub fn change(&self, way: Way) -> Result<WhoAmIResponse> {
        if self.way.borrow().differs_in_tenant_only(&way) {
            return self.change_tenant(way);
        }
        let other = Self::new(way, Arc::clone(&self.stop));
        other.offer_commands();
        let caller = other.who_am_i()?;
        self.offer_commands();
        self.way.replace(other.way.into_inner());
        self.live.replace(other.live.into_inner());
        Ok(caller)
    }

    /// The same connection about another organisation. What a service in memory holds stays.
    fn change_tenant(&self, way: Way) -> Result<WhoAmIResponse> {
        let live = self.live()?;
        let told = with_headers(live.bare.clone(), way.headers()?);
        let before = live.service.replace(told);
        let caller = self.who_am_i();
        match caller {
            Ok(_) => drop(self.way.replace(way)),
            Err(_) => drop(live.service.replace(before)),
        }
        caller
    }

    /// Ends the connection; the next command goes the way that the shell was started with.
    pub fn end(&self) {
        self.live.replace(None);
        self.way.replace(self.first.clone());
    }

    /// Who the service takes this caller for.
    pub fn who_am_i(&self) -> Result<WhoAmIResponse> {
        self.call(|service| async move {
            let mut client = AccessServiceClient::new(service);
            Ok(client.who_am_i(WhoAmIRequest {}).await?.into_inner())
        })
    }

    /// The same, for who does not want to wait longer than this for the answer.
    pub fn greeted(&self, patience: Duration) -> Result<WhoAmIResponse> {
        let live = self.live()?;
        let mut client = AccessServiceClient::new(live.service.borrow().clone());
        let asked =
            async { tokio::time::timeout(patience, client.who_am_i(WhoAmIRequest {})).await };
        match self.wait(asked)? {
            Ok(answer) => Ok(answer
                .map_err(|status| self.error_of(&status))?
                .into_inner()),
            Err(_) => Err(ShellError::new(
                "UNAVAILABLE",
                format!("The service has not answered for {} s", patience.as_secs()),
            )
            .fix("Commands go on waiting for it; Ctrl-C ends them")
            .severity(Severity::Service)),
        }
    }

    /// Calls the service and waits for the answer, or until the user stops it.
    pub fn call<T, Fut>(&self, send: impl FnOnce(Service) -> Fut) -> Result<T>
    where
        Fut: Future<Output = std::result::Result<T, Status>>,
    {
        let live = self.live()?;
        let service = live.service.borrow().clone();
        let answer = self.wait(send(service))?;
        if !answer.as_ref().is_err_and(is_of_the_connection) {
            live.answered.set(true);
        }
        answer.map_err(|status| self.error_of(&status))
    }

    /// Asks a connection that is there already, and waits no longer than this: for what a person is offered while
    /// typing. Nothing if anything goes wrong.
    pub fn offer<T, Fut>(&self, deadline: Duration, send: impl FnOnce(Service) -> Fut) -> Option<T>
    where
        Fut: Future<Output = std::result::Result<T, Status>>,
    {
        let live = self.live.borrow().as_ref().map(Rc::clone)?;
        let call = send(live.service.borrow().clone());
        let answer = live
            .handle
            .block_on(async { tokio::time::timeout(deadline, call).await });
        answer.ok()?.ok()
    }

    /// Waits for a future, or until the user stops it.
    fn wait<T>(&self, future: impl Future<Output = T>) -> Result<T> {
        let live = self.live()?;
        live.handle.block_on(async {
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

    /// The error that stands for a refused call. The service in this process keeps no log to point at.
    fn error_of(&self, status: &Status) -> ShellError {
        let error = error_of(status, &self.naming());
        if is_of_the_connection(status)
            && let Some(error) = self.tls_is_asked_for()
        {
            return error;
        }
        if let Some(error) = self.hung_up(status) {
            return error;
        }
        if error.code != ErrorReason::Internal.code() {
            return error;
        }
        match &self.way.borrow().target {
            Target::Server(_) => error,
            Target::Folder(folder) => error.fix(format!(
                "Run it again; if it fails again, the data in {0} may be damaged: go on with a backup of it, or begin \
                 anew in another folder: {1}",
                folder.display(),
                self.naming().folder()
            )),
            Target::Memory => error.fix("Run it again, or start the shell anew"),
        }
    }

    /// A connection by TLS that ended before the server said anything.
    fn hung_up(&self, status: &Status) -> Option<ShellError> {
        let way = self.way();
        let Target::Server(address) = &way.target else {
            return None;
        };
        let live = self.live.borrow().as_ref().map(Rc::clone)?;
        let cause = innermost(status.source()?).to_lowercase();
        let unanswered = address.starts_with("https://")
            && !live.answered.get()
            && is_of_the_connection(status)
            && ENDED.iter().any(|ended| cause.contains(ended));
        unanswered.then(|| hung_up(address, way.certificate.is_some(), &self.naming()))
    }

    /// A server that asks for TLS takes a connection in clear and then hangs up: asked by TLS, it tells.
    fn tls_is_asked_for(&self) -> Option<ShellError> {
        let Target::Server(address) = self.way().target else {
            return None;
        };
        let live = self.live.borrow().as_ref().map(Rc::clone)?;
        let asked = is_plain(&address) && live.handle.block_on(speaks_tls(&address));
        asked.then(|| tls_asked_for(&address))
    }

    fn service(&self) -> Result<Service> {
        Ok(self.live()?.service.borrow().clone())
    }

    fn runtime(&self) -> Result<Handle> {
        Ok(self.live()?.handle.clone())
    }

    fn live(&self) -> Result<Rc<Live>> {
        if let Some(live) = self.live.borrow().as_ref() {
            return Ok(Rc::clone(live));
        }
        let made = Rc::new(self.connect()?);
        self.live.replace(Some(Rc::clone(&made)));
        Ok(made)
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
        let (mut way, naming) = (self.way(), self.naming());
        if let (true, Some(profile)) = (way.keyring, &way.profile) {
            way.token = Some(keyring::token_of(profile)?);
        }
        let headers = way.headers()?;
        let way_without_tenant = Way {
            tenant: None,
            ..way.clone()
        };
        let (service, embedded, folder) = match &way.target {
            Target::Server(address) => {
                let connected = runtime.block_on(async {
                    tokio::select! {
                        biased;
                        connected = connect_to(address, &way, &naming) => connected,
                        () = self.until_stopped() => Err(ShellError::stopped()),
                    }
                })?;
                (persistent(connected), None, None)
            }
            Target::Folder(folder) => {
                let embedded = runtime.block_on(Embedded::start(folder, &naming))?;
                (embedded.way(), Some(embedded), None)
            }
            Target::Memory => {
                let folder = private_folder(&naming)?;
                let embedded = runtime.block_on(Embedded::start(folder.path(), &naming))?;
                (embedded.way(), Some(embedded), Some(folder))
            }
        };
        Ok(Live {
            service: RefCell::new(with_headers(service.clone(), headers)),
            answered: Cell::default(),
            bare: with_headers(service, way_without_tenant.headers()?),
            embedded,
            handle: runtime.handle().clone(),
            runtime: Some(runtime),
            _folder: folder,
        })
    }
}

/// The same service, told on each call who calls and about which organisation.
fn with_headers(service: Service, headers: HeaderMap) -> Service {
    if headers.is_empty() {
        return service;
    }
    BoxCloneSyncService::new(service.map_request(move |mut request: Request<Body>| {
        request.headers_mut().extend(headers.clone());
        request
    }))
}

fn private_folder(naming: &Naming) -> Result<TempDir> {
    tempfile::Builder::new()
        .prefix("usher-")
        .tempdir()
        .map_err(|error| {
            ShellError::new(
                "DATA_FOLDER",
                format!("No private folder for the data: {error}"),
            )
            .fix(format!("Give a folder: {}", naming.folder()))
            .severity(Severity::Service)
        })
}
