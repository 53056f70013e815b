//! Why no connection came about: a wrong address, nobody there, a certificate that is not trusted, TLS where there is
//! none. Each has another way out.

use std::error::Error;
use std::io::{self, ErrorKind};

use super::Naming;
use super::remote::CONNECT_TIMEOUT;
use super::status::{chain, innermost};
use crate::error::{Severity, ShellError};

/// The error for an address that could not be connected to; `secured` by TLS.
pub(super) fn not_connected(
    address: &str,
    secured: bool,
    error: &(dyn Error + 'static),
    naming: &Naming,
) -> ShellError {
    let cause = innermost(error);
    if secured && cause.contains("certificate") {
        return not_trusted(address, &cause, naming);
    }
    if secured && (cause.contains("corrupt message") || cause.contains("InvalidContentType")) {
        return unavailable(format!("The server {address} answers, and not by TLS"))
            .fix("Write the address with http:// if it is a server on this machine");
    }
    let (cause, fix) = not_reached(error, cause, &naming.address());
    unavailable(format!("The server {address} cannot be reached: {cause}")).fix(fix)
}

/// The error for a server that took a connection by TLS and hung up before it answered anything. That is how one keeps
/// out callers without the certificate that it asks for; it does not say so.
pub(super) fn hung_up(address: &str, has_certificate: bool, naming: &Naming) -> ShellError {
    let certificate = naming.certificate();
    let (why, fix) = if has_certificate {
        (
            "which it does to callers whose certificate it does not take",
            format!(
                "Name a certificate of an authority that the server knows, whose time is not over: {certificate}; else \
                 see whether the server runs"
            ),
        )
    } else {
        (
            "which a server does that asks callers for a certificate",
            format!(
                "If it asks for one, name yours: {certificate}; else see whether the server runs"
            ),
        )
    };
    unavailable(format!(
        "The server {address} took the connection and hung up without an answer, {why}"
    ))
    .fix(fix)
}

/// The error for a server that was asked in clear and speaks TLS.
pub(super) fn tls_asked_for(address: &str) -> ShellError {
    let bare = address.trim_start_matches("http://");
    unavailable(format!(
        "The server {address} asks for TLS, and was spoken to in clear"
    ))
    .fix(format!("Write the address as https://{bare}"))
}

fn not_trusted(address: &str, cause: &str, naming: &Naming) -> ShellError {
    let authority = naming.authority();
    let (what, fix) = if cause.contains("certificate expired") {
        (
            "its time is over",
            "Whoever runs the server has to renew it; check that the clock of this machine is right".to_owned(),
        )
    } else if cause.contains("not valid yet") {
        (
            "its time has not come",
            "Check that the clock of this machine is right, and that of the server".to_owned(),
        )
    } else if cause.contains("not valid for") {
        (
            "it is for another name",
            "Write the address by a name that is in the certificate, or have it made for this one too"
                .to_owned(),
        )
    } else if cause.contains("UnknownIssuer") {
        (
            "who signed it is not known here",
            format!("Name the authority that signed it: {authority}"),
        )
    } else {
        (
            "it is not good for a server",
            format!(
                "Name the authority that signed it: {authority}; or have a certificate made for a server"
            ),
        )
    };
    ShellError::new(
        "CERTIFICATE",
        format!("The server {address} has a certificate that is not trusted: {what} ({cause})"),
    )
    .fix(fix)
    .severity(Severity::Service)
}

fn not_reached(error: &(dyn Error + 'static), cause: String, said: &str) -> (String, String) {
    let kind = chain(error).find_map(|error| {
        let kind = error.downcast_ref::<io::Error>()?.kind();
        (kind != ErrorKind::Other).then_some(kind)
    });
    if chain(error).any(|error| error.to_string() == "dns error") {
        return (
            format!("its name is not found ({cause})"),
            format!(
                "Check how the name is written ({said}), and that this machine finds names of that network"
            ),
        );
    }
    match kind {
        Some(ErrorKind::TimedOut) => (
            format!("it has not answered for {} s", CONNECT_TIMEOUT.as_secs()),
            format!("Check the address ({said}), and that no firewall stands between"),
        ),
        Some(ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable) => (
            cause,
            format!(
                "Check that this machine is on the network of the server, and the address ({said})"
            ),
        ),
        _ => (
            cause,
            format!(
                "Check that it runs and that the address ({said}) is right; one with a certificate begins with https://"
            ),
        ),
    }
}

fn unavailable(message: String) -> ShellError {
    ShellError::new("UNAVAILABLE", message).severity(Severity::Service)
}
