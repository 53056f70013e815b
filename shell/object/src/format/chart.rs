//! Figures as text: bars, one line each, as long as the window allows; a line where they belong to moments.

use unicode_width::UnicodeWidthStr;

use super::line::Line;
use super::safe_text;

/// Columns that a name takes at most.
const MOST_NAME: usize = 32;
/// Cells that a bar has at most, and at least.
const MOST_CELLS: usize = 60;
const LEAST_CELLS: usize = 10;

/// Figures as they are drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Chart {
    /// A bar for each.
    Bars(Vec<Bar>),
    /// A line over time.
    Line(Line),
}

impl Chart {
    /// The chart as lines of text no wider than this.
    pub fn lines(&self, width: usize) -> Vec<String> {
        match self {
            Self::Bars(bars) => bar_lines(bars, width),
            Self::Line(line) => line.lines(width),
        }
    }
}

/// One bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// What it is of.
    pub name: String,
    /// How much there is.
    pub value: f64,
    /// How much there could be; bars without it are measured against the longest.
    pub whole: Option<f64>,
}

impl Bar {
    /// `12 of 20`, or `12`.
    pub fn figures(&self) -> String {
        match self.whole {
            Some(whole) => format!("{} of {whole}", self.value),
            None => self.value.to_string(),
        }
    }

    /// From 0 to 1.
    pub fn share(&self, longest: f64) -> f64 {
        let whole = self.whole.unwrap_or(longest);
        if whole > 0.0 {
            (self.value / whole).clamp(0.0, 1.0)
        } else if self.value > 0.0 {
            1.0
        } else {
            0.0
        }
    }
}

/// The greatest value, against which bars without a whole are measured.
pub(super) fn longest(bars: &[Bar]) -> f64 {
    bars.iter().map(|bar| bar.value).fold(0.0, f64::max)
}

/// The bars as lines no wider than this.
pub fn bar_lines(bars: &[Bar], width: usize) -> Vec<String> {
    let longest = longest(bars);
    let names: Vec<String> = bars.iter().map(|bar| cut(&bar.name)).collect();
    let figures: Vec<String> = bars.iter().map(Bar::figures).collect();
    let widest = |texts: &[String]| texts.iter().map(|text| text.width()).max().unwrap_or(0);
    let (name_width, figure_width) = (widest(&names), widest(&figures));
    let cells = width
        .saturating_sub(name_width + figure_width + 4)
        .clamp(LEAST_CELLS, MOST_CELLS);
    bars.iter()
        .zip(names.iter().zip(&figures))
        .map(|(bar, (name, figure))| {
            let full = (bar.share(longest) * cells as f64).round() as usize;
            // What is there at all shows.
            let full = full.max(usize::from(bar.value > 0.0)).min(cells);
            let rest = if bar.whole.is_some() { '░' } else { ' ' };
            let blanks = " ".repeat(name_width - name.width());
            let drawn: String = std::iter::repeat_n('█', full)
                .chain(std::iter::repeat_n(rest, cells - full))
                .collect();
            format!("{name}{blanks}  {drawn}  {figure}")
        })
        .collect()
}

fn cut(name: &str) -> String {
    let name = safe_text(name);
    if name.width() <= MOST_NAME {
        return name.into_owned();
    }
    let mut short = String::new();
    for letter in name.chars() {
        if short.width() + 2 > MOST_NAME {
            break;
        }
        short.push(letter);
    }
    format!("{short}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(name: &str, value: f64, whole: Option<f64>) -> Bar {
        Bar {
            name: name.to_owned(),
            value,
            whole,
        }
    }

    #[test]
    fn bars_are_as_long_as_their_share() {
        let bars = [
            bar("SPE_E3", 10.0, Some(20.0)),
            bar("E5", 0.0, Some(5.0)),
            bar("Over", 9.0, Some(3.0)),
        ];
        assert_eq!(
            bar_lines(&bars, 28),
            [
                "SPE_E3  █████░░░░░  10 of 20",
                "E5      ░░░░░░░░░░  0 of 5",
                "Over    ██████████  9 of 3",
            ]
        );
        let bars = [
            bar("a", 4.0, None),
            bar("b", 2.5, None),
            bar("c", 0.01, None),
        ];
        assert_eq!(
            bar_lines(&bars, 18),
            [
                "a  ██████████  4",
                "b  ██████      2.5",
                "c  █           0.01",
            ]
        );
    }

    #[test]
    fn no_line_is_wider_than_the_window_if_there_is_room_at_all() {
        let name = "a very long name of something that goes on and on";
        for width in 60..200 {
            let lines = bar_lines(&[bar(name, 3.0, Some(4.0))], width);
            assert!(lines[0].width() <= width, "{width}: {}", lines[0]);
        }
    }
}
