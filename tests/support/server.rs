//! The real `usher-server` as a child process on a loopback port of its own; it ends with the test.

use std::{
    io::{BufRead as _, BufReader, Read},
    net::SocketAddr,
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};

use crate::programs::program;

const START_LIMIT: Duration = Duration::from_secs(60);
const ANNOUNCEMENT: &str = "listening on ";

/// A running server.
pub struct Server {
    child: Child,
    address: SocketAddr,
    log: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts a server on this database that takes calls without a token, and waits until it listens.
    #[must_use]
    pub fn start(database: &str) -> Self {
        Self::started(database, &["--insecure-no-auth"])
    }

    /// Starts a server that takes tokens, with more options.
    #[must_use]
    pub fn guarded(database: &str, options: &[&str]) -> Self {
        Self::started(database, options)
    }

    /// Starts a server as `start` does, where another one has listened before.
    #[must_use]
    pub fn start_at(address: SocketAddr, database: &str) -> Self {
        Self::listening(&address.to_string(), database, &["--insecure-no-auth"])
    }

    fn started(database: &str, options: &[&str]) -> Self {
        Self::listening("127.0.0.1:0", database, options)
    }

    fn listening(at: &str, database: &str, options: &[&str]) -> Self {
        let mut arguments = vec!["serve", "--listen", at, "--database", database];
        arguments.extend(options);
        let mut child = command(&arguments).spawn().expect("usher-server starts");
        let log = Arc::new(Mutex::new(Vec::new()));
        let (found, address) = mpsc::channel();
        let streams: [Option<Box<dyn Read + Send>>; 2] = [
            child.stdout.take().map(|stream| Box::new(stream) as _),
            child.stderr.take().map(|stream| Box::new(stream) as _),
        ];
        for stream in streams.into_iter().flatten() {
            let (log, found) = (Arc::clone(&log), found.clone());
            thread::spawn(move || read_lines(stream, &log, &found));
        }
        drop(found);
        let address = address.recv_timeout(START_LIMIT);
        let mut server = Self {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            log,
        };
        match address {
            Ok(address) => server.address = address,
            Err(_) => panic!(
                "usher-server did not say where it listens:\n{}",
                server.log()
            ),
        }
        server
    }

    /// Runs `usher-server` with arguments that make it end by itself.
    #[must_use]
    pub fn run(arguments: &[&str]) -> Output {
        command(arguments)
            .spawn()
            .and_then(Child::wait_with_output)
            .expect("usher-server runs")
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it wrote so far.
    #[must_use]
    pub fn log(&self) -> String {
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .join("\n")
    }

    /// Ends it as `kill -9` does: at once, wherever it stands.
    pub fn kill(&mut self) -> ExitStatus {
        self.child.kill().expect("the server can be killed");
        self.child.wait().expect("the server has ended")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            crate::skip::tell(&format!(
                "log of usher-server {}:\n{}\n",
                self.child.id(),
                self.log()
            ));
        }
    }
}

// Settings of the person who runs the tests must not reach the program under test.
fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(program("usher-server"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("USHER_") {
            command.env_remove(name);
        }
    }
    command
        .args(arguments)
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn read_lines(stream: impl Read, log: &Mutex<Vec<String>>, found: &mpsc::Sender<SocketAddr>) {
    for line in BufReader::new(stream).lines().map_while(Result::ok) {
        let address = line
            .split_once(ANNOUNCEMENT)
            .and_then(|(_, rest)| rest.split_whitespace().next())
            .and_then(|word| {
                word.trim_start_matches("http://")
                    .trim_end_matches(['.', ','])
                    .parse()
                    .ok()
            });
        if let Some(address) = address {
            // Only the first announcement is waited for.
            let _ = found.send(address);
        }
        log.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(line);
    }
}
