//! CSV out: columns of the first object, or those that a file has; cells quoted only where they must be. A property
//! is always one cell: the values of a list have `; ` between them, and what is nested deeper is JSON.

use std::borrow::Cow;
use std::io::Write;
use std::rc::Rc;

use crate::csv_read::single_byte;
use crate::error::{ErrorCode, ObjectError, Result};
use crate::fold;
use crate::json_write::{JsonStyle, write as json};
use crate::record::RecordType;
use crate::value::Value;

/// Name of the column of objects without properties.
const PLAIN_COLUMN: &str = "Value";

/// Writes rows one by one; lines end with a line feed.
pub struct CsvWriter<W: Write> {
    out: W,
    separator: char,
    line: String,
    columns: Option<Columns>,
    /// The columns are those of rows that are there already; the first object has not been held against them yet.
    unproven: bool,
}

struct Columns {
    names: Vec<Rc<str>>,
    /// Places of the columns in the type of the last object.
    plan: Option<(Rc<RecordType>, Vec<Option<usize>>)>,
}

impl<W: Write> CsvWriter<W> {
    /// Fails if the separator is not one that a CSV can be read back with.
    pub fn new(out: W, separator: char) -> Result<Self> {
        single_byte(separator)?;
        Ok(Self {
            out,
            separator,
            line: String::new(),
            columns: None,
            unproven: false,
        })
    }

    /// Goes on below rows that have these columns.
    pub fn below(out: W, separator: char, columns: &[Rc<str>]) -> Result<Self> {
        let columns = Columns {
            names: columns.to_vec(),
            plan: None,
        };
        let mut writer = Self::new(out, separator)?;
        writer.columns = Some(columns);
        writer.unproven = true;
        Ok(writer)
    }

    /// Writes one object; the first one decides about the columns and writes the header, or must have the columns
    /// that are there.
    pub fn write(&mut self, item: &Value) -> Result<()> {
        if let Some(columns) = self.columns.as_ref().filter(|_| self.unproven) {
            columns.prove(item)?;
            self.unproven = false;
        }
        let mut columns = match self.columns.take() {
            Some(columns) => columns,
            None => self.write_header(item)?,
        };
        self.line.clear();
        let only = columns.names.len() == 1;
        match item {
            Value::Record(record) => {
                let places = columns.places(record.record_type())?;
                for (index, place) in places.iter().enumerate() {
                    let value = place.and_then(|place| record.values().get(place));
                    let text = cell_text(value.unwrap_or(&Value::Null))?;
                    self.push_cell(index, &text, only);
                }
            }
            other => self.push_cell(0, &cell_text(other)?, only),
        }
        self.columns = Some(columns);
        self.end_line()
    }

    /// Where the rows go.
    pub fn out(&mut self) -> &mut W {
        &mut self.out
    }

    /// Hands out everything written.
    pub fn finish(mut self) -> Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }

    fn write_header(&mut self, first: &Value) -> Result<Columns> {
        let names = columns_of(first);
        self.line.clear();
        for (index, name) in names.iter().enumerate() {
            self.push_cell(index, name, names.len() == 1);
        }
        self.end_line()?;
        Ok(Columns { names, plan: None })
    }

    fn push_cell(&mut self, index: usize, text: &str, only: bool) {
        if index > 0 {
            self.line.push(self.separator);
        }
        // The only cell of a row must not make an empty line, which readers skip.
        if must_quote(text, self.separator) || (only && text.is_empty()) {
            self.line.push('"');
            self.line.push_str(&text.replace('"', "\"\""));
            self.line.push('"');
        } else {
            self.line.push_str(text);
        }
    }

    fn end_line(&mut self) -> Result<()> {
        self.line.push('\n');
        self.out.write_all(self.line.as_bytes())?;
        Ok(())
    }
}

fn columns_of(item: &Value) -> Vec<Rc<str>> {
    match item {
        Value::Record(record) => record.record_type().properties().to_vec(),
        _ => vec![PLAIN_COLUMN.into()],
    }
}

impl Columns {
    /// Fails unless the object has these columns, in whatever order.
    fn prove(&self, item: &Value) -> Result<()> {
        let own = columns_of(item);
        let missing = |from: &[Rc<str>], others: &[Rc<str>]| {
            let missing = from
                .iter()
                .filter(|name| !others.iter().any(|other| fold::equal(name, other)));
            missing.map(|name| format!("`{name}`")).collect::<Vec<_>>()
        };
        let (lacking, further) = (missing(&self.names, &own), missing(&own, &self.names));
        let mut faults = Vec::new();
        if !lacking.is_empty() {
            faults.push(format!("the objects have no {}", lacking.join(", ")));
        }
        if !further.is_empty() {
            faults.push(format!("the file has no {}", further.join(", ")));
        }
        if faults.is_empty() {
            return Ok(());
        }
        let names = self.names.iter().map(|name| {
            let plain = |letter: char| letter.is_alphanumeric() || letter == '_';
            match name.chars().all(plain) {
                true => name.to_string(),
                false => format!("'{}'", name.replace('\'', "''")),
            }
        });
        Err(ObjectError::new(
            ErrorCode::CsvInvalid,
            format!("The columns differ: {}", faults.join(", and ")),
            format!(
                "Give the objects the columns of the file first: Select-Object {}",
                names.collect::<Vec<_>>().join(", ")
            ),
        ))
    }

    fn places(&mut self, record_type: &Rc<RecordType>) -> Result<&[Option<usize>]> {
        let known = self
            .plan
            .take()
            .filter(|(known, _)| Rc::ptr_eq(known, record_type));
        let plan = match known {
            Some(plan) => plan,
            None => {
                let known =
                    |name: &Rc<str>| self.names.iter().any(|column| fold::equal(column, name));
                if let Some(extra) = record_type.properties().iter().find(|name| !known(name)) {
                    return Err(ObjectError::new(
                        ErrorCode::CsvInvalid,
                        format!(
                            "An object has the property `{extra}`, for which the header has no column"
                        ),
                        "Choose the columns with Select-Object first",
                    ));
                }
                let places = self
                    .names
                    .iter()
                    .map(|name| record_type.position(name))
                    .collect();
                (Rc::clone(record_type), places)
            }
        };
        Ok(&self.plan.insert(plan).1)
    }
}

fn must_quote(text: &str, separator: char) -> bool {
    text.contains(['"', '\n', '\r', separator])
        || text.starts_with([' ', '\u{FEFF}'])
        || text.ends_with(' ')
        || text.starts_with("sep=")
}

/// One cell's text: nothing as empty text, the values of a list with `; ` between them, and JSON of what has objects or
/// lists inside.
fn cell_text(value: &Value) -> Result<Cow<'_, str>> {
    Ok(match value {
        Value::Null => Cow::Borrowed(""),
        Value::Text(text) => Cow::Borrowed(text),
        Value::List(items) if !items.iter().any(is_nested) => {
            let items: Vec<_> = items.iter().map(Value::display).collect();
            Cow::Owned(items.join("; "))
        }
        nested if is_nested(nested) => Cow::Owned(json(nested, JsonStyle::COMPACT)?),
        other => Cow::Owned(other.to_string()),
    })
}

fn is_nested(value: &Value) -> bool {
    matches!(value, Value::List(_) | Value::Record(_))
}
