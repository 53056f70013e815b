//! Statements: rhai's own, declarations with `$`, and commands by themselves.

use super::cursor::is_word_part;
use super::operand::Reading;
use super::tail::{Statement, Tail, Use};
use super::{CURRENT_OBJECT, Parse, Parser};
use crate::diagnostic::{Fault, Span};
use crate::scopes::{FrameKind, Seen};
use crate::spec::TokenKind;

impl Parser<'_> {
    /// Reads one statement; the cursor stands on its first character.
    pub(crate) fn statement(&mut self) -> Parse<Statement> {
        self.note_statement_spot();
        if self.starts("{") {
            let inner = self.block_undecided("of the block")?;
            return Ok(compound(inner));
        }
        if let Some(word) = self.word_here()
            && !self.command_begins()
        {
            if let Some(statement) = self.keyword_statement(word)? {
                return Ok(statement);
            }
            self.refuse_foreign_keyword(word)?;
        }
        if self.starts("$")
            && let Some(statement) = self.declaration_with_dollar()?
        {
            return Ok(statement);
        }
        self.value_statement()
    }

    fn keyword_statement(&mut self, word: Span) -> Parse<Option<Statement>> {
        let statement = match self.slice(word) {
            "let" | "const" => self.let_statement()?,
            "if" => self.if_statement()?,
            "switch" => self.switch_statement()?,
            "while" | "loop" | "for" => self.loop_statement()?,
            "foreach" if self.bracket_follows(word) => self.foreach_statement()?,
            "do" => self.do_statement()?,
            "fn" | "private" => self.fn_statement()?,
            "try" => self.try_statement()?,
            "return" | "throw" | "break" => self.leaving_statement()?,
            "continue" => {
                self.refuse_outside_loop(word)?;
                self.keyword("continue");
                Statement::default()
            }
            "import" => self.import_statement()?,
            "export" => self.export_statement()?,
            _ => return Ok(None),
        };
        Ok(Some(statement))
    }

    /// An expression, a pipeline, or an assignment.
    fn value_statement(&mut self) -> Parse<Statement> {
        let start = self.out.mark();
        let at = self.at;
        let reading = self.value_at(true)?;
        let end = self.out.mark();
        let tail = match reading {
            Reading::Pipeline(call) => Tail::Command { call, start },
            Reading::Expression(_) => {
                if self.assignment_follows()? {
                    self.assign(Span::new(at, self.at))?;
                    return Ok(Statement::default());
                }
                if self.starts("++") || self.starts("--") {
                    self.count_up(Span::new(at, self.at))?;
                    return Ok(Statement::default());
                }
                let span = Span::new(at, at);
                Tail::Plain { start, end, span }
            }
        };
        Ok(Statement {
            tails: vec![tail],
            bare: true,
            self_terminated: false,
        })
    }

    /// `$count++`, `$count--`
    fn count_up(&mut self, target: Span) -> Parse<()> {
        self.check_target(target)?;
        let span = Span::new(self.at, self.at + 2);
        self.mark(TokenKind::Operator, span);
        let sign = if self.starts("++") { '+' } else { '-' };
        let name = self.slice(target).trim().trim_start_matches('$').to_owned();
        let is_param = self.params.iter().any(|p| p.name == name);
        if is_param && self.scopes.is_of_top_level(&name) {
            let call = format!("= __default(\"{name}\", {name} {sign} 1)");
            self.out.write(call, span);
        } else {
            self.out.write(format!("{sign}= 1"), span);
        }
        self.at = span.end;
        Ok(())
    }

    fn check_target(&self, target: Span) -> Parse<()> {
        if self
            .slice(target)
            .starts_with(|c: char| c == '$' || c.is_ascii_alphabetic() || c == '_' || c == '(')
        {
            return Ok(());
        }
        Err(Fault::new(
            target,
            "Only a variable or a property can be assigned to",
        ))
    }

    fn assign(&mut self, target: Span) -> Parse<()> {
        self.skip()?;
        self.check_target(target)?;
        let length = self.assignment_length();
        let name = self.slice(target).trim().trim_start_matches('$').to_owned();
        if self.params.iter().any(|p| p.name == name) && self.scopes.is_of_top_level(&name) {
            return self.assign_param(&name, length);
        }
        self.copy_as(TokenKind::Operator, length);
        self.value()?;
        Ok(())
    }

    /// Functions see the parameters of the script through the engine, so it must hear of a change.
    fn assign_param(&mut self, name: &str, length: usize) -> Parse<()> {
        let span = Span::new(self.at, self.at + length);
        self.mark(TokenKind::Operator, span);
        let operator = self.slice(span).trim_end_matches('=');
        let head = if operator.is_empty() {
            format!("= __default(\"{name}\", (")
        } else {
            format!("= __default(\"{name}\", {name} {operator} (")
        };
        self.out.write(head, span);
        self.at = span.end;
        self.value()?;
        let end = Span::new(self.at, self.at);
        self.out.write("))", end);
        Ok(())
    }

    /// `$name = value` declares the name if none like it is visible.
    fn declaration_with_dollar(&mut self) -> Parse<Option<Statement>> {
        let start = self.at;
        self.at += 1;
        let Some(name) = self.word_here() else {
            self.at = start;
            return Ok(None);
        };
        self.at = name.end;
        self.skip()?;
        let assigns = self.starts("=") && !self.starts("==") && !self.starts("=>");
        let known = self.scopes.look_up(self.slice(name));
        self.at = start;
        if !assigns || matches!(known, Seen::Here(_)) || self.slice(name) == "_" {
            return Ok(None);
        }
        self.refuse_preference(name, start)?;
        if known == Seen::Everywhere
            && crate::names::AUTOMATIC_VARIABLES.contains(&self.slice(name))
        {
            let text = self.slice(name);
            return Err(Fault::new(
                Span::new(start, name.end),
                format!("`${text}` is kept by the shell and cannot be assigned to"),
            )
            .help("use another name"));
        }
        if self.scopes.is_shared_top() {
            self.shared_declaration()?;
        } else {
            let name = self.name_to_declare("a name")?;
            self.out.write("let", Span::new(start, start));
            self.out.copy(self.text, name);
            self.mark(TokenKind::Variable, Span::new(start, name.end));
            self.symbol("=", "after the name")?;
            self.value()?;
            self.scopes.declare(self.slice(name));
        }
        Ok(Some(Statement::default()))
    }

    /// PowerShell heeds these variables; one that is set and not heeded would change what was to be previewed.
    fn refuse_preference(&self, name: Span, start: usize) -> Parse<()> {
        let text = self.slice(name);
        let help = match text.to_ascii_lowercase().as_str() {
            "whatifpreference" => "give each change -WhatIf, or start with `usher --read-only`",
            "confirmpreference" => {
                "give each change -Confirm; --max-people says when it is asked for anyway"
            }
            "erroractionpreference" => "give each command -ErrorAction Stop",
            "verbosepreference" | "warningpreference" => "give each command -Verbose",
            _ => return Ok(()),
        };
        let span = Span::new(start, name.end);
        Err(Fault::new(span, format!("`${text}` has no effect here")).help(help))
    }

    /// `let` at the top of a block that shares its scope: the variable is declared around the call.
    fn shared_declaration(&mut self) -> Parse<()> {
        let name = self.name_to_declare("a name")?;
        self.mark(TokenKind::Variable, name);
        let (rhai_name, waiting) = self.scopes.declare_shared(self.slice(name));
        for piece in waiting {
            self.out.replace(piece, rhai_name.clone());
        }
        self.out.write(rhai_name, name);
        if self.assignment_follows()? {
            self.symbol("=", "after the name")?;
            self.value()?;
        } else {
            self.out.write(" = ()", name);
        }
        Ok(())
    }

    fn let_statement(&mut self) -> Parse<Statement> {
        let word = self.word_here().unwrap_or_default();
        if self.scopes.is_shared_top() {
            self.mark(TokenKind::Keyword, word);
            self.at = word.end;
            self.shared_declaration()?;
            return Ok(Statement::default());
        }
        self.keyword_let(word)?;
        Ok(Statement::default())
    }

    fn keyword_let(&mut self, word: Span) -> Parse<()> {
        self.copy_as(TokenKind::Keyword, word.end - word.start);
        let name = self.name_to_declare("a variable name")?;
        self.mark(TokenKind::Variable, name);
        self.out.copy(self.text, name);
        if self.assignment_follows()? {
            self.symbol("=", "after the name")?;
            self.value()?;
        }
        self.scopes.declare(self.slice(name));
        Ok(())
    }

    fn leaving_statement(&mut self) -> Parse<Statement> {
        let word = self.word_here().unwrap_or_default();
        if self.slice(word) == "break" {
            self.refuse_outside_loop(word)?;
        }
        self.copy_as(TokenKind::Keyword, word.end - word.start);
        let before = self.at;
        let line_ended = self.skip()?;
        let nothing_follows = matches!(self.peek(), None | Some(';' | '}' | ')' | ']' | ','));
        if line_ended || nothing_follows {
            self.at = before;
            return Ok(Statement::default());
        }
        self.value()?;
        Ok(Statement::default())
    }

    fn refuse_outside_loop(&self, word: Span) -> Parse<()> {
        if self.in_loop {
            return Ok(());
        }
        let shown = self.slice(word);
        Err(Fault::new(word, format!("`{shown}` stands outside a loop"))
            .help("in a block of a command, `return` goes on with the next object"))
    }

    fn try_statement(&mut self) -> Parse<Statement> {
        let start = self.out.mark();
        let span = self.keyword("try");
        let mut tails = self.block_undecided("after `try`")?.tails;
        self.skip()?;
        if !self.is_keyword_here("catch") {
            return Err(self
                .expected("`catch`")
                .help("write `catch { … }`; `$_` is the error in it"));
        }
        self.keyword("catch");
        self.scopes.enter(FrameKind::Block);
        let caught = self.catch_clause();
        self.scopes.leave();
        tails.extend(caught?.tails);
        let end = self.out.mark();
        let after = self.at;
        self.skip()?;
        if self.is_keyword_here("finally") {
            let word = self.word_here().unwrap_or_default();
            return Err(Fault::new(word, "There is no `finally`").help(
                "what is to be done in any case stands after the `catch { … }` block, which goes on there",
            ));
        }
        self.at = after;
        Ok(Statement {
            tails: vec![Tail::Try {
                start,
                end,
                span,
                tails,
            }],
            bare: false,
            self_terminated: true,
        })
    }

    /// The clause after `catch`; what rhai hands over is made an error object first.
    fn catch_clause(&mut self) -> Parse<Statement> {
        self.skip()?;
        let here = self.here();
        let variable = if self.starts("(") {
            self.copy(1);
            let name = self.name_to_declare("the name of the error")?;
            self.mark(TokenKind::Variable, name);
            self.out.copy(self.text, name);
            self.scopes.declare(self.slice(name));
            self.symbol(")", "after the name of the error")?;
            self.slice(name).to_owned()
        } else {
            self.scopes.declare("_");
            self.out.write(format!("({CURRENT_OBJECT})"), here);
            CURRENT_OBJECT.to_owned()
        };
        self.skip()?;
        if !self.starts("{") {
            return Err(self.expected("`{` after `catch`"));
        }
        let open = self.here();
        self.copy(1);
        self.out
            .write(format!("{variable} = __caught({variable});"), open);
        self.scopes.enter(FrameKind::Block);
        let result = self.nested(|p| p.statements_up_to(Some('}')));
        self.scopes.leave();
        let inner = result.map_err(|fault| self.blame_opening(fault, open))?;
        self.copy(1);
        Ok(inner)
    }

    fn fn_statement(&mut self) -> Parse<Statement> {
        if self.is_keyword_here("private") {
            self.keyword("private");
            self.skip()?;
        }
        if !self.is_keyword_here("fn") {
            return Err(self.expected("`fn`"));
        }
        self.keyword("fn");
        self.skip()?;
        if let Some(quoted) = self.rest().strip_prefix('"')
            && let Some(length) = quoted.find('"')
        {
            self.copy_as(TokenKind::Name, length + 2);
        } else {
            let name = self.word_here().ok_or_else(|| self.expected("a name"))?;
            self.check_name(name, "a function")?;
            self.copy_as(TokenKind::Name, name.end - name.start);
        }
        if self.symbol_if(".")? {
            self.skip()?;
            let name = self.word_here().ok_or_else(|| self.expected("a name"))?;
            self.copy_as(TokenKind::Name, name.end - name.start);
        }
        self.symbol("(", "after the name of the function")?;
        self.scopes.enter(FrameKind::Function);
        let body = self
            .names_up_to(")")
            .and_then(|()| self.looping(false, |p| p.block(Use::Value, "of the function")));
        self.scopes.leave();
        body?;
        Ok(Statement {
            self_terminated: true,
            ..Statement::default()
        })
    }

    fn import_statement(&mut self) -> Parse<Statement> {
        self.keyword("import");
        self.expression()?;
        self.as_name()?;
        Ok(Statement::default())
    }

    fn export_statement(&mut self) -> Parse<Statement> {
        self.keyword("export");
        self.skip()?;
        match self.word_here() {
            Some(word) if matches!(self.slice(word), "let" | "const") => self.keyword_let(word)?,
            Some(word) => {
                self.copy_as(TokenKind::Variable, word.end - word.start);
                self.as_name()?;
            }
            None => return Err(self.expected("a variable")),
        }
        Ok(Statement::default())
    }

    fn as_name(&mut self) -> Parse<()> {
        let before = self.at;
        let line_ended = self.skip()?;
        if !self.is_keyword_here("as") {
            if line_ended {
                self.at = before;
            }
            return Ok(());
        }
        self.keyword("as");
        self.skip()?;
        let name = self.word_here().ok_or_else(|| self.expected("a name"))?;
        self.check_name(name, "a module")?;
        self.copy_as(TokenKind::Name, name.end - name.start);
        Ok(())
    }

    fn bracket_follows(&self, word: Span) -> bool {
        let rest = self.text.get(word.end..).unwrap_or_default();
        rest.trim_start().starts_with('(')
    }

    /// Says how the function that was meant is written and called.
    fn no_function(&self, word: Span) -> Box<Fault> {
        let rest = self.text.get(word.end..).unwrap_or_default();
        let named = |c: char| !is_word_part(c) && c != '-';
        let name = rest.trim_start().split(named).next().unwrap_or_default();
        let name = match name.replace('-', "_").to_ascii_lowercase() {
            none if none.is_empty() => "name".to_owned(),
            name => name,
        };
        Fault::new(word, "`function` is not a word of this language").help(format!(
            "write `fn {name}(a, b) {{ … }}`, and call it with brackets: `{name}(1, 2)`"
        ))
    }

    /// Words that begin a statement in PowerShell and mean nothing here.
    fn refuse_foreign_keyword(&self, word: Span) -> Parse<()> {
        let (message, help) = match self.slice(word) {
            "function" => return Err(self.no_function(word)),
            "elseif" => (
                "`elseif` has no `if` before it",
                "write `if … { … } elseif … { … }`",
            ),
            "param" if self.bracket_follows(word) => (
                "`param(…)` is not the first statement",
                "move it to the top of the script; only comments may stand before it",
            ),
            "catch" => (
                "`catch` has no `try` before it",
                "write `try { … } catch { … }`",
            ),
            "else" => (
                "`else` has no `if` before it",
                "write `if … { … } else { … }`",
            ),
            _ => return self.refuse_walk(word),
        };
        Err(Fault::new(word, message).help(help))
    }

    /// `cd ..`, `ls -la`: a person means another shell.
    fn refuse_walk(&self, word: Span) -> Parse<()> {
        let name = self.slice(word);
        let known = [
            "cd", "ls", "dir", "pushd", "popd", "mkdir", "rm", "del", "cp", "mv",
        ];
        let rest = self.text.get(word.end..).unwrap_or_default();
        let follows = rest.trim_start_matches([' ', '\t']);
        let is_walk = rest.len() > follows.len()
            && follows.starts_with(|c: char| c.is_alphabetic() || "./~-\"'".contains(c))
            && !["-=", "--"].iter().any(|sign| follows.starts_with(sign))
            && !follows.starts_with("- ")
            && !follows.starts_with("/ ");
        if !known.contains(&name)
            || !is_walk
            || self.functions.contains(name)
            || self.names.alias(name).is_some()
            || self.scopes.look_up(name) != Seen::Nowhere
        {
            return Ok(());
        }
        Err(Fault::new(word, format!("`{name}` is no command here")).help(
            "there are no folders to walk: files are named by their paths, and Tab completes them",
        ))
    }
}

pub(crate) fn compound(inner: Statement) -> Statement {
    Statement {
        bare: false,
        self_terminated: true,
        ..inner
    }
}
