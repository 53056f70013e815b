//! The line editor's view of the language: colours, completion, and whether a line is whole.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use rustyline::completion::Completer;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper};
use usher_lang::{KnownNames, TokenKind, needs_more, tokens};

use super::complete::candidates;
use crate::session::Session;

const PLAIN: &str = "\u{1b}[0m";

/// Helps the line editor.
pub(crate) struct Editor {
    session: Rc<Session>,
    known: RefCell<KnownNames>,
    colour: bool,
}

impl Editor {
    /// For this session.
    pub(crate) fn new(session: Rc<Session>, colour: bool) -> Self {
        Self {
            session,
            known: RefCell::default(),
            colour,
        }
    }

    /// What is visible from now on.
    pub(crate) fn know(&self, variables: Vec<String>, functions: Vec<String>) {
        let mut known = self.known.borrow_mut();
        known.variables = variables;
        known.functions = functions;
    }
}

impl Helper for Editor {}

impl Hinter for Editor {
    type Hint = String;
}

impl Completer for Editor {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        pos: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        let before = line.get(..pos).unwrap_or(line);
        let found = candidates(before, &self.session.registry, &self.known.borrow());
        Ok((found.start, found.words))
    }
}

impl Validator for Editor {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        if needs_more(
            context.input(),
            &self.session.registry,
            &self.known.borrow(),
        ) {
            return Ok(ValidationResult::Incomplete);
        }
        Ok(ValidationResult::Valid(None))
    }
}

impl Highlighter for Editor {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if !self.colour {
            return Cow::Borrowed(line);
        }
        Cow::Owned(painted(line, &self.session, &self.known.borrow()))
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.colour && kind != CmdKind::MoveCursor
    }
}

fn painted(line: &str, session: &Session, known: &KnownNames) -> String {
    let mut painted = String::with_capacity(line.len() * 2);
    let mut done = 0;
    for token in tokens(line, &session.registry, known) {
        let (start, end) = (token.span.start.max(done), token.span.end);
        let (Some(before), Some(text)) = (line.get(done..start), line.get(start..end)) else {
            continue;
        };
        painted.push_str(before);
        match colour(token.kind) {
            Some(colour) => {
                painted.push_str(colour);
                painted.push_str(text);
                painted.push_str(PLAIN);
            }
            None => painted.push_str(text),
        }
        done = end;
    }
    painted.push_str(line.get(done..).unwrap_or_default());
    painted
}

fn colour(kind: TokenKind) -> Option<&'static str> {
    match kind {
        TokenKind::Command => Some("\u{1b}[1;36m"),
        TokenKind::Parameter => Some("\u{1b}[36m"),
        TokenKind::Number => Some("\u{1b}[33m"),
        TokenKind::Text => Some("\u{1b}[32m"),
        TokenKind::Variable => Some("\u{1b}[35m"),
        TokenKind::Keyword => Some("\u{1b}[34m"),
        TokenKind::Comment => Some("\u{1b}[90m"),
        TokenKind::Word | TokenKind::Name | TokenKind::Property | TokenKind::Operator => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cmdlets::fixture::Fixture;

    #[test]
    fn colours_change_nothing_but_colours() {
        let session = Fixture::new().session;
        for line in [
            "Get-User -Department 'Sales' | ? { $_.City -eq \"Köln\" } // all",
            "let x = 5; $x",
            "'open",
            "",
        ] {
            let shown = painted(line, &session, &KnownNames::default());
            let mut plain = String::new();
            let mut rest = shown.as_str();
            while let Some((before, after)) = rest.split_once('\u{1b}') {
                plain.push_str(before);
                rest = after.split_once('m').map_or("", |(_, after)| after);
            }
            plain.push_str(rest);
            assert_eq!(plain, line);
        }
        assert!(
            painted("Get-User", &session, &KnownNames::default()).contains("\u{1b}[1;36mGet-User")
        );
    }
}
