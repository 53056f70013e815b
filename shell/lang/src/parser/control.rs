//! `if`, `switch` and loops, as statements and as values.

use super::statement::compound;
use super::tail::{Statement, Use};
use super::{Parse, Parser};
use crate::diagnostic::{Fault, Span};
use crate::scopes::FrameKind;
use crate::spec::TokenKind;

impl Parser<'_> {
    pub(crate) fn if_statement(&mut self) -> Parse<Statement> {
        let mut tails = Vec::new();
        loop {
            self.keyword("if");
            self.condition()?;
            tails.extend(self.block_undecided("after the condition")?.tails);
            let before = self.at;
            self.skip()?;
            if self.is_keyword_here("elseif") {
                // The rest of the word is the `if` that comes next.
                let word = Span::new(self.at, self.at + "else".len());
                self.mark(TokenKind::Keyword, word);
                self.out.write("else", word);
                self.at = word.end;
                continue;
            }
            if !self.is_keyword_here("else") {
                self.at = before;
                break;
            }
            self.keyword("else");
            self.skip()?;
            if !self.is_keyword_here("if") {
                tails.extend(self.block_undecided("after `else`")?.tails);
                break;
            }
        }
        Ok(compound(Statement {
            tails,
            ..Statement::default()
        }))
    }

    /// A condition: `$null 0 "" []` count as false.
    pub(crate) fn condition(&mut self) -> Parse<()> {
        self.skip()?;
        let at = self.here();
        let start = self.out.mark();
        let expression = self.expression()?;
        if self.assignment_follows()? {
            return Err(
                Fault::new(self.here(), "An assignment cannot be a condition")
                    .help("write `==` or `-eq` to compare"),
            );
        }
        if !expression.boolean {
            self.out.wrap_before(start, "__truth(", at);
            let end = self.out.mark();
            self.out.wrap_after(end, ")", at);
        }
        Ok(())
    }

    pub(crate) fn loop_statement(&mut self) -> Parse<Statement> {
        let word = self.word_here().unwrap_or_default();
        let keyword = self.slice(word);
        self.copy_as(TokenKind::Keyword, word.end - word.start);
        match keyword {
            "for" => self.loop_with(Self::for_head, Use::Loop),
            "while" => self.loop_with(Self::condition, Use::Loop),
            _ => self.loop_with(|_| Ok(()), Use::Loop),
        }
    }

    /// The rest of a loop, behind its first word.
    fn loop_with(
        &mut self,
        head: impl FnOnce(&mut Self) -> Parse<()>,
        body: Use,
    ) -> Parse<Statement> {
        self.scopes.enter(FrameKind::Block);
        let result = head(self).and_then(|()| self.looping(true, |p| p.block(body, "of the loop")));
        self.scopes.leave();
        result?;
        Ok(Statement {
            self_terminated: true,
            ..Statement::default()
        })
    }

    /// `foreach ($item in list) { … }`; a command may stand in the brackets.
    pub(crate) fn foreach_statement(&mut self) -> Parse<Statement> {
        let word = self.word_here().unwrap_or_default();
        self.mark(TokenKind::Keyword, word);
        self.out.write("for", word);
        self.at = word.end;
        self.loop_with(Self::foreach_head, Use::Foreach)
    }

    fn foreach_head(&mut self) -> Parse<()> {
        self.skip()?;
        let open = self.here();
        self.at += 1;
        let name = self.loop_variable()?;
        self.skip()?;
        if !self.is_keyword_here("in") {
            return Err(self.expected("`in`"));
        }
        self.keyword("in");
        self.out.write("(", open);
        let read = self.nested(|p| p.value().map(drop));
        read.map_err(|fault| self.blame_opening(fault, open))?;
        self.symbol(")", "after the list")?;
        self.scopes.declare(self.slice(name));
        Ok(())
    }

    fn for_head(&mut self) -> Parse<()> {
        self.skip()?;
        let mut names = Vec::new();
        if self.starts("(") {
            let open = self.here();
            self.copy(1);
            names.push(self.loop_variable()?);
            self.skip()?;
            if self.starts("=") || self.is_keyword_here("in") {
                return Err(Fault::new(open, "A `for` loop has no brackets around its head").help(
                    "write `foreach ($item in $list) { … }`, or `for i in 0..10 { … }` to count from 0 to 9",
                ));
            }
            self.symbol(",", "between the item and its number")?;
            names.push(self.loop_variable()?);
            self.symbol(")", "after the two names")?;
        } else {
            names.push(self.loop_variable()?);
        }
        self.skip()?;
        if !self.is_keyword_here("in") {
            return Err(self.expected("`in`"));
        }
        self.keyword("in");
        self.expression()?;
        for name in names {
            self.scopes.declare(self.slice(name));
        }
        Ok(())
    }

    fn loop_variable(&mut self) -> Parse<Span> {
        let name = self.name_to_declare("a variable name")?;
        self.mark(TokenKind::Variable, name);
        self.out.copy(self.text, name);
        Ok(name)
    }

    pub(crate) fn do_statement(&mut self) -> Parse<Statement> {
        self.keyword("do");
        self.looping(true, |p| p.block(Use::Loop, "of the loop"))?;
        self.skip()?;
        if self.is_keyword_here("while") {
            self.keyword("while");
        } else if self.is_keyword_here("until") {
            self.keyword("until");
        } else {
            return Err(self.expected("`while` or `until`"));
        }
        self.condition()?;
        Ok(Statement::default())
    }

    pub(crate) fn switch_statement(&mut self) -> Parse<Statement> {
        self.keyword("switch");
        self.expression()?;
        self.skip()?;
        if !self.starts("{") {
            return Err(self.expected("`{` after the value of the switch"));
        }
        let open = self.here();
        self.copy(1);
        let result = self.nested(Self::switch_arms);
        let tails = result.map_err(|fault| self.blame_opening(fault, open))?;
        Ok(compound(Statement {
            tails,
            ..Statement::default()
        }))
    }

    fn switch_arms(&mut self) -> Parse<Vec<super::tail::Tail>> {
        let mut tails = Vec::new();
        loop {
            self.skip()?;
            if self.starts("}") {
                self.copy(1);
                return Ok(tails);
            }
            self.switch_case()?;
            self.skip()?;
            if self.starts("{") {
                return Err(self
                    .expected("`=>` after the case")
                    .help("write `case => { … }`, and `_ => { … }` for every other value"));
            }
            self.symbol("=>", "after the case")?;
            self.skip()?;
            let arm = self.switch_arm()?;
            let self_terminated = arm.self_terminated;
            tails.extend(arm.tails);
            self.skip()?;
            if self.starts(",") {
                self.copy(1);
            } else if !self.starts("}") && !self_terminated {
                return Err(self.expected("`,` or `}` after the case"));
            }
        }
    }

    fn switch_case(&mut self) -> Parse<()> {
        if self.word_here().is_some_and(|w| self.slice(w) == "_") {
            self.copy(1);
        } else {
            self.case_label()?;
            while self.symbol_if("|")? {
                self.skip()?;
                self.case_label()?;
            }
        }
        self.skip()?;
        if self.is_keyword_here("if") {
            self.keyword("if");
            self.condition()?;
        }
        Ok(())
    }

    /// What an arm does; a command stands in parentheses or a block here.
    fn switch_arm(&mut self) -> Parse<Statement> {
        if self.command_begins() {
            return Err(self.command_needs_parentheses());
        }
        let start = self.out.mark();
        let at = self.at;
        let word = self.word_here().map(|w| self.slice(w));
        let is_statement = self.starts("{")
            || matches!(
                word,
                Some(
                    "return"
                        | "throw"
                        | "break"
                        | "continue"
                        | "if"
                        | "switch"
                        | "for"
                        | "while"
                        | "loop"
                        | "do"
                        | "try"
                )
            );
        if is_statement {
            return self.statement();
        }
        self.expression()?;
        if self.assignment_follows()? {
            let length = self.assignment_length();
            self.copy_as(TokenKind::Operator, length);
            self.expression()?;
            return Ok(Statement::default());
        }
        let end = self.out.mark();
        Ok(Statement {
            tails: vec![super::tail::Tail::Plain {
                start,
                end,
                span: Span::new(at, at),
            }],
            ..Statement::default()
        })
    }
}
