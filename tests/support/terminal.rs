//! The real `usher` at a real terminal: keys go in, and what a person would see on the screen comes out.

use std::{
    ffi::OsStr,
    io::{Read as _, Write},
    num::NonZero,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use crate::programs::program;

/// How long a screen may take to show what is waited for.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// What every prompt begins with.
const PROMPT: &str = "usher megan@";

/// Keys that are no letters.
pub mod key {
    /// Completes.
    pub const TAB: &str = "\t";
    /// Ends a line.
    pub const ENTER: &str = "\r";
    /// Stops what runs.
    pub const CTRL_C: &str = "\u{3}";
    /// Leaves.
    pub const CTRL_D: &str = "\u{4}";
    /// Searches the history.
    pub const CTRL_R: &str = "\u{12}";
    /// The line before.
    pub const UP: &str = "\u{1b}[A";
    /// Takes a hint.
    pub const RIGHT: &str = "\u{1b}[C";
}

/// A shell to be started at a terminal.
pub struct Setup {
    command: CommandBuilder,
    size: (u16, u16),
}

impl Setup {
    /// A shell with these arguments, with this folder as home and working folder.
    #[must_use]
    pub fn new<Argument: AsRef<OsStr>>(
        home: &Path,
        arguments: impl IntoIterator<Item = Argument>,
    ) -> Self {
        let mut command = CommandBuilder::new(program("usher"));
        command.env_clear();
        for (name, value) in [
            ("TERM", "xterm-256color"),
            ("USER", "megan"),
            ("LANG", "C.UTF-8"),
        ] {
            command.env(name, value);
        }
        command.env("HOME", home);
        command.cwd(home);
        command.args(arguments);
        Self {
            command,
            size: (30, 100),
        }
    }

    /// With a variable of its environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// At a window of this many columns.
    #[must_use]
    pub fn columns(mut self, columns: u16) -> Self {
        self.size.1 = columns;
        self
    }

    /// Starts it, and waits for its first prompt.
    ///
    /// # Panics
    /// If it cannot be started, or shows no prompt.
    #[must_use]
    pub fn start(self) -> Terminal {
        let (rows, cols) = self.size;
        let pair = native_pty_system()
            .openpty(PtySize {
                rows,
                cols,
                pixel_width: 0,
                pixel_height: 0,
            })
            .expect("a terminal can be opened");
        let child = pair
            .slave
            .spawn_command(self.command)
            .expect("usher starts");
        drop(pair.slave);
        let seen = Arc::new(Mutex::new(Seen {
            screen: vt100::Parser::new(cells(rows), cells(cols), 0),
            bytes: Vec::new(),
        }));
        let mut output = pair.master.try_clone_reader().expect("it can be read");
        let shown = Arc::clone(&seen);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                let mut seen = shown.lock().expect("nobody panicked");
                seen.screen.process(&bytes[..count]);
                seen.bytes.extend_from_slice(&bytes[..count]);
            }
        });
        let keys = pair.master.take_writer().expect("it can be written to");
        let mut terminal = Terminal {
            master: pair.master,
            keys,
            child,
            seen,
        };
        terminal.wait_for_prompt();
        terminal
    }
}

/// Pasting is told apart while a line is waited for, and only then.
const LINE_BEGINS: &[u8] = b"\x1b[?2004h";

fn prompts(seen: &Mutex<Seen>) -> usize {
    let seen = seen.lock().expect("nobody panicked");
    let bytes = seen.bytes.windows(LINE_BEGINS.len());
    bytes.filter(|bytes| *bytes == LINE_BEGINS).count()
}

fn ends_with_prompt(screen: &str) -> bool {
    let last = screen.lines().last();
    last.is_some_and(|line| line.starts_with(PROMPT) && line.ends_with('>'))
}

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).expect("a window has lines and columns")
}

struct Seen {
    screen: vt100::Parser,
    bytes: Vec<u8>,
}

/// A shell at a terminal.
pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    seen: Arc<Mutex<Seen>>,
}

impl Terminal {
    /// Types these letters and keys.
    ///
    /// # Panics
    /// If the terminal is gone.
    pub fn keys(&mut self, keys: &str) {
        self.keys
            .write_all(keys.as_bytes())
            .and_then(|()| self.keys.flush())
            .expect("the terminal takes keys");
    }

    /// Types a line, and waits until the prompt is back.
    ///
    /// # Panics
    /// If the prompt does not come back.
    pub fn line(&mut self, line: &str) -> String {
        self.typed(line);
        self.enter()
    }

    /// Types letters, and waits until they stand behind the prompt.
    ///
    /// # Panics
    /// If they do not show.
    pub fn typed(&mut self, letters: &str) {
        self.keys(letters);
        let wanted: String = letters.split_whitespace().collect();
        self.wait_until(&format!("{letters:?} behind the prompt"), |screen| {
            let line = screen.rsplit(PROMPT).next().unwrap_or_default();
            let line: String = line.split_whitespace().collect();
            line.contains(&wanted)
        });
    }

    /// Presses Enter, waits until the prompt is back, and gives what came in between.
    ///
    /// # Panics
    /// If the prompt does not come back.
    pub fn enter(&mut self) -> String {
        self.press(key::ENTER)
    }

    /// Presses a key that ends what is on the line or runs, waits for a new prompt, and gives what came in between.
    ///
    /// # Panics
    /// If no new prompt comes.
    pub fn press(&mut self, key: &str) -> String {
        let before = self.prompts();
        self.keys(key);
        let seen = Arc::clone(&self.seen);
        let screen = self.wait_until("a new prompt", |screen| {
            prompts(&seen) > before && ends_with_prompt(screen)
        });
        screen
            .rsplit(PROMPT)
            .nth(1)
            .unwrap_or_default()
            .trim_end()
            .to_owned()
    }

    /// How many prompts have waited for a line so far.
    #[must_use]
    pub fn prompts(&self) -> usize {
        prompts(&self.seen)
    }

    /// Pastes a text as terminals do, so that its line ends are no Enter.
    ///
    /// # Panics
    /// If the terminal is gone.
    pub fn paste(&mut self, text: &str) {
        let pasted = text.replace('\n', "\r");
        self.keys(&format!("\u{1b}[200~{pasted}\u{1b}[201~"));
    }

    /// The screen as a person sees it, without blanks at the ends of lines.
    ///
    /// # Panics
    /// If the reading thread panicked.
    #[must_use]
    pub fn screen(&self) -> String {
        let contents = self
            .seen
            .lock()
            .expect("nobody panicked")
            .screen
            .screen()
            .contents();
        let lines: Vec<&str> = contents.lines().map(str::trim_end).collect();
        lines.join("\n").trim_end().to_owned()
    }

    /// Everything that was sent to the terminal.
    ///
    /// # Panics
    /// If the reading thread panicked.
    #[must_use]
    pub fn sent(&self) -> String {
        let seen = self.seen.lock().expect("nobody panicked");
        String::from_utf8_lossy(&seen.bytes).into_owned()
    }

    /// Waits until the screen shows this text, and gives the screen.
    ///
    /// # Panics
    /// If it does not; the screen is told.
    pub fn wait_for(&mut self, text: &str) -> String {
        self.wait_until(&format!("{text:?}"), |screen| screen.contains(text))
    }

    /// Waits until the screen is as it should be, and gives it.
    ///
    /// # Panics
    /// If it does not become so; the screen is told.
    pub fn wait_until(&mut self, what: &str, mut is_so: impl FnMut(&str) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let screen = self.screen();
            if is_so(&screen) {
                return screen;
            }
            assert!(
                Instant::now() < deadline,
                "the screen does not show {what}:\n{screen}"
            );
            thread::sleep(LOOK_EVERY);
        }
    }

    /// Waits until the last line of the screen is an empty prompt.
    ///
    /// # Panics
    /// If it does not come.
    pub fn wait_for_prompt(&mut self) -> String {
        self.wait_until("an empty prompt", ends_with_prompt)
    }

    /// Makes the window another size.
    ///
    /// # Panics
    /// If the terminal is gone.
    pub fn resize(&mut self, rows: u16, cols: u16) {
        let size = PtySize {
            rows,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        self.master.resize(size).expect("the window can be resized");
        let mut seen = self.seen.lock().expect("nobody panicked");
        seen.screen.screen_mut().set_size(cells(rows), cells(cols));
    }

    /// Leaves by Ctrl-D, and gives the exit code.
    ///
    /// # Panics
    /// If it does not end.
    #[must_use]
    pub fn leave(mut self) -> u32 {
        self.keys(key::CTRL_D);
        self.child.wait().expect("it ends").exit_code()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A shell that a failed test leaves behind must not live on.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The folder under which a test's shell keeps its data.
#[must_use]
pub fn data(home: &Path) -> PathBuf {
    home.join("data")
}
