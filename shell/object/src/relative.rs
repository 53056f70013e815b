//! Moments told from now: `yesterday`, `3 days ago`, `-3d`, `in 2 weeks`. Days begin at midnight in UTC.

use chrono::{DateTime, Days, Months, TimeDelta, Utc};

use crate::instant::Instant;

#[derive(Clone, Copy)]
enum Unit {
    Minutes,
    Hours,
    Days,
    Months,
}

/// The moment that this text tells from now.
pub fn moment(text: &str, now: Instant) -> Option<Instant> {
    let text = text.trim().to_ascii_lowercase();
    let now = now.to_utc()?;
    let day = now.date_naive().and_hms_opt(0, 0, 0)?.and_utc();
    let moment = match text.as_str() {
        "now" => now,
        "today" => day,
        "yesterday" => day.checked_sub_days(Days::new(1))?,
        "tomorrow" => day.checked_add_days(Days::new(1))?,
        _ => {
            let (forwards, count, unit) = read(&text)?;
            moved(now, forwards, count, unit)?
        }
    };
    Some(moment.into())
}

/// `3 days ago`, `in 3 days`, `-3d`, `+3d`.
fn read(text: &str) -> Option<(bool, u32, Unit)> {
    let short = |rest: &str| {
        let letters = rest.find(|c: char| !c.is_ascii_digit())?;
        amount(rest.get(..letters)?, rest.get(letters..)?)
    };
    if let Some(rest) = text.strip_prefix('-') {
        return short(rest).map(|(count, unit)| (false, count, unit));
    }
    if let Some(rest) = text.strip_prefix('+') {
        return short(rest).map(|(count, unit)| (true, count, unit));
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let (forwards, count, unit) = match words[..] {
        [count, unit, "ago"] => (false, count, unit),
        ["in", count, unit] => (true, count, unit),
        _ => return None,
    };
    amount(count, unit).map(|(count, unit)| (forwards, count, unit))
}

fn amount(count: &str, unit: &str) -> Option<(u32, Unit)> {
    let count: u32 = match count {
        "a" | "an" | "one" => 1,
        digits => digits.parse().ok()?,
    };
    let (times, unit) = match unit.trim() {
        "min" | "minute" | "minutes" => (1, Unit::Minutes),
        "h" | "hour" | "hours" => (1, Unit::Hours),
        "d" | "day" | "days" => (1, Unit::Days),
        "w" | "week" | "weeks" => (7, Unit::Days),
        "mo" | "month" | "months" => (1, Unit::Months),
        "y" | "year" | "years" => (12, Unit::Months),
        _ => return None,
    };
    Some((count.checked_mul(times)?, unit))
}

fn moved(now: DateTime<Utc>, forwards: bool, count: u32, unit: Unit) -> Option<DateTime<Utc>> {
    let span = match unit {
        Unit::Months if forwards => return now.checked_add_months(Months::new(count)),
        Unit::Months => return now.checked_sub_months(Months::new(count)),
        Unit::Minutes => TimeDelta::try_minutes(count.into()),
        Unit::Hours => TimeDelta::try_hours(count.into()),
        Unit::Days => TimeDelta::try_days(count.into()),
    }?;
    if forwards {
        now.checked_add_signed(span)
    } else {
        now.checked_sub_signed(span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<String> {
        let now = Instant::parse("2026-03-31T10:30:00Z")?;
        moment(text, now).map(|moment| moment.to_string())
    }

    #[test]
    fn moments_told_from_now() {
        for (text, shown) in [
            ("now", "2026-03-31T10:30:00Z"),
            ("Today", "2026-03-31T00:00:00Z"),
            (" yesterday ", "2026-03-30T00:00:00Z"),
            ("tomorrow", "2026-04-01T00:00:00Z"),
            ("3 days ago", "2026-03-28T10:30:00Z"),
            ("-3d", "2026-03-28T10:30:00Z"),
            ("an hour ago", "2026-03-31T09:30:00Z"),
            ("-90min", "2026-03-31T09:00:00Z"),
            ("-2w", "2026-03-17T10:30:00Z"),
            ("1 month ago", "2026-02-28T10:30:00Z"),
            ("in 2 weeks", "2026-04-14T10:30:00Z"),
            ("+1y", "2027-03-31T10:30:00Z"),
        ] {
            assert_eq!(told(text).as_deref(), Some(shown), "{text}");
        }
    }

    #[test]
    fn what_tells_no_moment() {
        for text in [
            "",
            "-",
            "-3",
            "-d",
            "3 days",
            "days ago",
            "-3.5d",
            "--3d",
            "3 fortnights ago",
            "-3m",
            "-4294967295y",
            "in 99999999999 days",
            "-4294967295w",
            "-3ü",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
    }
}
