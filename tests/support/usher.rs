//! The real `usher` shell as a child process: what it printed, and how it ended.

use std::{
    env,
    io::{Read, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::programs::program;

const LIMIT: Duration = Duration::from_secs(240);

/// A run of the shell, to be described before it starts. Nothing is kept unless `--data` says so.
pub struct Usher {
    command: Command,
    stdin: Option<String>,
    home: tempfile::TempDir,
}

/// A run that has ended.
#[derive(Debug)]
pub struct Finished {
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// The exit code; -1 if a signal ended it.
    pub code: i32,
    /// How long it took, start and end included.
    pub took: Duration,
}

impl Usher {
    /// A shell without arguments, in an empty home folder.
    #[must_use]
    pub fn new() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder can be made");
        let mut command = Command::new(program("usher"));
        for (name, _) in env::vars_os() {
            if name.to_string_lossy().starts_with("USHER_") {
                command.env_remove(name);
            }
        }
        command
            .env("HOME", home.path())
            .env_remove("XDG_DATA_HOME")
            .env_remove("XDG_CONFIG_HOME")
            .env("NO_COLOR", "1")
            .current_dir(home.path());
        Self {
            command,
            stdin: None,
            home,
        }
    }

    /// `usher --data :memory: -c COMMANDS`.
    #[must_use]
    pub fn in_memory(commands: &str) -> Self {
        Self::new().args(["--data", ":memory:", "-c", commands])
    }

    /// More arguments.
    #[must_use]
    pub fn args<Argument: AsRef<std::ffi::OsStr>>(
        mut self,
        arguments: impl IntoIterator<Item = Argument>,
    ) -> Self {
        self.command.args(arguments);
        self
    }

    /// A variable of its environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// The folder it works in; its home unless given.
    #[must_use]
    pub fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// What it reads on standard input; nothing unless given.
    #[must_use]
    pub fn stdin(mut self, text: &str) -> Self {
        self.stdin = Some(text.to_owned());
        self
    }

    /// Its home folder, which goes when the run has ended.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.home.path().to_path_buf()
    }

    /// Runs it to its end.
    ///
    /// # Panics
    /// If it takes longer than four minutes.
    #[must_use]
    pub fn run(self) -> Finished {
        self.start().finish()
    }

    /// Starts it.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn start(mut self) -> Running {
        let begun = Instant::now();
        let mut child = self
            .command
            .stdin(if self.stdin.is_some() {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("usher starts");
        let stdout = child.stdout.take().map(read_all);
        let stderr = child.stderr.take().map(read_all);
        if let (Some(mut pipe), Some(text)) = (child.stdin.take(), self.stdin.take()) {
            // A shell that ends early closes the pipe; its exit code tells more than this error would.
            thread::spawn(move || pipe.write_all(text.as_bytes()));
        }
        Running {
            child,
            stdout,
            stderr,
            begun,
            _home: self.home,
        }
    }
}

/// A run that goes on.
pub struct Running {
    child: Child,
    stdout: Option<thread::JoinHandle<String>>,
    stderr: Option<thread::JoinHandle<String>>,
    begun: Instant,
    _home: tempfile::TempDir,
}

impl Running {
    /// Interrupts it, as Ctrl-C does.
    ///
    /// # Panics
    /// If the signal cannot be sent.
    pub fn interrupt(&self) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status();
        assert!(sent.expect("kill runs").success(), "usher had ended");
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// If it takes longer than four minutes.
    #[must_use]
    pub fn finish(mut self) -> Finished {
        let code = wait(&mut self.child, self.begun);
        let text = |reader: Option<thread::JoinHandle<String>>| {
            reader.map_or_else(String::new, |reader| {
                reader.join().expect("the output was read")
            })
        };
        Finished {
            stdout: text(self.stdout.take()),
            stderr: text(self.stderr.take()),
            code,
            took: self.begun.elapsed(),
        }
    }
}

impl Default for Usher {
    fn default() -> Self {
        Self::new()
    }
}

impl Finished {
    /// The run, if it ended with this exit code.
    ///
    /// # Panics
    /// If it ended otherwise; the message shows everything that it printed.
    #[must_use]
    pub fn expect_code(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "exit code\n--- stdout\n{}\n--- stderr\n{}",
            self.stdout, self.stderr
        );
        self
    }
}

fn wait(child: &mut Child, begun: Instant) -> i32 {
    loop {
        if let Some(status) = child.try_wait().expect("the shell can be waited for") {
            return status.code().unwrap_or(-1);
        }
        if begun.elapsed() > LIMIT {
            let _ = child.kill();
            panic!("usher did not end within {} s", LIMIT.as_secs());
        }
        thread::sleep(Duration::from_millis(2));
    }
}

fn read_all(mut stream: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        stream
            .read_to_end(&mut bytes)
            .expect("the output can be read");
        String::from_utf8(bytes).expect("the output is UTF-8")
    })
}
