//! The operators between two values: rhai's, and those with a dash.

use super::cursor::{is_word_part, is_word_start};
use super::{Parse, Parser};
use crate::diagnostic::{Fault, Span};
use crate::scopes::Seen;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Operator {
    pub(crate) kind: OperatorKind,
    pub(crate) length: usize,
    pub(crate) precedence: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OperatorKind {
    /// Copied to rhai as it is.
    Plain,
    /// Copied to rhai; its result is a bool.
    Test,
    /// `a..b`, whose end may be missing.
    Range,
    /// `??`, which a leaving statement may follow.
    Coalesce,
    /// `**` binds to the right.
    Power,
    /// `|`
    Pipe,
    /// `&&` and `||`, dashed or not.
    Logical {
        rhai: &'static str,
        dashed: Option<Dashed>,
    },
    /// A dashed comparison, done by a native function.
    Comparison(&'static str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dashed {
    And,
    Or,
}

pub(crate) const COMPARISON: u8 = 90;

const COMPARISONS: [(&str, &str); 14] = [
    ("eq", "__eq("),
    ("ne", "__ne("),
    ("gt", "__gt("),
    ("ge", "__ge("),
    ("lt", "__lt("),
    ("le", "__le("),
    ("like", "__like("),
    ("notlike", "__notlike("),
    ("match", "__match("),
    ("notmatch", "__notmatch("),
    ("in", "__in("),
    ("notin", "__notin("),
    ("contains", "__contains("),
    ("notcontains", "__notcontains("),
];

/// PowerShell's operators that this language does not have, and what to write instead.
const FOREIGN: [(&str, &str); 14] = [
    ("join", "write `list.join(\", \")`"),
    ("split", "write `text.split(\",\")`"),
    ("replace", "write `text.replace(\"a\", \"b\")`"),
    ("creplace", "write `text.replace(\"a\", \"b\")`"),
    ("f", "write the values into the text: `\"$name: ${count}\"`"),
    ("is", "write `type_of(value)`"),
    ("isnot", "write `type_of(value)`"),
    ("as", "write `number(value)`"),
    ("xor", "write `!=` between two bools"),
    ("band", "write `&`"),
    ("bor", "write `|`"),
    ("bxor", "write `^`"),
    ("shl", "write `<<`"),
    ("shr", "write `>>`"),
];

const SYMBOLS: [(&str, u8, OperatorKind); 21] = [
    ("..=", 140, OperatorKind::Range),
    ("..", 140, OperatorKind::Range),
    ("**", 190, OperatorKind::Power),
    ("<<", 210, OperatorKind::Plain),
    (">>", 210, OperatorKind::Plain),
    ("==", 90, OperatorKind::Test),
    ("!=", 90, OperatorKind::Test),
    ("<=", 130, OperatorKind::Test),
    (">=", 130, OperatorKind::Test),
    (
        "&&",
        60,
        OperatorKind::Logical {
            rhai: "&&",
            dashed: None,
        },
    ),
    (
        "||",
        30,
        OperatorKind::Logical {
            rhai: "||",
            dashed: None,
        },
    ),
    ("??", 135, OperatorKind::Coalesce),
    ("+", 150, OperatorKind::Plain),
    ("-", 150, OperatorKind::Plain),
    ("*", 180, OperatorKind::Plain),
    ("/", 180, OperatorKind::Plain),
    ("%", 180, OperatorKind::Plain),
    ("<", 130, OperatorKind::Test),
    (">", 130, OperatorKind::Test),
    ("&", 60, OperatorKind::Plain),
    ("^", 30, OperatorKind::Plain),
];

/// Longer ones first.
const ASSIGNMENTS: [&str; 12] = [
    "**=", "<<=", ">>=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "=",
];

impl Parser<'_> {
    /// The operator that comes next, if one does; blanks are already skipped.
    pub(crate) fn operator_here(&self) -> Parse<Option<Operator>> {
        if self.assignment_length() > 0 {
            return Ok(None);
        }
        if self.starts("-")
            && let Some(operator) = self.dashed_operator()?
        {
            return Ok(Some(operator));
        }
        if let Some(length) = self.in_operator_length() {
            return Ok(Some(Operator {
                kind: OperatorKind::Test,
                length,
                precedence: 110,
            }));
        }
        if self.starts("++") || self.starts("--") {
            return Ok(None);
        }
        if self.starts("|") && !self.starts("||") {
            return Ok(Some(Operator {
                kind: OperatorKind::Pipe,
                length: 1,
                precedence: 30,
            }));
        }
        let found = SYMBOLS.iter().find(|(symbol, ..)| self.starts(symbol));
        Ok(found.map(|&(symbol, precedence, kind)| Operator {
            kind,
            length: symbol.len(),
            precedence,
        }))
    }

    fn in_operator_length(&self) -> Option<usize> {
        let word = if self.starts("!in") { "!in" } else { "in" };
        let ends = !self.peek_after(word.len()).is_some_and(is_word_part);
        (self.starts(word) && ends).then_some(word.len())
    }

    /// The word after the dash that comes next, with the range of both.
    pub(crate) fn dashed_word(&self) -> Option<(Span, String)> {
        let rest = self.rest().strip_prefix('-')?;
        if !rest.starts_with(is_word_start) {
            return None;
        }
        let length = rest.find(|c| !is_word_part(c)).unwrap_or(rest.len());
        let span = Span::new(self.at, self.at + 1 + length);
        Some((span, rest.get(..length)?.to_ascii_lowercase()))
    }

    fn dashed_operator(&self) -> Parse<Option<Operator>> {
        let Some((span, word)) = self.dashed_word() else {
            return Ok(None);
        };
        let blank_before = self
            .text
            .get(..self.at)
            .and_then(|t| t.chars().next_back())
            .is_none_or(char::is_whitespace);
        let name = self.slice(Span::new(span.start + 1, span.end));
        if !blank_before && self.scopes.look_up(name) != Seen::Nowhere {
            return Ok(None);
        }
        let length = span.end - span.start;
        if let Some(&(_, native)) = COMPARISONS.iter().find(|(n, _)| *n == word) {
            return Ok(Some(Operator {
                kind: OperatorKind::Comparison(native),
                length,
                precedence: COMPARISON,
            }));
        }
        let logical = match word.as_str() {
            "and" => Some(("&&", Dashed::And, 60)),
            "or" => Some(("||", Dashed::Or, 30)),
            _ => None,
        };
        if let Some((rhai, dashed, precedence)) = logical {
            return Ok(Some(Operator {
                kind: OperatorKind::Logical {
                    rhai,
                    dashed: Some(dashed),
                },
                length,
                precedence,
            }));
        }
        self.refuse_foreign_operator(span, &word, blank_before)?;
        Ok(None)
    }

    fn refuse_foreign_operator(&self, span: Span, word: &str, blank_before: bool) -> Parse<()> {
        let name = self.slice(Span::new(span.start + 1, span.end));
        if !blank_before || self.scopes.look_up(name) != Seen::Nowhere {
            return Ok(());
        }
        let shown = self.slice(span);
        if let Some((_, instead)) = FOREIGN.iter().find(|(n, _)| *n == word) {
            return Err(Fault::new(span, format!("There is no operator `{shown}`")).help(*instead));
        }
        let cased = word.strip_prefix('c').or_else(|| word.strip_prefix('i'));
        let plain = cased.and_then(|w| COMPARISONS.iter().find(|(n, _)| *n == w));
        if let Some((plain, _)) = plain {
            return Err(Fault::new(span, format!("There is no operator `{shown}`"))
                .help(format!("`-{plain}` ignores case; `==` and `!=` do not")));
        }
        Ok(())
    }

    /// The length of the assignment operator that comes next, or 0.
    pub(crate) fn assignment_length(&self) -> usize {
        let found = ASSIGNMENTS.iter().find(|symbol| self.starts(symbol));
        match found {
            Some(&"=") if self.starts("==") || self.starts("=>") => 0,
            Some(symbol) => symbol.len(),
            None => 0,
        }
    }

    /// An assignment operator follows; stands on it then, and does not move otherwise.
    pub(crate) fn assignment_follows(&mut self) -> Parse<bool> {
        let before = self.at;
        self.skip()?;
        let follows = self.assignment_length() > 0;
        if !follows {
            self.at = before;
        }
        Ok(follows)
    }
}
