//! Rows that were refused: kept in `$Error`, counted for the exit code, told in one line each where they are no
//! objects of the pipeline.

use usher::v1::ErrorReason;
use usher_object::Value;

use crate::client::Sent;
use crate::cmdlet::{Arguments, ChangeOptions, Host};
use crate::error::{Result, Severity, ShellError};
use crate::types::{self, Refusal};

/// What a command whose objects are no outcomes does with a row that is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnRefusal {
    /// Ends with the error.
    Throw,
    /// Says so, and goes on.
    Tell,
    /// Goes on; `$Error` has it.
    KeepQuiet,
}

impl OnRefusal {
    /// As `-ErrorAction` says; what is named alone throws unless it says otherwise.
    pub(crate) fn of(args: &Arguments, single: bool) -> Self {
        match args.text("ErrorAction") {
            Some("SilentlyContinue") => Self::KeepQuiet,
            Some("Stop") => Self::Throw,
            Some(_) => Self::Tell,
            None if single => Self::Throw,
            None => Self::Tell,
        }
    }

    /// Keeps the refusal, or gives it back to be thrown.
    pub(crate) fn keep(
        self,
        host: Host<'_>,
        mut error: ShellError,
        about: &str,
    ) -> Option<ShellError> {
        match self {
            Self::Throw => return Some(error),
            Self::Tell => refused(host, error, about),
            Self::KeepQuiet => {
                error.target.get_or_insert_with(|| about.to_owned());
                refused_row(host, error, Value::Null);
            }
        }
        None
    }
}

/// A row refused by a command whose objects are no outcomes.
pub(crate) fn refused(host: Host<'_>, mut error: ShellError, about: &str) {
    error.target.get_or_insert_with(|| about.to_owned());
    if host.session.may_tell_refusal() {
        host.session
            .console
            .warn(&format!("{about}: {}", error.message));
    }
    refused_row(host, error, Value::Null);
}

/// A refused row that is an object of the pipeline, or another that says more than its error.
pub(crate) fn refused_row(host: Host<'_>, error: ShellError, object: Value) {
    remember_row(host, error, object);
    host.session.count_failed_row();
}

/// A row that would be refused: `$Error` has it, and the exit code does not.
pub(crate) fn remember_row(host: Host<'_>, error: ShellError, object: Value) {
    let entry = types::ERROR.object(&Refusal { error, object });
    host.session.remember_error(entry);
}

/// Whether the error is about one object that names nothing; the others can go on.
pub(crate) fn names_nothing(error: &ShellError) -> bool {
    error.severity == Severity::Script
        && matches!(
            error.code.as_str(),
            "INPUT_WITHOUT_VALUE" | "ARGUMENT_INVALID"
        )
}

/// What stands for an object that names nothing: its place among all.
pub(crate) fn nth_object(row: usize) -> String {
    format!("object {}", row.saturating_add(1))
}

/// The error of an object that names nothing, told by the place of the object.
pub(crate) fn of_object(row: usize, error: ShellError) -> ShellError {
    error.target(nth_object(row))
}

/// The same for who sees nothing but the message.
pub(crate) fn thrown(about: &str, mut error: ShellError) -> ShellError {
    if names_nothing(&error) {
        error.message = format!("{about}: {}", error.message);
    }
    error
}

/// The error about who was named alone. In a script that may be inside a loop, which it need not end.
pub(crate) fn alone(host: Host<'_>, options: &ChangeOptions, mut error: ShellError) -> ShellError {
    if error.code == ErrorReason::UserNotFound.code() && !host.session.at_prompt.get() {
        let on = format!(
            "In a loop -ErrorAction Continue goes on after it, and a list does so by itself: … | {}",
            options.command()
        );
        let fix = error.fix.iter().chain([&on]);
        error.fix = Some(fix.map(String::as_str).collect::<Vec<_>>().join("\n"));
    }
    error
}

/// The call about what an object names. An object that names nothing is a call that is refused, so that the others go
/// on.
pub(crate) fn sent<T>(
    row: usize,
    name: Result<String>,
    call: impl FnOnce(String) -> Sent<T>,
) -> Result<Sent<T>> {
    match name {
        Ok(name) => Ok(call(name)),
        Err(error) if names_nothing(&error) => {
            Ok(Sent::refused(nth_object(row), of_object(row, error)))
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cmdlets::fixture::Fixture;

    #[test]
    fn at_the_prompt_many_refused_rows_have_few_lines_and_all_are_kept() {
        for (at_prompt, lines, untold) in [(false, 30, 0), (true, 20, 10)] {
            let fixture = Fixture::new();
            fixture.session.at_prompt.set(at_prompt);
            for row in 0..30 {
                let error = ShellError::new("GONE", "Gone");
                refused(fixture.host(), error, &format!("row {row}"));
            }
            assert_eq!(fixture.told.lines.borrow().len(), lines);
            assert_eq!(fixture.session.untold_refusals(), untold);
            assert_eq!(fixture.session.errors().len(), 30);
            fixture.session.begin();
            assert_eq!(fixture.session.untold_refusals(), 0);
        }
    }
}
