//! The certificate by which a caller proves itself to a server that asks for one, beside the token.

use std::fs;
use std::path::{Path, PathBuf};

use tonic::transport::Identity;

use super::secret_file::for_owner_alone;
use crate::error::{Result, Severity, ShellError};

/// Two PEM files: the certificate with those that lead to its authority, and its key, which nobody else may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerCertificate {
    /// The certificate.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

impl CallerCertificate {
    /// What the two files hold.
    pub(super) fn identity(&self) -> Result<Identity> {
        let certificate = read(&self.certificate, "certificate")?;
        for_owner_alone(&self.key, "key of the caller's certificate")?;
        Ok(Identity::from_pem(certificate, read(&self.key, "key")?))
    }
}

fn read(path: &Path, what: &str) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| {
        ShellError::new(
            "FILE_NOT_READ",
            format!(
                "The caller's {what} {} cannot be read: {error}",
                path.display()
            ),
        )
        .fix("Give it as a PEM file")
        .severity(Severity::Usage)
    })
}
