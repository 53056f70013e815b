//! Dates in the script language: `(Get-Date).AddDays(-30)`, `$user.CreateTime.Year`, and the difference of two as a
//! duration. Everything is UTC.

use chrono::{Datelike, Months, TimeDelta, Timelike, Utc};
use rhai::{Dynamic, Engine, EvalAltResult};
use usher_object::{Instant, Record, RecordType, Value};

use super::fault;
use super::values::to_dynamic;
use crate::error::{Result, ShellError};

type Answer<T> = std::result::Result<T, Box<EvalAltResult>>;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Functions that move a moment by so much of a unit.
const UNITS: [(&str, i64); 4] = [
    ("AddDays", DAY),
    ("AddHours", HOUR),
    ("AddMinutes", MINUTE),
    ("AddSeconds", SECOND),
];
const PROPERTIES: [&str; 9] = [
    "Year",
    "Month",
    "Day",
    "Hour",
    "Minute",
    "Second",
    "DayOfWeek",
    "DayOfYear",
    "Date",
];

pub(super) fn register(engine: &mut Engine) {
    for (name, unit) in UNITS {
        engine.register_fn(
            name,
            move |moment: Instant, count: i64| -> Answer<Instant> {
                let micros = count.checked_mul(unit);
                let moved = micros.and_then(|micros| moment.micros().checked_add(micros));
                within_calendar(moved).map_err(fault::raise)
            },
        );
        engine.register_fn(
            name,
            move |moment: Instant, count: f64| -> Answer<Instant> {
                let micros = (count * unit as f64).round();
                // What lies beyond ends up at the ends of the numbers, and is refused there.
                let moved = moment.micros().checked_add(micros as i64);
                within_calendar(moved).map_err(fault::raise)
            },
        );
    }
    for (name, months) in [("AddMonths", 1), ("AddYears", 12)] {
        engine.register_fn(
            name,
            move |moment: Instant, count: i64| -> Answer<Instant> {
                moved_by_months(moment, count.checked_mul(months)).map_err(fault::raise)
            },
        );
    }
    engine.register_fn("-", |later: Instant, earlier: Instant| -> Dynamic {
        let micros = later.micros().saturating_sub(earlier.micros());
        to_dynamic(&duration(micros).into())
    });
}

/// A property of a moment.
pub(super) fn property(moment: Instant, name: &str) -> Result<Value> {
    let utc = moment.to_utc().ok_or_else(beyond)?;
    let known = PROPERTIES
        .iter()
        .find(|known| known.eq_ignore_ascii_case(name));
    Ok(match known.copied().unwrap_or_default() {
        "Year" => Value::Int(utc.year().into()),
        "Month" => Value::Int(utc.month().into()),
        "Day" => Value::Int(utc.day().into()),
        "Hour" => Value::Int(utc.hour().into()),
        "Minute" => Value::Int(utc.minute().into()),
        "Second" => Value::Int(utc.second().into()),
        "DayOfWeek" => Value::text(utc.format("%A").to_string()),
        "DayOfYear" => Value::Int(utc.ordinal().into()),
        "Date" => {
            let midnight = moment.micros() - moment.micros().rem_euclid(DAY);
            Value::Instant(Instant::from_micros(midnight))
        }
        _ => {
            return Err(ShellError::new(
                "PROPERTY_NOT_FOUND",
                format!("A date has no property `{name}`"),
            )
            .fix(format!("Its properties are {}", PROPERTIES.join(", "))));
        }
    })
}

/// A duration: whole units that add up, and the whole of it in each unit.
fn duration(micros: i64) -> Record {
    let shape = RecordType::with_columns(
        "Duration",
        &[
            "Days",
            "Hours",
            "Minutes",
            "Seconds",
            "TotalDays",
            "TotalHours",
            "TotalMinutes",
            "TotalSeconds",
        ],
        &["Days", "Hours", "Minutes", "Seconds"],
    );
    let total = |unit: i64| Value::Float(micros as f64 / unit as f64);
    let values = vec![
        Value::Int(micros / DAY),
        Value::Int(micros % DAY / HOUR),
        Value::Int(micros % HOUR / MINUTE),
        Value::Int(micros % MINUTE / SECOND),
        total(DAY),
        total(HOUR),
        total(MINUTE),
        total(SECOND),
    ];
    Record::new(&shape, values)
}

/// Calendar months; a day that the month lacks is its last one.
fn moved_by_months(moment: Instant, months: Option<i64>) -> Result<Instant> {
    let utc = moment.to_utc().ok_or_else(beyond)?;
    let months = months.ok_or_else(beyond)?;
    let count = u32::try_from(months.unsigned_abs()).map_err(|_| beyond())?;
    let moved = if months < 0 {
        utc.checked_sub_months(Months::new(count))
    } else {
        utc.checked_add_months(Months::new(count))
    };
    moved.map(Instant::from).ok_or_else(beyond)
}

fn within_calendar(micros: Option<i64>) -> Result<Instant> {
    let moved = micros.map(Instant::from_micros);
    let longest = TimeDelta::days(365 * 9_000);
    moved
        .filter(|moved| {
            moved
                .to_utc()
                .is_some_and(|utc| (utc - chrono::DateTime::<Utc>::UNIX_EPOCH).abs() < longest)
        })
        .ok_or_else(beyond)
}

fn beyond() -> ShellError {
    ShellError::new("ARGUMENT_INVALID", "The date lies beyond the calendar")
        .fix("Take a smaller number")
}
