//! The variable that a command sets: `Tee-Object -Variable people`. The command is given a closure that assigns to it.

use super::argument::{Call, ends_word};
use super::{Parse, Parser};
use crate::diagnostic::{Fault, Span};
use crate::names::AUTOMATIC_VARIABLES;
use crate::output::Mark;
use crate::scopes::Seen;
use crate::spec::{Argument, ArgumentValue, SpotKind, TokenKind};

/// A statement, and the variables that commands in it declare.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) start: Mark,
    pub(super) declares: Vec<String>,
}

impl Parser<'_> {
    /// Reads one statement of a row, and declares before it what its commands keep.
    pub(super) fn in_site<T>(&mut self, read: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        let (start, at) = (self.out.mark(), Span::new(self.at, self.at));
        self.sites.push(Site {
            start,
            declares: Vec::new(),
        });
        let result = read(self);
        if let Some(site) = self.sites.pop() {
            for name in site.declares {
                self.out
                    .put_first(site.start, format!("let {name} = (); "), at);
            }
        }
        result
    }

    /// Reads the name behind `-Variable`; the cursor stands behind the parameter.
    pub(super) fn kept_variable(&mut self, call: &mut Call<'_>, parameter: Span) -> Parse<()> {
        self.skip_in_line()?;
        let shown = self.slice(parameter);
        if self.at_end() {
            self.note_spot(call, SpotKind::Value, self.at);
            return Err(
                Fault::new(parameter, format!("`{shown}` needs the name of a variable"))
                    .help(format!("write it behind: `{shown} people`")),
            );
        }
        let quote = self.peek().filter(|c| matches!(c, '\'' | '"'));
        if quote.is_some() {
            self.at += 1;
        }
        if self.starts("$") {
            let fault = Fault::new(
                self.here(),
                format!("`{shown}` takes the name of a variable, not its value"),
            );
            return Err(fault.help(format!("write it without the `$`: `{shown} people`")));
        }
        let word = self
            .word_here()
            .ok_or_else(|| self.expected("the name of a variable"))?;
        self.refuse_kept_by_others(word)?;
        self.at = word.end;
        if self.at_end() {
            self.note_spot(call, SpotKind::Value, word.start);
        }
        if let Some(quote) = quote {
            if !self.starts(quote.encode_utf8(&mut [0; 4])) {
                return Err(self.expected(&format!("`{quote}` behind the name")));
            }
            self.at += 1;
        }
        if self.peek().is_some_and(|next| !ends_word(next)) {
            return Err(self.expected("a blank behind the name of the variable"));
        }
        let rhai_name = self.declare_kept(word)?;
        self.mark(TokenKind::Variable, word);
        let slot = self.open_slot(call);
        self.out
            .write(format!("|__kept| {{ {rhai_name} = __kept; }}"), word);
        self.close_slot();
        call.arguments.push(Argument::Value {
            value: ArgumentValue::Block(slot),
            span: word,
        });
        Ok(())
    }

    /// Names that mean something else already.
    fn refuse_kept_by_others(&self, word: Span) -> Parse<()> {
        let name = self.slice(word);
        let why = if self.params.iter().any(|param| param.name == name) {
            "is a parameter of the script"
        } else if AUTOMATIC_VARIABLES
            .iter()
            .chain(&["_", "PSItem", "true", "false", "null"])
            .any(|kept| kept.eq_ignore_ascii_case(name))
        {
            "is kept by the shell"
        } else {
            return self.check_variable_name(word);
        };
        let message = format!("`${name}` {why} and cannot be assigned to here");
        Err(Fault::new(word, message).help("use another name"))
    }

    /// The name that the variable has in rhai; it is declared if none of that name is visible.
    fn declare_kept(&mut self, word: Span) -> Parse<String> {
        let name = self.slice(word).to_owned();
        if let Seen::Here(rhai_name) = self.scopes.look_up(&name) {
            return Ok(rhai_name);
        }
        self.declared.push(name.clone());
        if self.scopes.is_shared_top() {
            let (rhai_name, waiting) = self.scopes.declare_shared(&name);
            for piece in waiting {
                self.out.replace(piece, rhai_name.clone());
            }
            return Ok(rhai_name);
        }
        let Some(site) = self.sites.last_mut() else {
            return Err(Fault::new(word, "A variable cannot be declared here")
                .help("run the command in a statement of its own"));
        };
        site.declares.push(name.clone());
        self.scopes.declare(&name);
        Ok(name)
    }
}
