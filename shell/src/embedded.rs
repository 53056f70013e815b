//! The service in this process: the one place of the shell that knows the server crate.

use std::path::Path;

use crate::client::Service;
use crate::error::{Result, ShellError};

/// Starts the service on the data in this folder.
pub async fn start(folder: &Path) -> Result<Service> {
    Err(ShellError::new("UNAVAILABLE", format!("No service for {}", folder.display())))
}
