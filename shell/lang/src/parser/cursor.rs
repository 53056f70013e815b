//! Moving over characters, blanks and comments; knows words but no grammar.

use super::{Parse, Parser};
use crate::diagnostic::{Fault, Span};
use crate::output::PieceId;
use crate::spec::{Token, TokenKind};

pub(crate) fn is_word_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

pub(crate) fn is_word_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

impl<'a> Parser<'a> {
    pub(crate) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(crate) fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(crate) fn peek_after(&self, bytes: usize) -> Option<char> {
        self.text.get(self.at + bytes..)?.chars().next()
    }

    pub(crate) fn starts(&self, with: &str) -> bool {
        self.rest().starts_with(with)
    }

    pub(crate) fn at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    pub(crate) fn advance(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    pub(crate) fn mark(&mut self, kind: TokenKind, span: Span) {
        if span.end > span.start {
            self.tokens.push(Token { kind, span });
        }
    }

    /// Skips blanks, line ends and comments; says whether a line ended.
    pub(crate) fn skip(&mut self) -> Parse<bool> {
        let mut line_ended = false;
        loop {
            match self.peek() {
                Some('\n') => {
                    line_ended = true;
                    self.at += 1;
                }
                Some(c) if c.is_whitespace() || c == '\u{feff}' => self.advance(),
                Some('/') if self.starts("//") => self.skip_line_comment(),
                Some('/') if self.starts("/*") => {
                    line_ended |= self.skip_block_comment("/*", "*/")?;
                }
                Some('#') if self.hash_begins_comment() => self.skip_line_comment(),
                Some('<') if self.starts("<#") => {
                    line_ended |= self.skip_block_comment("<#", "#>")?;
                }
                _ => return Ok(line_ended),
            }
        }
    }

    /// Skips blanks within the line, and a comment that comes after a blank.
    pub(crate) fn skip_in_line(&mut self) -> Parse<()> {
        let mut after_blank = false;
        loop {
            match self.peek() {
                Some(c) if c != '\n' && c.is_whitespace() => {
                    self.advance();
                    after_blank = true;
                }
                Some('/') if after_blank && self.starts("//") => self.skip_line_comment(),
                Some('/') if after_blank && self.starts("/*") => {
                    self.skip_block_comment("/*", "*/")?;
                }
                // A word of a command may begin with it: `-Reason #1042`.
                Some('#') if after_blank && self.peek_after(1).is_none_or(char::is_whitespace) => {
                    self.skip_line_comment();
                }
                Some('<') if after_blank && self.starts("<#") => {
                    self.skip_block_comment("<#", "#>")?;
                }
                _ => return Ok(()),
            }
        }
    }

    /// `#{` begins a map and `#"` a raw text, with any number of `#`; every other one a comment, as in PowerShell.
    fn hash_begins_comment(&self) -> bool {
        let rest = self.rest();
        let after = rest.trim_start_matches('#');
        !rest.starts_with("#{") && !after.starts_with('"')
    }

    fn skip_line_comment(&mut self) {
        let length = self.rest().find('\n').unwrap_or(self.rest().len());
        self.mark(TokenKind::Comment, Span::new(self.at, self.at + length));
        self.at += length;
    }

    /// Block comments nest; says whether one spans lines.
    fn skip_block_comment(&mut self, open: &str, close: &str) -> Parse<bool> {
        let start = self.at;
        let (mut level, mut line_ended) = (0_usize, false);
        loop {
            if self.starts(open) {
                level += 1;
                self.at += 2;
            } else if self.starts(close) {
                level -= 1;
                self.at += 2;
                if level == 0 {
                    self.mark(TokenKind::Comment, Span::new(start, self.at));
                    return Ok(line_ended);
                }
            } else if self.at_end() {
                return Err(Fault::new(
                    Span::new(start, start + 2),
                    "The comment that begins here is not closed",
                )
                .help(format!("end it with `{close}`"))
                .incomplete(true));
            } else {
                line_ended |= self.starts("\n");
                self.advance();
            }
        }
    }

    pub(crate) fn skip_shebang(&mut self) {
        if self.starts("\u{feff}") {
            self.at += '\u{feff}'.len_utf8();
        }
        if self.starts("#!") {
            self.skip_line_comment();
        }
    }

    /// The word (letters, digits, `_`) that begins here.
    pub(crate) fn word_here(&self) -> Option<Span> {
        let rest = self.rest();
        if !rest.starts_with(is_word_start) {
            return None;
        }
        let length = rest.find(|c| !is_word_part(c)).unwrap_or(rest.len());
        Some(Span::new(self.at, self.at + length))
    }

    pub(crate) fn is_keyword_here(&self, keyword: &str) -> bool {
        self.word_here().is_some_and(|w| self.slice(w) == keyword)
    }

    /// Copies `length` bytes of the script to the output.
    pub(crate) fn copy(&mut self, length: usize) -> PieceId {
        let span = Span::new(self.at, self.at + length);
        self.at += length;
        self.out.copy(self.text, span)
    }

    pub(crate) fn copy_as(&mut self, kind: TokenKind, length: usize) -> PieceId {
        self.mark(kind, Span::new(self.at, self.at + length));
        self.copy(length)
    }

    /// Skips blanks, then copies `symbol`, or says what it was expected for.
    pub(crate) fn symbol(&mut self, symbol: &str, what_for: &str) -> Parse<Span> {
        self.skip()?;
        if !self.starts(symbol) {
            return Err(self.expected(&format!("`{symbol}` {what_for}")));
        }
        let span = Span::new(self.at, self.at + symbol.len());
        self.copy(symbol.len());
        Ok(span)
    }

    /// Skips blanks, then copies `symbol` if it comes next.
    pub(crate) fn symbol_if(&mut self, symbol: &str) -> Parse<bool> {
        self.skip()?;
        let found = self.starts(symbol);
        if found {
            self.copy(symbol.len());
        }
        Ok(found)
    }

    /// Copies the keyword that comes next.
    pub(crate) fn keyword(&mut self, keyword: &str) -> Span {
        let span = Span::new(self.at, self.at + keyword.len());
        self.copy_as(TokenKind::Keyword, keyword.len());
        span
    }
}
