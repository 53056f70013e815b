//! Text: `"…"` with variables in it, raw `'…'`, rhai's backticks and `#"…"#`.

use super::cursor::is_word_start;
use super::expression::Expression;
use super::operand::VALUE;
use super::{Parse, Parser};
use crate::diagnostic::{Fault, Span};
use crate::spec::TokenKind;

impl Parser<'_> {
    pub(crate) fn text_literal(&mut self) -> Parse<Expression> {
        let start = self.at;
        if let Some(constant) = self.read_text()? {
            let quoted = quote(&constant);
            self.out.write(quoted, Span::new(start, self.at));
        }
        Ok(VALUE)
    }

    pub(crate) fn raw_text(&mut self) -> Parse<Expression> {
        let start = self.at;
        let constant = self.read_raw_text()?;
        self.out.write(quote(&constant), Span::new(start, self.at));
        Ok(VALUE)
    }

    /// Reads a text. Without anything to compute it is handed back and nothing is written.
    pub(crate) fn read_text(&mut self) -> Parse<Option<String>> {
        match self.peek() {
            Some('\'') => self.read_single_quoted().map(Some),
            Some('`') => self.read_interpolated('`', "__tick("),
            _ => self.read_interpolated('"', "__text("),
        }
    }

    fn read_single_quoted(&mut self) -> Parse<String> {
        let start = self.at;
        self.at += 1;
        let mut content = String::new();
        loop {
            let Some(length) = self.rest().find('\'') else {
                return Err(unclosed(start, 1));
            };
            content.push_str(&self.rest()[..length]);
            self.at += length + 1;
            if !self.starts("'") {
                self.mark(TokenKind::Text, Span::new(start, self.at));
                return Ok(content);
            }
            content.push('\'');
            self.at += 1;
        }
    }

    /// `#"…"#` with any number of `#`.
    pub(crate) fn read_raw_text(&mut self) -> Parse<String> {
        let start = self.at;
        let rest = self.rest();
        let hashes = rest.len() - rest.trim_start_matches('#').len();
        let Some(body) = rest.get(hashes..).and_then(|r| r.strip_prefix('"')) else {
            return Err(self.expected("a value"));
        };
        let close = format!("\"{}", "#".repeat(hashes));
        let Some(length) = body.find(&close) else {
            return Err(unclosed(start, hashes + 1));
        };
        self.at += hashes + 1 + length + close.len();
        self.mark(TokenKind::Text, Span::new(start, self.at));
        Ok(body[..length].to_owned())
    }

    fn read_interpolated(&mut self, close: char, call: &'static str) -> Parse<Option<String>> {
        let start = self.at;
        let mut reading = TextReading {
            literal: String::new(),
            literal_start: start,
            parts: 0,
        };
        self.at += 1;
        if close == '`' {
            self.skip_first_line_end();
        }
        loop {
            match self.peek() {
                None if self.continues_line(start) => {
                    return Err(unclosed(start, 1).help(
                        "no backtick is needed: a command goes on onto a line that begins with `|` or `-Name`",
                    ));
                }
                None => return Err(unclosed(start, 1)),
                Some(c) if c == close => {
                    self.at += 1;
                    if self.peek() != Some(close) {
                        break;
                    }
                    reading.literal.push(close);
                    self.at += 1;
                }
                Some('\\') if close == '"' => self.escape(&mut reading.literal)?,
                Some('\\') if self.starts("\\${") => {
                    reading.literal.push_str("${");
                    self.at += 3;
                }
                Some('\r') if self.starts("\r\n") => self.at += 1,
                Some('$') if self.interpolation_begins(close) => {
                    self.flush(&mut reading, call);
                    self.interpolation()?;
                    let here = Span::new(self.at, self.at);
                    self.out.write(",", here);
                    reading.literal_start = self.at;
                }
                Some(c) => {
                    reading.literal.push(c);
                    self.advance();
                }
            }
        }
        self.mark(TokenKind::Text, Span::new(reading.literal_start, self.at));
        if reading.parts == 0 {
            return Ok(Some(reading.literal));
        }
        let end = Span::new(self.at, self.at);
        if !reading.literal.is_empty() {
            self.out.write(quote(&reading.literal), end);
        }
        self.out.write("])", end);
        Ok(None)
    }

    /// A backtick at the end of a line, as PowerShell has it.
    fn continues_line(&self, start: usize) -> bool {
        let rest = self.text.get(start..).unwrap_or_default();
        rest.strip_prefix('`')
            .is_some_and(|rest| rest.starts_with('\n') || rest.starts_with("\r\n"))
    }

    /// Writes what came before an interpolation.
    fn flush(&mut self, reading: &mut TextReading, call: &'static str) {
        let span = Span::new(reading.literal_start, self.at);
        self.mark(TokenKind::Text, span);
        if reading.parts == 0 {
            self.out.write(call, span);
            self.out.write("[", span);
        }
        reading.parts += 1;
        if !reading.literal.is_empty() {
            let literal = std::mem::take(&mut reading.literal);
            self.out.write(quote(&literal), span);
            self.out.write(",", span);
        }
    }

    fn skip_first_line_end(&mut self) {
        if self.starts("\r\n") {
            self.at += 2;
        } else if self.starts("\n") {
            self.at += 1;
        }
    }

    fn interpolation_begins(&self, close: char) -> bool {
        match self.peek_after(1) {
            Some('{') => true,
            Some('(') => close == '"',
            Some(c) => close == '"' && is_word_start(c),
            None => false,
        }
    }

    /// `$name`, `$(value)` or `${block}` inside a text.
    pub(crate) fn interpolation(&mut self) -> Parse<()> {
        let start = self.at;
        self.at += 1;
        match self.peek() {
            Some('(') => self.group().map(drop),
            Some('{') => self.block_value().map(drop),
            _ => {
                let word = self.word_here().unwrap_or_default();
                self.dollar_name(word, start).map(drop)
            }
        }
    }

    fn escape(&mut self, content: &mut String) -> Parse<()> {
        let start = self.at;
        self.at += 1;
        let digits = match self.peek() {
            Some('n') => return self.escaped(content, '\n'),
            Some('t') => return self.escaped(content, '\t'),
            Some('r') => return self.escaped(content, '\r'),
            Some(c @ ('"' | '\\' | '$')) => return self.escaped(content, c),
            Some('\n') => return self.continue_line(),
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            _ => 0,
        };
        let code = self.text.get(self.at + 1..self.at + 1 + digits);
        let character = code
            .filter(|_| digits > 0)
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
            .and_then(char::from_u32);
        let Some(character) = character else {
            let width = self.peek().map_or(0, char::len_utf8);
            let span = Span::new(start, self.at + width);
            let shown = self.slice(span);
            return Err(
                Fault::new(span, format!("`{shown}` means nothing in a text"))
                    .help("write `\\\\` for a backslash, or put the text into '…'")
                    .incomplete(width == 0),
            );
        };
        self.at += digits;
        self.escaped(content, character)
    }

    fn escaped(&mut self, content: &mut String, character: char) -> Parse<()> {
        content.push(character);
        self.advance();
        Ok(())
    }

    /// A backslash at a line end joins the lines and drops the blanks that begin the next.
    fn continue_line(&mut self) -> Parse<()> {
        let rest = self.text.get(self.at + 1..).unwrap_or_default();
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        self.at += 1 + blanks;
        Ok(())
    }
}

struct TextReading {
    literal: String,
    literal_start: usize,
    parts: usize,
}

fn unclosed(start: usize, length: usize) -> Box<Fault> {
    Fault::new(
        Span::new(start, start + length),
        "The text that begins here is not closed",
    )
    .help("write the quote twice for a quote inside a text")
    .incomplete(true)
}

/// A text as a rhai literal on one line.
pub(crate) fn quote(content: &str) -> String {
    let mut quoted = String::with_capacity(content.len() + 2);
    quoted.push('"');
    for c in content.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
