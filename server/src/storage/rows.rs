//! What the rows of the tables have in common when they become the domain's types: versions that
//! end, JSON columns, and numbers that stand for a choice.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::StoreError;

/// A row of a versioned table.
pub(crate) trait Version {
    /// Ends the row at a revision.
    fn end(&mut self, to_rev: i64);
}

macro_rules! versions {
    ($($table:ident)*) => {$(
        impl Version for super::entity::$table::Model {
            fn end(&mut self, to_rev: i64) {
                self.to_rev = Some(to_rev);
            }
        }
    )*};
}

versions!(users assignments waiting over_allocations subscriptions products product_plans plans rules roles tenants);

pub(crate) fn to_json(value: &impl Serialize) -> Result<Value, StoreError> {
    serde_json::to_value(value)
        .map_err(|error| StoreError::Corrupt(format!("a value that has no JSON form: {error}")))
}

pub(crate) fn from_json<T: DeserializeOwned>(what: &str, value: Value) -> Result<T, StoreError> {
    serde_json::from_value(value)
        .map_err(|error| StoreError::Corrupt(format!("{what} that cannot be read: {error}")))
}

/// Maps the variants of an enum to the small numbers that stand for them in a column.
macro_rules! small_numbers {
    ($type:ty, $to:ident, $from:ident, $what:literal, { $($variant:pat => $value:expr, $number:literal;)* }) => {
        pub(crate) fn $to(value: &$type) -> i16 {
            match value { $($variant => $number,)* }
        }

        pub(crate) fn $from(number: i16) -> Result<$type, $crate::storage::error::StoreError> {
            match number {
                $($number => Ok($value),)*
                other => Err($crate::storage::error::StoreError::Corrupt(format!(
                    concat!($what, " {}"), other
                ))),
            }
        }
    };
}

pub(crate) use small_numbers;
