//! The program `usher-server`: settings, log, signals. What it serves is in the library.

use std::io::{IsTerminal, Write, stderr, stdout};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};
use tonic::transport::{Certificate, Identity, ServerTlsConfig};
use tracing_subscriber::EnvFilter;
use usher_server::authn::Door;
use usher_server::config::{
    Arguments, Command, DatabaseConfig, ServeConfig, TokenCommand, TokenConfig,
};
use usher_server::env::Env;
use usher_server::serve::{Entry, Service, listen};

// Planning a batch makes many small values that other threads let go of; the system's allocator took a quarter of the
// time of a bulk change.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if stderr is gone.
            let _ = writeln!(stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    match arguments.command {
        Command::Serve(options) => runtime.block_on(serve(options.complete()?)),
        Command::Token(TokenCommand::Create(options)) => {
            let env = Env::system();
            let config = options.complete(env.clock.now())?;
            runtime.block_on(create_token(config, env))
        }
        Command::Migrate(options) => runtime.block_on(migrate(options.complete()?)),
    }
}

async fn serve(config: ServeConfig) -> Result<(), Failure> {
    log_to_stderr(&config.database)?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let entry = entry(&config)?;
    let listener = listen(config.listen).await?;
    let service = Service::open(&config.database.database, Env::system()).await?;
    announce(&listener)?;
    let shutdown = async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    };
    let served = service.serve(listener, entry, shutdown).await;
    service.close().await;
    Ok(served?)
}

fn entry(config: &ServeConfig) -> Result<Entry, Failure> {
    let door = if config.insecure_no_auth {
        tracing::warn!("calls need no token: whoever reaches the port acts as Global admin");
        Door::open("local")
    } else {
        Door::Tokens {
            requests_per_second: config.requests_per_second,
        }
    };
    let Some(files) = &config.tls else {
        return Ok(Entry { door, tls: None });
    };
    let identity = Identity::from_pem(pem(&files.cert)?, pem(&files.key)?);
    let mut tls = ServerTlsConfig::new().identity(identity);
    if let Some(authority) = &files.client_ca {
        tls = tls.client_ca_root(Certificate::from_pem(pem(authority)?));
    }
    Ok(Entry {
        door,
        tls: Some(tls),
    })
}

fn pem(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path)
        .map_err(|cause| format!("The file {} cannot be read: {cause}.", path.display()).into())
}

/// The token alone is the last line: scripts take it from there.
async fn create_token(config: TokenConfig, env: Env) -> Result<(), Failure> {
    log_to_stderr(&config.database)?;
    let service = Service::open(&config.database.database, env).await?;
    let made = service.create_token(&config).await;
    service.close().await;
    writeln!(stdout(), "{}", made?)?;
    Ok(())
}

async fn migrate(config: DatabaseConfig) -> Result<(), Failure> {
    log_to_stderr(&config)?;
    let service = Service::open(&config.database, Env::system()).await?;
    service.close().await;
    writeln!(stdout(), "the schema is up to date")?;
    Ok(())
}

/// One line for whoever started the program: the port may have been chosen by the system.
fn announce(listener: &TcpListener) -> Result<(), Failure> {
    let mut out = stdout();
    writeln!(out, "listening on {}", listener.local_addr()?)?;
    Ok(out.flush()?)
}

fn log_to_stderr(config: &DatabaseConfig) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&config.log)
        .map_err(|cause| format!("The log setting {} cannot be used: {cause}.", config.log))?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(stderr)
        .with_ansi(stderr().is_terminal())
        .init();
    Ok(())
}
