//! The one error of the shell: a code, the cause, the fix, and where in the script. How it looks is in `report`.

use std::fmt;

use usher_object::{ObjectError, UnknownProperty};

/// Every fallible function of the shell returns this.
pub type Result<T> = std::result::Result<T, ShellError>;

/// What an error means for the process that runs the script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Severity {
    /// A mistake in the script or its data: exit code 1.
    #[default]
    Script,
    /// The command line itself was wrong: exit code 2.
    Usage,
    /// The service cannot be reached, or does not let the caller in: exit code 4.
    Service,
    /// The user stopped it: exit code 130. `catch` does not see it.
    Stopped,
    /// A limit of the session was passed: exit code 1. `catch` does not see it.
    Limit,
    /// `exit(n)`. `catch` does not see it.
    Exit(i32),
}

/// A place in a script as its author wrote it; lines and columns count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Name of the file, or what stands for it: `<command>`, `<stdin>`, `<prompt>`.
    pub source: String,
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
    /// Characters to mark; at least 1.
    pub length: usize,
}

/// A refusal: stable code, cause, fix.
#[derive(Clone, Debug, PartialEq)]
pub struct ShellError {
    /// Stable code: one of the service's, or of the shell's own.
    pub code: String,
    /// The cause, in a sentence.
    pub message: String,
    /// What to do about it: a sentence, or commands to run, one a line.
    pub fix: Option<String>,
    /// What it is about: a user, a file, a parameter.
    pub target: Option<String>,
    /// Where in the script.
    pub place: Option<Place>,
    /// What it means for the process.
    pub severity: Severity,
}

impl ShellError {
    /// A mistake in the script or its data.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            fix: None,
            target: None,
            place: None,
            severity: Severity::Script,
        }
    }

    /// The user stopped the command.
    pub fn stopped() -> Self {
        Self::new("STOPPED", "Stopped").severity(Severity::Stopped)
    }

    /// With what to do about it.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// With what it is about.
    #[must_use]
    pub fn target(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// With the place, unless a closer one is known already.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place.get_or_insert(place);
        self
    }

    /// With what it means for the process.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Whether `catch` may see it.
    pub fn can_be_caught(&self) -> bool {
        matches!(
            self.severity,
            Severity::Script | Severity::Usage | Severity::Service
        )
    }

    /// The exit code of a process that ends with it.
    pub fn exit_code(&self) -> i32 {
        match self.severity {
            Severity::Script | Severity::Limit => 1,
            Severity::Usage => 2,
            Severity::Service => 4,
            Severity::Stopped => 130,
            Severity::Exit(code) => code,
        }
    }
}

impl fmt::Display for ShellError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ShellError {}

impl From<ObjectError> for ShellError {
    fn from(error: ObjectError) -> Self {
        let mut shown = Self::new(error.code.as_str(), &error.cause);
        if let Some(position) = &error.position {
            shown.message = format!(
                "{} (line {}, column {})",
                error.cause, position.line, position.column
            );
        }
        shown.target = error.name;
        shown.fix(error.fix)
    }
}

impl From<UnknownProperty> for ShellError {
    fn from(error: UnknownProperty) -> Self {
        // What an error has in PowerShell, it is here.
        let of_error = error.type_name == "Error" && error.name.eq_ignore_ascii_case("Exception");
        let fix = if of_error {
            "The error itself has it: $_.Message".to_owned()
        } else {
            error.fix()
        };
        Self::new("PROPERTY_NOT_FOUND", error.to_string())
            .fix(fix)
            .target(error.name)
    }
}
