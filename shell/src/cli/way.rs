//! How the service is reached: what the options say, the environment, and the profile.

use std::path::{Path, PathBuf};

use super::Options;
use crate::client::{CallerCertificate, Target, Token, Way};
use crate::error::{Result, Severity, ShellError};
use crate::profiles::{self, Profile, Profiles};

/// How the service is reached: as the options say, else as the environment says, else as the profile says.
pub(super) fn way(options: &Options) -> Result<(Way, Profile)> {
    let (mut way, profile) = match profile(options)? {
        Some((name, profile)) => (profile.way(&name)?, profile),
        None => (Way::from(target(options)?), Profile::default()),
    };
    let tenant = options.tenant.clone().or_else(|| said("USHER_TENANT"));
    way.tenant = tenant.or(way.tenant);
    if matches!(way.target, Target::Server(_)) {
        let token = match &options.token_file {
            Some(file) => Some(Token::from_file(file)?),
            None if way.keyring => None,
            None => said("USHER_TOKEN").map(|token| Token::new(&token)),
        };
        way.keyring &= options.token_file.is_none();
        // A profile's own token is for its server; the environment's may be for another.
        way.token = match (&options.token_file, way.token) {
            (None, Some(own)) => Some(own),
            _ => token,
        };
        let authority = options.ca.clone();
        way.authority = authority
            .or(way.authority)
            .or_else(|| said("USHER_CA").map(PathBuf::from));
        way.certificate = match certificate(options) {
            None if way.certificate.is_none() => certificate_of_environment()?,
            named => named.or(way.certificate),
        };
        way.cleartext |= options.allow_cleartext;
    }
    Ok((way, profile))
}

/// The caller's own certificate, as the options name it: both files or none.
fn certificate(options: &Options) -> Option<CallerCertificate> {
    Some(CallerCertificate {
        certificate: options.client_cert.clone()?,
        key: options.client_key.clone()?,
    })
}

fn certificate_of_environment() -> Result<Option<CallerCertificate>> {
    match (said("USHER_CLIENT_CERT"), said("USHER_CLIENT_KEY")) {
        (Some(certificate), Some(key)) => Ok(Some(CallerCertificate {
            certificate: certificate.into(),
            key: key.into(),
        })),
        (None, None) => Ok(None),
        (certificate, _) => {
            let (set, missing) = match certificate {
                Some(_) => ("USHER_CLIENT_CERT", "USHER_CLIENT_KEY"),
                None => ("USHER_CLIENT_KEY", "USHER_CLIENT_CERT"),
            };
            Err(ShellError::new(
                "CERTIFICATE",
                format!(
                    "{set} is set and {missing} is not: a certificate and its key belong together"
                ),
            )
            .fix(format!("export {missing}=FILE"))
            .severity(Severity::Usage))
        }
    }
}

/// The profile that counts, with its name: the one that is asked for, or the usual one where no service is named.
fn profile(options: &Options) -> Result<Option<(String, Profile)>> {
    if options.server.is_some() || options.data.is_some() {
        return Ok(None);
    }
    if let Some(name) = options.profile.clone().or_else(|| said("USHER_PROFILE")) {
        let profile = Profiles::read(&profiles::usual_file())?
            .named(&name)?
            .clone();
        return Ok(Some((name, profile)));
    }
    if said("USHER_SERVER").is_some() {
        return Ok(None);
    }
    let profiles = Profiles::read(&profiles::usual_file())?;
    let usual = profiles.usual()?.cloned();
    Ok(usual.map(|profile| (profiles::DEFAULT.to_owned(), profile)))
}

/// What a variable of the environment says; an empty one says nothing.
fn said(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|said| !said.is_empty())
}

/// Where the service is: as the options say, else as the environment says, else in the user's data folder.
pub(super) fn target(options: &Options) -> Result<Target> {
    if let Some(server) = &options.server {
        return Ok(Target::Server(server.clone()));
    }
    match &options.data {
        Some(folder) if folder == Path::new(":memory:") => return Ok(Target::Memory),
        Some(folder) => return Ok(Target::Folder(folder.clone())),
        None => {}
    }
    if let Some(server) = said("USHER_SERVER") {
        return Ok(Target::Server(server));
    }
    Target::usual_folder()
}
