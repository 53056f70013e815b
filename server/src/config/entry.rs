//! Settings of `serve`: where it listens, who gets in, and what protects the way.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::{ConfigError, DEFAULT_LISTEN, DatabaseConfig, DatabaseOptions};

/// Enough for any person and most programs; a defect that calls in a circle is held back.
const DEFAULT_REQUESTS_PER_SECOND: u32 = 1_000;

/// Options of `serve`.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
pub struct ServeOptions {
    /// Where to listen; port 0 takes a free one [default: 127.0.0.1:50443]
    #[arg(long, env = "USHER_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// Take calls without a token, as Global admin; on the loopback only
    #[arg(long, env = "USHER_INSECURE_NO_AUTH", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub insecure_no_auth: Option<bool>,
    /// Listen beyond the loopback without TLS: something else protects the way
    #[arg(long, env = "USHER_ALLOW_CLEARTEXT", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub allow_cleartext: Option<bool>,
    /// The server's certificate and its chain, PEM
    #[arg(long, env = "USHER_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// The certificate's private key, PEM
    #[arg(long, env = "USHER_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Take only callers whose certificate this authority signed, besides their token
    #[arg(long, env = "USHER_TLS_CLIENT_CA", value_name = "FILE")]
    pub tls_client_ca: Option<PathBuf>,
    /// Requests a second that one token may be used for; 0 sets no limit [default: 1000]
    #[arg(long, env = "USHER_REQUESTS_PER_SECOND", value_name = "NUMBER")]
    pub requests_per_second: Option<u32>,
    /// Options of every command.
    #[command(flatten)]
    pub database: DatabaseOptions,
}

/// Settings of `serve`, complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServeConfig {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Whether calls need no token.
    pub insecure_no_auth: bool,
    /// What protects the way.
    pub tls: Option<TlsFiles>,
    /// Requests a second that one token may be used for; 0 sets no limit.
    pub requests_per_second: u32,
    /// Settings of every command.
    pub database: DatabaseConfig,
}

/// PEM files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The server's certificate and its chain.
    pub cert: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// The authority of callers' certificates, where they need one.
    pub client_ca: Option<PathBuf>,
}

impl ServeOptions {
    /// Adds the file and the defaults, and refuses what would let others in, or listen to tokens.
    ///
    /// # Errors
    /// What is wrong with the file or the settings together.
    pub fn complete(self) -> Result<ServeConfig, ConfigError> {
        let mut file = self.database.file()?;
        let listen = self
            .listen
            .or(file.listen.take())
            .unwrap_or_else(|| DEFAULT_LISTEN.to_owned());
        let listen: SocketAddr = listen.parse().map_err(|_| ConfigError::Listen(listen))?;
        let tls = tls_files(
            self.tls_cert.or(file.tls_cert.take()),
            self.tls_key.or(file.tls_key.take()),
            self.tls_client_ca.or(file.tls_client_ca.take()),
        )?;
        let open = self.insecure_no_auth.or(file.insecure_no_auth) == Some(true);
        let cleartext = self.allow_cleartext.or(file.allow_cleartext) == Some(true);
        if !listen.ip().is_loopback() {
            if open {
                return Err(ConfigError::OpenToOthers(listen));
            }
            if tls.is_none() && !cleartext {
                return Err(ConfigError::Cleartext(listen));
            }
        }
        Ok(ServeConfig {
            listen,
            insecure_no_auth: open,
            tls,
            requests_per_second: self
                .requests_per_second
                .or(file.requests_per_second)
                .unwrap_or(DEFAULT_REQUESTS_PER_SECOND),
            database: self.database.over(file),
        })
    }
}

fn tls_files(
    cert: Option<PathBuf>,
    key: Option<PathBuf>,
    client_ca: Option<PathBuf>,
) -> Result<Option<TlsFiles>, ConfigError> {
    match (cert, key, client_ca) {
        (Some(cert), Some(key), client_ca) => Ok(Some(TlsFiles {
            cert,
            key,
            client_ca,
        })),
        (None, None, None) => Ok(None),
        (None, _, _) => Err(ConfigError::HalfTls("--tls-cert")),
        (_, None, _) => Err(ConfigError::HalfTls("--tls-key")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::DEFAULT_DATABASE;
    use super::super::tests::file;
    use super::*;

    fn listening(address: &str) -> ServeOptions {
        ServeOptions {
            listen: Some(address.to_owned()),
            ..ServeOptions::default()
        }
    }

    fn secured(address: &str) -> ServeOptions {
        ServeOptions {
            tls_cert: Some("cert.pem".into()),
            tls_key: Some("key.pem".into()),
            ..listening(address)
        }
    }

    #[test]
    fn the_command_line_goes_before_the_file_and_the_file_before_the_default() {
        let (_folder, path) = file(
            "listen = \"127.0.0.1:7\"\ndatabase = \"sqlite://file.db\"\nrequests-per-second = 5\ninsecure-no-auth = true\n",
        );
        let options = ServeOptions {
            database: DatabaseOptions {
                config: Some(path),
                ..DatabaseOptions::default()
            },
            ..listening("[::1]:9")
        };
        let config = options.complete().unwrap();
        assert_eq!(config.listen, "[::1]:9".parse().unwrap());
        assert_eq!(config.database.database, "sqlite://file.db");
        assert_eq!(config.requests_per_second, 5);
        assert!(config.insecure_no_auth);
        let bare = ServeOptions::default().complete().unwrap();
        assert_eq!(bare.listen, DEFAULT_LISTEN.parse().unwrap());
        assert_eq!(bare.database.database, DEFAULT_DATABASE);
        assert_eq!(bare.requests_per_second, DEFAULT_REQUESTS_PER_SECOND);
        assert!(!bare.insecure_no_auth, "tokens are the default");
    }

    #[test]
    fn an_address_that_others_can_reach_takes_tokens_and_hides_them() {
        for open in ["0.0.0.0:50443", "[::]:50443", "192.168.1.7:50443"] {
            let refused = listening(open).complete().unwrap_err();
            assert!(matches!(refused, ConfigError::Cleartext(_)), "{open}");
            let allowed = ServeOptions {
                allow_cleartext: Some(true),
                ..listening(open)
            };
            assert!(allowed.clone().complete().is_ok());
            assert!(secured(open).complete().is_ok());
            for options in [allowed, secured(open)] {
                let unlocked = ServeOptions {
                    insecure_no_auth: Some(true),
                    ..options
                };
                let refused = unlocked.complete().unwrap_err();
                assert!(matches!(refused, ConfigError::OpenToOthers(_)), "{open}");
            }
        }
        for bad in ["", "50443", "127.0.0.1", "localhost:50443"] {
            let refused = listening(bad).complete();
            assert_eq!(refused, Err(ConfigError::Listen(bad.to_owned())));
        }
    }

    #[test]
    fn half_a_certificate_is_refused() {
        let mut options = secured("127.0.0.1:0");
        options.tls_key = None;
        let refused = options.clone().complete();
        assert_eq!(refused, Err(ConfigError::HalfTls("--tls-key")));
        options.tls_cert = None;
        options.tls_client_ca = Some("ca.pem".into());
        let refused = options.complete();
        assert_eq!(refused, Err(ConfigError::HalfTls("--tls-cert")));
    }
}
