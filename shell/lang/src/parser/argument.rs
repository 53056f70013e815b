//! The arguments of a command: names, bare words, and everything that is computed.

use super::command::Stages;
use super::cursor::{is_word_part, is_word_start};
use super::operand::is_typographic;
use super::{Parse, Parser};
use crate::diagnostic::{Fault, Span};
use crate::names::CommandShape;
use crate::spec::{Argument, ArgumentValue, Spot, SpotKind, TokenKind};

/// A bare word ends before one of these, or at a blank.
const ENDS_WORD: &str = "|;,)]}{\"'`";

pub(super) fn ends_word(c: char) -> bool {
    c.is_whitespace() || ENDS_WORD.contains(c)
}

/// The command whose arguments are read, and the slots of its pipeline.
pub(super) struct Call<'c> {
    shape: &'c CommandShape,
    stages: &'c mut Stages,
    pub(super) arguments: Vec<Argument>,
}

impl Parser<'_> {
    pub(super) fn arguments(
        &mut self,
        shape: &CommandShape,
        stages: &mut Stages,
    ) -> Parse<Vec<Argument>> {
        let mut call = Call {
            shape,
            stages,
            arguments: Vec::new(),
        };
        loop {
            self.skip_in_line()?;
            match self.peek() {
                None => {
                    let at_blank = self.text.ends_with(char::is_whitespace);
                    if at_blank {
                        self.note_spot(&call, SpotKind::Value, self.at);
                    }
                    return Ok(call.arguments);
                }
                Some('\n') => {
                    if !self.goes_on_after_line_end()? {
                        return Ok(call.arguments);
                    }
                }
                Some('|' | ';' | ')' | ']' | '}') => {
                    self.refuse_shell_operator()?;
                    return Ok(call.arguments);
                }
                Some(',') => {
                    // The comma belongs to a list or call around the command.
                    return Ok(call.arguments);
                }
                Some(_) => {
                    self.refuse_shell_operator()?;
                    self.argument(&mut call)?;
                }
            }
        }
    }

    /// At a line end: the command goes on when the next line begins with `-Letter`.
    fn goes_on_after_line_end(&mut self) -> Parse<bool> {
        let before = self.at;
        self.skip()?;
        let goes_on =
            self.starts("-") && self.peek_after(1).is_some_and(|c| c.is_ascii_alphabetic());
        if !goes_on {
            self.at = before;
        }
        Ok(goes_on)
    }

    fn refuse_shell_operator(&self) -> Parse<()> {
        let (length, help) = if self.starts("||") || self.starts("&&") {
            (
                2,
                "end the command before it, and test its outcome with `if`",
            )
        } else if self.starts("&") {
            (
                1,
                "commands run one after another: end each with a new line or `;`",
            )
        } else if self.starts("2>") || self.starts("*>") {
            (
                2,
                "write `-ErrorAction SilentlyContinue`; `$Error` has what went wrong all the same",
            )
        } else if self.starts(">>") {
            (
                2,
                "write `| Out-File name -Append`, or `| Export-Csv name -Append`",
            )
        } else if self.starts(">") {
            (1, "write `| Out-File name`, or `| Export-Csv name`")
        } else {
            return Ok(());
        };
        let span = Span::new(self.at, self.at + length);
        let shown = self.slice(span);
        Err(Fault::new(span, format!("`{shown}` has no meaning in a command")).help(help))
    }

    fn argument(&mut self, call: &mut Call<'_>) -> Parse<()> {
        if let Some((name, attached)) = self.parameter_name_here() {
            return self.parameter(call, name, attached);
        }
        self.refuse_foreign_signs()?;
        let start = self.at;
        if let Some(span) = self.splat_here() {
            let slot = self.open_slot(call);
            let word = Span::new(span.start + 1, span.end);
            self.variable(word, span.start)?;
            self.close_slot();
            call.arguments.push(Argument::Splat { slot, span });
            return Ok(());
        }
        let value = self.argument_list(call)?;
        let span = Span::new(start, self.at);
        call.arguments.push(Argument::Value { value, span });
        Ok(())
    }

    /// Quotes and dashes from a word processor.
    fn refuse_foreign_signs(&self) -> Parse<()> {
        let next = self.peek().unwrap_or_default();
        if is_typographic(next) {
            return Err(
                Fault::new(self.here(), format!("`{next}` is a typographic sign"))
                    .help("write `\"`, `'` or `-`; or put the text into quotes"),
            );
        }
        Ok(())
    }

    /// `-Name`, with or without `:`.
    fn parameter_name_here(&self) -> Option<(Span, bool)> {
        let rest = self.rest().strip_prefix('-')?;
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let length = rest.find(|c| !is_word_part(c)).unwrap_or(rest.len());
        let next = rest.get(length..)?.chars().next();
        let span = Span::new(self.at, self.at + 1 + length);
        match next {
            Some(':') => Some((span, true)),
            Some(c) if !ends_word(c) && c != '=' => None,
            _ => Some((span, false)),
        }
    }

    fn parameter(&mut self, call: &mut Call<'_>, span: Span, attached: bool) -> Parse<()> {
        self.at = span.end;
        if self.starts("=") {
            let shown = self.slice(span);
            return Err(
                Fault::new(self.here(), format!("`{shown}` is not given with `=`"))
                    .help(format!("write `{shown} value`, or `{shown}:value`")),
            );
        }
        if self.at_end() {
            self.note_spot(call, SpotKind::Parameter, span.start);
        }
        self.mark(TokenKind::Parameter, span);
        call.arguments.push(Argument::Name {
            name: self.slice(Span::new(span.start + 1, span.end)).to_owned(),
            attached,
            span,
        });
        let name = Span::new(span.start + 1, span.end);
        let declares = self.names.declares(&call.shape.name, self.slice(name));
        if attached {
            self.at += 1;
        }
        if declares {
            return self.kept_variable(call, span);
        }
        if !attached {
            return Ok(());
        }
        self.skip_in_line()?;
        let start = self.at;
        if self
            .peek()
            .is_none_or(|c| c == '\n' || "|;,)]}".contains(c))
        {
            return Err(self.expected("a value after `:`"));
        }
        let value = self.argument_list(call)?;
        call.arguments.push(Argument::Value {
            value,
            span: Span::new(start, self.at),
        });
        Ok(())
    }

    /// `@name`
    fn splat_here(&self) -> Option<Span> {
        let rest = self.rest().strip_prefix('@')?;
        if !rest.starts_with(is_word_start) {
            return None;
        }
        let length = rest.find(|c| !is_word_part(c)).unwrap_or(rest.len());
        let next = rest.get(length..)?.chars().next();
        next.is_none_or(ends_word)
            .then(|| Span::new(self.at, self.at + 1 + length))
    }

    /// One value, or several with commas between.
    fn argument_list(&mut self, call: &mut Call<'_>) -> Parse<ArgumentValue> {
        let first = self.argument_value(call)?;
        let mut list = vec![first];
        loop {
            let before = self.at;
            self.skip_in_line()?;
            if !self.starts(",") {
                self.at = before;
                break;
            }
            self.at += 1;
            self.skip()?;
            if self.at_end() {
                self.note_spot(call, SpotKind::Value, self.at);
            }
            if self.peek().is_none_or(|c| "|;,)]}".contains(c)) {
                return Err(self.expected("a value after `,`"));
            }
            list.push(self.argument_value(call)?);
        }
        if list.len() > 1 {
            return Ok(ArgumentValue::List(list));
        }
        Ok(list.swap_remove(0))
    }

    fn argument_value(&mut self, call: &mut Call<'_>) -> Parse<ArgumentValue> {
        match self.peek() {
            Some('"' | '\'' | '`') => self.text_argument(call),
            Some('#') if self.starts("#\"") || self.starts("##\"") => {
                self.read_raw_text().map(ArgumentValue::Text)
            }
            Some('#') if self.starts("#{") => self.computed(call, |p| p.map_literal().map(drop)),
            Some('@') if self.starts("@{") || self.starts("@(") => {
                self.computed(call, |p| p.record_or_fault().map(drop))
            }
            Some('[') if self.record_cast_length().is_some() => {
                self.computed(call, |p| p.record_or_fault().map(drop))
            }
            Some('[') => self.computed(call, |p| p.array_literal().map(drop)),
            Some('(') => self.computed(call, |p| {
                p.group()?;
                p.steps_without_blank(false)
            }),
            Some('{') => {
                self.refuse_filter_block(call)?;
                let slot = self.block_slot(call)?;
                Ok(ArgumentValue::Block(slot))
            }
            Some('$') => self.dollar_argument(call),
            _ => self.bare_word(call),
        }
    }

    /// `-Filter { … }`: a filter goes to the service, which runs no blocks.
    fn refuse_filter_block(&self, call: &Call<'_>) -> Parse<()> {
        match call.arguments.last() {
            Some(Argument::Name { name, .. }) if name.eq_ignore_ascii_case("Filter") => {
                Err(Fault::new(self.here(), "-Filter takes a text, not a block").help(
                    "write `-Filter \"department eq 'Sales'\"`, or `| Where-Object { $_.Department -eq 'Sales' }`",
                ))
            }
            _ => Ok(()),
        }
    }

    /// Something that the script computes when the pipeline begins.
    fn computed(
        &mut self,
        call: &mut Call<'_>,
        read: impl FnOnce(&mut Self) -> Parse<()>,
    ) -> Parse<ArgumentValue> {
        let slot = self.open_slot(call);
        self.nested(read)?;
        self.close_slot();
        Ok(ArgumentValue::Slot(slot))
    }

    pub(super) fn open_slot(&mut self, call: &mut Call<'_>) -> usize {
        call.stages.slots += 1;
        call.stages.slots - 1
    }

    pub(super) fn close_slot(&mut self) {
        let here = Span::new(self.at, self.at);
        self.out.write(",", here);
    }

    fn block_slot(&mut self, call: &mut Call<'_>) -> Parse<usize> {
        let slot = self.open_slot(call);
        self.command_block(call.shape.shares_scope)?;
        self.close_slot();
        Ok(slot)
    }

    fn text_argument(&mut self, call: &mut Call<'_>) -> Parse<ArgumentValue> {
        let pieces = self.out.mark();
        let start = self.at;
        let read = self.nested(Self::read_text);
        if read.as_ref().is_err_and(|fault| fault.span.start == start) {
            self.note_spot(call, SpotKind::Value, start);
        }
        let constant = read?;
        if self.out.mark() == pieces
            && let Some(text) = constant
        {
            if self.starts("={") {
                return self.calculated(call, text);
            }
            return Ok(ArgumentValue::Text(text));
        }
        let slot = self.open_slot(call);
        self.close_slot();
        Ok(ArgumentValue::Slot(slot))
    }

    fn calculated(&mut self, call: &mut Call<'_>, name: String) -> Parse<ArgumentValue> {
        self.at += 1;
        let slot = self.block_slot(call)?;
        Ok(ArgumentValue::Calculated { name, slot })
    }

    /// `$name.Prop`, `$(value)`, or a word that begins with a variable, as `$dir/file.csv`.
    fn dollar_argument(&mut self, call: &mut Call<'_>) -> Parse<ArgumentValue> {
        if self.compound_word_here() {
            return self.bare_word(call);
        }
        self.computed(call, |p| {
            let (_, callable) = p.dollar_operand()?;
            p.steps_without_blank(callable)
        })
    }

    /// Properties, indexes and method calls that follow without a blank.
    fn steps_without_blank(&mut self, callable: bool) -> Parse<()> {
        let mut callable = callable;
        for _ in 0..super::MAX_CHAIN {
            let property = (self.starts(".") && self.peek_after(1).is_none_or(is_word_start))
                || self.starts("?.");
            let goes_on = property || self.starts("[") || (callable && self.starts("("));
            if !goes_on {
                return Ok(());
            }
            callable = self.postfix_step(callable)?.unwrap_or(false);
        }
        Ok(())
    }

    /// The word that begins with `$name` here goes on with more than properties.
    fn compound_word_here(&self) -> bool {
        let mut rest = self.rest().strip_prefix('$').unwrap_or_default();
        if !rest.starts_with(is_word_start) {
            return false;
        }
        loop {
            let length = rest.find(|c| !is_word_part(c)).unwrap_or(rest.len());
            rest = rest.get(length..).unwrap_or_default();
            match rest.strip_prefix('.') {
                Some(property) if property.starts_with(is_word_start) => rest = property,
                _ => break,
            }
        }
        rest.chars()
            .next()
            .is_some_and(|c| !ends_word(c) && !"([?.".contains(c))
    }

    fn bare_word(&mut self, call: &mut Call<'_>) -> Parse<ArgumentValue> {
        let start = self.at;
        let length = self.rest().find(ends_word).unwrap_or(self.rest().len());
        let word = Span::new(start, start + length);
        if word.start == word.end {
            return Err(self.expected("a value"));
        }
        let text = self.slice(word);
        if has_variable(text) {
            return self.word_with_variables(call, word);
        }
        self.at = word.end;
        if self.at_end() {
            self.note_spot(call, SpotKind::Value, start);
        }
        if self.starts("{")
            && let Some(name) = text.strip_suffix('=')
            && !name.is_empty()
        {
            self.mark(TokenKind::Property, word);
            return self.block_slot(call).map(|slot| ArgumentValue::Calculated {
                name: name.to_owned(),
                slot,
            });
        }
        if is_number(text) {
            self.mark(TokenKind::Number, word);
            return Ok(ArgumentValue::Number(text.to_owned()));
        }
        self.mark(TokenKind::Word, word);
        Ok(ArgumentValue::Word(text.to_owned()))
    }

    /// A bare word with `$name` in it is a text with the value in its place.
    fn word_with_variables(&mut self, call: &mut Call<'_>, word: Span) -> Parse<ArgumentValue> {
        let slot = self.open_slot(call);
        self.out.write("__text([", word);
        while self.at < word.end {
            let rest = self.slice(Span::new(self.at, word.end));
            let next = variable_in(rest).unwrap_or(rest.len());
            if next > 0 {
                let span = Span::new(self.at, self.at + next);
                self.mark(TokenKind::Word, span);
                self.out.write(super::text::quote(self.slice(span)), span);
                self.at = span.end;
            } else {
                self.interpolation()?;
            }
            self.close_slot();
        }
        let end = Span::new(self.at, self.at);
        self.out.write("])", end);
        self.close_slot();
        Ok(ArgumentValue::Slot(slot))
    }

    pub(super) fn note_spot(&mut self, call: &Call<'_>, kind: SpotKind, start: usize) {
        self.spot = Some(Spot {
            kind,
            start,
            command: Some(call.shape.name.clone()),
            arguments: call.arguments.clone(),
            before: self.stages_before.clone(),
        });
    }
}

fn variable_in(word: &str) -> Option<usize> {
    word.match_indices('$')
        .find(|&(at, _)| word[at + 1..].starts_with(is_word_start))
        .map(|(at, _)| at)
}

fn has_variable(word: &str) -> bool {
    variable_in(word).is_some()
}

/// Digits with an optional sign, fraction and exponent.
fn is_number(word: &str) -> bool {
    let unsigned = word.strip_prefix('-').unwrap_or(word);
    let starts = unsigned.strip_prefix('.').unwrap_or(unsigned);
    starts.starts_with(|c: char| c.is_ascii_digit())
        && unsigned
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | '_' | 'e' | 'E' | '+' | '-'))
        && unsigned.replace('_', "").parse::<f64>().is_ok()
}
