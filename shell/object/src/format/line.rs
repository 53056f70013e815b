//! A figure over time, and its line as text: braille dots with the range at the left and the first and the last moment
//! below.

use unicode_width::UnicodeWidthStr;

use crate::instant::Instant;
use crate::value::float_text;

/// Cells that a line has at most and at least, and how high it is.
const MOST_CELLS: usize = 120;
const LEAST_CELLS: usize = 10;
const ROWS: usize = 10;
/// Dots of one braille character.
const ACROSS: usize = 2;
const DOWN: usize = 4;
/// The bits of a braille character by column and row of its dots.
const BITS: [[u8; DOWN]; ACROSS] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];
const BRAILLE: u32 = 0x2800;
/// Of the line of the whole, this many dots are drawn, and as many left out.
const DASH: usize = 2;
const DAY: i64 = 86_400_000_000;

/// One figure at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// When.
    pub when: Instant,
    /// How much there was.
    pub value: f64,
    /// How much there could be: a broken line of its own.
    pub whole: Option<f64>,
}

/// Figures in the order of time, with their range.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    points: Vec<Point>,
    low: f64,
    high: f64,
}

impl Line {
    /// The line through these points; none without any.
    pub fn new(mut points: Vec<Point>) -> Option<Self> {
        points.sort_by_key(|point| point.when);
        let figures = points
            .iter()
            .flat_map(|point| [Some(point.value), point.whole])
            .flatten();
        let range = |(low, high): (f64, f64), figure: f64| (low.min(figure), high.max(figure));
        let (low, high) = figures.fold((f64::INFINITY, f64::NEG_INFINITY), range);
        // A level line has room above and below.
        let room = if low < high { 0.0 } else { 1.0 };
        (!points.is_empty()).then_some(Self {
            points,
            low: low - room,
            high: high + room,
        })
    }

    pub(super) fn points(&self) -> &[Point] {
        &self.points
    }

    /// The texts at the lower and the upper end of the range.
    pub(super) fn range(&self) -> (String, String) {
        (figure(self.low), figure(self.high))
    }

    /// The first and the last moment: days, or minutes where days would hide something.
    pub(super) fn span(&self) -> (String, String) {
        let whole_days = self
            .points
            .iter()
            .all(|point| point.when.micros() % DAY == 0);
        let (first, last) = self.ends();
        let days = whole_days || last.micros().saturating_sub(first.micros()) >= 3 * DAY;
        let shown = |moment: Instant| {
            let text = moment.to_string();
            match (days, text.get(..10), text.get(..16)) {
                (true, Some(day), _) => day.to_owned(),
                (false, _, Some(minute)) => format!("{}Z", minute.replace('T', " ")),
                _ => text,
            }
        };
        (shown(first), shown(last))
    }

    fn ends(&self) -> (Instant, Instant) {
        let nothing = Instant::from_micros(0);
        let end = |point: Option<&Point>| point.map_or(nothing, |point| point.when);
        (end(self.points.first()), end(self.points.last()))
    }

    /// How far from left to right a moment lies, from 0 to 1.
    pub(super) fn across(&self, when: Instant) -> f64 {
        let (first, last) = self.ends();
        let all = last.micros() as f64 - first.micros() as f64;
        if all > 0.0 {
            (when.micros() as f64 - first.micros() as f64) / all
        } else {
            0.0
        }
    }

    /// How far up a figure lies, from 0 to 1.
    pub(super) fn up(&self, figure: f64) -> f64 {
        (figure - self.low) / (self.high - self.low)
    }

    /// The chart as lines no wider than this.
    pub fn lines(&self, width: usize) -> Vec<String> {
        let (low, high) = self.range();
        let margin = low.width().max(high.width());
        let cells = width
            .saturating_sub(margin + 2)
            .clamp(LEAST_CELLS, MOST_CELLS);
        let mut dots = Dots::new(cells);
        self.draw(&mut dots, |point| point.whole, true);
        self.draw(&mut dots, |point| Some(point.value), false);
        let mut lines = Vec::with_capacity(ROWS + 2);
        for row in 0..ROWS {
            let (label, axis) = match row {
                0 => (high.as_str(), '┤'),
                row if row == ROWS - 1 => (low.as_str(), '┤'),
                _ => ("", '│'),
            };
            let line = format!("{label:>margin$} {axis}{}", dots.row(row));
            lines.push(line.trim_end().to_owned());
        }
        let blank = " ".repeat(margin + 1);
        lines.push(format!("{blank}└{}", "─".repeat(cells)));
        let (first, last) = self.span();
        match cells.checked_sub(first.width() + last.width()) {
            Some(between) if between > 0 => {
                lines.push(format!("{blank} {first}{}{last}", " ".repeat(between)));
            }
            _ => lines.extend([first, last].map(|end| format!("{blank} {end}"))),
        }
        lines
    }

    fn draw(&self, dots: &mut Dots, figure: impl Fn(&Point) -> Option<f64>, broken: bool) {
        let place = |point: &Point| {
            let figure = figure(point)?;
            let across = self.across(point.when) * dots.width().saturating_sub(1) as f64;
            let down = (1.0 - self.up(figure)) * (ROWS * DOWN - 1) as f64;
            Some((across.round() as i64, down.round() as i64))
        };
        let places: Vec<(i64, i64)> = self.points.iter().filter_map(place).collect();
        for pair in places.windows(2) {
            if let [from, to] = pair {
                dots.join(*from, *to, broken);
            }
        }
        if let [only] = places.as_slice() {
            dots.join(*only, *only, false);
        }
    }
}

fn figure(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    float_text(if rounded.is_finite() { rounded } else { value })
}

/// The dots of a chart, as braille characters.
struct Dots {
    cells: usize,
    bits: Vec<u8>,
}

impl Dots {
    fn new(cells: usize) -> Self {
        Self {
            cells,
            bits: vec![0; cells * ROWS],
        }
    }

    fn width(&self) -> usize {
        self.cells * ACROSS
    }

    /// A straight line from dot to dot.
    fn join(&mut self, from: (i64, i64), to: (i64, i64), broken: bool) {
        let (across, down) = (to.0 - from.0, to.1 - from.1);
        let steps = across.abs().max(down.abs()).max(1);
        for step in 0..=steps {
            let part = |length: i64| (length as f64 * step as f64 / steps as f64).round() as i64;
            self.set(from.0 + part(across), from.1 + part(down), broken);
        }
    }

    fn set(&mut self, across: i64, down: i64, broken: bool) {
        let (Ok(across), Ok(down)) = (usize::try_from(across), usize::try_from(down)) else {
            return;
        };
        if broken && across / DASH % 2 == 1 {
            return;
        }
        let place = down / DOWN * self.cells + across / ACROSS;
        let bit = BITS
            .get(across % ACROSS)
            .and_then(|column| column.get(down % DOWN));
        if let (Some(cell), Some(bit)) = (self.bits.get_mut(place), bit) {
            *cell |= bit;
        }
    }

    fn row(&self, row: usize) -> String {
        let cells = self.bits.get(row * self.cells..(row + 1) * self.cells);
        let drawn = cells.unwrap_or_default().iter().map(|bits| match bits {
            0 => ' ',
            bits => char::from_u32(BRAILLE + u32::from(*bits)).unwrap_or(' '),
        });
        drawn.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;
    use proptest::prelude::*;

    fn line(points: &[(&str, f64, Option<f64>)]) -> Line {
        let points = points.iter().map(|(when, value, whole)| Point {
            when: Instant::parse(when).unwrap(),
            value: *value,
            whole: *whole,
        });
        Line::new(points.collect()).unwrap()
    }

    #[test]
    fn a_line_has_its_range_and_its_ends() {
        let line = line(&[
            ("2026-11-01", 30.0, None),
            ("2026-10-01", 5.0, None),
            ("2026-10-20", 12.5, None),
        ]);
        expect![[r#"
            30 ┤                                  ⡠⠊
               │                                ⡠⠊
               │                              ⡠⠊
               │                            ⡠⠊
               │                          ⡠⠊
               │                        ⡠⠊
               │                     ⢀⡠⠊
               │              ⣀⣀⠤⠔⠒⠊⠉⠁
               │      ⢀⣀⡠⠤⠔⠒⠉⠉
             5 ┤⣀⠤⠤⠒⠒⠉⠁
               └────────────────────────────────────
                2026-10-01                2026-11-01"#]]
        .assert_eq(&line.lines(40).join("\n"));
    }

    #[test]
    fn what_there_could_be_is_a_broken_line() {
        let line = line(&[
            ("2026-10-01T08:00", 10.0, Some(50.0)),
            ("2026-10-01T18:30", 40.0, Some(50.0)),
        ]);
        expect![[r#"
            50 ┤⠉ ⠉ ⠉ ⠉ ⠉ ⠉ ⠉ ⠉ ⠉ ⠉ ⠉ ⠉ ⠉
               │
               │                        ⢀⡠
               │                     ⣀⠔⠊⠁
               │                 ⢀⡠⠒⠉
               │              ⣀⠔⠊⠁
               │          ⢀⠤⠒⠉
               │       ⡠⠔⠊⠁
               │   ⢀⠤⠒⠉
            10 ┤⡠⠔⠊⠁
               └──────────────────────────
                2026-10-01 08:00Z
                2026-10-01 18:30Z"#]]
        .assert_eq(&line.lines(30).join("\n"));
    }

    #[test]
    fn a_level_line_and_one_moment_have_a_place() {
        let level = line(&[("2026-10-01", 7.0, None), ("2026-10-02", 7.0, None)]);
        assert_eq!(level.range(), ("6".to_owned(), "8".to_owned()));
        let moment = line(&[
            ("2026-10-01T08:00", 1.0, None),
            ("2026-10-01T08:00", 2.0, None),
        ]);
        assert!(moment.lines(40)[0].ends_with('⡇'), "{:?}", moment.lines(40));
        assert_eq!(Line::new(Vec::new()), None);
    }

    proptest! {
        #[test]
        fn no_chart_is_wider_than_the_window(
            points in prop::collection::vec((any::<i64>(), -1e12..1e12_f64, prop::option::of(0.0..1e9_f64)), 1..40),
            width in 60_usize..200,
        ) {
            let points = points.into_iter().map(|(micros, value, whole)| Point {
                when: Instant::from_micros(micros),
                value,
                whole,
            });
            let lines = Line::new(points.collect()).unwrap().lines(width);
            prop_assert_eq!(lines.len(), ROWS + 2);
            for line in lines {
                prop_assert!(line.width() <= width, "{}", line);
            }
        }
    }
}
