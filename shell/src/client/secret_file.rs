//! Files that hold a secret.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::error::{Result, Severity, ShellError};

/// Whoever else may read or write a file of a secret.
const OTHERS: u32 = 0o077;

/// Fails unless only its owner may read the file; `what` says what it holds.
pub(super) fn for_owner_alone(path: &Path, what: &str) -> Result<()> {
    let shown = path.display();
    let metadata = fs::metadata(path).map_err(|error| unread(path, what, &error))?;
    if metadata.permissions().mode() & OTHERS == 0 {
        return Ok(());
    }
    Err(ShellError::new(
        "SECRET_FILE_OPEN",
        format!("The file {shown} with the {what} can be read by others"),
    )
    .fix(format!("chmod 600 {shown}"))
    .severity(Severity::Usage))
}

/// That such a file cannot be read.
pub(super) fn unread(path: &Path, what: &str, error: &std::io::Error) -> ShellError {
    ShellError::new(
        "FILE_NOT_READ",
        format!(
            "The file {} with the {what} cannot be read: {error}",
            path.display()
        ),
    )
    .severity(Severity::Usage)
}
