//! Rows of statements, blocks, closures, and where a statement ends.

use super::cursor::{is_word_part, is_word_start};
use super::tail::{Statement, Use};
use super::{CURRENT_OBJECT, Parse, Parser};
use crate::diagnostic::{Fault, Span};
use crate::output::PieceId;
use crate::scopes::FrameKind;
use crate::spec::TokenKind;

impl Parser<'_> {
    /// Reads statements up to `close` (which stays) or the end of the text.
    pub(crate) fn statements(&mut self, close: Option<char>, usage: Use) -> Parse<()> {
        let last = self.statements_up_to(close)?;
        match usage {
            Use::Value => self.settle_as_value(last),
            Use::Loop => self.settle_as_statement(last),
            Use::Script if self.module => self.settle_as_statement(last),
            Use::Script | Use::Foreach => self.settle_as_last(last),
        }
        Ok(())
    }

    /// Reads statements; the last one is handed back unsettled.
    pub(crate) fn statements_up_to(&mut self, close: Option<char>) -> Parse<Statement> {
        let mut last = Statement::default();
        loop {
            self.skip()?;
            match self.peek() {
                next if next == close => return Ok(last),
                None => return Err(self.expected(&format!("`{}`", close.unwrap_or(';')))),
                Some(';') => {
                    self.copy(1);
                    self.out.end_line();
                    continue;
                }
                Some(c @ (')' | ']' | '}')) => {
                    let here = self.here();
                    return Err(Fault::new(here, format!("`{c}` closes nothing"))
                        .help("remove it, or open the bracket before"));
                }
                Some(_) => {}
            }
            let before = std::mem::take(&mut last);
            self.settle_as_statement(before);
            last = self.in_site(Self::statement)?;
            self.end_of_statement(last.self_terminated, close)?;
        }
    }

    /// Ends a statement at a `;`, a closing bracket or, where rhai would miss a `;`, a line end.
    fn end_of_statement(&mut self, self_terminated: bool, close: Option<char>) -> Parse<()> {
        let after_command = self.at == self.command_end;
        let line_ended = self.skip()?;
        if self.starts(";") {
            self.copy(1);
            self.out.end_line();
            return Ok(());
        }
        if self.at_end() || self.peek() == close {
            return Ok(());
        }
        if self_terminated {
            self.out.end_line();
            return Ok(());
        }
        if !line_ended {
            return Err(self.unfinished_statement());
        }
        if let Some(c @ ('(' | '[')) = self.peek()
            && !after_command
        {
            let here = self.here();
            return Err(Fault::new(
                here,
                format!("A line that begins with `{c}` goes on with the line before"),
            )
            .help("end the line before with `;`"));
        }
        let end = Span::new(self.at, self.at);
        self.out.write(";", end);
        self.out.end_line();
        Ok(())
    }

    /// `exit 3`, as other shells write it.
    fn follows_exit(&self) -> bool {
        let before = self.text.get(..self.at).unwrap_or_default();
        before.trim_end().ends_with("exit")
    }

    /// `$a, $b = …`
    fn assigns_several(&self) -> bool {
        let line = self.rest().lines().next().unwrap_or_default();
        let names = line.split('=').next().unwrap_or_default();
        let is_name = |name: &str| {
            let name = name.trim().strip_prefix('$').unwrap_or_default();
            !name.is_empty() && name.chars().all(is_word_part)
        };
        line.contains('=') && names.split(',').skip(1).all(is_name)
    }

    fn unfinished_statement(&self) -> Box<Fault> {
        let help = match self.peek() {
            Some('+') if self.starts("++") => "`$x++` is a statement of its own",
            Some('-') if self.starts("--") => "`$x--` is a statement of its own",
            Some(c) if c.is_ascii_digit() && self.follows_exit() => {
                "write `exit(3)`, with the number in brackets"
            }
            Some('?') => "write `if condition { a } else { b }`, which has a value",
            Some(':') if self.starts("::") => {
                "there are no .NET classes; numbers have `.round()`, `.floor()`, `.abs()`, and `number(text)` reads one"
            }
            Some('-') => {
                "Usher's operators are -eq -ne -gt -ge -lt -le -like -notlike -match -notmatch -in -notin -contains -notcontains -and -or"
            }
            Some(',') if self.assigns_several() => {
                "one variable at a time: `$a = …; $b = …`; of a list `$list[0]`, `$list[1]`"
            }
            Some(',') => "a list stands in brackets: `[a, b]`",
            Some('"' | '\'' | '`') => "join texts with `+`, or write `\"$name\"`",
            Some(c) if c.is_alphabetic() && !c.is_ascii() => {
                "names consist of the letters a to z, digits and `_`; a property with another name is `value['Größe']`"
            }
            Some('(') => "only a named function can be called",
            _ => "put `;` or a line end between statements",
        };
        self.expected("the end of the statement").help(help)
    }

    /// `{ statements }` whose value is not decided yet.
    pub(crate) fn block_undecided(&mut self, what_for: &str) -> Parse<Statement> {
        self.block_with(what_for, |p| p.statements_up_to(Some('}')))
    }

    pub(crate) fn block(&mut self, usage: Use, what_for: &str) -> Parse<()> {
        self.block_with(what_for, |p| p.statements(Some('}'), usage))
    }

    fn block_with<T>(
        &mut self,
        what_for: &str,
        read: impl FnOnce(&mut Self) -> Parse<T>,
    ) -> Parse<T> {
        self.skip()?;
        if !self.starts("{") {
            return Err(self.expected(&format!("`{{` {what_for}")));
        }
        let open = self.here();
        self.copy(1);
        self.scopes.enter(FrameKind::Block);
        let result = self.nested(read);
        self.scopes.leave();
        let value = result.map_err(|fault| self.blame_opening(fault, open))?;
        self.copy(1);
        Ok(value)
    }

    /// At the end of the text, the bracket that is open says more than the end.
    pub(crate) fn blame_opening(&self, fault: Box<Fault>, open: Span) -> Box<Fault> {
        if fault.incomplete && fault.span.start >= self.text.len() {
            let bracket = self.slice(open);
            return Fault::new(
                open,
                format!("The `{bracket}` that begins here is not closed"),
            )
            .incomplete(true);
        }
        fault
    }

    /// A block of a command: a closure over the variables around it that takes the current object.
    pub(crate) fn command_block(&mut self, shared: bool) -> Parse<()> {
        let open = self.here();
        self.out.write(format!("|{CURRENT_OBJECT}| "), open);
        self.copy(1);
        if !shared {
            self.scopes.enter(FrameKind::Block);
        }
        self.scopes.declare("_");
        let result = self.looping(false, |p| p.nested(|p| p.statements(Some('}'), Use::Value)));
        if !shared {
            self.scopes.leave();
        }
        result.map_err(|fault| self.blame_opening(fault, open))?;
        self.copy(1);
        Ok(())
    }

    /// `|a, b| body`; the body is a statement, and its value is the closure's.
    pub(crate) fn closure(&mut self) -> Parse<()> {
        self.scopes.enter(FrameKind::Block);
        let result = self.looping(false, |p| p.nested(|p| p.closure_parts()));
        self.scopes.leave();
        result
    }

    fn closure_parts(&mut self) -> Parse<()> {
        if self.starts("||") {
            self.copy(2);
        } else {
            self.copy(1);
            self.names_up_to("|")?;
        }
        self.skip()?;
        if self.starts("{") {
            return self.block(Use::Value, "of the closure");
        }
        let statement = self.statement()?;
        self.settle_as_value(statement);
        Ok(())
    }

    /// Parameter names, separated by commas, up to and with `close`.
    pub(crate) fn names_up_to(&mut self, close: &str) -> Parse<()> {
        loop {
            if self.symbol_if(close)? {
                return Ok(());
            }
            self.declared_name("a parameter name")?;
            if self.symbol_if(close)? {
                return Ok(());
            }
            self.symbol(",", &format!("or `{close}` after the parameter"))?;
        }
    }

    /// Reads a name that is declared here, with or without `$`, and copies it.
    pub(crate) fn declared_name(&mut self, what: &str) -> Parse<PieceId> {
        let name = self.name_to_declare(what)?;
        self.scopes.declare(self.slice(name));
        self.at = name.start;
        Ok(self.copy_as(TokenKind::Variable, name.end - name.start))
    }

    /// Reads a name that will be declared; the cursor ends after it and nothing is written.
    pub(crate) fn name_to_declare(&mut self, what: &str) -> Parse<Span> {
        self.skip()?;
        if self.starts("$") && self.peek_after(1).is_some_and(is_word_start) {
            self.at += 1;
        }
        let name = self.word_here().ok_or_else(|| self.expected(what))?;
        self.check_variable_name(name)?;
        self.declared.push(self.slice(name).to_owned());
        self.at = name.end;
        Ok(name)
    }
}
