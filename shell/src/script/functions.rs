//! Functions of the script language beside the engine's own: casts, and text functions under the names that PowerShell
//! gives them. Rhai changes text in place and answers nothing; here such a function answers the text as well, so that
//! `{ $_.UserPrincipalName.trim() }` has a value.

use std::rc::Rc;
use std::time::{Duration, Instant};

use rhai::{Array, Dynamic, Engine, EvalAltResult, ImmutableString};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use usher_object::Value;
use usher_object::number::Number;

use super::fault;
use super::state::State;
use super::values::{to_dynamic, to_value};
use crate::error::{Result, Severity, ShellError};

type Answer<T> = std::result::Result<T, Box<EvalAltResult>>;

/// Functions of text and lists under PowerShell's names.
pub(super) const OF_TEXT: [&str; 11] = [
    "Trim",
    "Replace",
    "ToUpper",
    "ToLower",
    "Contains",
    "StartsWith",
    "EndsWith",
    "IndexOf",
    "Substring",
    "Split",
    "Join",
];

/// Bytes of text that one call may make.
const MOST_TEXT: usize = 256 * 1024 * 1024;
/// How often a sleeping script looks whether it was stopped.
const POLL: Duration = Duration::from_millis(20);

pub(super) fn register(engine: &mut Engine, state: &Rc<State>) {
    casts(engine);
    for name in ["trim", "Trim"] {
        engine.register_fn(name, |text: &mut ImmutableString| {
            in_place(text, text.trim().into())
        });
    }
    for name in ["replace", "Replace"] {
        engine.register_fn(
            name,
            |text: &mut ImmutableString, from: &str, to: &str| -> Answer<ImmutableString> {
                let replaced = replaced(text, from, to).map_err(fault::raise)?;
                Ok(in_place(text, replaced.into()))
            },
        );
    }
    engine.register_fn("ToUpper", |text: &str| text.to_uppercase());
    engine.register_fn("ToLower", |text: &str| text.to_lowercase());
    engine.register_fn("Contains", |text: &str, part: &str| text.contains(part));
    engine.register_fn("StartsWith", |text: &str, part: &str| {
        text.starts_with(part)
    });
    engine.register_fn("EndsWith", |text: &str, part: &str| text.ends_with(part));
    engine.register_fn("IndexOf", |text: &str, part: &str| -> i64 {
        let at = text.find(part);
        at.map_or(-1, |at| characters(&text[..at]))
    });
    engine.register_fn("Substring", |text: &str, start: i64| -> Answer<String> {
        part_of(text, start, None).map_err(fault::raise)
    });
    engine.register_fn(
        "Substring",
        |text: &str, start: i64, length: i64| -> Answer<String> {
            part_of(text, start, Some(length)).map_err(fault::raise)
        },
    );
    engine.register_fn("Split", |text: &str, by: &str| -> Array {
        text.split(by)
            .map(|part| Dynamic::from(part.to_owned()))
            .collect()
    });
    for name in ["join", "Join"] {
        engine.register_fn(name, |items: &mut Array, by: &str| -> Answer<String> {
            joined(items, by).map_err(fault::raise)
        });
    }
    let own = Rc::clone(state);
    engine.register_fn("sleep", move |seconds: i64| -> Answer<()> {
        sleep(&own, whole_seconds(seconds)).map_err(fault::raise)
    });
    let own = Rc::clone(state);
    engine.register_fn("sleep", move |seconds: f64| -> Answer<()> {
        sleep(&own, seconds).map_err(fault::raise)
    });
}

fn characters(text: &str) -> i64 {
    i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
}

/// Counted in characters, from 0.
fn part_of(text: &str, start: i64, length: Option<i64>) -> Result<String> {
    let all = characters(text);
    let length = length.unwrap_or(all.saturating_sub(start));
    let is_within = start >= 0 && length >= 0 && start.saturating_add(length) <= all;
    let number = |count: i64| usize::try_from(count).unwrap_or_default();
    if is_within {
        let part = text.chars().skip(number(start)).take(number(length));
        return Ok(part.collect());
    }
    Err(ShellError::new(
        "ARGUMENT_INVALID",
        format!("`{text}` has {all} characters; {length} from place {start} on are not there"),
    )
    .fix("Places count from 0"))
}

fn in_place(text: &mut ImmutableString, changed: ImmutableString) -> ImmutableString {
    *text = changed.clone();
    changed
}

fn casts(engine: &mut Engine) {
    engine.register_fn("number", |value: Dynamic| -> Answer<Dynamic> {
        let number = number(&value).map_err(fault::raise)?;
        Ok(to_dynamic(&Value::from(number)))
    });
    engine.register_fn("decimal", |value: Dynamic| -> Answer<Decimal> {
        let decimal = match number(&value).map_err(fault::raise)? {
            Number::Int(whole) => Some(Decimal::from(whole)),
            Number::Decimal(decimal) => Some(decimal),
            Number::Float(float) => Decimal::from_f64(float),
        };
        decimal.ok_or_else(|| fault::raise(not_a_number(&value)))
    });
}

fn number(value: &Dynamic) -> Result<Number> {
    match to_value(value)? {
        Value::Int(whole) => Ok(Number::Int(whole)),
        Value::Float(float) => Ok(Number::Float(float)),
        Value::Decimal(decimal) => Ok(Number::Decimal(decimal)),
        Value::Bool(truth) => Ok(Number::Int(i64::from(truth))),
        Value::Text(text) => Number::parse(&text).ok_or_else(|| not_a_number(value)),
        _ => Err(not_a_number(value)),
    }
}

fn not_a_number(value: &Dynamic) -> ShellError {
    let shown = to_value(value).map_or_else(|_| "a block".to_owned(), |value| format!("`{value}`"));
    ShellError::new("VALUE_NOT_NUMERIC", format!("{shown} is not a number"))
        .fix("Write digits, with a point before the fraction")
}

fn replaced(text: &str, from: &str, to: &str) -> Result<String> {
    let found = if to.len() > from.len() {
        text.matches(from).count()
    } else {
        0
    };
    room(text.len().saturating_add(found.saturating_mul(to.len())))?;
    Ok(text.replace(from, to))
}

fn joined(items: &Array, by: &str) -> Result<String> {
    let mut text = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push_str(by);
        }
        text.push_str(&to_value(item)?.display());
        room(text.len())?;
    }
    Ok(text)
}

fn room(bytes: usize) -> Result<()> {
    if bytes <= MOST_TEXT {
        return Ok(());
    }
    Err(ShellError::new(
        "LIMIT_EXCEEDED",
        format!("One call may make {MOST_TEXT} bytes of text at most, not {bytes}"),
    )
    .fix("Make it in parts")
    .severity(Severity::Limit))
}

/// A sleep is bounded by the time limit long before this bound.
fn whole_seconds(seconds: i64) -> f64 {
    f64::from(i32::try_from(seconds).unwrap_or(if seconds < 0 { 0 } else { i32::MAX }))
}

/// Sleeps in short steps, so that a stopped script stops.
fn sleep(state: &State, seconds: f64) -> Result<()> {
    let wanted = Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX);
    let started = Instant::now();
    while let Some(left) = wanted
        .checked_sub(started.elapsed())
        .filter(|left| !left.is_zero())
    {
        state.session.look()?;
        std::thread::sleep(left.min(POLL));
    }
    Ok(())
}
