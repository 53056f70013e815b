//! JSON in: documents as values. Numbers keep every digit (whole, else decimal, else float), the
//! order of properties stays, and every fault has its line and column.
//!
//! Read by hand: `serde_json` keeps exact numbers only with a feature that would change it for
//! every crate of the workspace.

use std::borrow::Cow;

use crate::error::{ErrorCode, ObjectError, Result};
use crate::number::Number;
use crate::record::TypeCache;
use crate::value::Value;

/// Nesting beyond which a document is refused; reading is recursive.
pub const DEEPEST: usize = 128;

/// Reads one document after the other: a single one, JSON lines, or several in a row.
pub struct JsonReader<'t> {
    text: &'t str,
    at: usize,
    types: TypeCache,
    failed: bool,
}

impl<'t> JsonReader<'t> {
    /// A reader at the start of the text; a byte order mark is skipped.
    pub fn new(text: &'t str) -> Self {
        Self {
            text: text.strip_prefix('\u{FEFF}').unwrap_or(text),
            at: 0,
            types: TypeCache::new("Object", false),
            failed: false,
        }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn accept(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self, depth: usize) -> Result<Value> {
        if depth > DEEPEST {
            return Err(ObjectError {
                code: ErrorCode::JsonTooDeep,
                ..self.fault(
                    self.at,
                    format!("The JSON is nested deeper than {DEEPEST} levels"),
                    "Flatten it",
                )
            });
        }
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => Ok(Value::Text(self.string()?.into())),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<Value> {
        for (word, value) in [
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("null", Value::Null),
        ] {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.expected("a value"))
    }

    fn array(&mut self, depth: usize) -> Result<Value> {
        self.at += 1;
        let mut items = Vec::new();
        self.skip_blanks();
        if self.accept(b']') {
            return Ok(items.into());
        }
        loop {
            self.skip_blanks();
            items.push(self.value(depth + 1)?);
            self.skip_blanks();
            if self.accept(b']') {
                return Ok(items.into());
            }
            if !self.accept(b',') {
                return Err(self.expected("`,` or `]`"));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value> {
        let start = self.at;
        self.at += 1;
        let mut names: Vec<Cow<'t, str>> = Vec::new();
        let mut values = Vec::new();
        self.skip_blanks();
        while !self.accept(b'}') {
            if !names.is_empty() {
                if !self.accept(b',') {
                    return Err(self.expected("`,` or `}`"));
                }
                self.skip_blanks();
            }
            if self.peek() != Some(b'"') {
                return Err(self.expected("the name of a property in quotes"));
            }
            names.push(self.string()?);
            self.skip_blanks();
            if !self.accept(b':') {
                return Err(self.expected("`:`"));
            }
            self.skip_blanks();
            values.push(self.value(depth + 1)?);
            self.skip_blanks();
        }
        let record = self.types.record(&names, values);
        record
            .map(Value::Record)
            .map_err(|error| self.fault(start, error.cause, error.fix))
    }

    /// A number by the grammar of JSON, which is narrower than what `Number` reads.
    fn number(&mut self) -> Result<Value> {
        let start = self.at;
        self.accept(b'-');
        let whole = self.digits();
        let zeros = self
            .text
            .get(start..self.at)
            .unwrap_or_default()
            .trim_start_matches('-');
        let leading_zero = whole > 1 && zeros.starts_with('0');
        let fraction_missing = self.accept(b'.') && self.digits() == 0;
        let mut exponent_missing = false;
        if self.accept(b'e') || self.accept(b'E') {
            if !self.accept(b'-') {
                self.accept(b'+');
            }
            exponent_missing = self.digits() == 0;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        let number = Number::parse(text)
            .filter(|_| whole > 0 && !leading_zero && !fraction_missing && !exponent_missing)
            .map(Value::from);
        number.ok_or_else(|| {
            let cause = format!("`{text}` is not a number of JSON, or too large for one");
            self.fault(start, cause, "Write it as text, in quotes")
        })
    }

    fn digits(&mut self) -> usize {
        let count = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.at += count;
        count
    }

    fn string(&mut self) -> Result<Cow<'t, str>> {
        let start = self.at;
        self.at += 1;
        let mut text = Cow::Borrowed("");
        loop {
            let rest = self.rest();
            let plain = rest
                .bytes()
                .position(|byte| byte == b'"' || byte == b'\\' || byte < 0x20)
                .unwrap_or(rest.len());
            let piece = rest.get(..plain).unwrap_or_default();
            if text.is_empty() {
                text = Cow::Borrowed(piece);
            } else {
                text.to_mut().push_str(piece);
            }
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => text.to_mut().push(self.escape()?),
                Some(_) => {
                    let cause = "A text holds a control character as it is (a line end, perhaps)";
                    return Err(self.fault(self.at, cause, "Write it as \\n, \\t or \\u00XX"));
                }
                None => {
                    return Err(self.fault(
                        start,
                        "The text that begins here never ends",
                        "Close its quote",
                    ));
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char> {
        let start = self.at;
        let kind = self.text.as_bytes().get(start + 1).copied();
        self.at += 2;
        let found = match kind {
            Some(b'n') => Some('\n'),
            Some(b't') => Some('\t'),
            Some(b'r') => Some('\r'),
            Some(b'b') => Some('\u{8}'),
            Some(b'f') => Some('\u{C}'),
            Some(same @ (b'"' | b'\\' | b'/')) => Some(char::from(same)),
            Some(b'u') => self.code_point(),
            _ => None,
        };
        found.ok_or_else(|| {
            self.fault(
                start,
                "This escape means no character",
                "Write \\\\ for a backslash itself",
            )
        })
    }

    /// The four hexadecimal digits after `\u`, and those of a second half where there must be one.
    fn code_point(&mut self) -> Option<char> {
        let first = self.hex()?;
        if !(0xD800..0xDC00).contains(&first) {
            return char::from_u32(first);
        }
        if !(self.accept(b'\\') && self.accept(b'u')) {
            return None;
        }
        let second = self
            .hex()
            .filter(|second| (0xDC00..0xE000).contains(second))?;
        char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        // `from_str_radix` would also take a sign.
        let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        u32::from_str_radix(digits, 16).ok().filter(|_| plain)
    }

    fn expected(&self, what: &str) -> ObjectError {
        let found = match self.rest().chars().next() {
            Some(character) => format!("`{}`", character.escape_debug()),
            None => "its end".to_owned(),
        };
        let cause = format!("The JSON should have {what} where it has {found}");
        self.fault(
            self.at,
            cause,
            "Check it for a missing comma, quote or bracket",
        )
    }

    fn fault(
        &self,
        offset: usize,
        cause: impl Into<String>,
        fix: impl Into<String>,
    ) -> ObjectError {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = self.text.get(..offset).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .map_or(0, |rest| rest.chars().count())
            + 1;
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        ObjectError::new(ErrorCode::JsonInvalid, cause, fix).at(count(line), count(column))
    }
}

impl Iterator for JsonReader<'_> {
    type Item = Result<Value>;

    fn next(&mut self) -> Option<Self::Item> {
        self.skip_blanks();
        if self.failed || self.at >= self.text.len() {
            return None;
        }
        let value = self.value(1);
        self.failed = value.is_err();
        Some(value)
    }
}

/// Reads a text that is exactly one document.
pub fn read(text: &str) -> Result<Value> {
    let mut reader = JsonReader::new(text);
    let value = reader
        .next()
        .unwrap_or_else(|| Err(reader.expected("a value")))?;
    reader.skip_blanks();
    if reader.at < reader.text.len() {
        return Err(reader.expected("nothing more"));
    }
    Ok(value)
}

#[cfg(test)]
#[path = "json_test.rs"]
mod tests;
