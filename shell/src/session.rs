//! The session: what lives as long as the shell does. Limits, the connection, `$Error`, the console.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use usher_object::{Instant, Record, RecordType, Value};

use crate::budget::{Budget, counted};
use crate::client::Connection;
use crate::clock;
use crate::cmdlet::{Console, Registry};
use crate::error::{Result, Severity, ShellError};
use crate::output::OutputFormat;
use crate::profiles::{self, Profiles};

/// Entries that `$Error` keeps; older ones fall out.
const ERRORS_KEPT: usize = 10_000;

/// Refused rows that have a line each at the prompt.
const MOST_TOLD: u64 = 20;

/// Calls, and expressions, inside one another.
pub const USUAL_DEPTH: usize = 128;

/// What a script may use (shell.md, "Safety").
#[derive(Clone, Debug)]
pub struct Limits {
    /// Users that one command may change without being asked.
    pub people: usize,
    /// Operations of the script language.
    pub operations: u64,
    /// Bytes that the process may have allocated.
    pub memory: usize,
    /// Nested calls.
    pub call_depth: usize,
    /// Nested expressions.
    pub expression_depth: usize,
    /// How long a script may run.
    pub time: Duration,
    /// Rows that a script may change.
    pub writes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            people: 100,
            operations: 2_000_000_000,
            memory: 2 * 1024 * 1024 * 1024,
            call_depth: USUAL_DEPTH,
            expression_depth: USUAL_DEPTH,
            time: Duration::from_secs(6 * 60 * 60),
            writes: 1_000_000,
        }
    }
}

/// Where files may be read and written.
#[derive(Clone, Debug)]
pub enum FileAccess {
    /// Anywhere: commands typed, given with `-c`, or on standard input.
    Any,
    /// Below these folders only: script files.
    Below(Vec<PathBuf>),
}

/// The session.
pub struct Session {
    /// Commands by name.
    pub registry: Registry,
    /// The connection to the service, made on first use.
    pub connection: Connection,
    /// The person or log at the other end.
    pub console: Rc<dyn Console>,
    /// What a script may use.
    pub limits: Limits,
    /// Users that one command may change without being asked; at first that of the limits.
    pub people_limit: Cell<usize>,
    /// A person types at the prompt.
    pub at_prompt: Cell<bool>,
    /// Form of the results.
    pub(crate) format: Cell<OutputFormat>,
    /// Refuses every changing command.
    pub read_only: Cell<bool>,
    /// The file of the profiles.
    pub(crate) profiles: RefCell<PathBuf>,
    /// Where files may be read and written.
    pub files: RefCell<FileAccess>,
    /// How wide output may be, in columns.
    pub width: Cell<usize>,
    /// Refused rows and errors of this session, newest first: `$Error`.
    errors: RefCell<VecDeque<Value>>,
    /// Rows that were refused, for the exit code.
    failed_rows: Cell<u64>,
    /// Refused rows of this script or line that were told in a line each, and those that were too many for it.
    told_refusals: Cell<u64>,
    untold_refusals: Cell<u64>,
    /// Rows changed so far, against `Limits::writes`.
    writes: Cell<u64>,
    budget: Budget,
    /// Lines entered at the prompt, oldest first.
    lines: RefCell<Vec<String>>,
    /// Which moment it is.
    pub clock: fn() -> Instant,
    stop: Arc<AtomicBool>,
    allocated: fn() -> usize,
}

impl Session {
    /// A session. `stop` is set by Ctrl-C; `allocated` tells how many bytes the process has allocated.
    pub fn new(
        registry: Registry,
        connection: Connection,
        console: Rc<dyn Console>,
        limits: Limits,
        stop: Arc<AtomicBool>,
        allocated: fn() -> usize,
    ) -> Self {
        Self {
            registry,
            connection,
            console,
            people_limit: Cell::new(limits.people),
            at_prompt: Cell::new(false),
            format: Cell::default(),
            limits,
            read_only: Cell::new(false),
            profiles: RefCell::new(profiles::usual_file()),
            files: RefCell::new(FileAccess::Any),
            width: Cell::new(120),
            errors: RefCell::new(VecDeque::new()),
            failed_rows: Cell::new(0),
            told_refusals: Cell::new(0),
            untold_refusals: Cell::new(0),
            writes: Cell::new(0),
            budget: Budget::default(),
            lines: RefCell::default(),
            clock: clock::system,
            stop,
            allocated,
        }
    }

    /// The profiles of this person.
    pub(crate) fn profiles(&self) -> Result<Profiles> {
        Profiles::read(&self.profiles.borrow())
    }

    /// Keeps a line of the prompt for Get-History.
    pub fn remember_line(&self, line: &str) {
        self.lines.borrow_mut().push(line.to_owned());
    }

    /// The lines of the prompt, oldest first.
    pub fn lines(&self) -> Vec<String> {
        self.lines.borrow().clone()
    }

    /// Whether the user has stopped the running command.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// The flag that Ctrl-C sets.
    pub fn stop_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stop)
    }

    /// A new budget of operations and time: each script and each line of the prompt has its own.
    pub fn begin(&self) {
        self.budget.begin();
        self.told_refusals.set(0);
        self.untold_refusals.set(0);
    }

    /// Whether one more refused row may have a line of its own: at the prompt a thousand of them would push all else
    /// off the screen.
    pub fn may_tell_refusal(&self) -> bool {
        let told = self.told_refusals.get();
        let may = !self.at_prompt.get() || told < MOST_TOLD;
        let counter = if may {
            &self.told_refusals
        } else {
            &self.untold_refusals
        };
        counter.set(counter.get().saturating_add(1));
        may
    }

    /// Refused rows of this line that no line told.
    pub fn untold_refusals(&self) -> u64 {
        self.untold_refusals.get()
    }

    /// Counts one operation of the script or one object of a pipeline; fails once the user has stopped it or a limit
    /// is passed.
    pub fn step(&self) -> Result<()> {
        self.not_stopped()?;
        self.budget.step(&self.limits, (self.allocated)())
    }

    /// The same without counting, for what waits.
    pub fn look(&self) -> Result<()> {
        self.not_stopped()?;
        self.budget.look(&self.limits, (self.allocated)())
    }

    fn not_stopped(&self) -> Result<()> {
        if self.is_stopped() {
            return Err(ShellError::stopped());
        }
        Ok(())
    }

    /// Counts rows about to be changed; fails past the limit.
    pub fn count_writes(&self, rows: u64) -> Result<()> {
        let total = self.writes.get().saturating_add(rows);
        if total > self.limits.writes {
            return Err(ShellError::new(
                "LIMIT_EXCEEDED",
                format!(
                    "The script changes more than {}",
                    counted(self.limits.writes, "row")
                ),
            )
            .fix("Split the work, or raise the limit with --max-writes")
            .severity(Severity::Limit));
        }
        self.writes.set(total);
        Ok(())
    }

    /// Adds a refused row or an error to `$Error`.
    pub fn remember_error(&self, error: Value) {
        let mut errors = self.errors.borrow_mut();
        errors.push_front(error);
        errors.truncate(ERRORS_KEPT);
    }

    /// Counts a refused row, for the exit code.
    pub fn count_failed_row(&self) {
        self.failed_rows
            .set(self.failed_rows.get().saturating_add(1));
    }

    /// `$Error`, newest first.
    pub fn errors(&self) -> Vec<Value> {
        self.errors.borrow().iter().cloned().collect()
    }

    /// Rows refused so far.
    pub fn failed_rows(&self) -> u64 {
        self.failed_rows.get()
    }

    /// The session as an object: `$Session`.
    pub fn describe(&self) -> Value {
        let way = self.connection.way();
        let text = |text: Option<String>| text.map_or(Value::Null, Value::from);
        let names = [
            "Server",
            "Profile",
            "Output",
            "ReadOnly",
            "PeopleLimit",
            "FailedRows",
            "RowsChanged",
        ];
        let counted = |count: u64| Value::Int(i64::try_from(count).unwrap_or(i64::MAX));
        let values = vec![
            way.place().into(),
            text(way.profile),
            self.format.get().name().into(),
            self.read_only.get().into(),
            self.people_limit.get().into(),
            counted(self.failed_rows.get()),
            counted(self.writes.get()),
        ];
        Record::new(&RecordType::typed("Session", &names), values).into()
    }
}
