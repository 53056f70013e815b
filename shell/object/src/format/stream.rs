//! Objects of any kinds, one after the other, as tables, lists and lines.
//! Holds back only the rows from which a table takes its widths.

use std::rc::Rc;

use super::Style;
use super::cell::safe_text;
use super::list;
use super::table::Table;
use crate::record::{Record, RecordType};
use crate::value::Value;

/// Rows from which a table takes its widths.
const SAMPLE: usize = 300;

/// What is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Layout {
    /// A table of the type's columns if it fits, else a list.
    #[default]
    Automatic,
    /// A table, with fewer columns if not all fit.
    Table,
    /// A list of all properties.
    List,
}

/// How objects are laid out.
#[derive(Debug, Clone, Copy, Default)]
pub struct FormatOptions {
    /// Table or list.
    pub layout: Layout,
    /// Columns of the terminal; none where the output is no terminal.
    pub width: Option<usize>,
    /// How headings look.
    pub style: Style,
    /// All properties rather than the type's own choice.
    pub all_properties: bool,
}

/// Takes objects, appends text.
pub struct Formatter {
    options: FormatOptions,
    state: State,
    /// Whether anything was written that the next block must be set off from.
    written: bool,
}

enum State {
    Start,
    Sampling(Vec<Record>),
    Rows(Rc<RecordType>, Table),
    Records(Rc<RecordType>),
    Lines,
}

impl Formatter {
    /// A formatter that has not seen any object.
    pub fn new(options: FormatOptions) -> Self {
        Self {
            options,
            state: State::Start,
            written: false,
        }
    }

    /// Takes one object; what can be written already is appended.
    pub fn push(&mut self, item: &Value, out: &mut String) {
        match item {
            Value::Record(record) => self.push_record(record, out),
            other => self.push_line(other, out),
        }
    }

    /// Appends what was held back.
    pub fn finish(&mut self, out: &mut String) {
        if let State::Sampling(sample) = std::mem::replace(&mut self.state, State::Start) {
            self.begin(&sample, out);
        }
        self.state = State::Start;
    }

    fn push_record(&mut self, record: &Record, out: &mut String) {
        let same = |known: &Rc<RecordType>| {
            Rc::ptr_eq(known, record.record_type()) || **known == **record.record_type()
        };
        match &mut self.state {
            State::Rows(known, table) if same(known) => table.write_row(record, out),
            State::Records(known) if same(known) => self.write_listed(record, out),
            State::Sampling(sample)
                if sample
                    .first()
                    .is_some_and(|first| same(first.record_type())) =>
            {
                sample.push(record.clone());
                if sample.len() >= SAMPLE {
                    let sample = std::mem::take(sample);
                    self.begin(&sample, out);
                }
            }
            _ => {
                self.finish(out);
                self.state = State::Sampling(vec![record.clone()]);
            }
        }
    }

    fn push_line(&mut self, item: &Value, out: &mut String) {
        if !matches!(self.state, State::Lines) {
            self.finish(out);
            self.set_off(out);
            self.state = State::Lines;
        }
        // The lines of a text are its author's; everything else in it must not reach the terminal.
        for (index, line) in item.display().split('\n').enumerate() {
            if index > 0 {
                out.push('\n');
            }
            let line = line.strip_suffix('\r').unwrap_or(line);
            for (index, piece) in line.split('\t').enumerate() {
                if index > 0 {
                    out.push('\t');
                }
                out.push_str(&safe_text(piece));
            }
        }
        out.push('\n');
        self.written = true;
    }

    /// Decides how records of the sample's type are shown, and shows the sample.
    fn begin(&mut self, sample: &[Record], out: &mut String) {
        let Some(first) = sample.first() else { return };
        self.set_off(out);
        let record_type = Rc::clone(first.record_type());
        let positions = self.positions(&record_type);
        let FormatOptions {
            layout,
            width,
            style,
            ..
        } = self.options;
        let table = match layout {
            Layout::List => None,
            Layout::Automatic => Table::plan(sample, &positions, width, style),
            Layout::Table => Table::plan(sample, &positions, width, style)
                .or_else(|| fewer_columns(sample, &positions, width, style)),
        };
        match table {
            Some(table) => {
                table.write_head(out);
                sample
                    .iter()
                    .for_each(|record| table.write_row(record, out));
                self.state = State::Rows(record_type, table);
            }
            None => {
                sample
                    .iter()
                    .for_each(|record| self.write_listed(record, out));
                self.state = State::Records(record_type);
            }
        }
        self.written = true;
    }

    fn write_listed(&self, record: &Record, out: &mut String) {
        let positions = self.positions(record.record_type());
        list::write_record(
            record,
            &positions,
            self.options.width,
            self.options.style,
            out,
        );
    }

    fn positions(&self, record_type: &RecordType) -> Vec<usize> {
        // A list has room for everything; only a table must choose.
        if self.options.all_properties || self.options.layout == Layout::List {
            (0..record_type.properties().len()).collect()
        } else {
            record_type.columns()
        }
    }

    fn set_off(&self, out: &mut String) {
        if self.written && !out.ends_with("\n\n") {
            out.push('\n');
        }
    }
}

/// A table that was asked for is shown with the columns that fit, the first ones first.
fn fewer_columns(
    sample: &[Record],
    positions: &[usize],
    width: Option<usize>,
    style: Style,
) -> Option<Table> {
    (1..positions.len())
        .rev()
        .find_map(|count| Table::plan(sample, positions.get(..count)?, width, style))
}

#[cfg(test)]
#[path = "format_test.rs"]
mod tests;
