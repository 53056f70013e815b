//! Single values; what may follow them is in `postfix`.

use super::cursor::{is_word_part, is_word_start};
use super::expression::Expression;
use super::tail::Use;
use super::variable::CALLABLE;
use super::{Parse, Parser};
use crate::diagnostic::{Fault, Span};
use crate::names::{did_you_mean, nearest};
use crate::output::PieceId;
use crate::scopes::Seen;
use crate::spec::{SpotKind, TokenKind};

/// What stood where a command may stand.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Reading {
    Expression(Expression),
    /// The piece that calls the pipeline.
    Pipeline(PieceId),
}

pub(crate) const BOOLEAN: Expression = Expression {
    boolean: true,
    dashed: None,
};
pub(crate) const VALUE: Expression = Expression {
    boolean: false,
    dashed: None,
};

impl Parser<'_> {
    pub(crate) fn operand(&mut self) -> Parse<Expression> {
        self.skip()?;
        let Some(next) = self.peek() else {
            return Err(self.expected("a value"));
        };
        if self.command_begins() {
            return Err(self.command_needs_parentheses());
        }
        let (expression, callable) = match next {
            '0'..='9' => (self.number()?, false),
            '"' | '\'' | '`' => (self.text_literal()?, false),
            '#' if self.starts("#{") => (self.map_literal()?, false),
            '#' if self.starts("#\"") || self.starts("##") => (self.raw_text()?, false),
            '@' => (self.record_or_fault()?, false),
            '[' if self.record_cast_length().is_some() => (self.record_or_fault()?, false),
            '[' => (self.array_literal()?, false),
            '(' => (self.group()?, false),
            '{' => (self.block_value()?, false),
            '|' => (self.closure().map(|()| VALUE)?, false),
            '$' => self.dollar_operand()?,
            '.' if self.starts("..") => {
                // A range without a beginning begins at 0.
                self.out.write("0", Span::new(self.at, self.at));
                return Ok(VALUE);
            }
            c if is_word_start(c) => return self.word_operand(),
            '.' if self.sources_a_file() => {
                return Err(
                    Fault::new(self.here(), "`.` runs no other script here").help(
                        "write `import \"lib\" as lib;` for lib.usher, and call `lib::name(…)`",
                    ),
                );
            }
            _ => return Err(self.expected("a value").help(value_help(next))),
        };
        self.postfix(expression, callable)
    }

    /// `( value )`; a command may stand in it.
    pub(crate) fn group(&mut self) -> Parse<Expression> {
        let open = self.here();
        if self.starts("()") {
            self.copy(2);
            return Ok(VALUE);
        }
        self.copy(1);
        let result = self.nested(|p| {
            Ok(match p.value()? {
                Reading::Expression(expression) => expression,
                Reading::Pipeline(_) => VALUE,
            })
        });
        let expression = result.map_err(|fault| self.blame_opening(fault, open))?;
        let closed = self.symbol(")", "");
        closed.map_err(|fault| {
            let fault = self.blame_opening(fault, open);
            if fault.incomplete {
                return fault;
            }
            let fault = self.expected("`)`");
            if self.starts(",") {
                fault.help("a list is written `@(a, b)` or `[a, b]`")
            } else {
                fault
            }
        })?;
        Ok(Expression {
            dashed: None,
            ..expression
        })
    }

    pub(crate) fn block_value(&mut self) -> Parse<Expression> {
        self.block(Use::Value, "of the block")?;
        Ok(VALUE)
    }

    /// `. ./lib.ps1`
    fn sources_a_file(&self) -> bool {
        let after = self.rest().get(1..).unwrap_or_default();
        after.starts_with([' ', '\t'])
    }

    fn word_operand(&mut self) -> Parse<Expression> {
        let word = self.word_here().unwrap_or_default();
        let name = self.slice(word);
        match name {
            "true" | "false" => {
                self.copy_as(TokenKind::Keyword, name.len());
                return self.postfix(BOOLEAN, false);
            }
            "if" | "switch" | "while" | "loop" | "for" | "do" => {
                self.statement_as_value(name)?;
                return self.postfix(VALUE, false);
            }
            "this" => {
                self.copy_as(TokenKind::Keyword, name.len());
                return self.postfix(VALUE, false);
            }
            _ => {}
        }
        let call = self.call_follows(word.end);
        if call {
            if !CALLABLE.contains(&name) {
                self.check_name(word, "a function")?;
            }
            self.copy_as(TokenKind::Name, name.len());
        } else if self
            .text
            .get(word.end..)
            .is_some_and(|t| t.starts_with("::"))
        {
            self.check_name(word, "a module")?;
            self.copy_as(TokenKind::Name, name.len());
        } else {
            self.variable(word, word.start)?;
        }
        self.postfix(VALUE, true)
    }

    fn call_follows(&self, end: usize) -> bool {
        let rest = self.text.get(end..).unwrap_or_default().trim_start();
        rest.starts_with('(') || rest.starts_with("!(")
    }

    /// An `if`, `switch` or loop used as a value.
    fn statement_as_value(&mut self, keyword: &str) -> Parse<()> {
        let statement = self.nested(|p| match keyword {
            "if" => p.if_statement(),
            "switch" => p.switch_statement(),
            "do" => p.do_statement(),
            _ => p.loop_statement(),
        })?;
        self.settle_as_value(statement);
        Ok(())
    }

    /// `$name`, `$(value)`, `${block}`; says whether it can be called.
    pub(crate) fn dollar_operand(&mut self) -> Parse<(Expression, bool)> {
        let start = self.at;
        match self.peek_after(1) {
            Some('(') => {
                self.at += 1;
                Ok((self.group()?, false))
            }
            Some('{') => {
                self.at += 1;
                // A block at the start of a statement would end the statement.
                self.out.write("(", Span::new(start, start));
                self.block_value()?;
                self.out.write(")", Span::new(self.at, self.at));
                Ok((VALUE, false))
            }
            Some(c) if is_word_start(c) => {
                self.at += 1;
                let word = self.word_here().unwrap_or_default();
                self.refuse_scope_prefix(word, start)?;
                self.dollar_name(word, start)
            }
            _ if start + 1 >= self.text.len() => {
                self.spot_at_word(SpotKind::Variable, start + 1);
                self.at = self.text.len();
                Err(self.expected("a variable name after `$`"))
            }
            next => {
                let fault = Fault::new(
                    self.here(),
                    "`$` stands before a variable name or a bracket",
                );
                Err(match next {
                    Some('?') => fault.help(
                        "what fails throws: `try { … } catch { … }`; `$Error[0]` is what failed last",
                    ),
                    _ => fault,
                })
            }
        }
    }

    /// `$env:PATH`, `$script:count`
    fn refuse_scope_prefix(&self, word: Span, start: usize) -> Parse<()> {
        let rest = self.text.get(word.end..).unwrap_or_default();
        let prefixed = rest
            .strip_prefix(':')
            .is_some_and(|name| name.starts_with(is_word_start));
        if !prefixed {
            return Ok(());
        }
        let span = Span::new(start, word.end + 1);
        let shown = self.slice(span);
        let help = if self.slice(word).eq_ignore_ascii_case("env") {
            "a script is given values by `param(Home)` and `usher script.usher -Home \"$HOME\"`"
        } else {
            "a block assigns to the variables around it; give values from outside with `param(…)`"
        };
        Err(Fault::new(span, format!("A variable has no prefix such as `{shown}`")).help(help))
    }

    pub(crate) fn dollar_name(&mut self, word: Span, start: usize) -> Parse<(Expression, bool)> {
        let constant = match self.slice(word).to_ascii_lowercase().as_str() {
            "true" => Some(("true", BOOLEAN)),
            "false" => Some(("false", BOOLEAN)),
            "null" => Some(("()", VALUE)),
            _ => None,
        };
        if let Some((constant, expression)) = constant {
            let span = Span::new(start, word.end);
            self.mark(TokenKind::Keyword, span);
            self.out.write(constant, span);
            self.at = word.end;
            return Ok((expression, false));
        }
        if self.functions.contains(self.slice(word)) && self.call_follows(word.end) {
            self.copy_as(TokenKind::Name, word.end - word.start);
            return Ok((VALUE, true));
        }
        self.variable(word, start)?;
        Ok((VALUE, true))
    }

    /// The message for a command where only an expression may stand.
    pub(crate) fn command_needs_parentheses(&self) -> Box<Fault> {
        let Some(span) = self.command_name_here() else {
            return self.expected("a value");
        };
        match self.resolve_command(span) {
            Ok(shape) => Fault::new(
                span,
                format!("A command stands in parentheses here: `({} …)`", shape.name),
            )
            .help("without them a command may stand at the start of a statement, after `=`, `(`, `return` and `throw`"),
            Err(fault) => fault,
        }
    }

    pub(crate) fn unknown_command(&self, span: Span) -> Box<Fault> {
        let name = self.slice(span);
        let all = self.names.all();
        let near = did_you_mean(&nearest(name, all.iter().map(String::as_str)));
        let subtraction = name.replace('-', " - ");
        let help =
            format!("`Get-Command` lists all commands; for a subtraction write `{subtraction}`");
        let of_variables = name
            .split('-')
            .all(|part| matches!(self.scopes.look_up(part), Seen::Here(_)));
        let fault = Fault::new(span, format!("Unknown command `{name}`"));
        if let Some(instead) = self.names.instead_of(name) {
            return fault.help(format!("write here: {instead}"));
        }
        fault.help(match near {
            Some(near) if !of_variables => near,
            _ => help,
        })
    }
}

fn value_help(next: char) -> &'static str {
    match next {
        '&' => "a block is called with `.call()`; the functions of another script come by `import`",
        c if is_typographic(c) => {
            "typographic quotes and dashes mean nothing here: write `\"`, `'` or `-`"
        }
        c if is_word_part(c) || c.is_alphabetic() => {
            "names consist of the letters a to z, digits and `_`; other text stands in quotes"
        }
        _ => "a value is a number, a text, a variable, a call, or a command in parentheses",
    }
}

/// A quote or dash as word processors and chats put it in the place of the plain one.
pub(crate) fn is_typographic(c: char) -> bool {
    matches!(
        c,
        '\u{2018}'..='\u{201f}' | '\u{2013}' | '\u{2014}' | '\u{2212}'
    )
}
