//! Numbers, arrays and maps.

use super::cursor::is_word_start;
use super::expression::Expression;
use super::operand::VALUE;
use super::text::quote;
use super::{Parse, Parser};
use crate::diagnostic::{Fault, Span};
use crate::spec::TokenKind;

impl Parser<'_> {
    pub(crate) fn number(&mut self) -> Parse<Expression> {
        self.refuse_bare_date()?;
        let length = number_length(self.rest());
        let span = Span::new(self.at, self.at + length);
        let shown = self.slice(span);
        let radix = shown.get(1..2).is_some_and(|r| "xXoObB".contains(r));
        if radix
            && shown
                .get(2..)
                .unwrap_or_default()
                .trim_matches('_')
                .is_empty()
        {
            return Err(Fault::new(
                span,
                format!("`{shown}` has no digits after it"),
            ));
        }
        self.copy_as(TokenKind::Number, length);
        Ok(VALUE)
    }

    /// `2026-11-23` would be 1992.
    fn refuse_bare_date(&self) -> Parse<()> {
        let Some(candidate) = self.text.get(self.at..self.at + 10) else {
            return Ok(());
        };
        let shaped = candidate.char_indices().all(|(i, c)| match i {
            4 | 7 => c == '-',
            _ => c.is_ascii_digit(),
        });
        let ends = !self.peek_after(10).is_some_and(|c| c.is_ascii_digit());
        if shaped && ends {
            return Err(Fault::new(
                Span::new(self.at, self.at + 10),
                format!("`{candidate}` is a subtraction here, not a date"),
            )
            .help(format!("write `\"{candidate}\"` for the date")));
        }
        Ok(())
    }

    pub(crate) fn array_literal(&mut self) -> Parse<Expression> {
        let open = self.here();
        self.refuse_cast(open)?;
        self.copy(1);
        let result = self.nested(|p| p.expressions_up_to("]"));
        result.map_err(|fault| self.blame_opening(fault, open))?;
        Ok(VALUE)
    }

    /// PowerShell's `[int]$x` would be an array followed by a value.
    fn refuse_cast(&self, open: Span) -> Parse<()> {
        const LONGEST: usize = 16;
        let rest = self.text.get(open.end..).unwrap_or_default();
        let letters = rest.find(|c: char| !c.is_ascii_alphanumeric());
        let Some(length) = letters.filter(|&at| at < LONGEST && rest[at..].starts_with(']')) else {
            return Ok(());
        };
        let name = rest.get(..length).unwrap_or_default();
        let instead = match name.to_ascii_lowercase().as_str() {
            "int" | "int32" | "int64" | "long" | "double" | "float" => "number(value)",
            "decimal" => "decimal(value)",
            "string" => "`\"$value\"`",
            "datetime" => "`(Get-Date value)`",
            "bool" | "switch" => "`!!value`",
            _ => return Ok(()),
        };
        let after = rest.get(length + 1..).and_then(|r| r.chars().next());
        if after.is_some_and(|c| "$\"'(".contains(c) || c.is_ascii_alphanumeric()) {
            let span = Span::new(open.start, open.end + length + 1);
            return Err(Fault::new(span, format!("`[{name}]` is not a cast here"))
                .help(format!("write {instead}")));
        }
        Ok(())
    }

    pub(crate) fn map_literal(&mut self) -> Parse<Expression> {
        let open = Span::new(self.at, self.at + 2);
        self.copy(2);
        let result = self.nested(Self::map_entries);
        result.map_err(|fault| self.blame_opening(fault, open))?;
        Ok(VALUE)
    }

    fn map_entries(&mut self) -> Parse<()> {
        loop {
            if self.symbol_if("}")? {
                return Ok(());
            }
            let (key, span) = self.key("a property name")?;
            self.out.write(quote(&key), span);
            self.symbol(":", "after the property name")?;
            self.expression()?;
            if self.symbol_if("}")? {
                return Ok(());
            }
            self.symbol(",", "or `}` after the value")?;
        }
    }

    /// The name of an entry, bare or quoted.
    pub(crate) fn key(&mut self, what: &str) -> Parse<(String, Span)> {
        self.skip()?;
        let start = self.at;
        if let Some(word) = self.word_here() {
            self.mark(TokenKind::Property, word);
            self.at = word.end;
            return Ok((self.slice(word).to_owned(), word));
        }
        if matches!(self.peek(), Some('"' | '\'')) {
            let pieces = self.out.mark();
            if let Some(key) = self.read_text()?
                && self.out.mark() == pieces
            {
                return Ok((key, Span::new(start, self.at)));
            }
            return Err(Fault::new(
                Span::new(start, self.at),
                "A property name cannot be computed here",
            )
            .help("write the name out, or set it afterwards: `map[name] = value`"));
        }
        Err(self.expected(what))
    }
}

/// The length of the number at the start of `text`, by rhai's rules; at least 1.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize, valid: fn(&u8) -> bool| {
        bytes
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(|&b| *b == b'_' || valid(b))
            .count()
    };
    if bytes.first() == Some(&b'0') {
        let radix: Option<fn(&u8) -> bool> = match bytes.get(1) {
            Some(b'x' | b'X') => Some(u8::is_ascii_hexdigit),
            Some(b'o' | b'O') => Some(|b| (b'0'..=b'7').contains(b)),
            Some(b'b' | b'B') => Some(|b| matches!(b, b'0' | b'1')),
            _ => None,
        };
        if let Some(valid) = radix {
            return 2 + digits(2, valid);
        }
    }
    let mut length = digits(0, u8::is_ascii_digit).max(1);
    if bytes.get(length) == Some(&b'.') {
        let next = text.get(length + 1..).and_then(|t| t.chars().next());
        match next {
            Some(c) if c.is_ascii_digit() => length += 1 + digits(length + 1, u8::is_ascii_digit),
            Some(c) if c == '.' || is_word_start(c) => {}
            Some(_) => length += 1,
            None => {}
        }
    }
    if matches!(bytes.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let exponent = digits(length + 1 + sign, u8::is_ascii_digit);
        if bytes.get(length + 1 + sign).is_some_and(u8::is_ascii_digit) {
            length += 1 + sign + exponent;
        }
    }
    length
}

#[cfg(test)]
mod tests {
    use super::number_length;

    #[test]
    fn numbers_end_where_rhai_ends_them() {
        for (text, length) in [
            ("5", 1),
            ("1_000;", 5),
            ("1.5.x", 3),
            ("1..5", 1),
            ("42.abs()", 2),
            ("1.;", 2),
            ("1e5", 3),
            ("1e-5 ", 4),
            ("1efg", 1),
            ("1e_5", 1),
            ("1.", 1),
            ("0xFFg", 4),
        ] {
            assert_eq!(number_length(text), length, "{text}");
        }
    }
}
