//! The one error of this crate: a code, the cause, the fix, and where in the input it happened.

use std::fmt;

/// Result of every fallible operation on objects.
pub type Result<T> = std::result::Result<T, ObjectError>;

/// What kind of thing went wrong; scripts see it as the `Code` of the error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorCode {
    /// A name that a typed object does not have.
    PropertyNotFound,
    /// Two properties of one name.
    PropertyDuplicate,
    /// Values without an order between them.
    ValueNotComparable,
    /// A number was needed.
    ValueNotNumeric,
    /// A result beyond the range of decimals.
    NumberTooLarge,
    /// A wildcard or expression that cannot be read.
    PatternInvalid,
    /// CSV that cannot be read or written.
    CsvInvalid,
    /// JSON that cannot be read.
    JsonInvalid,
    /// Nesting beyond the limit.
    JsonTooDeep,
    /// Bytes that are no text.
    TextNotDecodable,
    /// The source failed.
    ReadFailed,
    /// The destination failed.
    WriteFailed,
}

impl ErrorCode {
    /// The code as scripts and people see it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PropertyNotFound => "PROPERTY_NOT_FOUND",
            Self::PropertyDuplicate => "PROPERTY_DUPLICATE",
            Self::ValueNotComparable => "VALUE_NOT_COMPARABLE",
            Self::ValueNotNumeric => "VALUE_NOT_NUMERIC",
            Self::NumberTooLarge => "NUMBER_TOO_LARGE",
            Self::PatternInvalid => "PATTERN_INVALID",
            Self::CsvInvalid => "CSV_INVALID",
            Self::JsonInvalid => "JSON_INVALID",
            Self::JsonTooDeep => "JSON_TOO_DEEP",
            Self::TextNotDecodable => "TEXT_NOT_DECODABLE",
            Self::ReadFailed => "READ_FAILED",
            Self::WriteFailed => "WRITE_FAILED",
        }
    }
}

/// A place in an input file, both counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Line.
    pub line: u64,
    /// Column, in characters.
    pub column: u64,
}

/// A failed operation on objects: sentence with the cause, sentence with the fix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectError {
    /// What kind of thing went wrong.
    pub code: ErrorCode,
    /// The cause, in a sentence.
    pub cause: String,
    /// What to do about it, in a sentence.
    pub fix: String,
    /// Where in the input, if it has places.
    pub position: Option<Position>,
    /// The name that is wrong, as written, if it is one name.
    pub name: Option<String>,
}

impl ObjectError {
    /// An error without a place.
    pub fn new(code: ErrorCode, cause: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            code,
            cause: cause.into(),
            fix: fix.into(),
            position: None,
            name: None,
        }
    }

    /// The same error at this place.
    #[must_use]
    pub fn at(mut self, line: u64, column: u64) -> Self {
        self.position = Some(Position { line, column });
        self
    }
}

impl fmt::Display for ObjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cause)?;
        if let Some(position) = self.position {
            write!(f, " (line {}, column {})", position.line, position.column)?;
        }
        Ok(())
    }
}

impl std::error::Error for ObjectError {}

/// More properties than this hide the one that was meant.
const MOST_NAMED: usize = 12;

/// A property was asked for that the record's type does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownProperty {
    /// The type that was asked.
    pub type_name: String,
    /// The name as written.
    pub name: String,
    /// The names most like the one asked for, best first; empty when none is.
    pub nearest: Vec<String>,
    /// All names the type has, in order.
    pub known: Vec<String>,
}

impl fmt::Display for UnknownProperty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} has no property `{}`", self.type_name, self.name)
    }
}

impl std::error::Error for UnknownProperty {}

impl UnknownProperty {
    /// What to do about it: the nearest names, or else all of them.
    pub fn fix(&self) -> String {
        match self.nearest.as_slice() {
            [] if self.known.is_empty() => "It has no properties at all".to_owned(),
            [] if self.known.len() > MOST_NAMED => {
                format!("… | Get-Member lists its {} properties", self.known.len())
            }
            [] => format!("Its properties are {}", self.known.join(", ")),
            [only] => format!("Did you mean `{only}`?"),
            several => format!("Did you mean one of `{}`?", several.join("`, `")),
        }
    }
}

impl From<UnknownProperty> for ObjectError {
    fn from(unknown: UnknownProperty) -> Self {
        Self {
            name: Some(unknown.name.clone()),
            ..Self::new(
                ErrorCode::PropertyNotFound,
                unknown.to_string(),
                unknown.fix(),
            )
        }
    }
}

impl From<std::io::Error> for ObjectError {
    fn from(error: std::io::Error) -> Self {
        Self::new(
            ErrorCode::WriteFailed,
            format!("The output could not be written: {error}"),
            "Check the path, the free space and the permissions",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_property_names_the_nearest_or_all() {
        let mut unknown = UnknownProperty {
            type_name: "User".into(),
            name: "Depratment".into(),
            nearest: vec!["Department".into()],
            known: vec!["Id".into(), "Department".into()],
        };
        let error = ObjectError::from(unknown.clone());
        assert_eq!(error.to_string(), "User has no property `Depratment`");
        assert_eq!(error.fix, "Did you mean `Department`?");
        unknown.nearest.clear();
        assert_eq!(unknown.fix(), "Its properties are Id, Department");
        unknown.known = (0..27).map(|n| format!("P{n}")).collect();
        assert_eq!(unknown.fix(), "… | Get-Member lists its 27 properties");
    }

    #[test]
    fn a_position_is_shown_after_the_cause() {
        let error = ObjectError::new(ErrorCode::CsvInvalid, "Bad row", "Mend it").at(3, 7);
        assert_eq!(error.to_string(), "Bad row (line 3, column 7)");
    }
}
