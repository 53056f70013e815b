//! Variables, and which words may name them.

use super::{CURRENT_OBJECT, Parse, Parser};
use crate::diagnostic::{Fault, Span};
use crate::scopes::Seen;
use crate::spec::{SpotKind, TokenKind};

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
pub(crate) const CALLABLE: [&str; 10] = [
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
    /// Writes a variable under the name that it has in rhai.
    pub(crate) fn variable(&mut self, word: Span, start: usize) -> Parse<()> {
        let name = self.slice(word);
        let span = Span::new(start, word.end);
        self.mark(TokenKind::Variable, span);
        self.at = word.end;
        if self.at_end() && self.slice(span).starts_with('$') {
            self.spot_at_word(SpotKind::Variable, word.start);
        }
        if name == "_" || name.eq_ignore_ascii_case("PSItem") {
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
}
