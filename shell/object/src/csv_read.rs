//! CSV in: a stream of records that share one type, with the place of everything that is wrong.
//!
//! Read by hand rather than with the `csv` crate, which takes an unclosed quote for a cell that
//! ends with the file, and cannot say in which column a fault is.

use std::borrow::Cow;
use std::io::{BufRead, Read};
use std::rc::Rc;

use crate::decode::decode;
use crate::error::{ErrorCode, ObjectError, Result};
use crate::record::{Record, RecordType, nearest};
use crate::value::Value;

/// Bytes after which a row is taken for a mistake (an unclosed quote in a large file).
const LONGEST_ROW: usize = 16 << 20;
const SEPARATORS: [u8; 4] = *b",;\t|";

/// Reads rows one by one. After an error in a row, reading goes on with the next one.
pub struct CsvReader<'a> {
    lines: Lines<'a>,
    separator: u8,
    record_type: Rc<RecordType>,
    ended: bool,
}

/// A row and where it begins.
#[derive(Debug, Clone, PartialEq)]
pub struct CsvRow {
    /// The cells by column; all are text.
    pub record: Record,
    /// Line of its first cell, counted from 1.
    pub line: u64,
}

impl<'a> CsvReader<'a> {
    /// Reads the header. Without a separator the one that the header uses most is taken; a first
    /// line `sep=;` (written by spreadsheets) decides before that.
    pub fn new(reader: impl Read + 'a, separator: Option<char>) -> Result<Self> {
        let input = decode(reader).map_err(not_read)?;
        let mut lines = Lines::new(input);
        let mut separator = separator.map(single_byte).transpose()?;
        let header = loop {
            if !lines.next_line()? {
                return Err(ObjectError::new(
                    ErrorCode::CsvInvalid,
                    "The CSV is empty: it has no line with the names of its columns",
                    "Give it a first line such as UserPrincipalName,Department",
                ));
            }
            let line = lines.text()?.trim_end_matches(['\r', '\n']);
            if let Some(given) = line.strip_prefix("sep=")
                && lines.number == 1
                && let [given] = given.as_bytes()
            {
                separator = separator.or(Some(*given));
                continue;
            }
            if !line.is_empty() {
                break separator.unwrap_or_else(|| detect(line));
            }
        };
        let mut names = Vec::new();
        let line = lines.number;
        lines.cells(header, |cell, _| names.push(cell.trim().to_owned()))?;
        for (index, name) in names.iter_mut().enumerate() {
            if name.is_empty() {
                *name = format!("Column{}", index + 1);
            }
        }
        let record_type =
            RecordType::checked("CSV row", &names, true).map_err(|error| ObjectError {
                code: ErrorCode::CsvInvalid,
                ..error.at(line, 1)
            })?;
        Ok(Self {
            lines,
            separator: header,
            record_type,
            ended: false,
        })
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[Rc<str>] {
        self.record_type.properties()
    }

    /// The separator given or found.
    pub fn separator(&self) -> char {
        char::from(self.separator)
    }

    /// Fails with the names of the columns there are if one of these is not.
    pub fn require(&self, columns: &[&str]) -> Result<()> {
        let Some(missing) = columns
            .iter()
            .find(|name| self.record_type.position(name).is_none())
        else {
            return Ok(());
        };
        let known: Vec<String> = self.columns().iter().map(|name| name.to_string()).collect();
        let near = nearest(missing, &known);
        let fix = match near.first() {
            Some(near) => format!("Rename `{near}` if that is meant"),
            None => "Add the column, or rename the one that is meant".to_owned(),
        };
        let cause = format!(
            "The CSV has no column `{missing}`; it has {}",
            known.join(", ")
        );
        Err(ObjectError::new(ErrorCode::CsvInvalid, cause, fix))
    }

    fn read_row(&mut self) -> Result<Option<CsvRow>> {
        loop {
            if !self.lines.next_line()? {
                return Ok(None);
            }
            if !self.lines.is_blank() {
                break;
            }
        }
        let line = self.lines.number;
        let width = self.record_type.properties().len();
        let mut values = Vec::with_capacity(width);
        let mut extra = None;
        self.lines.cells(self.separator, |cell, start| {
            if values.len() < width {
                values.push(Value::Text(cell.into()));
            } else if !cell.is_empty() {
                extra.get_or_insert_with(|| (cell.to_owned(), start));
            }
        })?;
        match extra {
            Some((extra, start)) => {
                let error = ObjectError::new(
                    ErrorCode::CsvInvalid,
                    format!(
                        "The row has more cells than the {width} columns of the header; the first too many is `{extra}`"
                    ),
                    "Put cells that contain the separator in quotes",
                );
                Err(self.lines.place(error, start))
            }
            None => Ok(Some(CsvRow {
                record: Record::new(&self.record_type, values),
                line,
            })),
        }
    }
}

impl Iterator for CsvReader<'_> {
    type Item = Result<CsvRow>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let row = self.read_row();
        self.ended = match &row {
            Ok(row) => row.is_none(),
            Err(error) => {
                matches!(
                    error.code,
                    ErrorCode::ReadFailed | ErrorCode::TextNotDecodable
                ) || self.lines.lost
            }
        };
        row.transpose()
    }
}

/// The separator that a header line uses most outside quotes.
fn detect(header: &str) -> u8 {
    let mut counts = [0_usize; SEPARATORS.len()];
    let mut quoted = false;
    for byte in header.bytes() {
        quoted ^= byte == b'"';
        if !quoted {
            for (separator, count) in SEPARATORS.iter().zip(&mut counts) {
                *count += usize::from(*separator == byte);
            }
        }
    }
    // Of equals the first counts, so that the comma is the default.
    let most = counts.iter().copied().max().unwrap_or(0);
    let found = SEPARATORS
        .iter()
        .zip(counts)
        .find(|(_, count)| *count == most);
    found.map_or(b',', |(separator, _)| *separator)
}

/// A separator must be a byte of its own that cannot be part of the syntax.
pub(crate) fn single_byte(separator: char) -> Result<u8> {
    u8::try_from(separator)
        .ok()
        .filter(|byte| byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r'))
        .ok_or_else(|| {
            ObjectError::new(
                ErrorCode::CsvInvalid,
                format!("`{}` cannot separate cells", separator.escape_debug()),
                "Use a comma, a semicolon, a tab or another ASCII character",
            )
        })
}

/// Lines of the input, joined where a quoted cell spans several.
struct Lines<'a> {
    input: Box<dyn BufRead + 'a>,
    buffer: Vec<u8>,
    /// Line at which the buffer begins, counted from 1.
    number: u64,
    /// Lines in the buffer.
    held: u64,
    /// After an unclosed quote there is no telling where the next row begins.
    lost: bool,
}

impl<'a> Lines<'a> {
    fn new(input: Box<dyn BufRead + 'a>) -> Self {
        Self {
            input,
            buffer: Vec::new(),
            number: 1,
            held: 0,
            lost: false,
        }
    }

    /// Replaces the buffer by the next line; false at the end.
    fn next_line(&mut self) -> Result<bool> {
        self.buffer.clear();
        self.number += self.held;
        self.held = 0;
        self.more()
    }

    /// Adds one more line to the buffer; false at the end.
    fn more(&mut self) -> Result<bool> {
        let room = LONGEST_ROW.saturating_sub(self.buffer.len());
        let limit = u64::try_from(room).unwrap_or(u64::MAX);
        let count = self
            .input
            .by_ref()
            .take(limit)
            .read_until(b'\n', &mut self.buffer)
            .map_err(not_read)?;
        if count == room {
            self.lost = true;
            return Err(ObjectError::new(
                ErrorCode::CsvInvalid,
                format!(
                    "The row that begins here is longer than {} MB",
                    LONGEST_ROW >> 20
                ),
                "Look for a quote that is not closed",
            )
            .at(self.number, 1));
        }
        self.held += u64::from(count > 0);
        Ok(count > 0)
    }

    fn is_blank(&self) -> bool {
        matches!(self.buffer.as_slice(), b"" | b"\n" | b"\r\n" | b"\r")
    }

    fn text(&self) -> Result<&str> {
        std::str::from_utf8(&self.buffer).map_err(|error| {
            let undecodable = ObjectError::new(
                ErrorCode::TextNotDecodable,
                "The file is neither UTF-8 nor UTF-16",
                "Save it as \"CSV UTF-8\"",
            );
            self.place(undecodable, error.valid_up_to())
        })
    }

    /// Gives each cell of the row in the buffer and where it begins; reads on where a quoted cell spans lines.
    fn cells(&mut self, separator: u8, mut take: impl FnMut(&str, usize)) -> Result<()> {
        let mut quotes = Quotes::default();
        while let Some(open) = quotes.open_after(&self.buffer, separator) {
            if !self.more()? {
                self.lost = true;
                let error = ObjectError::new(
                    ErrorCode::CsvInvalid,
                    "The quote that opens here is never closed",
                    "Close it, or double it if it belongs to the text",
                );
                return Err(self.place(error, open));
            }
        }
        let text = self.text()?;
        let row = text.strip_suffix('\n').unwrap_or(text);
        let row = row.strip_suffix('\r').unwrap_or(row);
        let separator = char::from(separator);
        let mut rest = Some(row);
        while let Some(from) = rest {
            let start = row.len() - from.len();
            rest = match from.strip_prefix('"') {
                Some(quoted) => {
                    let (cell, rest) = take_quoted(quoted, separator)
                        .map_err(|after| self.text_after_quote(row.len() - after))?;
                    take(&cell, start);
                    rest
                }
                None => {
                    let split = from.split_once(separator);
                    take(split.map_or(from, |(cell, _)| cell), start);
                    split.map(|(_, rest)| rest)
                }
            };
        }
        Ok(())
    }

    fn text_after_quote(&self, offset: usize) -> ObjectError {
        let error = ObjectError::new(
            ErrorCode::CsvInvalid,
            "There is text between the closing quote of a cell and the next separator",
            "Double quotes that belong to the text",
        );
        self.place(error, offset)
    }

    /// The error with the place of a byte of the buffer.
    fn place(&self, error: ObjectError, offset: usize) -> ObjectError {
        let before = String::from_utf8_lossy(self.buffer.get(..offset).unwrap_or_default());
        let line = self.number + count(before.matches('\n').count());
        let column = before
            .rsplit('\n')
            .next()
            .map_or(0, |rest| rest.chars().count());
        error.at(line, count(column) + 1)
    }
}

/// Follows quotes through a buffer that grows, looking at each byte once.
struct Quotes {
    scanned: usize,
    open: Option<usize>,
    /// At the start of a cell, where a quote opens; elsewhere it is part of the text.
    at_start: bool,
    /// After a closing quote, where another one continues the cell: it was a doubled quote.
    after_quote: bool,
}

impl Default for Quotes {
    fn default() -> Self {
        Self {
            scanned: 0,
            open: None,
            at_start: true,
            after_quote: false,
        }
    }
}

impl Quotes {
    /// Where the quote stands that is still open at the end of the buffer.
    fn open_after(&mut self, buffer: &[u8], separator: u8) -> Option<usize> {
        if self.open.is_none() && !buffer.contains(&b'"') {
            return None;
        }
        for (offset, byte) in buffer.iter().enumerate().skip(self.scanned) {
            if self.open.is_some() {
                if *byte == b'"' {
                    (self.open, self.after_quote) = (None, true);
                }
            } else if *byte == b'"' && (self.at_start || self.after_quote) {
                (self.open, self.after_quote) = (Some(offset), false);
            } else {
                self.after_quote = false;
            }
            self.at_start = self.open.is_none() && *byte == separator;
        }
        self.scanned = buffer.len();
        self.open
    }
}

/// The cell after its opening quote and what follows its separator, if anything; an error is the
/// length of what follows a misplaced closing quote.
fn take_quoted(
    quoted: &str,
    separator: char,
) -> std::result::Result<(Cow<'_, str>, Option<&str>), usize> {
    let mut from = 0;
    loop {
        let quote = quoted
            .get(from..)
            .and_then(|rest| rest.find('"'))
            .ok_or(0_usize)?;
        let after = quoted.get(from + quote + 1..).unwrap_or_default();
        if after.starts_with('"') {
            from += quote + 2;
            continue;
        }
        let cell = quoted.get(..from + quote).unwrap_or_default();
        let cell = if from == 0 {
            Cow::Borrowed(cell)
        } else {
            Cow::Owned(cell.replace("\"\"", "\""))
        };
        return match after.strip_prefix(separator) {
            _ if after.is_empty() => Ok((cell, None)),
            Some(rest) => Ok((cell, Some(rest))),
            None => Err(after.len()),
        };
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn not_read(error: std::io::Error) -> ObjectError {
    match error.kind() {
        std::io::ErrorKind::InvalidData => ObjectError::new(
            ErrorCode::TextNotDecodable,
            format!("The file cannot be read as text: {error}"),
            "Save it as \"CSV UTF-8\"",
        ),
        _ => ObjectError::new(
            ErrorCode::ReadFailed,
            format!("The file cannot be read: {error}"),
            "Check that it is a file and that you may read it",
        ),
    }
}

#[cfg(test)]
#[path = "csv_test.rs"]
mod tests;
