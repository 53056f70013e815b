//! A table of records of one type: widths from a sample of rows, then row after row.

use super::Style;
use super::cell::{fit, in_cell, pad, width};
use crate::record::Record;
use crate::value::Value;

const GAP: usize = 2;
/// Text columns are not made narrower than this to save a table; a list reads better then.
const NARROWEST: usize = 8;
/// The first column says what a row is about: cut to less, rows look alike.
const NARROWEST_FIRST: usize = 14;

/// Columns of a table with their widths.
#[derive(Debug)]
pub(super) struct Table {
    columns: Vec<Column>,
    style: Style,
}

#[derive(Debug)]
struct Column {
    position: usize,
    heading: String,
    right: bool,
    width: usize,
    least: usize,
}

impl Table {
    /// A table as wide as the sample needs, narrowed to the limit; none if that cuts too much.
    pub(super) fn plan(
        sample: &[Record],
        positions: &[usize],
        limit: Option<usize>,
        style: Style,
    ) -> Option<Self> {
        let first = sample.first()?;
        let names = first.record_type().properties();
        let mut columns: Vec<Column> = positions
            .iter()
            .filter_map(|position| {
                let heading = super::safe_text(names.get(*position)?).into_owned();
                Some(Column::measure(sample, *position, heading))
            })
            .collect();
        if let Some(first) = columns.first_mut() {
            first.least = first.least.max(first.width.min(NARROWEST_FIRST));
        }
        if let Some(limit) = limit {
            narrow(&mut columns, limit)?;
        }
        (!columns.is_empty()).then_some(Self { columns, style })
    }

    /// Headings and the rule below them.
    pub(super) fn write_head(&self, out: &mut String) {
        let last = self.columns.len() - 1;
        for (index, column) in self.columns.iter().enumerate() {
            let heading = fit(&column.heading, column.width);
            let blank = column.width - width(&heading);
            if column.right {
                pad(out, blank);
            }
            out.push_str(&self.style.heading(&heading));
            if index < last {
                pad(out, GAP + if column.right { 0 } else { blank });
            }
        }
        out.push('\n');
        for (index, column) in self.columns.iter().enumerate() {
            out.extend(std::iter::repeat_n('-', column.width));
            if index < last {
                pad(out, GAP);
            }
        }
        out.push('\n');
    }

    pub(super) fn write_row(&self, record: &Record, out: &mut String) {
        let start = out.len();
        let last = self.columns.len() - 1;
        for (index, column) in self.columns.iter().enumerate() {
            let value = record.values().get(column.position).unwrap_or(&Value::Null);
            let text = in_cell(value);
            // A figure is never cut, even if it breaks the alignment: half of it would be a lie.
            let shown = if value.is_number() {
                text.as_str().into()
            } else {
                fit(&text, column.width)
            };
            let blank = column.width.saturating_sub(width(&shown));
            if column.right {
                pad(out, blank);
            }
            out.push_str(&shown);
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
    fn measure(sample: &[Record], position: usize, heading: String) -> Self {
        let mut widest = width(&heading);
        let (mut numbers, mut others) = (0, 0);
        for record in sample {
            let value = record.values().get(position).unwrap_or(&Value::Null);
            widest = widest.max(width(&in_cell(value)));
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
        }
    }
}

/// Takes width from the widest text columns until the table fits; none if it cannot.
fn narrow(columns: &mut [Column], limit: usize) -> Option<()> {
    let gaps = GAP * columns.len().saturating_sub(1);
    let room = limit.checked_sub(gaps)?;
    if columns.iter().map(|column| column.least).sum::<usize>() > room {
        return None;
    }
    let mut excess = columns
        .iter()
        .map(|column| column.width)
        .sum::<usize>()
        .saturating_sub(room);
    while excess > 0 {
        let widest = columns
            .iter_mut()
            .filter(|column| column.width > column.least)
            .max_by_key(|column| column.width)?;
        widest.width -= 1;
        excess -= 1;
    }
    Some(())
}
