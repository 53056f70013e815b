//! Terms in calendar months and in days, in UTC (R41). No clock.

use std::fmt;

use crate::ids::Instant;

const DAY: i64 = 86_400_000_000;

impl Instant {
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days.saturating_mul(DAY)))
    }

    /// The same day and time so many months on, or the month's last day where it is shorter.
    #[must_use]
    pub fn plus_months(self, months: i64) -> Self {
        let (year, month, day) = civil(self.0.div_euclid(DAY));
        let total = year * 12 + (month - 1) + months;
        let (year, month) = (total.div_euclid(12), total.rem_euclid(12) + 1);
        let day = day.min(days_in(year, month));
        Self(days(year, month, day) * DAY + self.0.rem_euclid(DAY))
    }

    /// How many calendar months lie between two moments, whatever their days are.
    #[must_use]
    pub const fn months_since(self, earlier: Self) -> i64 {
        let (to, from) = (
            civil(self.0.div_euclid(DAY)),
            civil(earlier.0.div_euclid(DAY)),
        );
        (to.0 - from.0) * 12 + to.1 - from.1
    }

    /// The day in UTC, as `2026-01-31`.
    #[must_use]
    pub fn date(self) -> String {
        let (year, month, day) = civil(self.0.div_euclid(DAY));
        format!("{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Display for Instant {
    /// ISO 8601 in UTC, to the second.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil(self.0.div_euclid(DAY));
        let second = self.0.rem_euclid(DAY) / 1_000_000;
        let (hour, minute) = (second / 3_600, second / 60 % 60);
        let second = second % 60;
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
        )
    }
}

fn days_in(year: i64, month: i64) -> i64 {
    let (next_year, next) = if month == 12 {
        (year + 1, 1)
    } else {
        (year, month + 1)
    };
    days(next_year, next, 1) - days(year, month, 1)
}

/// Days since 1970 of a date in the proleptic Gregorian calendar; years begin in March here, so
/// that the leap day is the last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

const fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(year: i64, month: i64, day: i64) -> Instant {
        Instant(days(year, month, day) * DAY + 5)
    }

    #[test]
    fn months_are_clamped_to_their_last_day() {
        assert_eq!(days(1970, 1, 1), 0);
        assert_eq!(days(2026, 11, 23), 20_780);
        assert_eq!(at(2026, 11, 23).to_string(), "2026-11-23T00:00:00Z");
        assert_eq!(Instant(-1).to_string(), "1969-12-31T23:59:59Z");
        assert_eq!(at(2024, 1, 31).plus_months(1), at(2024, 2, 29));
        assert_eq!(at(2025, 1, 31).plus_months(1), at(2025, 2, 28));
        assert_eq!(at(2025, 11, 30).plus_months(3), at(2026, 2, 28));
        assert_eq!(at(2025, 3, 31).plus_months(-1), at(2025, 2, 28));
        assert_eq!(at(2024, 2, 29).plus_months(12), at(2025, 2, 28));
    }

    #[test]
    fn months_are_counted_whatever_their_days_are() {
        let start = at(2026, 1, 31);
        assert_eq!(at(2026, 2, 28).months_since(start), 1);
        assert_eq!(at(2027, 1, 1).months_since(start), 12);
        assert_eq!(start.months_since(start), 0);
        assert_eq!(start.date(), "2026-01-31");
    }

    proptest! {
        #[test]
        fn months_added_are_months_counted(day in -10_000i64..40_000, months in 0i64..200) {
            let start = Instant(day * DAY);
            prop_assert_eq!(start.plus_months(months).months_since(start), months);
        }

        #[test]
        fn a_date_is_its_day_number(day in -1_000_000i64..1_000_000) {
            let (year, month, of_month) = civil(day);
            prop_assert!((1..=12).contains(&month) && (1..=days_in(year, month)).contains(&of_month));
            prop_assert_eq!(days(year, month, of_month), day);
            prop_assert_eq!(civil(day + 1) > civil(day), true);
        }
    }
}
