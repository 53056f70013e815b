//! Records: `@{ Name = value; Other = value }`, also after `[pscustomobject]`; lists: `@(a, b)`.

use super::expression::Expression;
use super::operand::VALUE;
use super::text::quote;
use super::{Parse, Parser};
use crate::diagnostic::{Fault, Span};
use crate::spec::TokenKind;

/// What people write before a record; it is one in any case, in the order written.
const CASTS: [&str; 3] = ["[pscustomobject]", "[ordered]", "[hashtable]"];

impl Parser<'_> {
    /// The length of `[pscustomobject]` and the like and the blanks after it, if a record follows.
    pub(crate) fn record_cast_length(&self) -> Option<usize> {
        let rest = self.rest();
        let is_here = |cast: &&&str| {
            let head = rest.get(..cast.len());
            head.is_some_and(|head| head.eq_ignore_ascii_case(cast))
        };
        let cast = CASTS.iter().find(is_here)?;
        let after = rest.get(cast.len()..)?.trim_start();
        let length = rest.len() - after.len();
        after.starts_with("@{").then_some(length)
    }

    pub(crate) fn record_or_fault(&mut self) -> Parse<Expression> {
        if let Some(length) = self.record_cast_length() {
            let cast = self.rest().find(']').map_or(length, |end| end + 1);
            self.mark(TokenKind::Keyword, Span::new(self.at, self.at + cast));
            self.at += length;
        }
        if self.starts("@(") {
            self.list()?;
            return Ok(VALUE);
        }
        if self.starts("@\"") || self.starts("@'") {
            let open = Span::new(self.at, self.at + 2);
            return Err(Fault::new(open, "There are no here-strings")
                .help("a text in `\"…\"` or `'…'` may go over several lines as it is"));
        }
        if !self.starts("@{") {
            return Err(Fault::new(self.here(), "`@` stands before `{` or `(` here")
                .help("write `@{ Name = value }` or `@(a, b)`; `@name` gives a map's entries to a command"));
        }
        self.record()?;
        Ok(VALUE)
    }

    /// `@(a, b)`, `@(Get-User)`, `@()`: a list in any case, however many there are.
    fn list(&mut self) -> Parse<()> {
        let open = Span::new(self.at, self.at + 2);
        self.out.write("__list([", open);
        self.at += 2;
        let result = self.nested(Self::list_items);
        result.map_err(|fault| self.blame_opening(fault, open))?;
        let close = self.here();
        self.at += 1;
        self.out.write("])", close);
        Ok(())
    }

    fn list_items(&mut self) -> Parse<()> {
        loop {
            self.skip()?;
            if self.starts(")") {
                return Ok(());
            }
            let item = self.here();
            self.value()?;
            self.out.write(",", item);
            let line_ended = self.skip()?;
            if self.starts(",") || self.starts(";") {
                self.at += 1;
            } else if !line_ended && !self.starts(")") {
                return Err(self.expected("`,` or `)` after the value"));
            }
        }
    }

    fn record(&mut self) -> Parse<()> {
        let open = Span::new(self.at, self.at + 2);
        self.out.write("__record([", open);
        self.at += 2;
        let result = self.nested(Self::record_entries);
        result.map_err(|fault| self.blame_opening(fault, open))?;
        let close = self.here();
        self.at += 1;
        self.out.write("])", close);
        Ok(())
    }

    /// Entries end at `;` or a line end.
    fn record_entries(&mut self) -> Parse<()> {
        let mut seen: Vec<String> = Vec::new();
        loop {
            self.skip()?;
            while self.starts(";") {
                self.at += 1;
                self.skip()?;
            }
            if self.starts("}") {
                return Ok(());
            }
            let (name, span) = self.key("a property name or `}`")?;
            if seen.iter().any(|s| s.eq_ignore_ascii_case(&name)) {
                return Err(Fault::new(
                    span,
                    format!("The property `{name}` is given twice"),
                ));
            }
            self.out.write(quote(&name), span);
            self.out.write(",", span);
            seen.push(name);
            self.record_value(span)?;
            let line_ended = self.skip()?;
            if !line_ended && !self.starts(";") && !self.starts("}") {
                return Err(self
                    .expected("`;` or `}` after the value")
                    .help("entries are separated by `;` or a line end; a list stands in `[…]`"));
            }
        }
    }

    fn record_value(&mut self, name: Span) -> Parse<()> {
        self.skip()?;
        if !self.starts("=") || self.starts("==") {
            return Err(self.expected("`=` after the property name"));
        }
        self.at += 1;
        self.skip()?;
        if self.starts("{") {
            return Err(Fault::new(self.here(), "A record holds data, not blocks").help(
                "a calculated property is written `Total={ $_.A + $_.B }`, one to sort by, downwards, `desc={ $_.A }`; a computed value `(1 + 1)`",
            ));
        }
        self.value()?;
        self.out.write(",", name);
        Ok(())
    }
}
