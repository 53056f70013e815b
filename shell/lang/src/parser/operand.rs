//! Single values and what may follow them: calls, properties, indexes.

use super::cursor::{is_word_part, is_word_start};
use super::expression::Expression;
use super::tail::Use;
use super::{CURRENT_OBJECT, MAX_CHAIN, Parse, Parser};
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

/// Words of rhai that cannot name a variable, though a property may have the name.
const RESERVED: [&str; 60] = [
    "as",
    "async",
    "await",
    "break",
    "call",
    "case",
    "catch",
    "const",
    "continue",
    "curry",
    "debug",
    "default",
    "do",
    "else",
    "eval",
    "export",
    "false",
    "fn",
    "Fn",
    "for",
    "go",
    "goto",
    "if",
    "import",
    "in",
    "is",
    "is_def_fn",
    "is_def_var",
    "is_shared",
    "let",
    "loop",
    "match",
    "module",
    "new",
    "nil",
    "null",
    "package",
    "print",
    "private",
    "protected",
    "public",
    "return",
    "shared",
    "spawn",
    "static",
    "super",
    "switch",
    "sync",
    "this",
    "thread",
    "throw",
    "true",
    "try",
    "type_of",
    "until",
    "use",
    "var",
    "void",
    "while",
    "yield",
];

/// Reserved words that rhai calls as functions.
const CALLABLE: [&str; 10] = [
    "call",
    "curry",
    "debug",
    "eval",
    "Fn",
    "is_def_fn",
    "is_def_var",
    "is_shared",
    "print",
    "type_of",
];

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
            self.expected("`)`")
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
                self.dollar_name(word, start)
            }
            _ if start + 1 >= self.text.len() => {
                self.spot_at_word(SpotKind::Variable, start + 1);
                self.at = self.text.len();
                Err(self.expected("a variable name after `$`"))
            }
            _ => Err(Fault::new(
                self.here(),
                "`$` stands before a variable name or a bracket",
            )),
        }
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

    /// Writes a variable under the name that it has in rhai.
    pub(crate) fn variable(&mut self, word: Span, start: usize) -> Parse<()> {
        let name = self.slice(word);
        let span = Span::new(start, word.end);
        self.mark(TokenKind::Variable, span);
        self.at = word.end;
        if self.at_end() && self.slice(span).starts_with('$') {
            self.spot_at_word(SpotKind::Variable, word.start);
        }
        if name == "_" {
            if self.scopes.look_up("_") == Seen::Nowhere {
                return Err(Fault::new(
                    span,
                    "`$_` is the current object of a block, and this is not inside one",
                )
                .help("give the variable a name"));
            }
            self.out.write(CURRENT_OBJECT, span);
            return Ok(());
        }
        self.check_variable_name(word)?;
        match self.scopes.look_up(name) {
            Seen::Here(rhai_name) if rhai_name != name => {
                self.out.write(rhai_name, span);
            }
            seen => {
                self.refuse_wrong_case(&seen, span, name)?;
                let piece = self.out.copy(self.text, word);
                self.scopes.note_use(name, piece);
            }
        }
        Ok(())
    }

    /// Variables are case-sensitive; a name that differs from a visible one in case only is a slip.
    fn refuse_wrong_case(&self, seen: &Seen, span: Span, name: &str) -> Parse<()> {
        if *seen != Seen::Nowhere || self.functions.contains(name) {
            return Ok(());
        }
        let Some(meant) = self.scopes.in_other_case(name) else {
            return Ok(());
        };
        Err(Fault::new(span, format!("There is no variable `{name}`"))
            .help(format!("variables are case-sensitive: write `{meant}`")))
    }

    /// Refuses what cannot name a variable.
    pub(crate) fn check_variable_name(&self, word: Span) -> Parse<()> {
        self.check_name(word, "a variable")
    }

    /// Refuses names that rhai reserves, and those that the translation keeps for itself.
    pub(crate) fn check_name(&self, word: Span, what: &str) -> Parse<()> {
        let name = self.slice(word);
        if RESERVED.contains(&name) {
            return Err(self.reserved_word(word, what));
        }
        let first = name.trim_start_matches('_').chars().next();
        if name.starts_with("__") || !first.is_some_and(|c| c.is_ascii_alphabetic()) {
            return Err(Fault::new(word, format!("`{name}` cannot name {what}"))
                .help("begin the name with a letter"));
        }
        Ok(())
    }

    fn reserved_word(&self, word: Span, what: &str) -> Box<Fault> {
        let name = self.slice(word);
        let fault = Fault::new(
            word,
            format!("`{name}` is a reserved word and cannot name {what}"),
        );
        fault.help(match name {
            "null" | "nil" => "write `$null`, or `()`".to_owned(),
            "var" => "write `let name = value`, or `$name = value`".to_owned(),
            _ => format!(
                "use another name, such as `{name}_value`; after a dot the word is free: `u.{name}`"
            ),
        })
    }

    /// Calls, properties and indexes after a value.
    pub(crate) fn postfix(&mut self, root: Expression, callable: bool) -> Parse<Expression> {
        let (mut callable, mut steps) = (callable, 0);
        loop {
            let before = self.at;
            self.skip()?;
            let step = self.postfix_step(callable)?;
            let Some(calls_next) = step else {
                self.at = before;
                return Ok(if steps == 0 { root } else { VALUE });
            };
            callable = calls_next;
            steps += 1;
            if steps > MAX_CHAIN {
                return Err(Fault::new(
                    self.here(),
                    format!("More than {MAX_CHAIN} properties, indexes and calls stand in one row"),
                )
                .help("put a part of it into a variable"));
            }
        }
    }

    /// Reads one step after a value; says whether what stands then can be called.
    pub(crate) fn postfix_step(&mut self, callable: bool) -> Parse<Option<bool>> {
        if callable && (self.starts("(") || self.starts("!(")) {
            if self.starts("!") {
                self.copy(1);
            }
            self.call_arguments()?;
            return Ok(Some(false));
        }
        if callable && self.starts("::") {
            self.copy(2);
            self.skip()?;
            let name = self.word_here().ok_or_else(|| self.expected("a name"))?;
            self.check_name(name, "a part of a module")?;
            self.copy_as(TokenKind::Name, name.end - name.start);
            return Ok(Some(true));
        }
        if self.starts("[") || self.starts("?[") {
            let open = self.here();
            self.copy(if self.starts("?") { 2 } else { 1 });
            let result = self.nested(|p| {
                p.expression()?;
                p.symbol("]", "after the index")
            });
            result.map_err(|fault| self.blame_opening(fault, open))?;
            return Ok(Some(false));
        }
        let dot = if self.starts("?.") {
            2
        } else {
            usize::from(self.starts(".") && !self.starts(".."))
        };
        if dot == 0 {
            return Ok(None);
        }
        self.property(dot)?;
        Ok(Some(true))
    }

    fn property(&mut self, dot: usize) -> Parse<()> {
        self.copy(dot);
        self.skip()?;
        if self.at_end() {
            self.spot_at_word(SpotKind::Property, self.at);
        }
        let Some(name) = self.word_here() else {
            return Err(self
                .expected("a property name after `.`")
                .help("a name with blanks goes into brackets: `$_['User name']`"));
        };
        if name.end == self.text.len() {
            self.spot_at_word(SpotKind::Property, name.start);
        }
        let text = self.slice(name);
        if !text.contains(|c: char| c.is_ascii_alphabetic()) {
            return Err(Fault::new(name, format!("`{text}` cannot name a property")));
        }
        self.copy_as(TokenKind::Property, name.end - name.start);
        Ok(())
    }

    fn call_arguments(&mut self) -> Parse<()> {
        let open = self.here();
        self.copy(1);
        let result = self.nested(|p| p.expressions_up_to(")"));
        result.map_err(|fault| self.blame_opening(fault, open))
    }

    /// Expressions separated by commas, up to and with `close`.
    pub(crate) fn expressions_up_to(&mut self, close: &str) -> Parse<()> {
        loop {
            if self.symbol_if(close)? {
                return Ok(());
            }
            self.expression()?;
            if self.symbol_if(close)? {
                return Ok(());
            }
            self.symbol(",", &format!("or `{close}`"))?;
        }
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
        let help = format!("write `{subtraction}` for a subtraction");
        Fault::new(span, format!("Unknown command `{name}`")).help(match near {
            Some(near) => format!("{near} {help}"),
            None => help,
        })
    }
}

fn value_help(next: char) -> &'static str {
    match next {
        c if is_word_part(c) || c.is_alphabetic() => {
            "names consist of the letters a to z, digits and `_`; other text stands in quotes"
        }
        _ => "a value is a number, a text, a variable, a call, or a command in parentheses",
    }
}
