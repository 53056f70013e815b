//! The line editor's view of the language: colours, completion, hints, and whether a line is whole.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use rustyline::completion::Completer;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hint, Hinter, HistoryHinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper};
use usher_lang::{KnownNames, TokenKind, needs_more, tokens};

use super::complete::{Candidates, Known, awaited, candidates};
use super::lookup::Lookup;
use super::offer::Offer;
use crate::session::Session;

const PLAIN: &str = "\u{1b}[0m";
const FAINT: &str = "\u{1b}[2m";
const PROMPT: &str = "\u{1b}[1m";

/// Helps the line editor.
pub(super) struct Editor {
    session: Rc<Session>,
    names: RefCell<KnownNames>,
    lookup: Lookup,
    /// What Tab offered last, while the person goes through it.
    offered: RefCell<Candidates>,
    history: HistoryHinter,
    colour: bool,
}

impl Editor {
    /// For this session.
    pub(super) fn new(session: Rc<Session>, colour: bool) -> Self {
        Self {
            lookup: Lookup::new(Rc::clone(&session)),
            session,
            names: RefCell::default(),
            offered: RefCell::default(),
            history: HistoryHinter::new(),
            colour,
        }
    }

    /// What is visible from now on, and what the variables hold.
    pub(super) fn know(
        &self,
        (variables, functions): (Vec<String>, Vec<String>),
        properties: HashMap<String, Vec<String>>,
    ) {
        let mut names = self.names.borrow_mut();
        names.variables = variables;
        names.functions = functions;
        self.lookup.know(properties);
    }

    /// Where the person stands among what Tab offered.
    fn place_among_offers(&self, before: &str) -> Option<String> {
        let offered = self.offered.borrow();
        let word = before.get(offered.start..)?;
        let at = offered.offers.iter().position(|offer| offer.word == word)?;
        let offer = offered.offers.get(at)?;
        let count = offered.offers.len();
        Some(match (count, offer.says.as_str()) {
            (1, "") => return None,
            (1, says) => format!("  {says}"),
            (_, "") => format!("  {} of {count}", at + 1),
            (_, says) => format!("  {} of {count}: {says}", at + 1),
        })
    }
}

impl Helper for Editor {}

/// What stands faintly behind the cursor.
pub(super) struct Faint {
    text: String,
    /// Whether the right arrow takes it into the line.
    can_be_taken: bool,
}

impl Hint for Faint {
    fn display(&self) -> &str {
        &self.text
    }

    fn completion(&self) -> Option<&str> {
        self.can_be_taken.then_some(self.text.as_str())
    }
}

impl Hinter for Editor {
    type Hint = Faint;

    fn hint(&self, line: &str, pos: usize, context: &Context<'_>) -> Option<Faint> {
        if pos < line.len() || line.is_empty() {
            return None;
        }
        if let Some(text) = self.place_among_offers(line) {
            return Some(Faint {
                text,
                can_be_taken: false,
            });
        }
        // Without colours a hint could be taken for something written.
        if !self.colour {
            return None;
        }
        let earlier = self.history.hint(line, pos, context);
        if let Some(text) = earlier.filter(|text| !text.contains('\n')) {
            return Some(Faint {
                text,
                can_be_taken: true,
            });
        }
        let names = self.names.borrow();
        let param = awaited(
            line,
            Known {
                session: &self.session,
                names: &names,
                lookup: &self.lookup,
            },
        )?;
        Some(Faint {
            text: format!("<{}>  {}", param.name, param.help),
            can_be_taken: false,
        })
    }
}

impl Completer for Editor {
    type Candidate = Offer;

    fn complete(
        &self,
        line: &str,
        pos: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Offer>)> {
        let before = line.get(..pos).unwrap_or(line);
        let names = self.names.borrow();
        let known = Known {
            session: &self.session,
            names: &names,
            lookup: &self.lookup,
        };
        let found = candidates(before, known);
        let answer = (found.start, found.offers.clone());
        self.offered.replace(found);
        Ok(answer)
    }
}

impl Validator for Editor {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        if needs_more(
            context.input(),
            &self.session.registry,
            &self.names.borrow(),
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
        Cow::Owned(painted(line, &self.session, &self.names.borrow()))
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        if !self.colour {
            return Cow::Borrowed(prompt);
        }
        Cow::Owned(format!("{PROMPT}{prompt}{PLAIN}"))
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if !self.colour {
            return Cow::Borrowed(hint);
        }
        Cow::Owned(format!("{FAINT}{hint}{PLAIN}"))
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
