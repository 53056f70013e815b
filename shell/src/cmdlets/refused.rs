//! Rows that were refused: kept in `$Error`, counted for the exit code, told in one line each where they are no
//! objects of the pipeline.

use usher_object::Value;

use crate::cmdlet::Host;
use crate::error::ShellError;
use crate::types;

/// A row refused by a command whose objects are no outcomes.
pub(crate) fn refused(host: Host<'_>, mut error: ShellError, about: &str) {
    error.target.get_or_insert_with(|| about.to_owned());
    host.session
        .console
        .warn(&format!("{about}: {}", error.message));
    refused_row(host, types::ERROR.object(&error));
}

/// A refused row that is an object of the pipeline.
pub(crate) fn refused_row(host: Host<'_>, row: Value) {
    host.session.remember_error(row);
    host.session.count_failed_row();
}
