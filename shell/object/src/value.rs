//! The values of the pipeline. Blocks never live in a value; comparison is in `compare`.

use std::fmt;
use std::rc::Rc;

use rust_decimal::Decimal;

use crate::error::UnknownProperty;
use crate::instant::Instant;
use crate::number::Number;
use crate::record::Record;

/// Nesting below which `display` writes `…`, so that text of a deep object stays short.
const DISPLAY_DEPTH: usize = 8;

/// One value; cloning is cheap, contents are immutable and shared within one thread.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Value {
    #[default]
    /// `$null`.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating point number.
    Float(f64),
    /// An exact decimal, such as money.
    Decimal(Decimal),
    /// Text.
    Text(Rc<str>),
    /// A date with time, in UTC.
    Instant(Instant),
    /// A list.
    List(Rc<[Value]>),
    /// An object with properties.
    Record(Record),
}

impl Value {
    /// A text.
    pub fn text(text: impl AsRef<str>) -> Self {
        Self::Text(Rc::from(text.as_ref()))
    }

    /// A list.
    pub fn list(items: impl IntoIterator<Item = Value>) -> Self {
        Self::List(items.into_iter().collect())
    }

    /// Whether it is `$null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether it is a number of any kind.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Int(_) | Self::Float(_) | Self::Decimal(_))
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The record, if it is one.
    pub fn as_record(&self) -> Option<&Record> {
        match self {
            Self::Record(record) => Some(record),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// How conditions count it: `$null`, `false`, `0`, `""` and `[]` are false.
    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => *value,
            Self::Int(number) => *number != 0,
            Self::Float(number) => *number != 0.0 && !number.is_nan(),
            Self::Decimal(number) => !number.is_zero(),
            Self::Text(text) => !text.is_empty(),
            Self::List(items) => !items.is_empty(),
            Self::Instant(_) | Self::Record(_) => true,
        }
    }

    /// The type as messages and Get-Member name it.
    pub fn type_name(&self) -> &str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) | Self::Float(_) => "number",
            Self::Decimal(_) => "decimal",
            Self::Text(_) => "text",
            Self::Instant(_) => "date",
            Self::List(_) => "list",
            Self::Record(record) => record.record_type().name(),
        }
    }

    /// The property of a record, of each item of a list, or of nothing (which is nothing).
    /// Lists and other single values answer `Count`.
    pub fn property(&self, name: &str) -> Result<Value, UnknownProperty> {
        match self {
            Self::Null => Ok(Self::Null),
            Self::Record(record) => match record.get(name) {
                Ok(value) => Ok(value.clone()),
                Err(_) if name.eq_ignore_ascii_case("Count") => Ok(Self::Int(1)),
                Err(unknown) => Err(unknown),
            },
            Self::List(items) if name.eq_ignore_ascii_case("Count") => {
                Ok(Self::Int(i64::try_from(items.len()).unwrap_or(i64::MAX)))
            }
            Self::List(items) => items
                .iter()
                .map(|item| item.property(name))
                .collect::<Result<Rc<[Value]>, _>>()
                .map(Self::List),
            _ if name.eq_ignore_ascii_case("Count") => Ok(Self::Int(1)),
            _ => Err(UnknownProperty {
                type_name: self.type_name().to_owned(),
                name: name.to_owned(),
                nearest: Vec::new(),
                known: vec!["Count".to_owned()],
            }),
        }
    }

    /// The text of the value, the same in every culture.
    pub fn display(&self) -> Rc<str> {
        match self {
            Self::Text(text) => Rc::clone(text),
            other => other.to_string().into(),
        }
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(number) => write!(f, "{number}"),
            Self::Float(number) => f.write_str(&float_text(*number)),
            Self::Decimal(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::Instant(moment) => write!(f, "{moment}"),
            Self::List(_) | Self::Record(_) if depth == 0 => f.write_str("…"),
            Self::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    item.write(f, depth - 1)?;
                }
                Ok(())
            }
            Self::Record(record) => {
                f.write_str("@{")?;
                for (index, (name, value)) in record.iter().enumerate() {
                    let separator = if index > 0 { "; " } else { "" };
                    write!(f, "{separator}{name}=")?;
                    value.write(f, depth - 1)?;
                }
                f.write_str("}")
            }
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, DISPLAY_DEPTH)
    }
}

/// A float as text: the shortest that reads back. Large and tiny ones have an exponent; beyond 1e15
/// the plain form would show digits that the number does not have.
pub fn float_text(number: f64) -> String {
    let size = number.abs();
    if number.is_infinite() {
        return if number < 0.0 {
            "-Infinity"
        } else {
            "Infinity"
        }
        .to_owned();
    }
    if size != 0.0 && !(1e-5..1e15).contains(&size) && !number.is_nan() {
        format!("{number:e}")
    } else {
        format!("{number}")
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Int(value.into())
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Int(value.into())
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        i64::try_from(value).map_or_else(|_| Self::Decimal(Decimal::from(value)), Self::Int)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<Decimal> for Value {
    fn from(value: Decimal) -> Self {
        Self::Decimal(value)
    }
}

impl From<Number> for Value {
    fn from(value: Number) -> Self {
        match value {
            Number::Int(number) => Self::Int(number),
            Number::Decimal(number) => Self::Decimal(number),
            Number::Float(number) => Self::Float(number),
        }
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.into())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value.into())
    }
}

impl From<Rc<str>> for Value {
    fn from(value: Rc<str>) -> Self {
        Self::Text(value)
    }
}

impl From<Instant> for Value {
    fn from(value: Instant) -> Self {
        Self::Instant(value)
    }
}

impl From<Record> for Value {
    fn from(value: Record) -> Self {
        Self::Record(value)
    }
}

impl From<Vec<Value>> for Value {
    fn from(value: Vec<Value>) -> Self {
        Self::List(value.into())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::RecordType;

    fn user() -> Value {
        let user = RecordType::typed("User", &["Name", "Department"]);
        Record::new(&user, vec!["Adele".into()]).into()
    }

    #[test]
    fn what_counts_as_false() {
        let empty = Value::list([]);
        for value in [
            Value::Null,
            0.into(),
            "".into(),
            false.into(),
            0.0.into(),
            f64::NAN.into(),
            empty,
        ] {
            assert!(!value.is_truthy(), "{value:?}");
        }
        for value in [
            1.into(),
            "0".into(),
            Value::list([Value::Null]),
            user(),
            true.into(),
        ] {
            assert!(value.is_truthy(), "{value:?}");
        }
    }

    #[test]
    fn display_is_culture_free_and_bounded() {
        assert_eq!(Value::from(1.5).to_string(), "1.5");
        assert_eq!(Value::from(1.0).to_string(), "1");
        assert_eq!(Value::from(1e300).to_string(), "1e300");
        assert_eq!(
            Value::from(2.105543928182409e16).to_string(),
            "2.105543928182409e16"
        );
        assert_eq!(Value::from(Decimal::new(1230, 2)).to_string(), "12.30");
        assert_eq!(
            Value::list([1.into(), Value::Null, "a".into()]).to_string(),
            "1, , a"
        );
        assert_eq!(user().to_string(), "@{Name=Adele; Department=}");
        let deep = (0..100_000).fold(Value::Int(1), |inner, _| Value::list([inner]));
        assert_eq!(deep.to_string(), "…");
        // Dropping it would recurse; the test is about the text.
        std::mem::forget(deep);
    }

    #[test]
    fn properties_of_nothing_of_lists_and_of_single_values() {
        assert_eq!(Value::Null.property("Anything"), Ok(Value::Null));
        assert_eq!(user().property("department"), Ok(Value::Null));
        assert_eq!(user().property("count"), Ok(Value::Int(1)));
        let two = Value::list([user(), user()]);
        assert_eq!(
            two.property("Name"),
            Ok(Value::list(["Adele".into(), "Adele".into()]))
        );
        assert_eq!(two.property("Count"), Ok(Value::Int(2)));
        assert!(two.property("Nmae").is_err());
        assert_eq!(
            Value::from(5).property("Name").unwrap_err().to_string(),
            "number has no property `Name`"
        );
    }

    #[test]
    fn a_value_stays_small() {
        assert!(size_of::<Value>() <= 24);
    }
}
