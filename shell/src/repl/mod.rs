//! The prompt: reads a line (or several, until its brackets close), runs it, shows what it gave, goes on.

mod complete;
#[cfg(test)]
mod complete_test;
mod console;
mod editor;
mod greeting;
mod habits;
mod lookup;
mod offer;

use std::cell::RefCell;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::atomic::Ordering;

use directories::ProjectDirs;
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{CompletionType, Config};
use usher_object::Value;

pub(crate) use console::{Terminal, error_width};

use crate::budget::counted;
use crate::error::{Result, Severity, ShellError};
use crate::output::{OutputOptions, Results, terminal_width};
use crate::report::{self, Look};
use crate::script::{Interpreter, Output};
use crate::session::Session;
use editor::Editor;
use greeting::Greeting;
use habits::{Entered, entered};

/// Digits after which a word is taken for a token, or the most of one.
const LEAST_DIGITS: usize = 24;
/// Lines that the history keeps.
const HISTORY: usize = 10_000;
/// What places of a typed line are called.
const SOURCE: &str = "<prompt>";

type Lines = rustyline::Editor<Editor, FileHistory>;

/// Shows what a line gives, and keeps it for `$last`.
struct Shown {
    session: Rc<Session>,
    options: OutputOptions,
    results: RefCell<Option<Results<io::Stdout>>>,
    objects: RefCell<Vec<Value>>,
}

impl Output for Shown {
    fn write(&self, value: Value) -> Result<()> {
        self.objects.borrow_mut().push(value.clone());
        let mut results = self.results.borrow_mut();
        if results.is_none() {
            // The window may have been resized since the last line.
            let options = OutputOptions {
                format: self.session.format.get(),
                width: terminal_width(),
                ..self.options
            };
            *results = Some(Results::new(options, io::stdout())?);
        }
        results
            .as_ref()
            .map_or(Ok(()), |results| results.write(value))
    }
}

impl Shown {
    /// Writes what was held back, and hands out the objects of the line.
    fn end(&self) -> Result<Vec<Value>> {
        let objects = std::mem::take(&mut *self.objects.borrow_mut());
        match self.results.borrow_mut().take() {
            Some(results) => results.finish().map(|()| objects),
            None => Ok(objects),
        }
    }
}

/// Runs the prompt until Ctrl-D, `exit` or `exit(n)`; gives the exit code. `first` is a script that is run before, if it
/// is there: the person's own settings.
pub(crate) fn run(
    session: Rc<Session>,
    options: OutputOptions,
    first: Option<PathBuf>,
) -> Result<i32> {
    session.at_prompt.set(true);
    session.connection.offer_commands();
    let shown = Rc::new(Shown {
        session: Rc::clone(&session),
        options,
        results: RefCell::default(),
        objects: RefCell::default(),
    });
    let mut interpreter =
        Interpreter::new(Rc::clone(&session), Rc::clone(&shown) as Rc<dyn Output>);
    let mut lines = editor(&session, options.colour)?;
    let history = history_file();
    if let Some(history) = &history {
        let _ = lines.load_history(history);
    }
    let mut greeting = Greeting::default();
    if let Some(script) = first.filter(|script| script.is_file()) {
        let ended = one_line(&session, &mut interpreter, &shown, options, |interpreter| {
            interpreter.run_file(&script, &[])
        });
        if let Some(code) = ended {
            return Ok(code);
        }
        if let Some(editor) = lines.helper() {
            editor.know(interpreter.known_names(), interpreter.known_properties());
        }
    }
    loop {
        // Ctrl-C was for the line before.
        session.stop_flag().store(false, Ordering::Relaxed);
        greeting.look(&session);
        match lines.readline(&greeting.prompt(&session)) {
            Ok(line) if line.trim().is_empty() => {}
            Ok(line) => {
                if !holds_token(&line) {
                    session.remember_line(&line);
                    let _ = lines.add_history_entry(line.as_str());
                    if let Some(history) = &history {
                        let _ = lines.append_history(history);
                    }
                }
                let line = match entered(&line, &interpreter.known_names().0) {
                    Entered::Leave => return Ok(0),
                    Entered::Clear => {
                        let _ = lines.clear_screen();
                        continue;
                    }
                    Entered::Script(script) => script,
                };
                let ended = one_line(&session, &mut interpreter, &shown, options, |interpreter| {
                    interpreter.run_text(SOURCE, &line)
                });
                if let Some(code) = ended {
                    return Ok(code);
                }
                if let Some(editor) = lines.helper() {
                    editor.know(interpreter.known_names(), interpreter.known_properties());
                }
            }
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => return Ok(0),
            Err(error) => {
                return Err(ShellError::new(
                    "TERMINAL",
                    format!("The terminal cannot be read: {error}"),
                ));
            }
        }
    }
}

/// Runs one line; gives the exit code if it ends the shell.
fn one_line(
    session: &Session,
    interpreter: &mut Interpreter,
    shown: &Shown,
    options: OutputOptions,
    run: impl FnOnce(&mut Interpreter) -> Result<()>,
) -> Option<i32> {
    session.stop_flag().store(false, Ordering::Relaxed);
    if let Some(width) = terminal_width() {
        session.width.set(width);
    }
    session.console.begin_line();
    let ran = run(interpreter);
    let objects = shown.end();
    session.console.end_line();
    if let more @ 1.. = session.untold_refusals() {
        let more = counted(more, "more refused row");
        session
            .console
            .warn(&format!("and {more}; $Error has them"));
    }
    let ended = ran.and(objects.map(|objects| {
        if !objects.is_empty() {
            interpreter.set_last(objects);
        }
    }));
    let error = ended.err()?;
    if let Severity::Exit(code) = error.severity {
        return Some(code);
    }
    let source = error
        .place
        .as_ref()
        .and_then(|place| interpreter.source(&place.source));
    let text = source.as_ref().map(|source| source.text.as_str());
    let _ = writeln!(
        io::stderr(),
        "{}",
        report::render(
            &error,
            text,
            Look {
                colour: options.colour,
                width: error_width(),
            }
        )
    );
    None
}

fn editor(session: &Rc<Session>, colour: bool) -> Result<Lines> {
    let failed = |error: ReadlineError| {
        ShellError::new("TERMINAL", format!("The terminal cannot be used: {error}"))
    };
    let config = Config::builder()
        .max_history_size(HISTORY)
        .map_err(failed)?
        .history_ignore_dups(true)
        .map_err(failed)?
        .history_ignore_space(true)
        .completion_type(CompletionType::Circular)
        .bracketed_paste(true)
        .build();
    let mut lines = Lines::with_config(config).map_err(failed)?;
    lines.set_helper(Some(Editor::new(Rc::clone(session), colour)));
    Ok(lines)
}

/// The file of the history; none where there is no place for it.
fn history_file() -> Option<PathBuf> {
    let folders = ProjectDirs::from("", "", "usher")?;
    let folder = folders.state_dir().unwrap_or_else(|| folders.data_dir());
    fs::create_dir_all(folder).ok()?;
    Some(folder.join("history.txt"))
}

/// Whether somebody typed a token, which must get into no file.
fn holds_token(line: &str) -> bool {
    let mut parts = line.split("usher_").skip(1);
    parts.any(|part| {
        let digits = part.chars().take_while(char::is_ascii_hexdigit);
        digits.count() >= LEAST_DIGITS
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_a_token_is_kept_nowhere() {
        let token = format!("usher_{}", "0a".repeat(36));
        assert!(holds_token(&format!("$t = '{token}'")));
        assert!(!holds_token("Get-User usher_dead@contoso.com"));
    }
}
