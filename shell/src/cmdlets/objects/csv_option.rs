//! The separator parameter of the CSV commands, and faults of a file with its name.

use usher_object::ObjectError;

use crate::cmdlet::{Arguments, Kind, Param};
use crate::error::{Result, ShellError};

pub(super) const DELIMITER: Param = Param::new(
    "Delimiter",
    Kind::Text,
    "The character between cells: , ; or a tab (\"\\t\")",
);

/// The separator that was given.
pub(super) fn delimiter(args: &Arguments) -> Result<Option<char>> {
    let Some(text) = args.text(DELIMITER.name) else {
        return Ok(None);
    };
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(only), None) => Ok(Some(only)),
        _ => Err(ShellError::new(
            "ARGUMENT_INVALID",
            format!("-Delimiter takes one character; it was given `{text}`"),
        )
        .fix("-Delimiter ';'")
        .target(DELIMITER.name)),
    }
}

/// A fault in a file, with the file's name.
pub(super) fn in_file(error: ObjectError, path: &str) -> ShellError {
    let mut shown = ShellError::from(error).target(path);
    shown.message = format!("{path}: {}", shown.message);
    shown
}
