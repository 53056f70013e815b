//! A moment in time: microseconds since 1970 in UTC, shown as ISO 8601. The clock is not read here.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, Utc};

/// A moment in UTC, to the microsecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant {
    micros: i64,
}

impl Instant {
    /// The moment this many microseconds after 1970.
    pub fn from_micros(micros: i64) -> Self {
        Self { micros }
    }

    /// Microseconds since 1970.
    pub fn micros(self) -> i64 {
        self.micros
    }

    /// Reads `2026-11-23`, `2026-11-23T10:00`, `2026-11-23 10:00:00.5` and RFC 3339; without an
    /// offset the time is taken as UTC.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        // Most texts that are asked about are no dates at all: four digits and a dash decide fast.
        let bytes = text.as_bytes();
        if bytes.len() < 10 || bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
            return None;
        }
        if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
            return Some(Self::from(moment.with_timezone(&Utc)));
        }
        if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            return Some(Self::from(day.and_hms_opt(0, 0, 0)?.and_utc()));
        }
        [
            "%Y-%m-%dT%H:%M:%S%.f",
            "%Y-%m-%d %H:%M:%S%.f",
            "%Y-%m-%dT%H:%M",
            "%Y-%m-%d %H:%M",
        ]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
        .map(|moment| Self::from(moment.and_utc()))
    }

    /// The same moment as a calendar date and time; none beyond the calendar's range.
    pub fn to_utc(self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_micros(self.micros)
    }
}

impl From<DateTime<Utc>> for Instant {
    fn from(moment: DateTime<Utc>) -> Self {
        Self::from_micros(moment.timestamp_micros())
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_utc() {
            Some(moment) if self.micros % 1_000_000 == 0 => {
                f.write_str(&moment.to_rfc3339_opts(SecondsFormat::Secs, true))
            }
            Some(moment) => {
                let text = moment.to_rfc3339_opts(SecondsFormat::Micros, true);
                let digits = text.trim_end_matches('Z').trim_end_matches('0');
                write!(f, "{digits}Z")
            }
            None => write!(f, "{}us", self.micros),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_that_are_read_and_how_they_are_shown() {
        for (text, shown) in [
            ("2026-11-23", "2026-11-23T00:00:00Z"),
            ("2026-11-23T10:00", "2026-11-23T10:00:00Z"),
            ("2026-11-23 10:00:01", "2026-11-23T10:00:01Z"),
            ("2026-11-23T10:00:01.250Z", "2026-11-23T10:00:01.25Z"),
            ("2026-11-23T10:00:00+02:00", "2026-11-23T08:00:00Z"),
            ("1899-12-31T23:59:59.000001Z", "1899-12-31T23:59:59.000001Z"),
            (" 2024-02-29 ", "2024-02-29T00:00:00Z"),
        ] {
            assert_eq!(
                Instant::parse(text).map(|i| i.to_string()).as_deref(),
                Some(shown),
                "{text}"
            );
        }
        for text in [
            "",
            "23.11.2026",
            "2026-13-01",
            "2026-02-29",
            "2026-11-2x",
            "2026-11-23T25:00",
        ] {
            assert_eq!(Instant::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_moment_beyond_the_calendar_is_still_shown() {
        assert_eq!(
            Instant::from_micros(i64::MAX).to_string(),
            format!("{}us", i64::MAX)
        );
    }
}
