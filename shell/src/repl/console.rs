//! The person or log at standard error: questions, notes, warnings, progress. Results never go here.

use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use nix::sys::termios::{LocalFlags, SetArg, tcgetattr, tcsetattr};
use rustyline::error::ReadlineError;
use rustyline::{Behavior, Config, DefaultEditor};
use usher_object::format::safe_text;

use crate::cmdlet::Console;

/// How often progress is told to a terminal, and to a log.
const TERMINAL_EVERY: Duration = Duration::from_millis(100);
const LOG_EVERY: Duration = Duration::from_secs(5);

/// Cells of a progress bar.
const BAR: usize = 20;

const YELLOW: &str = "\u{1b}[33m";
const PLAIN: &str = "\u{1b}[0m";
const CLEAR_LINE: &str = "\r\u{1b}[K";

/// Standard error, and standard input for answers.
pub(crate) struct Terminal {
    /// Somebody can answer.
    answers: bool,
    terminal: bool,
    colour: bool,
    progress: RefCell<Option<Progress>>,
    /// Closing lines that wait for the end of the line at the prompt; none while nothing is held back.
    closing: RefCell<Option<Vec<Closing>>>,
}

#[derive(PartialEq)]
enum Closing {
    Note(String),
    Warning(String),
}

impl Closing {
    /// A loop says the same with each round: it is shown once, with how often.
    fn told_often(self, times: usize) -> Self {
        let often = |line: String| match times {
            1 => line,
            times => format!("{line} ({times} times)"),
        };
        match self {
            Self::Note(line) => Self::Note(often(line)),
            Self::Warning(line) => Self::Warning(often(line)),
        }
    }
}

/// Each line once, in the order of their first, with how often it was said.
fn counted(lines: Vec<Closing>) -> Vec<(Closing, usize)> {
    let mut counted: Vec<(Closing, usize)> = Vec::new();
    for line in lines {
        match counted.iter_mut().find(|(known, _)| *known == line) {
            Some((_, times)) => *times += 1,
            None => counted.push((line, 1)),
        }
    }
    counted
}

struct Progress {
    began: Instant,
    told: Instant,
}

impl Terminal {
    /// The process's own terminal or log.
    #[must_use]
    pub(crate) fn new(colour: bool) -> Self {
        let terminal = io::stderr().is_terminal();
        Self {
            answers: terminal && io::stdin().is_terminal(),
            terminal,
            colour: colour && terminal,
            progress: RefCell::new(None),
            closing: RefCell::new(None),
        }
    }

    fn line(&self, text: &str) {
        self.clear();
        let _ = writeln!(io::stderr(), "{text}");
    }

    /// Keeps the line if lines are held back, else shows it.
    fn close_with(&self, line: Closing) {
        if let Some(held) = &mut *self.closing.borrow_mut() {
            held.push(line);
            return;
        }
        match line {
            Closing::Note(line) => self.note(&line),
            Closing::Warning(line) => self.warn(&line),
        }
    }

    fn clear(&self) {
        if self.terminal && self.progress.borrow().is_some() {
            let _ = write!(io::stderr(), "{CLEAR_LINE}");
        }
    }
}

impl Console for Terminal {
    fn answers(&self) -> bool {
        self.answers
    }

    fn confirm(&self, question: &str) -> Option<bool> {
        if !self.answers {
            return None;
        }
        self.clear();
        // The line editor sees Ctrl-C while it waits, and asks at the terminal wherever the results go.
        let config = Config::builder().behavior(Behavior::PreferTerm).build();
        let mut lines = DefaultEditor::with_config(config).ok()?;
        match lines.readline(&format!("{} [y/N] ", safe_text(question))) {
            Ok(answer) => Some(is_yes(&answer)),
            Err(ReadlineError::Interrupted | ReadlineError::Eof) => Some(false),
            Err(_) => None,
        }
    }

    fn secret(&self, prompt: &str) -> Option<String> {
        if !self.answers {
            return None;
        }
        self.clear();
        let _ = write!(io::stderr(), "{}", safe_text(prompt));
        let typed = hidden_line();
        let _ = writeln!(io::stderr());
        typed
    }

    fn ask(&self, prompt: &str) -> Option<String> {
        if !self.answers {
            return None;
        }
        self.clear();
        let config = Config::builder().behavior(Behavior::PreferTerm).build();
        let mut lines = DefaultEditor::with_config(config).ok()?;
        lines.readline(safe_text(prompt).as_ref()).ok()
    }

    fn note(&self, line: &str) {
        self.line(&safe_text(line));
    }

    fn warn(&self, line: &str) {
        let line = safe_text(line);
        if self.colour {
            self.line(&format!("{YELLOW}warning:{PLAIN} {line}"));
        } else {
            self.line(&format!("warning: {line}"));
        }
    }

    fn note_at_end(&self, line: &str) {
        self.close_with(Closing::Note(line.to_owned()));
    }

    fn warn_at_end(&self, line: &str) {
        self.close_with(Closing::Warning(line.to_owned()));
    }

    fn begin_line(&self) {
        *self.closing.borrow_mut() = Some(Vec::new());
    }

    fn end_line(&self) {
        let held = self.closing.borrow_mut().take();
        for (line, times) in counted(held.unwrap_or_default()) {
            self.close_with(line.told_often(times));
        }
    }

    fn progress(&self, what: &str, done: Option<u64>, total: Option<u64>) {
        let Some(done) = done else {
            self.clear();
            *self.progress.borrow_mut() = None;
            return;
        };
        let now = Instant::now();
        let mut progress = self.progress.borrow_mut();
        let current = progress.get_or_insert(Progress {
            began: now,
            told: now,
        });
        let every = if self.terminal {
            TERMINAL_EVERY
        } else {
            LOG_EVERY
        };
        if now.duration_since(current.told) < every {
            return;
        }
        current.told = now;
        let elapsed = now.duration_since(current.began);
        let line = progress_line(what, (done, total), elapsed);
        if self.terminal {
            let width = error_width().unwrap_or(usize::MAX);
            let line = with_bar(line, done, total, width);
            let _ = write!(io::stderr(), "{CLEAR_LINE}{line}");
        } else {
            let _ = writeln!(io::stderr(), "{line}");
        }
    }
}

/// A line of standard input, with the terminal's echo off while it is typed.
fn hidden_line() -> Option<String> {
    let stdin = io::stdin();
    let shown = tcgetattr(&stdin).ok()?;
    let mut hidden = shown.clone();
    hidden.local_flags.remove(LocalFlags::ECHO);
    tcsetattr(&stdin, SetArg::TCSAFLUSH, &hidden).ok()?;
    let mut line = String::new();
    let read = stdin.read_line(&mut line);
    let _ = tcsetattr(&stdin, SetArg::TCSAFLUSH, &shown);
    read.ok().map(|_| line)
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

fn progress_line(what: &str, (done, total): (u64, Option<u64>), elapsed: Duration) -> String {
    let millis = elapsed.as_millis().max(1);
    let rate = u128::from(done) * 1_000 / millis;
    match total {
        Some(total) if rate > 0 && total >= done => {
            let left = u128::from(total - done) / rate;
            format!(
                "{what}: {done} of {total}, {rate}/s, {} left",
                time_left(left)
            )
        }
        _ => format!("{what}: {done}, {rate}/s"),
    }
}

fn time_left(seconds: u128) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

/// The line with a bar where there is room for one; cut where there is not even room for the line.
fn with_bar(line: String, done: u64, total: Option<u64>, width: usize) -> String {
    let room = width.saturating_sub(line.chars().count() + 4);
    let Some(total) = total.filter(|total| *total > 0 && room >= BAR) else {
        return line.chars().take(width.saturating_sub(1)).collect();
    };
    let cells = u64::try_from(BAR).unwrap_or(u64::MAX);
    let full = usize::try_from(done.min(total).saturating_mul(cells) / total).unwrap_or(BAR);
    format!("[{}{}] {line}", "#".repeat(full), "-".repeat(BAR - full))
}

/// Columns of the terminal that shows progress and errors.
pub(crate) fn error_width() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size_of(io::stderr())?;
    Some(usize::from(width.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_is_a_yes() {
        assert!(is_yes("y\n") && is_yes(" YES "));
        assert!(!is_yes("") && !is_yes("n") && !is_yes("yup"));
    }

    #[test]
    fn what_a_loop_says_again_and_again_is_shown_once() {
        let note = |text: &str| Closing::Note(text.to_owned());
        let lines = vec![
            note("a"),
            note("b"),
            note("a"),
            Closing::Warning("a".into()),
        ];
        let told: Vec<Closing> = counted(lines)
            .into_iter()
            .map(|(line, times)| line.told_often(times))
            .collect();
        let expected = [note("a (2 times)"), note("b"), Closing::Warning("a".into())];
        assert!(told == expected);
    }

    #[test]
    fn progress_tells_the_rate_and_the_time_left() {
        let two_seconds = Duration::from_secs(2);
        assert_eq!(
            progress_line("Set-User", (500, None), two_seconds),
            "Set-User: 500, 250/s"
        );
        assert_eq!(
            progress_line("Set-User", (500, Some(1_500)), two_seconds),
            "Set-User: 500 of 1500, 250/s, 4 s left"
        );
        assert_eq!(
            progress_line("Set-User", (0, Some(10)), Duration::ZERO),
            "Set-User: 0, 0/s"
        );
        assert_eq!(
            progress_line("Set-User", (10, Some(2_410)), two_seconds * 5),
            "Set-User: 10 of 2410, 1/s, 40 min 0 s left"
        );
    }

    #[test]
    fn a_bar_stands_where_there_is_room() {
        let line = || "Set-User: 5 of 10".to_owned();
        let bar = format!("[{}{}] {}", "#".repeat(10), "-".repeat(10), line());
        assert_eq!(with_bar(line(), 5, Some(10), 80), bar);
        assert_eq!(with_bar(line(), 5, Some(10), 30), line());
        assert_eq!(with_bar(line(), 5, None, 80), line());
        assert_eq!(with_bar(line(), 5, None, 9), "Set-User");
    }
}
