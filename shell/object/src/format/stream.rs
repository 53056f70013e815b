//! Objects of any kinds, one after the other, as tables, lists and lines.
//! Holds back only the rows from which a table takes its widths.

use std::rc::Rc;

use super::Style;
use super::cell::{fit, safe_text};
use super::list;
use super::table::{Frame, Table, has_text};
use crate::record::{Record, RecordType};
use crate::value::Value;

/// Rows from which a table takes its widths.
const SAMPLE: usize = 300;
/// Before the heading of a group, as PowerShell has it.
const GROUP_INDENT: &str = "   ";

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
    /// A table goes on in further lines where a cell is too long, rather than cutting it.
    pub wrap: bool,
    /// A table takes its widths from all rows of a type, and holds them until then.
    pub auto_size: bool,
}

/// Takes objects, appends text.
pub struct Formatter {
    options: FormatOptions,
    state: State,
    /// The heading that the next object comes under.
    group: Option<String>,
    /// Whether the last block must be set off from the next one.
    written: bool,
}

enum State {
    Start,
    Sampling(Sample),
    Rows(Rc<RecordType>, Table),
    Records(Rc<RecordType>),
    Lines,
}

/// Records that wait for a table's widths, and the headings between them by the place that they stand before.
#[derive(Default)]
struct Sample {
    records: Vec<Record>,
    groups: Vec<(usize, String)>,
}

impl Sample {
    fn push(&mut self, group: Option<String>, record: &Record) {
        if let Some(heading) = group {
            self.groups.push((self.records.len(), heading));
        }
        self.records.push(record.clone());
    }
}

impl Formatter {
    /// A formatter that has not seen any object.
    pub fn new(options: FormatOptions) -> Self {
        Self {
            options,
            state: State::Start,
            group: None,
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

    /// Puts a heading before the next object; a table under it has its column names again.
    pub fn begin_group(&mut self, heading: &str) {
        let heading = safe_text(heading);
        let room = self.options.width.unwrap_or(usize::MAX);
        let room = room.saturating_sub(GROUP_INDENT.len());
        self.group = Some(format!("{GROUP_INDENT}{}", fit(heading.trim_end(), room)));
    }

    /// Appends what was held back.
    pub fn finish(&mut self, out: &mut String) {
        if let State::Sampling(sample) = std::mem::replace(&mut self.state, State::Start) {
            self.begin(sample, out);
        }
        self.state = State::Start;
    }

    fn push_record(&mut self, record: &Record, out: &mut String) {
        let same = |known: &Rc<RecordType>| {
            Rc::ptr_eq(known, record.record_type()) || **known == **record.record_type()
        };
        let group = self.group.take();
        match &mut self.state {
            State::Rows(known, table) if same(known) && !table.conceals(record) => {
                if let Some(heading) = group {
                    write_group(&heading, self.written, out);
                    table.write_head(out);
                }
                table.write_row(record, out);
            }
            State::Records(known) if same(known) => {
                if let Some(heading) = group {
                    // Each record of a list ends in an empty line already.
                    write_group(&heading, false, out);
                }
                self.write_listed(record, out);
            }
            State::Sampling(sample)
                if sample
                    .records
                    .first()
                    .is_some_and(|first| same(first.record_type())) =>
            {
                sample.push(group, record);
                if sample.records.len() >= SAMPLE && !self.options.auto_size {
                    let sample = std::mem::take(sample);
                    self.begin(sample, out);
                }
            }
            _ => {
                self.finish(out);
                let mut sample = Sample::default();
                sample.push(group, record);
                self.state = State::Sampling(sample);
            }
        }
    }

    fn push_line(&mut self, item: &Value, out: &mut String) {
        let group = self.group.take();
        if !matches!(self.state, State::Lines) {
            self.finish(out);
            if group.is_none() {
                set_off(self.written, out);
            }
            self.state = State::Lines;
        }
        if let Some(heading) = group {
            write_group(&heading, self.written, out);
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
    fn begin(&mut self, sample: Sample, out: &mut String) {
        let Some(first) = sample.records.first() else {
            return;
        };
        let record_type = Rc::clone(first.record_type());
        let table = match sample.records.as_slice() {
            [alone] if self.says_more(alone) => None,
            records => self.plan(records, &self.positions(&record_type)),
        };
        let mut groups = sample.groups.into_iter().peekable();
        if groups.peek().is_none_or(|(place, _)| *place > 0) {
            set_off(self.written, out);
            if let Some(table) = &table {
                table.write_head(out);
            }
        }
        for (place, record) in sample.records.iter().enumerate() {
            if let Some((_, heading)) = groups.next_if(|(before, _)| *before == place) {
                write_group(&heading, self.written, out);
                if let Some(table) = &table {
                    table.write_head(out);
                }
            }
            match &table {
                Some(table) => table.write_row(record, out),
                None => self.write_listed(record, out),
            }
            // A list ends in an empty line.
            self.written = table.is_some();
        }
        self.state = match table {
            Some(table) => State::Rows(record_type, table),
            None => State::Records(record_type),
        };
    }

    /// Whether an object that is shown alone has more to say than a table has columns for.
    fn says_more(&self, record: &Record) -> bool {
        let mut details = record.record_type().details().iter();
        self.options.layout == Layout::Automatic
            && details.any(|position| record.values().get(*position).is_some_and(has_text))
    }

    fn plan(&self, sample: &[Record], positions: &[usize]) -> Option<Table> {
        let chosen_by_type = sample
            .first()
            .is_some_and(|first| first.record_type().has_columns());
        let frame = Frame {
            limit: self.options.width,
            style: self.options.style,
            wrap: self.options.wrap,
            may_leave_out: chosen_by_type && !self.options.all_properties,
        };
        match self.options.layout {
            Layout::List => None,
            Layout::Automatic => Table::plan(sample, positions, frame),
            Layout::Table => Table::plan(sample, positions, frame)
                .or_else(|| fewer_columns(sample, positions, frame)),
        }
    }

    fn write_listed(&self, record: &Record, out: &mut String) {
        let mut positions = self.positions(record.record_type());
        let details = record.record_type().details();
        if self.options.layout == Layout::Automatic && !details.is_empty() {
            // What the type has picked out is in the order of its properties, and without lines that say nothing.
            positions.extend(details);
            positions.sort_unstable();
            positions.dedup();
            positions.retain(|position| record.values().get(*position).is_some_and(has_text));
        }
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
}

/// What follows stands apart from what was written before.
fn set_off(written: bool, out: &mut String) {
    if written && !out.ends_with("\n\n") {
        out.push('\n');
    }
}

fn write_group(heading: &str, written: bool, out: &mut String) {
    set_off(written, out);
    out.push_str(heading);
    out.push_str("\n\n");
}

/// A table that was asked for is shown with the columns that fit, the first ones first.
fn fewer_columns(sample: &[Record], positions: &[usize], frame: Frame) -> Option<Table> {
    (1..positions.len())
        .rev()
        .find_map(|count| Table::plan(sample, positions.get(..count)?, frame))
}

#[cfg(test)]
#[path = "format_test.rs"]
mod tests;
