//! The shell's language: a script with commands and pipelines becomes rhai text, with a source map
//! back to what was written. Pure text in, text out: no engine, no files, no values.
//!
//! The rhai text calls these functions, which the engine must have:
//!
//! | call | meaning |
//! |---|---|
//! | `__pipe(id, slots)` | runs pipeline `id`; its objects are the value |
//! | `__run(id, slots)` | runs pipeline `id`; its objects go to the current output |
//! | `__out(value)` | writes a value that is not `()` to the current output |
//! | `__truth(value)` | a bool; `$null 0 "" []` are false |
//! | `__text(parts)`, `__tick(parts)` | joins the parts of a `"…"`, of a backtick text |
//! | `__record([name, value, …])` | a record, in the order given |
//! | `__list([value, …])` | a list of the values; those of a list stand for it |
//! | `__eq(a, b)` … | the dashed comparisons |
//! | `__caught(error)` | an error as `catch` shows it |
//! | `__given(name)`, `__param(name)`, `__default(name, value)`, `__default(name, type, value)` | the script's parameters |
//!
//! A block is a closure with one parameter, the current object. Keywords may follow a dot as
//! property names, which the engine's token mapper must allow.

mod diagnostic;
#[cfg(test)]
mod lines;
mod names;
mod output;
mod parser;
mod position;
mod scopes;
mod spec;
#[cfg(test)]
mod testing;

pub use diagnostic::{Diagnostic, Span, render};
pub use names::{AUTOMATIC_VARIABLES, CommandShape, KnownNames, Names, did_you_mean, nearest};
pub use position::{LineIndex, SourceMap};
pub use spec::{
    Argument, ArgumentValue, CommandSpec, ParamKind, PipelineSpec, ScriptParam, Spot, SpotKind,
    StageSpec, Token, TokenKind,
};

use parser::Parser;

/// A script as rhai text, and what it says besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translation {
    pub rhai: String,
    pub map: SourceMap,
    pub params: Vec<ScriptParam>,
    /// The comment block above `param(…)`, or at the top.
    pub help: Option<String>,
    /// Pipeline `n` of this text is called with the number `KnownNames::first_pipeline + n`.
    pub pipelines: Vec<PipelineSpec>,
    /// Every variable that is known or declared, for the nearest names to an unknown one.
    pub variables: Vec<String>,
    /// Every function that is known or defined, likewise.
    pub functions: Vec<String>,
}

/// Translates a script.
///
/// # Errors
/// The first thing in the script that is not of the language, with its place.
pub fn translate(
    text: &str,
    names: &dyn Names,
    known: &KnownNames,
) -> Result<Translation, Diagnostic> {
    let mut parser = Parser::new(text, names, known);
    parser
        .script()
        .map_err(|fault| fault.into_diagnostic(text))?;
    let Parser {
        out,
        params,
        help,
        pipelines,
        declared,
        functions,
        ..
    } = parser;
    let (rhai, map) = out.finish();
    let mut functions: Vec<String> = functions.into_iter().collect();
    functions.sort_unstable();
    let mut variables = declared;
    variables.sort();
    variables.dedup();
    Ok(Translation {
        rhai,
        map,
        params,
        help,
        pipelines,
        variables,
        functions,
    })
}

/// More lines are needed: a bracket or text is open, or the text ends in `|` or `,`.
#[must_use]
pub fn needs_more(text: &str, names: &dyn Names, known: &KnownNames) -> bool {
    let mut parser = Parser::new(text, names, known);
    parser.script().is_err_and(|fault| fault.incomplete)
}

/// The coloured stretches of a text, as far as it can be read, in order.
#[must_use]
pub fn tokens(text: &str, names: &dyn Names, known: &KnownNames) -> Vec<Token> {
    let mut parser = Parser::new(text, names, known);
    let _unfinished = parser.script();
    let mut tokens = parser.tokens;
    tokens.sort_by_key(|token| (token.span.start, token.span.end));
    tokens.dedup_by_key(|token| token.span.start);
    tokens
}

/// What stands at the end of `text`, the part of a line before the cursor.
#[must_use]
pub fn spot(text: &str, names: &dyn Names, known: &KnownNames) -> Spot {
    let mut parser = Parser::new(text, names, known);
    let _unfinished = parser.script();
    parser.spot.unwrap_or_else(|| Spot {
        start: text.len(),
        ..Spot::default()
    })
}
