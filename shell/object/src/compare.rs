//! The one comparison: operators, Where-, Sort-, Group-Object and -Unique all ask here.
//! Sorting and grouping go by `Key`; operators first bring text to the type of the other side.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::error::{ErrorCode, ObjectError, Result};
use crate::fold;
use crate::instant::Instant;
use crate::number::{Number, NumberKey};
use crate::value::Value;

/// A value as sorting and grouping see it: totally ordered, equal where the values count as equal.
/// The order of kinds is that of the variants: nothing, bool, numbers, dates, text, lists, records.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// `$null`.
    Null,
    /// False before true.
    Bool(bool),
    /// Numbers of all kinds.
    Number(NumberKey),
    /// Dates.
    Instant(Instant),
    /// Text, folded.
    Text(Rc<str>),
    /// Lists, item by item.
    List(Rc<[Key]>),
    /// Records, property by property in their order.
    Record(Rc<[(Rc<str>, Key)]>),
}

impl From<&Value> for Key {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Int(number) => Self::Number((*number).into()),
            Value::Float(number) => Self::Number((*number).into()),
            Value::Decimal(number) => Self::Number((*number).into()),
            Value::Text(text) => Self::Text(fold::fold_shared(text)),
            Value::Instant(moment) => Self::Instant(*moment),
            Value::List(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Record(record) => {
                let names = record
                    .record_type()
                    .properties()
                    .iter()
                    .map(fold::fold_shared);
                Self::Record(names.zip(record.values().iter().map(Self::from)).collect())
            }
        }
    }
}

/// The order in which sorting puts two values.
pub fn sort_order(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => left.cmp(right),
        (Value::Text(left), Value::Text(right)) => order_texts(left, right),
        _ => Key::from(left).cmp(&Key::from(right)),
    }
}

fn order_texts(left: &str, right: &str) -> Ordering {
    if left.is_ascii() && right.is_ascii() {
        let lower = |byte: u8| byte.to_ascii_lowercase();
        left.bytes().map(lower).cmp(right.bytes().map(lower))
    } else {
        fold::fold(left).cmp(&fold::fold(right))
    }
}

/// `-eq`. Text equals a number, a date or a bool that it reads as; a list on the left of a single
/// value equals it if any of its items does.
pub fn equals(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => fold::equal(left, right),
        (Value::List(items), other) if !matches!(other, Value::List(_)) => {
            items.iter().any(|item| equals(item, other))
        }
        (Value::Text(text), other) => {
            converted(text, other).is_some_and(|text| text == Key::from(other))
        }
        (other, Value::Text(text)) => {
            converted(text, other).is_some_and(|text| text == Key::from(other))
        }
        _ => Key::from(left) == Key::from(right),
    }
}

/// The order behind `-lt -le -gt -ge`. Nothing comes before everything, and so does empty text
/// where the other side is not text (an empty CSV cell is a missing value).
pub fn order(left: &Value, right: &Value) -> Result<Ordering> {
    let not_comparable = || incomparable(left, right);
    match (left, right) {
        (Value::List(_) | Value::Record(_), other) | (other, Value::List(_) | Value::Record(_)) => {
            if other.is_null() {
                Ok(left.is_null().cmp(&right.is_null()).reverse())
            } else {
                Err(not_comparable())
            }
        }
        (Value::Null, _) | (_, Value::Null) => Ok(right.is_null().cmp(&left.is_null())),
        (Value::Text(left), Value::Text(right)) => Ok(order_texts(left, right)),
        (Value::Text(text), other) => {
            let key = ordered(text, other).ok_or_else(not_comparable)?;
            Ok(key.cmp(&Key::from(other)))
        }
        (other, Value::Text(text)) => {
            let key = ordered(text, other).ok_or_else(not_comparable)?;
            Ok(Key::from(other).cmp(&key))
        }
        _ => match (Key::from(left), Key::from(right)) {
            (Key::Bool(left), Key::Bool(right)) => Ok(left.cmp(&right)),
            (Key::Number(left), Key::Number(right)) => Ok(left.cmp(&right)),
            (Key::Instant(left), Key::Instant(right)) => Ok(left.cmp(&right)),
            _ => Err(not_comparable()),
        },
    }
}

/// The text as a key of the other side's type; none if it does not read as such.
fn converted(text: &str, other: &Value) -> Option<Key> {
    match other {
        Value::Int(_) | Value::Float(_) | Value::Decimal(_) => {
            Number::parse(text).map(|number| Key::Number(number.key()))
        }
        Value::Instant(_) => Instant::parse(text).map(Key::Instant),
        Value::Bool(_) if fold::equal(text, "true") => Some(Key::Bool(true)),
        Value::Bool(_) if fold::equal(text, "false") => Some(Key::Bool(false)),
        _ => None,
    }
}

/// Like `converted`, but empty text is a missing value.
fn ordered(text: &str, other: &Value) -> Option<Key> {
    if text.is_empty() {
        Some(Key::Null)
    } else {
        converted(text, other)
    }
}

fn incomparable(left: &Value, right: &Value) -> ObjectError {
    ObjectError::new(
        ErrorCode::ValueNotComparable,
        format!(
            "`{left}` ({}) and `{right}` ({}) have no order",
            left.type_name(),
            right.type_name()
        ),
        "Compare values of one type; number(…) makes a number of text",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::TypeCache;
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    fn date(text: &str) -> Value {
        Instant::parse(text).unwrap().into()
    }

    #[test]
    fn what_is_equal() {
        let record = |name: &str| {
            Value::from(
                TypeCache::new("T", false)
                    .record(&[name], vec!["X".into()])
                    .unwrap(),
            )
        };
        for (left, right) in [
            ("Sales".into(), "SALES".into()),
            (5.into(), 5.0.into()),
            (Decimal::new(50, 1).into(), 5.into()),
            ("5".into(), 5.into()),
            (5.into(), "5.0".into()),
            ("True".into(), true.into()),
            (date("2026-01-01"), "2026-01-01".into()),
            (Value::Null, Value::Null),
            (Value::list(["a".into(), "b".into()]), "B".into()),
            (Value::list(["a".into()]), Value::list(["A".into()])),
            (record("Name"), record("name")),
        ] {
            assert!(equals(&left, &right), "{left:?} {right:?}");
        }
        for (left, right) in [
            ("".into(), Value::Null),
            (Value::Null, 0.into()),
            (0.into(), "".into()),
            (1.into(), true.into()),
            ("x".into(), 5.into()),
            (Value::list([]), Value::Null),
            (record("Name"), record("Other")),
        ] {
            assert!(!equals(&left, &right), "{left:?} {right:?}");
        }
    }

    #[test]
    fn order_of_operators() {
        for (small, large) in [
            ("9".into(), 10.into()),
            (9.into(), "10".into()),
            ("a".into(), "B".into()),
            (Value::Null, (-5).into()),
            ("".into(), (-5).into()),
            (date("2026-01-01"), "2026-01-02".into()),
            ("2026-01-01".into(), date("2026-01-01T00:00:01Z")),
            (false.into(), true.into()),
            (Value::Null, Value::list([])),
        ] {
            assert_eq!(
                order(&small, &large),
                Ok(Ordering::Less),
                "{small:?} {large:?}"
            );
            assert_eq!(
                order(&large, &small),
                Ok(Ordering::Greater),
                "{small:?} {large:?}"
            );
        }
        assert_eq!(order(&Value::Null, &Value::Null), Ok(Ordering::Equal));
    }

    #[test]
    fn what_has_no_order_says_so() {
        let error = order(&"n/a".into(), &30.into()).unwrap_err();
        assert_eq!(error.code, ErrorCode::ValueNotComparable);
        assert_eq!(
            error.to_string(),
            "`n/a` (text) and `30` (number) have no order"
        );
        for (left, right) in [
            (1.into(), true.into()),
            (date("2026-01-01"), 5.into()),
            (Value::list([]), 1.into()),
        ] {
            assert!(order(&left, &right).is_err(), "{left:?} {right:?}");
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let single = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            (-3_i64..3).prop_map(Value::Int),
            any::<i64>().prop_map(Value::Int),
            any::<f64>().prop_map(Value::Float),
            (-3_i64..3, 0_u32..2)
                .prop_map(|(digits, scale)| Value::Decimal(Decimal::new(digits, scale))),
            "[aAbBß]{0,2}".prop_map(Value::from),
            (-3_i64..3).prop_map(|micros| Value::Instant(Instant::from_micros(micros))),
        ];
        single.prop_recursive(2, 6, 3, |inner| {
            prop::collection::vec(inner, 0..3).prop_map(Value::from)
        })
    }

    proptest! {
        #[test]
        fn sorting_has_a_total_order(a in any_value(), b in any_value(), c in any_value()) {
            prop_assert_eq!(sort_order(&a, &b), sort_order(&b, &a).reverse());
            prop_assert_eq!(sort_order(&a, &a), Ordering::Equal);
            if sort_order(&a, &b).is_le() && sort_order(&b, &c).is_le() {
                prop_assert!(sort_order(&a, &c).is_le());
            }
            prop_assert_eq!(sort_order(&a, &b), Key::from(&a).cmp(&Key::from(&b)));
        }

        #[test]
        fn order_and_equality_agree(a in any_value(), b in any_value()) {
            let single = !matches!((&a, &b), (Value::List(_), _) | (_, Value::List(_)));
            if single && let Ok(order) = order(&a, &b) {
                prop_assert_eq!(order.is_eq(), equals(&a, &b));
            }
        }
    }
}
