//! What a translated script says besides its rhai text: its pipelines, parameters and help.

use crate::diagnostic::Span;

/// The static structure of one pipeline; what is computed arrives at run time in its slots.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PipelineSpec {
    pub stages: Vec<StageSpec>,
    /// Number of values that the native call is given.
    pub slots: usize,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StageSpec {
    /// An expression whose value feeds the next stage; only ever the first stage.
    Input {
        slot: usize,
        span: Span,
    },
    Command(CommandSpec),
}

/// One command as written, its name resolved, its arguments not yet bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandSpec {
    /// The registered name.
    pub name: String,
    /// The range of the name as written.
    pub span: Span,
    pub arguments: Vec<Argument>,
}

/// One word of a command line, in the order written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    /// `-Name`, or `-Name:` when `attached`: then the next value belongs to it, switch or not.
    Name {
        name: String,
        attached: bool,
        span: Span,
    },
    Value {
        value: ArgumentValue,
        span: Span,
    },
    /// `@map`: the entries of a map or record as named arguments.
    Splat {
        slot: usize,
        span: Span,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArgumentValue {
    /// A bare word that reads as a number; a text parameter takes it as written.
    Number(String),
    /// A bare word.
    Word(String),
    /// Quoted text without anything to compute in it.
    Text(String),
    /// Something computed.
    Slot(usize),
    /// `{ block }`: the slot holds a closure that takes the current object.
    Block(usize),
    /// `Name={ block }`.
    Calculated { name: String, slot: usize },
    /// `a, b, c`.
    List(Vec<ArgumentValue>),
}

/// A parameter of the script itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptParam {
    pub name: String,
    pub kind: ParamKind,
    /// The default as written; `None` means that the parameter must be given (a switch is then off).
    pub default: Option<String>,
    pub span: Span,
}

impl ScriptParam {
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.default.is_none() && self.kind != ParamKind::Bool
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParamKind {
    Text,
    Number,
    Bool,
    Date,
    List,
}

impl ParamKind {
    const ALL: [(&'static str, Self); 5] = [
        ("text", Self::Text),
        ("number", Self::Number),
        ("bool", Self::Bool),
        ("date", Self::Date),
        ("list", Self::List),
    ];

    /// The word for it in `param(…)`.
    pub fn name(self) -> &'static str {
        let found = Self::ALL.iter().find(|(_, kind)| *kind == self);
        found.map_or("text", |(name, _)| name)
    }

    /// What this word in `param(…)` stands for.
    pub fn named(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(known, _)| *known == name);
        found.map(|(_, kind)| *kind)
    }
}

/// A coloured stretch of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    Command,
    Parameter,
    Word,
    Number,
    Text,
    Variable,
    Name,
    Property,
    Keyword,
    Operator,
    Comment,
}

/// What stands at the end of an unfinished line, for completion.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spot {
    pub kind: SpotKind,
    /// Where the word that is being typed begins.
    pub start: usize,
    /// The command whose arguments these are.
    pub command: Option<String>,
    /// The arguments before the word that is being typed.
    pub arguments: Vec<Argument>,
    /// The commands of the stages before, the nearest last.
    pub before: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SpotKind {
    /// A command, a variable or a keyword could begin here.
    #[default]
    Statement,
    /// A command or an alias after `|`.
    Stage,
    /// `-Nam`
    Parameter,
    /// A positional value, or the value of the last named argument.
    Value,
    /// `$nam`
    Variable,
    /// `$_.Nam`
    Property,
}
