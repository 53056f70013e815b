//! Moments on the wire and in the domain, which counts microseconds.

use chrono::{DateTime, SecondsFormat};
use prost_types::Timestamp;
use usher_domain::ids::Instant;

const MICROS: i64 = 1_000_000;
const NANOS: i64 = 1_000;
/// The range of a protobuf timestamp: the years 1 to 9999.
const RANGE: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

/// The moment, or `None` if it is no valid timestamp. Parts of a microsecond are dropped.
pub(crate) fn from_wire(timestamp: Timestamp) -> Option<Instant> {
    let nanos = i64::from(timestamp.nanos);
    if !RANGE.contains(&timestamp.seconds) || !(0..1_000_000_000).contains(&nanos) {
        return None;
    }
    Some(Instant(timestamp.seconds * MICROS + nanos / NANOS))
}

/// A moment as people read it: UTC, to the second.
pub(crate) fn text(instant: Instant) -> String {
    DateTime::from_timestamp_micros(instant.0).map_or_else(
        || format!("{} microseconds after 1970", instant.0),
        |moment| moment.to_rfc3339_opts(SecondsFormat::Secs, true),
    )
}

/// The timestamp of a moment.
pub(crate) fn to_wire(instant: Instant) -> Timestamp {
    let nanos = instant.0.rem_euclid(MICROS) * NANOS;
    Timestamp {
        seconds: instant.0.div_euclid(MICROS),
        nanos: i32::try_from(nanos).unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_survives_the_way_there_and_back() {
        for micros in [0, 1, -1, 999_999, -1_000_001, 1_795_000_000_123_456] {
            assert_eq!(from_wire(to_wire(Instant(micros))), Some(Instant(micros)));
        }
    }

    #[test]
    fn a_timestamp_outside_its_range_is_none() {
        for (seconds, nanos) in [(0, -1), (0, 1_000_000_000), (i64::MAX, 0), (i64::MIN, 0)] {
            assert_eq!(from_wire(Timestamp { seconds, nanos }), None);
        }
    }
}
