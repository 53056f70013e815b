//! How the service is reached: where it is, and what is told to it on each call. A token never shows.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use tonic::codegen::http::header::AUTHORIZATION;
use tonic::codegen::http::{HeaderMap, HeaderName, HeaderValue};
use usher::TENANT_METADATA;

use super::CallerCertificate;
use super::secret_file::{for_owner_alone, unread};
use crate::error::{Result, Severity, ShellError};

/// What a file of it is said to hold.
const TOKEN: &str = "token";

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

impl Target {
    /// In this process, with its data in this user's data folder: where nothing else is named.
    pub fn usual_folder() -> Result<Self> {
        let folders = ProjectDirs::from("", "", "usher").ok_or_else(|| {
            ShellError::new("DATA_FOLDER", "This user has no folder for data")
                .fix("Name one: usher --data FOLDER, or Connect-Service -Data FOLDER")
                .severity(Severity::Usage)
        })?;
        Ok(Self::Folder(folders.data_dir().to_owned()))
    }
}

/// A token of a server, as its holder has it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// The token in this text, without the blanks around it.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// The token itself, for the keyring alone.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }

    /// The token in a file that nobody else may read.
    pub fn from_file(path: &Path) -> Result<Self> {
        for_owner_alone(path, TOKEN)?;
        let text = fs::read_to_string(path).map_err(|error| unread(path, TOKEN, &error))?;
        Ok(Self::new(&text))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// How the service is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Where it is.
    pub target: Target,
    /// What the caller proves itself by.
    pub token: Option<Token>,
    /// The organisation that calls are about, for who acts in several.
    pub tenant: Option<String>,
    /// The authority that signed the server's certificate, PEM; the well-known ones unless given.
    pub authority: Option<PathBuf>,
    /// What the caller proves itself by to a server that asks for a certificate.
    pub certificate: Option<CallerCertificate>,
    /// A token may go over a network in clear: something else protects the way.
    pub cleartext: bool,
    /// The profile that it is of.
    pub profile: Option<String>,
    /// The token is in the system's keyring, under the name of the profile. It is looked up when it is needed.
    pub keyring: bool,
}

impl From<Target> for Way {
    fn from(target: Target) -> Self {
        Self {
            target,
            token: None,
            tenant: None,
            authority: None,
            certificate: None,
            cleartext: false,
            profile: None,
            keyring: false,
        }
    }
}

impl Way {
    /// Where it leads, in words.
    #[must_use]
    pub fn place(&self) -> String {
        match &self.target {
            Target::Server(address) => address.clone(),
            Target::Folder(folder) => folder.display().to_string(),
            Target::Memory => ":memory:".to_owned(),
        }
    }

    /// Whether it leads to the same service as the same caller, maybe about another organisation.
    pub(super) fn differs_in_tenant_only(&self, other: &Self) -> bool {
        let told = Self {
            tenant: other.tenant.clone(),
            ..self.clone()
        };
        told == *other
    }

    /// What is told to the service on each call.
    pub(super) fn headers(&self) -> Result<HeaderMap> {
        let mut headers = HeaderMap::new();
        if let Some(Token(token)) = &self.token {
            let value = HeaderValue::try_from(format!("Bearer {token}"));
            let mut value = value.map_err(|_| unsendable("The token is no token"))?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        if let Some(tenant) = &self.tenant {
            let value = HeaderValue::try_from(tenant)
                .ok()
                .filter(|_| tenant.is_ascii());
            let value = value.ok_or_else(|| {
                unsendable(
                    "A tenant is named by its id where its name has other letters than ASCII",
                )
            })?;
            headers.insert(HeaderName::from_static(TENANT_METADATA), value);
        }
        Ok(headers)
    }
}

fn unsendable(message: &str) -> ShellError {
    ShellError::new("ARGUMENT_INVALID", message).severity(Severity::Usage)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn token_file(mode: u32) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        fs::write(&path, "usher_abc\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        (folder, path)
    }

    #[test]
    fn a_token_file_is_for_its_owner_alone() {
        let (_folder, path) = token_file(0o600);
        assert_eq!(Token::from_file(&path).unwrap(), Token::new("usher_abc"));
        let (_folder, path) = token_file(0o640);
        let error = Token::from_file(&path).unwrap_err();
        assert_eq!(error.code, "SECRET_FILE_OPEN");
        assert!(error.fix.unwrap().starts_with("chmod 600 "));
    }

    #[test]
    fn a_token_goes_with_each_call_and_shows_nowhere() {
        let way = Way {
            token: Some(Token::new("usher_abc")),
            tenant: Some("Contoso".to_owned()),
            ..Way::from(Target::Memory)
        };
        let headers = way.headers().unwrap();
        assert_eq!(headers[AUTHORIZATION], "Bearer usher_abc");
        assert_eq!(headers[TENANT_METADATA], "Contoso");
        assert!(!format!("{way:?} {headers:?}").contains("usher_abc"));
    }
}
