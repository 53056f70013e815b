//! The service in this process: the one place of the shell that knows the server crate.

use std::convert::Infallible;
use std::fs;
use std::path::Path;

use tonic::body::Body;
use tonic::codegen::http::Request;
use tower::ServiceExt;
use tower::util::BoxCloneSyncService;
use usher_server::authn::Door;
use usher_server::env::Env;
use usher_server::serve;
use usher_server::storage::StoreError;

use crate::client::{Naming, Service, TransportError};
use crate::error::{Result, Severity, ShellError};

/// Name of the database in the data folder.
const DATABASE: &str = "usher.db";

/// The service, running.
pub(crate) struct Embedded {
    service: serve::Service,
}

impl Embedded {
    /// Starts the service on the data in this folder, which is made if it is not there.
    pub(crate) async fn start(folder: &Path, naming: &Naming) -> Result<Self> {
        fs::create_dir_all(folder).map_err(|error| {
            ShellError::new(
                "DATA_FOLDER",
                format!(
                    "The data folder {} cannot be made: {error}",
                    folder.display()
                ),
            )
            .fix(format!("Name another one: {}", naming.folder()))
            .severity(Severity::Service)
        })?;
        let address = address(folder, naming)?;
        let service = serve::Service::open(&address, Env::system())
            .await
            .map_err(|error| not_started(folder, &error, naming))?;
        Ok(Self { service })
    }

    /// The way to it.
    pub(crate) fn way(&self) -> Service {
        let calls = self.service.in_process(Door::open(&own_user()));
        let never_fails = |never: Infallible| -> TransportError { match never {} };
        BoxCloneSyncService::new(ServiceExt::<Request<Body>>::map_err(calls, never_fails))
    }

    /// Lets what waits to be written be written.
    pub(crate) async fn close(&self) {
        self.service.close().await;
    }
}

/// Whoever runs this process owns its data, and is its Global admin.
fn own_user() -> String {
    ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|user| !user.is_empty()))
        .unwrap_or_default()
}

/// The address of the database in the folder; what has a meaning in addresses is written as its code.
fn address(folder: &Path, naming: &Naming) -> Result<String> {
    let path = folder.join(DATABASE);
    let path = path.to_str().ok_or_else(|| {
        ShellError::new(
            "DATA_FOLDER",
            format!(
                "The name of the data folder {} is no text",
                folder.display()
            ),
        )
        .fix(format!("Name another one: {}", naming.folder()))
        .severity(Severity::Service)
    })?;
    let written = path
        .replace('%', "%25")
        .replace('?', "%3F")
        .replace('#', "%23");
    Ok(format!("sqlite://{written}"))
}

fn not_started(folder: &Path, error: &StoreError, naming: &Naming) -> ShellError {
    let said = naming.folder();
    let (code, fix) = match error {
        StoreError::Busy => (
            "DATABASE_BUSY",
            "Wait until the other process is done, then try again".to_owned(),
        ),
        StoreError::SchemaTooNew { .. } => (
            "UNAVAILABLE",
            format!("Update usher, or name another folder: {said}"),
        ),
        _ => (
            "UNAVAILABLE",
            format!("Check the folder and its permissions, or name another one: {said}"),
        ),
    };
    ShellError::new(
        code,
        format!("The data in {} cannot be used: {error}", folder.display()),
    )
    .fix(fix)
    .target(folder.display().to_string())
    .severity(Severity::Service)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_odd_letters_stays_one_path() {
        let address = address(Path::new("/data/50% off? #1"), &Naming::default()).unwrap();
        assert_eq!(address, "sqlite:///data/50%25 off%3F %231/usher.db");
    }
}
