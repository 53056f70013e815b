//! Connecting to a server: its address, its certificate, and what went wrong with which of them.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Duration;

use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Uri};
use tower::ServiceExt;
use tower::util::BoxCloneSyncService;

use super::status::innermost;
use super::{Service, TransportError, Way};
use crate::error::{Result, Severity, ShellError};

/// How long a server may take to accept the connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) async fn connect_to(address: &str, way: &Way) -> Result<Service> {
    let endpoint = endpoint(address)?;
    let secured = endpoint.uri().scheme_str() == Some("https");
    if way.token.is_some() && !secured && !way.cleartext && !is_here(endpoint.uri()) {
        return Err(ShellError::new(
            "TOKEN_IN_CLEAR",
            format!("The token would be sent to {address} in clear"),
        )
        .fix(format!(
            "Write the address as https://{}, or say with --allow-cleartext that something else protects the way",
            address.trim_start_matches("http://")
        ))
        .severity(Severity::Usage));
    }
    let endpoint = match secured {
        true => with_tls(endpoint, way.authority.as_deref())?,
        false => endpoint,
    };
    let channel = endpoint
        .connect_timeout(CONNECT_TIMEOUT)
        .connect()
        .await
        .map_err(|error| not_connected(address, secured, &error))?;
    Ok(service(channel))
}

fn service(channel: Channel) -> Service {
    BoxCloneSyncService::new(channel.map_err(|error| TransportError(Box::new(error))))
}

fn endpoint(address: &str) -> Result<Endpoint> {
    let url = if address.contains("://") {
        address.to_owned()
    } else {
        format!("http://{address}")
    };
    let bad = |error: &dyn Error| {
        ShellError::new(
            "SERVER_ADDRESS",
            format!("`{address}` is not the address of a server: {error}"),
        )
        .fix("Write it as https://usher.contoso.com:50443 or http://127.0.0.1:50443")
        .severity(Severity::Usage)
    };
    Endpoint::from_shared(url).map_err(|error| bad(&error))
}

/// Whether the address is of this machine, so that nobody else sees what is sent.
fn is_here(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn with_tls(endpoint: Endpoint, authority: Option<&Path>) -> Result<Endpoint> {
    let mut tls = ClientTlsConfig::new();
    tls = match authority {
        None => tls.with_webpki_roots(),
        Some(path) => {
            let pem = fs::read(path).map_err(|error| unusable(path, &error.to_string()))?;
            tls.ca_certificate(Certificate::from_pem(pem))
        }
    };
    endpoint
        .tls_config(tls)
        .map_err(|error| unusable(authority.unwrap_or(Path::new("")), &innermost(&error)))
}

fn unusable(path: &Path, cause: &str) -> ShellError {
    ShellError::new(
        "FILE_NOT_READ",
        format!(
            "The authority's certificate {} cannot be used: {cause}",
            path.display()
        ),
    )
    .fix("Give it as a PEM file")
    .severity(Severity::Usage)
}

/// A wrong address, a wrong certificate, and a server that speaks otherwise are told apart.
fn not_connected(address: &str, secured: bool, error: &tonic::transport::Error) -> ShellError {
    let cause = innermost(error);
    if secured && cause.contains("certificate") {
        return ShellError::new(
            "CERTIFICATE",
            format!("The server {address} has a certificate that is not trusted: {cause}"),
        )
        .fix("Name the authority that signed it: --ca FILE, or -CaFile of Connect-Service; or check that the address is the one in the certificate")
        .severity(Severity::Service);
    }
    if secured && (cause.contains("corrupt message") || cause.contains("InvalidContentType")) {
        return ShellError::new(
            "UNAVAILABLE",
            format!("The server {address} answers, and not by TLS"),
        )
        .fix("Write the address with http:// if it is a server on this machine")
        .severity(Severity::Service);
    }
    ShellError::new(
        "UNAVAILABLE",
        format!("The server {address} cannot be reached: {cause}"),
    )
    .fix("Check that it runs and that the address (--server, USHER_SERVER) is right; one with a certificate begins with https://")
    .severity(Severity::Service)
}

#[cfg(test)]
mod tests {
    use super::super::{Target, Token};
    use super::*;

    fn refused(way: &Way, address: &str) -> ShellError {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        match runtime.block_on(connect_to(address, way)) {
            Ok(_) => panic!("{address} was connected to"),
            Err(error) => error,
        }
    }

    #[test]
    fn a_token_is_not_sent_in_clear_over_a_network() {
        let target = Target::Server("usher.contoso.com:50443".to_owned());
        let mut way = Way::from(target);
        way.token = Some(Token::new("usher_abc"));
        let error = refused(&way, "usher.contoso.com:50443");
        assert_eq!(
            (error.code.as_str(), error.exit_code()),
            ("TOKEN_IN_CLEAR", 2)
        );
        assert!(
            error
                .fix
                .unwrap()
                .contains("https://usher.contoso.com:50443")
        );
        for here in ["127.0.0.1:1", "http://[::1]:1", "localhost:1"] {
            assert!(is_here(endpoint(here).unwrap().uri()), "{here}");
        }
        assert!(!is_here(endpoint("10.0.0.7:1").unwrap().uri()));
    }

    #[test]
    fn a_wrong_address_is_told_from_a_server_without_tls() {
        let way = Way::from(Target::Memory);
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let plain = std::thread::spawn(move || {
            use std::io::{Read, Write};
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 512]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        });
        let error = refused(&way, &format!("https://{address}"));
        assert!(error.message.contains("not by TLS"), "{}", error.message);
        plain.join().unwrap();
        let error = refused(&way, &format!("http://{address}"));
        assert!(
            error.message.contains("cannot be reached"),
            "{}",
            error.message
        );
        assert_eq!(refused(&way, "http://").code, "SERVER_ADDRESS");
    }
}
