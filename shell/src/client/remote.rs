//! Connecting to a server: its address, its certificate, and what went wrong with which of them.

use std::fmt;
use std::fs;
use std::path::Path;
use std::time::Duration;

use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Uri};
use tower::ServiceExt;
use tower::util::BoxCloneSyncService;

use super::not_connected::not_connected;
use super::status::innermost;
use super::{CallerCertificate, Naming, Service, TransportError, Way};
use crate::error::{Result, Severity, ShellError};

/// How long a server may take to accept the connection.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How often a server that is asked something is looked after, and how long it may take to say that it is there.
const ALIVE_INTERVAL: Duration = Duration::from_secs(20);
const ALIVE_TIMEOUT: Duration = Duration::from_secs(20);
/// How long it may take to find out whether a server speaks TLS.
const TLS_TIMEOUT: Duration = Duration::from_secs(2);

pub(super) async fn connect_to(address: &str, way: &Way, naming: &Naming) -> Result<Service> {
    let endpoint = judged(address, way, way.token.is_some(), naming)?;
    let secured = is_secured(&endpoint);
    let channel = endpoint
        .connect_timeout(CONNECT_TIMEOUT)
        .http2_keep_alive_interval(ALIVE_INTERVAL)
        .keep_alive_timeout(ALIVE_TIMEOUT)
        .connect()
        .await
        .map_err(|error| not_connected(address, secured, &error, naming))?;
    Ok(service(channel))
}

/// Everything that can be said of the way to a server before it is gone, and whether a token may be sent on it.
pub(super) fn judged(
    address: &str,
    way: &Way,
    with_token: bool,
    naming: &Naming,
) -> Result<Endpoint> {
    let endpoint = endpoint(address)?;
    if is_secured(&endpoint) {
        return with_tls(endpoint, way.authority.as_deref(), way.certificate.as_ref());
    }
    if with_token && !way.cleartext && !is_here(endpoint.uri()) {
        return Err(ShellError::new(
            "TOKEN_IN_CLEAR",
            format!("The token would be sent to {address} in clear"),
        )
        .fix(format!(
            "Write the address as https://{}, or say that something else protects the way: {}",
            address.trim_start_matches("http://"),
            naming.cleartext()
        ))
        .severity(Severity::Usage));
    }
    Ok(endpoint)
}

fn is_secured(endpoint: &Endpoint) -> bool {
    endpoint.uri().scheme_str() == Some("https")
}

/// Whether the address asks for a connection in clear.
pub(super) fn is_plain(address: &str) -> bool {
    endpoint(address).is_ok_and(|endpoint| endpoint.uri().scheme_str() == Some("http"))
}

/// Whether TLS is spoken at an address that was asked in clear. Whose certificate it is does not matter here.
pub(super) async fn speaks_tls(address: &str) -> bool {
    let bare = address.trim_start_matches("http://");
    let asked = endpoint(&format!("https://{bare}")).and_then(|asked| with_tls(asked, None, None));
    let Ok(asked) = asked else {
        return false;
    };
    match tokio::time::timeout(TLS_TIMEOUT, asked.connect()).await {
        Ok(Ok(_)) => true,
        Ok(Err(error)) => innermost(&error).contains("certificate"),
        Err(_) => false,
    }
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
    let bad = |error: &dyn fmt::Display| {
        ShellError::new(
            "SERVER_ADDRESS",
            format!("`{address}` is not the address of a server: {error}"),
        )
        .fix("Write it as https://usher.contoso.com:50443 or http://127.0.0.1:50443")
        .severity(Severity::Usage)
    };
    let endpoint = Endpoint::from_shared(url).map_err(|error| bad(&error))?;
    match endpoint.uri().scheme_str() {
        Some("http" | "https") => Ok(endpoint),
        scheme => Err(bad(&format!(
            "no server is reached by {}://",
            scheme.unwrap_or_default()
        ))),
    }
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

fn with_tls(
    endpoint: Endpoint,
    authority: Option<&Path>,
    certificate: Option<&CallerCertificate>,
) -> Result<Endpoint> {
    let mut tls = ClientTlsConfig::new();
    if let Some(certificate) = certificate {
        tls = tls.identity(certificate.identity()?);
    }
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

#[cfg(test)]
mod tests {
    use super::super::{Target, Token};
    use super::*;

    fn refused(way: &Way, address: &str) -> ShellError {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        match runtime.block_on(connect_to(address, way, &Naming::default())) {
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
        for wrong in ["http://", "ftp://usher.contoso.com:50443", "no server"] {
            assert_eq!(refused(&way, wrong).code, "SERVER_ADDRESS", "{wrong}");
        }
    }
}
