//! What the translation writes for operators and conditions: PowerShell's comparisons over script values, and what
//! counts as true.

use std::ops::{Range, RangeInclusive};
use std::rc::Rc;

use rhai::{Array, Dynamic, Engine, EvalAltResult, ImmutableString, Map};
use usher_object::{Comparer, Operator, Record};

use super::fault;
use super::values::to_value;
use crate::error::Result;

type Answer<T> = std::result::Result<T, Box<EvalAltResult>>;

/// Registers `__truth` and one function for each comparison, `__eq` to `__notcontains`.
pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("__truth", |value: Dynamic| truth(&value));
    let comparer = Rc::new(Comparer::new());
    for operator in Operator::ALL {
        let comparer = Rc::clone(&comparer);
        engine.register_fn(
            format!("__{}", operator.name()),
            move |left: Dynamic, right: Dynamic| -> Answer<bool> {
                compare(&comparer, operator, &left, &right).map_err(fault::raise)
            },
        );
    }
}

fn compare(
    comparer: &Comparer,
    operator: Operator,
    left: &Dynamic,
    right: &Dynamic,
) -> Result<bool> {
    let in_range = match operator {
        Operator::In | Operator::NotIn => range_holds(right, left),
        Operator::Contains | Operator::NotContains => range_holds(left, right),
        _ => None,
    };
    if let Some(holds) = in_range {
        return Ok(holds == matches!(operator, Operator::In | Operator::Contains));
    }
    Ok(comparer.apply(operator, &to_value(left)?, &to_value(right)?)?)
}

/// A range is asked, not written out: it may be endless.
fn range_holds(range: &Dynamic, item: &Dynamic) -> Option<bool> {
    let exclusive = range
        .read_lock::<Range<i64>>()
        .map(|range| (range.start, range.end));
    let inclusive = range
        .read_lock::<RangeInclusive<i64>>()
        .map(|range| (*range.start(), range.end().saturating_add(1)));
    let (start, end) = exclusive.or(inclusive)?;
    Some(item.as_int().is_ok_and(|item| (start..end).contains(&item)))
}

/// How conditions count a value: `$null`, `false`, `0`, `""` and `[]` are false.
pub(super) fn truth(value: &Dynamic) -> bool {
    if let Ok(truth) = value.as_bool() {
        return truth;
    }
    if value.is_unit() {
        return false;
    }
    if let Some(text) = value.read_lock::<ImmutableString>() {
        return !text.is_empty();
    }
    if let Some(items) = value.read_lock::<Array>() {
        return !items.is_empty();
    }
    if value.is::<Record>() || value.is::<Map>() {
        return true;
    }
    to_value(value).map_or(true, |value| value.is_truthy())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eval(script: &str) -> bool {
        let mut engine = Engine::new();
        register(&mut engine);
        engine.eval(script).unwrap()
    }

    #[test]
    fn text_compares_without_case() {
        assert!(eval(r#"__eq("Sales", "SALES")"#));
        assert!(!eval(r#"__ne("Sales", "SALES")"#));
        assert!(eval(r#"__like("adele@contoso.com", "ADELE*")"#));
        assert!(eval(r#"__in("de", ["DE", "FR"])"#));
        assert!(eval("__eq((), ())"));
    }

    #[test]
    fn what_counts_as_false() {
        for script in ["()", "0", "\"\"", "[]", "false", "0.0"] {
            assert!(!eval(&format!("__truth({script})")), "{script}");
        }
        for script in ["1", "\"a\"", "[()]", "true", "#{}"] {
            assert!(eval(&format!("__truth({script})")), "{script}");
        }
    }
}
