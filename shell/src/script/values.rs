//! Values of the script language and of the pipeline, each turned into the other.

use std::cell::RefCell;
use std::rc::Rc;

use rhai::{Array, Dynamic, FnPtr, ImmutableString, Map};
use rust_decimal::Decimal;
use usher_object::{Instant, Record, TypeCache, Value};

use crate::error::{Result, ShellError};

/// Nesting that a value may have on its way into or out of a pipeline; deeper ones could exhaust the stack.
const MAX_DEPTH: usize = 100;

/// The pipeline's form of a script value. Blocks have none.
pub(super) fn to_value(dynamic: &Dynamic) -> Result<Value> {
    from_dynamic(dynamic, MAX_DEPTH)
}

fn from_dynamic(dynamic: &Dynamic, depth: usize) -> Result<Value> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(ShellError::new(
            "LIMIT_EXCEEDED",
            format!("A value is nested more than {MAX_DEPTH} deep"),
        )
        .fix("Flatten it, or convert it to text first: ConvertTo-Json"));
    };
    // A captured variable is shared between the block and its surroundings.
    if dynamic.is_shared() {
        return from_dynamic(&dynamic.flatten_clone(), depth);
    }
    if dynamic.is_unit() {
        return Ok(Value::Null);
    }
    if let Some(record) = dynamic.read_lock::<Record>() {
        return Ok(Value::Record(record.clone()));
    }
    if let Some(text) = dynamic.read_lock::<ImmutableString>() {
        return Ok(Value::Text(Rc::from(text.as_str())));
    }
    if let Ok(number) = dynamic.as_int() {
        return Ok(Value::Int(number));
    }
    if let Ok(truth) = dynamic.as_bool() {
        return Ok(Value::Bool(truth));
    }
    if let Ok(number) = dynamic.as_float() {
        return Ok(Value::Float(number));
    }
    if let Some(items) = dynamic.read_lock::<Array>() {
        let items: Result<Vec<Value>> =
            items.iter().map(|item| from_dynamic(item, depth)).collect();
        return Ok(Value::from(items?));
    }
    if let Some(map) = dynamic.read_lock::<Map>() {
        return from_map(&map, depth);
    }
    if let Ok(number) = dynamic.as_decimal() {
        return Ok(Value::Decimal(number));
    }
    if let Some(instant) = dynamic.read_lock::<Instant>() {
        return Ok(Value::Instant(*instant));
    }
    if let Ok(letter) = dynamic.as_char() {
        return Ok(Value::text(letter.to_string()));
    }
    if let Some(range) = dynamic.read_lock::<std::ops::Range<i64>>() {
        return Ok(Value::text(format!("{}..{}", range.start, range.end)));
    }
    if let Some(range) = dynamic.read_lock::<std::ops::RangeInclusive<i64>>() {
        return Ok(Value::text(format!("{}..={}", range.start(), range.end())));
    }
    if dynamic.is::<FnPtr>() {
        return Err(ShellError::new(
            "VALUE_NOT_DATA",
            "A block is not data and cannot be in the pipeline",
        )
        .fix("Call it first: block.call(value)"));
    }
    Ok(Value::text(dynamic.to_string()))
}

fn from_map(map: &Map, depth: usize) -> Result<Value> {
    let names: Vec<&str> = map.keys().map(|name| name.as_str()).collect();
    let values: Result<Vec<Value>> = map
        .values()
        .map(|value| from_dynamic(value, depth))
        .collect();
    let record = MAP_TYPES
        .with_borrow_mut(|types| types.record(&names, values?).map_err(ShellError::from))?;
    Ok(Value::Record(record))
}

thread_local! {
    /// Maps with the same keys, made one after another, share their type: rows of a table.
    static MAP_TYPES: RefCell<TypeCache> = RefCell::new(TypeCache::new("Object", false));
}

/// The script's form of a pipeline value.
pub(super) fn to_dynamic(value: &Value) -> Dynamic {
    match value {
        Value::Null => Dynamic::UNIT,
        Value::Bool(truth) => Dynamic::from_bool(*truth),
        Value::Int(number) => Dynamic::from_int(*number),
        Value::Float(number) => Dynamic::from_float(*number),
        Value::Decimal(number) => Dynamic::from_decimal(Decimal::clone(number)),
        Value::Text(text) => Dynamic::from(ImmutableString::from(&**text)),
        Value::Instant(instant) => Dynamic::from(*instant),
        Value::List(items) => Dynamic::from_array(items.iter().map(to_dynamic).collect()),
        Value::Record(record) => Dynamic::from(record.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use usher_object::RecordType;

    fn round(value: &Value) {
        assert_eq!(&to_value(&to_dynamic(value)).unwrap(), value);
    }

    #[test]
    fn every_kind_survives_the_way_there_and_back() {
        let user = RecordType::typed("User", &["Name"]);
        for value in [
            Value::Null,
            true.into(),
            7.into(),
            1.5.into(),
            Decimal::new(1230, 2).into(),
            "text".into(),
            Instant::from_micros(1_000_000).into(),
            Value::list([1.into(), Value::Null, Value::list([])]),
            Record::new(&user, vec!["Adele".into()]).into(),
        ] {
            round(&value);
        }
    }

    #[test]
    fn a_map_becomes_a_record_and_a_shared_value_its_content() {
        let mut map = Map::new();
        map.insert("b".into(), Dynamic::from_int(2).into_shared());
        map.insert("a".into(), Dynamic::from_int(1));
        let value = to_value(&Dynamic::from_map(map).into_shared()).unwrap();
        assert_eq!(value.property("B").unwrap(), Value::Int(2));
    }

    #[test]
    fn too_deep_and_not_data_are_refused() {
        let deep = (0..200).fold(Dynamic::UNIT, |inner, _| Dynamic::from_array(vec![inner]));
        assert_eq!(to_value(&deep).unwrap_err().code, "LIMIT_EXCEEDED");
        let block = Dynamic::from(FnPtr::new("f").unwrap());
        assert_eq!(to_value(&block).unwrap_err().code, "VALUE_NOT_DATA");
    }
}
