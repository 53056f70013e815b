//! The program `usher-server`: settings, log, signals. What it serves is in the library.

use std::io::{IsTerminal, Write, stderr, stdout};
use std::process::ExitCode;

use clap::Parser;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;
use usher_server::config::{Arguments, Command, DatabaseConfig, ServeConfig};
use usher_server::env::Env;
use usher_server::serve::{Service, listen};

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
        Command::Migrate(options) => runtime.block_on(migrate(options.complete()?)),
    }
}

async fn serve(config: ServeConfig) -> Result<(), Failure> {
    log_to_stderr(&config.database)?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let listener = listen(config.listen).await?;
    let service = Service::open(&config.database.database, Env::system()).await?;
    announce(&listener)?;
    let served = service
        .serve(listener, async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
        .await;
    service.close().await;
    Ok(served?)
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
