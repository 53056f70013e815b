//! The table that a run prints. Nothing is measured here.

use std::fmt;

/// One figure.
pub(crate) struct Line {
    /// What was measured.
    pub(crate) what: String,
    /// The figure, in its unit.
    pub(crate) measured: f64,
    /// `/s` where more is better, `ms` and `MB` where less is.
    pub(crate) unit: &'static str,
    /// The same work, as bare as it can be, or as it would plainly be written.
    pub(crate) floor: Option<(&'static str, f64)>,
    /// What it should be.
    pub(crate) aim: Option<Aim>,
}

/// What a figure should be.
#[derive(Clone, Copy)]
pub(crate) enum Aim {
    /// So many times the floor.
    TimesFloor(f64),
    /// At least this, of what is better if it is more.
    AtLeast(f64),
    /// At most this, of what is better if it is less.
    AtMost(f64),
}

impl Line {
    pub(crate) fn rate(what: impl Into<String>, measured: f64) -> Self {
        Self {
            what: what.into(),
            measured,
            unit: "/s",
            floor: None,
            aim: None,
        }
    }

    pub(crate) fn milliseconds(what: impl Into<String>, measured: f64) -> Self {
        Self {
            what: what.into(),
            measured,
            unit: "ms",
            floor: None,
            aim: None,
        }
    }

    pub(crate) fn megabytes(what: impl Into<String>, measured: f64) -> Self {
        Self {
            unit: "MB",
            ..Self::milliseconds(what, measured)
        }
    }

    pub(crate) fn floor(mut self, name: &'static str, value: f64) -> Self {
        self.floor = Some((name, value));
        self
    }

    pub(crate) fn aim(mut self, aim: Aim) -> Self {
        self.aim = Some(aim);
        self
    }

    fn ratio(&self) -> Option<f64> {
        self.floor.map(|(_, floor)| self.measured / floor)
    }

    fn verdict(&self) -> String {
        let Some(aim) = self.aim else {
            return String::new();
        };
        let (text, met) = match aim {
            Aim::TimesFloor(times) => (
                format!("{times} × floor"),
                self.ratio().is_some_and(|ratio| ratio >= times),
            ),
            Aim::AtLeast(least) => (format!("≥ {}", grouped(least)), self.measured >= least),
            Aim::AtMost(most) => (format!("≤ {}", grouped(most)), self.measured <= most),
        };
        format!("{text} {}", if met { "met" } else { "MISSED" })
    }
}

/// All figures of a run.
#[derive(Default)]
pub(crate) struct Report {
    lines: Vec<Line>,
}

impl Report {
    pub(crate) fn extend(&mut self, lines: impl IntoIterator<Item = Line>) {
        self.lines.extend(lines);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heading =
            ["measured", "", "floor", "ratio", "aim", "what the floor is"].map(str::to_owned);
        let mut rows = vec![("".to_owned(), heading)];
        for line in &self.lines {
            let (name, floor) = line
                .floor
                .map_or_else(Default::default, |(name, floor)| (name, grouped(floor)));
            let ratio = line
                .ratio()
                .map_or_else(String::new, |ratio| format!("{ratio:.2}"));
            let cells = [
                grouped(line.measured),
                line.unit.to_owned(),
                floor,
                ratio,
                line.verdict(),
                name.to_owned(),
            ];
            rows.push((line.what.clone(), cells));
        }
        let width = |cell: usize| {
            rows.iter()
                .map(|(_, cells)| cells[cell].chars().count())
                .max()
                .unwrap_or(0)
        };
        let what = rows
            .iter()
            .map(|(what, _)| what.chars().count())
            .max()
            .unwrap_or(0);
        let widths: Vec<usize> = (0..6).map(width).collect();
        for (name, [measured, unit, floor, ratio, aim, floor_name]) in &rows {
            writeln!(
                f,
                "{name:what$}  {measured:>0$} {unit:1$}  {floor:>2$}  {ratio:>3$}  {aim:4$}  {floor_name}",
                widths[0], widths[1], widths[2], widths[3], widths[4]
            )?;
        }
        Ok(())
    }
}

/// A figure as people read it: thousands grouped, fractions only where they say something.
fn grouped(value: f64) -> String {
    if value < 100.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
