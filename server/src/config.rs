//! Settings of the server: command line over environment over TOML file over default.
//! Nothing is opened or started here.

mod entry;
mod token;

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};
use serde::Deserialize;

pub use self::entry::{ServeConfig, ServeOptions};
pub use self::token::{TokenConfig, TokenOptions, TokenRole};

const DEFAULT_LISTEN: &str = "127.0.0.1:50443";
const DEFAULT_DATABASE: &str = "sqlite://usher.db";
/// What migrations say of themselves is for those who ask for it.
const DEFAULT_LOG: &str = "info,sea_orm_migration=warn";

const AFTER_HELP: &str = "\
Every option can be given in three ways; the first one found counts:
  on the command line     --listen 127.0.0.1:50443
  in the environment      USHER_LISTEN=127.0.0.1:50443
  in a TOML file          listen = \"127.0.0.1:50443\"   (the file named by --config or USHER_CONFIG)";

/// The licensing service.
#[derive(Debug, Parser)]
#[command(name = "usher-server", version, after_help = AFTER_HELP)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Answer gRPC calls until the process is told to end
    #[command(after_help = AFTER_HELP)]
    Serve(ServeOptions),
    /// Bring the database's schema up to date, and end
    #[command(after_help = AFTER_HELP)]
    Migrate(DatabaseOptions),
    /// Make API tokens on the server's machine, where whoever reads the database is trusted
    #[command(subcommand)]
    Token(TokenCommand),
}

/// What can be done with tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Give an identity a role and make a token for it; the token alone is the last line of the output
    #[command(after_help = AFTER_HELP)]
    Create(TokenOptions),
}

/// Options of every command.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
pub struct DatabaseOptions {
    /// A TOML file with any of these options by their long names (none unless given)
    #[arg(long, env = "USHER_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The database: sqlite://PATH or postgres://USER@HOST/NAME [default: sqlite://usher.db]
    #[arg(
        long,
        env = "USHER_DATABASE",
        value_name = "ADDRESS",
        hide_env_values = true
    )]
    pub database: Option<String>,
    /// What to log to stderr: error, warn, info, debug, trace, or `target=level,…` [default: info,sea_orm_migration=warn]
    #[arg(long, env = "USHER_LOG", value_name = "LEVEL")]
    pub log: Option<String>,
}

/// The same options in a file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    listen: Option<String>,
    database: Option<String>,
    log: Option<String>,
    insecure_no_auth: Option<bool>,
    allow_cleartext: Option<bool>,
    tls_cert: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    tls_client_ca: Option<PathBuf>,
    requests_per_second: Option<u32>,
    role: Option<TokenRole>,
    name: Option<String>,
    identity: Option<String>,
    expires: Option<String>,
}

/// Settings of every command, complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseConfig {
    /// Address of the database.
    pub database: String,
    /// What to log.
    pub log: String,
}

/// Why the settings cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigError {
    /// The file cannot be read, or says something that is no option.
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// The address is not `ADDRESS:PORT`.
    Listen(String),
    /// Whoever reaches the address would be Global admin, and others can reach it.
    OpenToOthers(SocketAddr),
    /// Tokens would be sent in clear over a network.
    Cleartext(SocketAddr),
    /// A certificate without its key, or the other way round, or what makes no sense without them.
    HalfTls(&'static str),
    /// A setting of `token create` is missing.
    Missing(&'static str),
    /// The end of a token is no time in the future.
    Expires(String),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, message } => {
                write!(
                    f,
                    "The settings file {} cannot be used: {message}",
                    path.display()
                )
            }
            Self::Listen(given) => write!(
                f,
                "The address {given} is not an address and a port. Give one such as {DEFAULT_LISTEN} or [::1]:50443."
            ),
            Self::OpenToOthers(address) => write!(
                f,
                "Without tokens whoever reaches {address} acts as Global admin, and other machines reach it. Leave out --insecure-no-auth, or listen on the loopback, such as {DEFAULT_LISTEN} or [::1]:50443."
            ),
            Self::Cleartext(address) => write!(
                f,
                "Tokens would be sent in clear to {address}. Give a certificate with --tls-cert and --tls-key, listen on the loopback, such as {DEFAULT_LISTEN} or [::1]:50443, or say with --allow-cleartext that something else protects the way."
            ),
            Self::HalfTls(missing) => write!(
                f,
                "TLS takes a certificate and its key. Give {missing} too."
            ),
            Self::Missing(option) => {
                write!(
                    f,
                    "The option {option} is missing; --help says what it takes."
                )
            }
            Self::Expires(given) => write!(
                f,
                "\"{given}\" is no time at which a token could end. Give a number of days such as 90d, a day such as 2027-01-31, or a moment such as 2027-01-31T12:00:00Z."
            ),
        }
    }
}

impl std::error::Error for ConfigError {}

impl DatabaseOptions {
    /// Adds the file and the defaults.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub fn complete(self) -> Result<DatabaseConfig, ConfigError> {
        let file = self.file()?;
        Ok(self.over(file))
    }

    fn file(&self) -> Result<File, ConfigError> {
        self.config
            .as_deref()
            .map_or_else(|| Ok(File::default()), read)
    }

    fn over(self, file: File) -> DatabaseConfig {
        DatabaseConfig {
            database: self
                .database
                .or(file.database)
                .unwrap_or_else(|| DEFAULT_DATABASE.to_owned()),
            log: self
                .log
                .or(file.log)
                .unwrap_or_else(|| DEFAULT_LOG.to_owned()),
        }
    }
}

fn read(path: &Path) -> Result<File, ConfigError> {
    let error = |message: String| ConfigError::File {
        path: path.to_owned(),
        message,
    };
    let text = std::fs::read_to_string(path).map_err(|cause| error(cause.to_string()))?;
    toml::from_str(&text).map_err(|cause| error(located(&cause, &text)))
}

/// What is wrong and where. The line itself is left out: it may hold a password.
fn located(cause: &toml::de::Error, text: &str) -> String {
    let before = cause.span().and_then(|span| text.get(..span.start));
    let Some(before) = before else {
        return cause.message().to_owned();
    };
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    format!("line {line}, column {column}: {}", cause.message())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    pub(super) fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("usher.toml");
        std::fs::write(&path, text).unwrap();
        (folder, path)
    }

    #[test]
    fn a_file_with_an_unknown_option_is_refused_and_named() {
        let (_folder, path) = file("listne = \"127.0.0.1:7\"\n");
        let options = DatabaseOptions {
            config: Some(path),
            ..DatabaseOptions::default()
        };
        let message = options.complete().unwrap_err().to_string();
        assert!(
            message.contains("usher.toml") && message.contains("listne"),
            "{message}"
        );
    }

    #[test]
    fn what_is_wrong_with_a_file_is_told_without_its_lines() {
        let (_folder, path) = file("log = \"info\"\ndatabase = \"postgres://me:secret@host\n");
        let options = DatabaseOptions {
            config: Some(path),
            ..DatabaseOptions::default()
        };
        let message = options.complete().unwrap_err().to_string();
        assert!(message.contains("line 2, column "), "{message}");
        assert!(!message.contains("secret"), "{message}");
    }

    #[test]
    fn every_option_has_a_variable_and_help_says_all_three_ways() {
        let mut arguments = Arguments::command();
        arguments.build();
        let mut commands: Vec<&clap::Command> = vec![&arguments];
        let mut options = 0;
        while let Some(command) = commands.pop() {
            let below = command.get_subcommands();
            commands.extend(below.filter(|command| command.get_name() != "help"));
            for option in command
                .get_arguments()
                .filter(|option| !["help", "version"].contains(&option.get_id().as_str()))
            {
                options += 1;
                let name = option.get_long().unwrap_or_default();
                let variable = option
                    .get_env()
                    .and_then(|name| name.to_str())
                    .unwrap_or_default();
                assert_eq!(
                    variable,
                    format!("USHER_{}", name.to_uppercase().replace('-', "_"))
                );
            }
        }
        assert!(options > 12, "{options}");
        let help = arguments.render_long_help().to_string();
        for way in ["command line", "USHER_LISTEN", "TOML"] {
            assert!(help.contains(way), "{way}");
        }
    }
}
