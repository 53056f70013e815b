//! A table of records of one type: widths from a sample of rows, then row after row.

use super::Style;
use super::cell::{fit, folded, in_cell, pad, widest_line, width};
use crate::record::Record;
use crate::value::Value;

const GAP: usize = 2;
/// Text columns are not made narrower than this to save a table; a list reads better then.
const NARROWEST: usize = 8;
/// The first column says what a row is about: cut to less, rows look alike.
const NARROWEST_FIRST: usize = 14;
/// Names and codes are cut before the first column gets less than this, or a sentence less than that.
const WHOLE_FIRST: usize = 30;
const NARROWEST_SENTENCE: usize = 16;

/// Columns of a table with their widths.
#[derive(Debug)]
pub(super) struct Table {
    columns: Vec<Column>,
    /// Positions that are left out for want of room, as no row of the sample has anything there.
    left_out: Vec<usize>,
    style: Style,
    wrap: bool,
}

/// What a table is planned for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// Columns of the terminal.
    pub(super) limit: Option<usize>,
    pub(super) style: Style,
    /// Long cells go on in further lines rather than being cut.
    pub(super) wrap: bool,
    /// Before anything is cut, columns without a value may go.
    pub(super) may_leave_out: bool,
}

#[derive(Debug)]
struct Column {
    position: usize,
    heading: String,
    right: bool,
    width: usize,
    least: usize,
    /// No row of the sample has anything here.
    empty: bool,
    /// Some row has several words here.
    sentences: bool,
}

impl Table {
    /// A table as wide as the sample needs, narrowed to the limit; none if that cuts too much.
    pub(super) fn plan(sample: &[Record], positions: &[usize], frame: Frame) -> Option<Self> {
        let Frame {
            limit, style, wrap, ..
        } = frame;
        let first = sample.first()?;
        let names = first.record_type().properties();
        let mut columns: Vec<Column> = positions
            .iter()
            .filter_map(|position| {
                let heading = super::safe_text(names.get(*position)?).into_owned();
                Some(Column::measure(sample, *position, heading, wrap))
            })
            .collect();
        let mut left_out = Vec::new();
        if frame.may_leave_out && limit.is_some_and(|limit| excess(&columns, limit) > 0) {
            let empty = columns.extract_if(.., |column| column.empty);
            left_out.extend(empty.map(|column| column.position));
        }
        if let Some(first) = columns.first_mut() {
            first.least = first.least.max(first.width.min(NARROWEST_FIRST));
        }
        if let Some(limit) = limit {
            narrow(&mut columns, limit)?;
        }
        (!columns.is_empty()).then_some(Self {
            columns,
            left_out,
            style,
            wrap,
        })
    }

    /// Whether the row has something to say in a column that is left out.
    pub(super) fn conceals(&self, record: &Record) -> bool {
        let mut left_out = self.left_out.iter();
        left_out.any(|position| record.values().get(*position).is_some_and(has_text))
    }

    /// Headings and the rule below them.
    pub(super) fn write_head(&self, out: &mut String) {
        if self.wrap {
            let headings = self.columns.iter().map(|column| {
                let heading = Value::from(column.heading.as_str());
                folded(&heading, column.width)
            });
            self.write_lines(headings.collect(), self.style, out);
        } else {
            let heading = |column: &Column| fit(&column.heading, column.width).into_owned();
            self.write_line(self.columns.iter().map(heading), self.style, out);
        }
        let rule = |column: &Column| "-".repeat(column.width);
        self.write_line(self.columns.iter().map(rule), Style::Plain, out);
    }

    pub(super) fn write_row(&self, record: &Record, out: &mut String) {
        let values = self.columns.iter().map(|column| {
            let value = record.values().get(column.position);
            (column, value.unwrap_or(&Value::Null))
        });
        if self.wrap {
            let cells = values.map(|(column, value)| {
                if value.is_number() {
                    vec![in_cell(value)]
                } else {
                    folded(value, column.width)
                }
            });
            self.write_lines(cells.collect(), Style::Plain, out);
            return;
        }
        let cells = values.map(|(column, value)| {
            let text = in_cell(value);
            // A figure is never cut, even if it breaks the alignment: half of it would be a lie.
            if value.is_number() || width(&text) <= column.width {
                text
            } else {
                fit(&text, column.width).into_owned()
            }
        });
        self.write_line(cells, Style::Plain, out);
    }

    /// As many lines as the highest of the cells has.
    fn write_lines(&self, cells: Vec<Vec<String>>, style: Style, out: &mut String) {
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        let mut cells: Vec<_> = cells.into_iter().map(Vec::into_iter).collect();
        for _ in 0..height {
            let line = cells
                .iter_mut()
                .map(|lines| lines.next().unwrap_or_default());
            self.write_line(line, style, out);
        }
    }

    fn write_line(&self, cells: impl Iterator<Item = String>, style: Style, out: &mut String) {
        let start = out.len();
        let last = self.columns.len() - 1;
        for (index, (column, text)) in self.columns.iter().zip(cells).enumerate() {
            let blank = column.width.saturating_sub(width(&text));
            if column.right {
                pad(out, blank);
            }
            match style {
                Style::Ansi if !text.is_empty() => out.push_str(&style.heading(&text)),
                _ => out.push_str(&text),
            }
            if index < last {
                pad(out, GAP + if column.right { 0 } else { blank });
            }
        }
        let used = out.trim_end_matches(' ').len().max(start);
        out.truncate(used);
        out.push('\n');
    }
}

impl Column {
    fn measure(sample: &[Record], position: usize, heading: String, wrap: bool) -> Self {
        let mut widest = width(&heading);
        let (mut numbers, mut others) = (0, 0);
        let (mut empty, mut sentences) = (true, false);
        for record in sample {
            let value = record.values().get(position).unwrap_or(&Value::Null);
            let text = in_cell(value);
            widest = widest.max(if wrap {
                widest_line(value)
            } else {
                width(&text)
            });
            sentences = sentences || text.contains(' ');
            empty = empty && !has_text(value);
            numbers += usize::from(value.is_number());
            others += usize::from(!value.is_number() && !value.is_null());
        }
        let right = numbers > 0 && others == 0;
        Self {
            position,
            heading,
            right,
            width: widest,
            least: if right { widest } else { widest.min(NARROWEST) },
            empty,
            sentences,
        }
    }
}

/// Whether a cell shows anything.
pub(super) fn has_text(value: &Value) -> bool {
    !value.is_null() && value.as_list().is_none_or(|items| !items.is_empty())
}

fn gaps(columns: &[Column]) -> usize {
    GAP * columns.len().saturating_sub(1)
}

/// By how much the columns are wider than the limit.
fn excess(columns: &[Column], limit: usize) -> usize {
    let widths: usize = columns.iter().map(|column| column.width).sum();
    (widths + gaps(columns)).saturating_sub(limit)
}

/// What gives way, one after the other: half a sentence still says something, half a name or code does not, and the
/// first column says what the row is about.
#[derive(Clone, Copy)]
enum Stage {
    Sentences,
    Words,
    All,
}

impl Stage {
    /// How narrow a column may get.
    fn floor(self, place: usize, column: &Column) -> usize {
        match self {
            Self::Sentences if !column.sentences => column.width,
            Self::Sentences => column.least.max(NARROWEST_SENTENCE),
            Self::Words if place == 0 => column.least.max(column.width.min(WHOLE_FIRST)),
            Self::Words if column.sentences => column.least.max(NARROWEST_SENTENCE),
            Self::Words | Self::All => column.least,
        }
    }
}

/// Takes width from the widest text columns until the table fits; none if it cannot.
fn narrow(columns: &mut [Column], limit: usize) -> Option<()> {
    let least: usize = columns.iter().map(|column| column.least).sum();
    if least + gaps(columns) > limit {
        return None;
    }
    for stage in [Stage::Sentences, Stage::Words, Stage::All] {
        while excess(columns, limit) > 0 {
            let widest = columns
                .iter_mut()
                .enumerate()
                .filter(|(place, column)| column.width > stage.floor(*place, column))
                .max_by_key(|(_, column)| column.width);
            let Some((_, widest)) = widest else { break };
            widest.width -= 1;
        }
    }
    Some(())
}
