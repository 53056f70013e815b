//! Expressions by precedence, and the places where a command or pipeline may stand instead.

use super::operand::Reading;
use super::operator::{Dashed, Operator, OperatorKind};
use super::{MAX_CHAIN, Parse, Parser};
use crate::diagnostic::{Fault, Span};
use crate::output::Mark;
use crate::spec::TokenKind;

/// What is known of an expression that was read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Expression {
    /// Its value is a bool.
    pub(crate) boolean: bool,
    /// The dashed operator that joins its parts, outside all brackets.
    pub(crate) dashed: Option<Dashed>,
}

const LOWEST: u8 = 1;

impl Parser<'_> {
    /// Reads a value where a command may stand.
    pub(crate) fn value(&mut self) -> Parse<Reading> {
        self.value_at(false)
    }

    /// Like `value`; at the start of a statement an alias is a command too.
    pub(crate) fn value_at(&mut self, statement: bool) -> Parse<Reading> {
        self.skip()?;
        if self.command_begins() || (statement && self.alias_begins()) {
            return Ok(Reading::Pipeline(self.pipeline_from_command()?));
        }
        let start = self.out.mark();
        let at = self.at;
        let expression = self.binary(LOWEST)?;
        let end = self.at;
        if self.pipe_to_command()? {
            let span = Span::new(at, end);
            return Ok(Reading::Pipeline(self.pipeline_from_input(start, span)?));
        }
        Ok(Reading::Expression(expression))
    }

    /// Reads an expression where a command must stand in parentheses.
    pub(crate) fn expression(&mut self) -> Parse<Expression> {
        self.skip()?;
        let at = self.at;
        let expression = self.binary(LOWEST)?;
        let end = self.at;
        if self.pipe_to_command()? {
            let shown = self.slice(Span::new(at, end));
            return Err(
                Fault::new(self.here(), "A pipeline stands in parentheses here")
                    .help(format!("write `({shown} | …)`")),
            );
        }
        Ok(expression)
    }

    /// A case of a switch: `|` separates cases there.
    pub(crate) fn case_label(&mut self) -> Parse<()> {
        const ABOVE_PIPE: u8 = 31;
        self.binary(ABOVE_PIPE)?;
        Ok(())
    }

    fn binary(&mut self, lowest: u8) -> Parse<Expression> {
        let start = self.out.mark();
        let at = self.at;
        let mut left = self.unary()?;
        let mut chain = 0;
        loop {
            let before = self.at;
            self.skip()?;
            let operator = self.operator_here()?.filter(|o| o.precedence >= lowest);
            let Some(operator) = operator else {
                self.at = before;
                return Ok(left);
            };
            if operator.kind == OperatorKind::Pipe && self.command_after_pipe()?.is_some() {
                self.at = before;
                return Ok(left);
            }
            chain += 1;
            if chain > MAX_CHAIN {
                return Err(Fault::new(
                    self.here(),
                    format!("More than {MAX_CHAIN} operators stand in one row"),
                )
                .help("put a part of it into a variable"));
            }
            left = self.apply(operator, (start, at), left)?;
        }
    }

    fn apply(
        &mut self,
        operator: Operator,
        (start, at): (Mark, usize),
        left: Expression,
    ) -> Parse<Expression> {
        let span = Span::new(self.at, self.at + operator.length);
        let above = operator.precedence + 1;
        match operator.kind {
            OperatorKind::Plain | OperatorKind::Pipe => {
                self.copy_as(TokenKind::Operator, operator.length);
                self.binary(above)?;
                Ok(Expression::default())
            }
            OperatorKind::Test => {
                self.copy_as(TokenKind::Operator, operator.length);
                self.binary(above)?;
                Ok(Expression {
                    boolean: true,
                    dashed: None,
                })
            }
            OperatorKind::Power => {
                self.copy_as(TokenKind::Operator, operator.length);
                self.nested(|p| p.binary(operator.precedence))?;
                Ok(Expression::default())
            }
            OperatorKind::Range => self.range(operator, at),
            OperatorKind::Coalesce => self.coalesce(operator),
            OperatorKind::Logical { rhai, dashed } => {
                self.logical((rhai, dashed), span, start, left, above)
            }
            OperatorKind::Comparison(native) => {
                self.mark(TokenKind::Operator, span);
                self.out.wrap_before(start, native, span);
                self.at = span.end;
                self.out.write(",", span);
                self.binary(above)?;
                let end = self.out.mark();
                self.out.wrap_after(end, ")", span);
                Ok(Expression {
                    boolean: true,
                    dashed: None,
                })
            }
        }
    }

    fn range(&mut self, operator: Operator, from: usize) -> Parse<Expression> {
        self.refuse_counting_down(operator, from)?;
        self.copy_as(TokenKind::Operator, operator.length);
        let before = self.at;
        self.skip()?;
        let open_ended =
            self.starts("=>") || matches!(self.peek(), Some(']' | ')' | '}' | ',' | ';'));
        self.at = before;
        if !open_ended {
            self.binary(operator.precedence + 1)?;
        }
        Ok(Expression::default())
    }

    /// `10..1`, which would be empty.
    fn refuse_counting_down(&self, operator: Operator, from: usize) -> Parse<()> {
        let number = |text: &str| text.trim().parse::<u64>().ok();
        let end = self.at + operator.length;
        let rest = self.text.get(end..).unwrap_or_default();
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let first = number(self.slice(Span::new(from, self.at)));
        let last = number(rest.get(..digits).unwrap_or_default());
        match (first, last) {
            (Some(first), Some(last)) if first > last => Err(Fault::new(
                Span::new(from, end + digits),
                "A range counts up, and this one ends before it begins",
            )
            .help(format!(
                "write `{last}..={first} | Sort-Object -Descending`, in brackets as a value"
            ))),
            _ => Ok(()),
        }
    }

    fn coalesce(&mut self, operator: Operator) -> Parse<Expression> {
        self.copy_as(TokenKind::Operator, operator.length);
        self.skip()?;
        let word = self.word_here().map(|w| self.slice(w));
        if matches!(word, Some("break" | "continue" | "return" | "throw")) {
            self.nested(Self::statement)?;
        } else {
            self.binary(operator.precedence + 1)?;
        }
        Ok(Expression::default())
    }

    fn logical(
        &mut self,
        (rhai, dashed): (&'static str, Option<Dashed>),
        span: Span,
        start: Mark,
        left: Expression,
        above: u8,
    ) -> Parse<Expression> {
        self.truth(start, left, span);
        self.mark(TokenKind::Operator, span);
        self.out.write(rhai, span);
        self.at = span.end;
        self.skip()?;
        let right_start = self.out.mark();
        let right = self.binary(above)?;
        self.truth(right_start, right, span);
        let joined = [left.dashed, dashed, right.dashed];
        if joined.contains(&Some(Dashed::And)) && joined.contains(&Some(Dashed::Or)) {
            return Err(
                Fault::new(span, "`-and` and `-or` are mixed without parentheses")
                    .help("write `($a -and $b) -or $c` or `$a -and ($b -or $c)`"),
            );
        }
        Ok(Expression {
            boolean: true,
            dashed: joined.into_iter().flatten().next(),
        })
    }

    /// Makes what was read since `start` a bool, by the rule that `$null 0 "" []` are false.
    pub(crate) fn truth(&mut self, start: Mark, expression: Expression, span: Span) {
        if !expression.boolean {
            self.out.wrap_before(start, "__truth(", span);
            let end = self.out.mark();
            self.out.wrap_after(end, ")", span);
        }
    }

    fn unary(&mut self) -> Parse<Expression> {
        self.skip()?;
        let dashed_not = self.dashed_word().filter(|(_, word)| word == "not");
        if let Some((span, _)) = dashed_not {
            self.mark(TokenKind::Operator, span);
            self.out.write("!", span);
            self.at = span.end;
            return self.negation(span);
        }
        match self.peek() {
            Some('!') if !self.starts("!=") => {
                let span = self.here();
                self.copy_as(TokenKind::Operator, 1);
                self.negation(span)
            }
            Some('-' | '+') => {
                if let Some((span, word)) = self.dashed_word()
                    && matches!(word.as_str(), "eq" | "ne" | "and" | "or" | "like" | "match")
                {
                    let shown = self.slice(span);
                    return Err(Fault::new(
                        span,
                        format!("Expected a value before `{shown}`"),
                    ));
                }
                if self.starts("--") || self.starts("++") {
                    return Err(self.expected("a value").help("write `+= 1` or `-= 1`"));
                }
                self.copy(1);
                self.nested(Self::unary)?;
                Ok(Expression::default())
            }
            _ => self.operand(),
        }
    }

    fn negation(&mut self, span: Span) -> Parse<Expression> {
        self.skip()?;
        let start = self.out.mark();
        let operand = self.nested(Self::unary)?;
        self.truth(start, operand, span);
        Ok(Expression {
            boolean: true,
            dashed: None,
        })
    }
}
