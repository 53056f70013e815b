//! What becomes of the value of a statement: kept, written to the output, or dropped.

use super::Parser;
use crate::diagnostic::Span;
use crate::output::{Mark, PieceId};

/// Where a row of statements stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// The last statement is the value of the row.
    Value,
    /// The body of one of rhai's loops: its value goes nowhere.
    Loop,
    /// The body of `foreach (…)`: its last plain expression is written with each round, as in PowerShell.
    Foreach,
    /// The script itself: its last plain expression is written.
    Script,
}

/// A statement at the end of a row, so that it can be made a value or be written.
#[derive(Debug)]
pub(crate) enum Tail {
    Command {
        call: PieceId,
        start: Mark,
    },
    Plain {
        start: Mark,
        end: Mark,
        span: Span,
    },
    /// `try`: rhai drops the value of its `catch`.
    Try {
        start: Mark,
        end: Mark,
        span: Span,
        tails: Vec<Tail>,
    },
}

/// A statement that was read.
#[derive(Debug, Default)]
pub(crate) struct Statement {
    pub(crate) tails: Vec<Tail>,
    /// An expression or command by itself, rather than an `if` or a block around one.
    pub(crate) bare: bool,
    /// Ends in `}` and needs no `;`.
    pub(crate) self_terminated: bool,
}

impl Parser<'_> {
    /// The statement is followed by others, or its value goes nowhere.
    pub(crate) fn settle_as_statement(&mut self, statement: Statement) {
        let bare = statement.bare;
        for tail in statement.tails {
            self.write_tail(tail, !bare);
        }
    }

    /// The statement is the last of the script.
    pub(crate) fn settle_as_last(&mut self, statement: Statement) {
        for tail in statement.tails {
            self.write_tail(tail, true);
        }
    }

    /// The statement is the value of the row it ends.
    pub(crate) fn settle_as_value(&mut self, statement: Statement) {
        for tail in statement.tails {
            if let Tail::Try {
                start,
                end,
                span,
                tails,
            } = tail
            {
                self.tries += 1;
                let variable = format!("__try{}", self.tries);
                for inner in tails {
                    self.assign_tail(inner, &variable);
                }
                self.out
                    .wrap_before(start, format!("{{ let {variable} = (); "), span);
                self.out.wrap_after(end, format!(" {variable} }}"), span);
            }
        }
    }

    fn write_tail(&mut self, tail: Tail, plain_too: bool) {
        match tail {
            Tail::Command { call, .. } => self.out.replace(call, "__run("),
            Tail::Plain { start, end, span } if plain_too => {
                self.out.wrap_before(start, "__out(", span);
                self.out.wrap_after(end, ")", span);
            }
            Tail::Plain { .. } => {}
            Tail::Try { tails, .. } => {
                for inner in tails {
                    self.write_tail(inner, plain_too);
                }
            }
        }
    }

    fn assign_tail(&mut self, tail: Tail, variable: &str) {
        match tail {
            Tail::Command { start, .. } => {
                self.out
                    .wrap_before(start, format!("{variable} = "), Span::default());
            }
            Tail::Plain { start, span, .. } => {
                self.out.wrap_before(start, format!("{variable} = "), span);
            }
            Tail::Try { tails, .. } => {
                for inner in tails {
                    self.assign_tail(inner, variable);
                }
            }
        }
    }
}
