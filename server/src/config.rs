//! Settings of the server: command line over environment over TOML file over default.
//! Nothing is opened or started here.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};
use serde::Deserialize;

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

/// Options of `serve`.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
pub struct ServeOptions {
    /// Where to listen; port 0 takes a free one [default: 127.0.0.1:50443]
    #[arg(long, env = "USHER_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// Options of every command.
    #[command(flatten)]
    pub database: DatabaseOptions,
}

/// The same options in a file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    listen: Option<String>,
    database: Option<String>,
    log: Option<String>,
}

/// Settings of every command, complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseConfig {
    /// Address of the database.
    pub database: String,
    /// What to log.
    pub log: String,
}

/// Settings of `serve`, complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServeConfig {
    /// Where to listen; always on this machine.
    pub listen: SocketAddr,
    /// Settings of every command.
    pub database: DatabaseConfig,
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
    /// The address can be reached from other machines.
    NotLoopback(SocketAddr),
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
            Self::NotLoopback(address) => write!(
                f,
                "The service does not listen on {address}: callers cannot prove yet who they are, and whoever reaches the port acts as Global admin. Listen on the loopback, such as {DEFAULT_LISTEN} or [::1]:50443."
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

impl ServeOptions {
    /// Adds the file and the defaults, and refuses an address that others can reach.
    ///
    /// # Errors
    /// What is wrong with the file or the address.
    pub fn complete(self) -> Result<ServeConfig, ConfigError> {
        let mut file = self.database.file()?;
        let listen = self
            .listen
            .or(file.listen.take())
            .unwrap_or_else(|| DEFAULT_LISTEN.to_owned());
        Ok(ServeConfig {
            listen: loopback(&listen)?,
            database: self.database.over(file),
        })
    }
}

fn read(path: &Path) -> Result<File, ConfigError> {
    let error = |message: String| ConfigError::File {
        path: path.to_owned(),
        message,
    };
    let text = std::fs::read_to_string(path).map_err(|cause| error(cause.to_string()))?;
    toml::from_str(&text).map_err(|cause| error(cause.to_string()))
}

fn loopback(text: &str) -> Result<SocketAddr, ConfigError> {
    let address: SocketAddr = text
        .parse()
        .map_err(|_| ConfigError::Listen(text.to_owned()))?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err(ConfigError::NotLoopback(address))
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("usher.toml");
        std::fs::write(&path, text).unwrap();
        (folder, path)
    }

    #[test]
    fn the_command_line_goes_before_the_file_and_the_file_before_the_default() {
        let (_folder, path) = file("listen = \"127.0.0.1:7\"\ndatabase = \"sqlite://file.db\"\n");
        let options = ServeOptions {
            listen: Some("[::1]:9".to_owned()),
            database: DatabaseOptions {
                config: Some(path),
                ..DatabaseOptions::default()
            },
        };
        let config = options.complete().unwrap();
        assert_eq!(config.listen, "[::1]:9".parse().unwrap());
        assert_eq!(config.database.database, "sqlite://file.db");
        assert_eq!(config.database.log, DEFAULT_LOG);
        let bare = ServeOptions::default().complete().unwrap();
        assert_eq!(bare.listen, DEFAULT_LISTEN.parse().unwrap());
        assert_eq!(bare.database.database, DEFAULT_DATABASE);
    }

    #[test]
    fn an_address_that_others_can_reach_is_refused() {
        for open in ["0.0.0.0:50443", "[::]:50443", "192.168.1.7:50443"] {
            assert!(
                matches!(loopback(open), Err(ConfigError::NotLoopback(_))),
                "{open}"
            );
        }
        for bad in ["", "50443", "127.0.0.1", "localhost:50443"] {
            assert_eq!(loopback(bad), Err(ConfigError::Listen(bad.to_owned())));
        }
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
    fn every_option_has_a_variable_and_help_says_all_three_ways() {
        let mut arguments = Arguments::command();
        arguments.build();
        for command in arguments
            .get_subcommands()
            .filter(|command| command.get_name() != "help")
        {
            for option in command
                .get_arguments()
                .filter(|option| option.get_id() != "help")
            {
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
        let help = arguments.render_long_help().to_string();
        for way in ["command line", "USHER_LISTEN", "TOML"] {
            assert!(help.contains(way), "{way}");
        }
    }
}
