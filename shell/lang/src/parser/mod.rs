//! The translation itself: one pass over the script that writes rhai text as it goes.
//! Each file here is one part of the grammar; none looks at values.

mod argument;
mod block;
mod command;
mod control;
mod cursor;
mod expression;
mod kept;
mod literal;
mod operand;
mod operator;
mod param;
mod postfix;
mod record;
mod statement;
mod tail;
mod text;
mod variable;

use std::collections::HashSet;

use crate::diagnostic::{Fault, Span};
use crate::names::{AUTOMATIC_VARIABLES, KnownNames, Names};
use crate::output::Output;
use crate::scopes::{FrameKind, Scopes};
use crate::spec::{PipelineSpec, ScriptParam, Spot, Token};

pub(crate) type Parse<T> = Result<T, Box<Fault>>;

/// Brackets and blocks inside one another; rhai's own limit lies above it.
pub(crate) const MAX_NESTING: usize = 64;
/// Operators or property steps in one row.
pub(crate) const MAX_CHAIN: usize = 120;
/// The rhai name of `$_`.
pub(crate) const CURRENT_OBJECT: &str = "__it";

pub(crate) struct Parser<'a> {
    pub(crate) text: &'a str,
    pub(crate) at: usize,
    pub(crate) names: &'a dyn Names,
    pub(crate) out: Output<'a>,
    pub(crate) scopes: Scopes,
    pub(crate) pipelines: Vec<PipelineSpec>,
    pub(crate) params: Vec<ScriptParam>,
    pub(crate) help: Option<String>,
    pub(crate) tokens: Vec<Token>,
    pub(crate) spot: Option<Spot>,
    /// Every variable the text declares, for the nearest names to an unknown one.
    pub(crate) declared: Vec<String>,
    first_pipeline: usize,
    module: bool,
    pub(crate) functions: HashSet<String>,
    nesting: usize,
    /// `break` and `continue` may stand here.
    in_loop: bool,
    /// Where the last pipeline ended: a line end after it always ends the statement.
    command_end: usize,
    tries: usize,
    /// Commands of the pipeline that is being read, the innermost pipeline last.
    stages_before: Vec<String>,
    /// The statements that are being read, the innermost last.
    sites: Vec<kept::Site>,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(text: &'a str, names: &'a dyn Names, known: &KnownNames) -> Self {
        let mut scopes = Scopes::default();
        for name in AUTOMATIC_VARIABLES {
            scopes.know_everywhere(name);
        }
        scopes.enter(FrameKind::Block);
        for name in &known.variables {
            scopes.declare(name);
        }
        let mut functions: HashSet<String> = known.functions.iter().cloned().collect();
        functions.extend(function_names(text).map(str::to_owned));
        Self {
            text,
            at: 0,
            names,
            out: Output::default(),
            scopes,
            pipelines: Vec::new(),
            params: Vec::new(),
            help: None,
            tokens: Vec::new(),
            spot: None,
            declared: known.variables.clone(),
            first_pipeline: known.first_pipeline,
            module: known.module,
            functions,
            nesting: 0,
            in_loop: false,
            command_end: usize::MAX,
            tries: 0,
            stages_before: Vec::new(),
            sites: Vec::new(),
        }
    }

    /// Reads the whole text.
    pub(crate) fn script(&mut self) -> Parse<()> {
        self.skip_shebang();
        self.param_statement()?;
        self.statements(None, tail::Use::Script)
    }

    /// Runs `read` where `break` may or may not stand.
    pub(crate) fn looping<T>(
        &mut self,
        in_loop: bool,
        read: impl FnOnce(&mut Self) -> Parse<T>,
    ) -> Parse<T> {
        let before = std::mem::replace(&mut self.in_loop, in_loop);
        let result = read(self);
        self.in_loop = before;
        result
    }

    /// Runs `read` one level deeper; refuses to go deeper than a script may.
    pub(crate) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.nesting >= MAX_NESTING {
            let here = self.here();
            return Err(Fault::new(
                here,
                format!("More than {MAX_NESTING} brackets or blocks stand inside one another"),
            )
            .help("put the inner part into a variable or a `fn`"));
        }
        self.nesting += 1;
        let result = read(self);
        self.nesting -= 1;
        result
    }

    /// The character that comes next, as a span.
    pub(crate) fn here(&self) -> Span {
        let width = self.peek().map_or(0, char::len_utf8);
        Span::new(self.at, self.at + width)
    }

    /// A fault at what comes next; at the end of the text it means that more is needed.
    pub(crate) fn expected(&self, what: &str) -> Box<Fault> {
        let Some(next) = self.peek() else {
            return Fault::new(self.here(), format!("Expected {what}, but the text ends"))
                .incomplete(true);
        };
        let span = self.word_here().unwrap_or_else(|| self.here());
        let found = self.slice(span);
        let shown = if found.is_empty() {
            next.to_string()
        } else {
            found.to_owned()
        };
        Fault::new(span, format!("Expected {what}, found `{shown}`"))
    }
}

/// The names that follow `fn` anywhere in the text; a name too many does no harm.
fn function_names(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("fn ").filter_map(move |(at, _)| {
        let boundary = text[..at]
            .chars()
            .next_back()
            .is_none_or(|c| !c.is_alphanumeric() && c != '_');
        let rest = text[at + 3..].trim_start_matches([' ', '\t']);
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        (boundary && end > 0).then(|| &rest[..end])
    })
}
