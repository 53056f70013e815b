//! What a command is: one declaration that binding, help, completion and the translation all read. No command lives
//! here; they are in `cmdlets`, one a file.

mod argument;
mod bind;
#[cfg(test)]
mod bind_test;
mod call;
mod change;
mod foreign;
mod foreign_commands;
mod host;
mod registry;
mod target;

pub use argument::{ArgValue, Arguments, Property, PropertySource, RawArgument};
pub use bind::bind;
pub(crate) use bind::{Clock, DATES, find_param, moment};
pub use call::Call;
pub use change::ChangeOptions;
pub use host::{Block, Blocks, Console, Host};
pub use registry::{Registry, nearest};
pub use target::Targets;

use usher_object::Value;

use crate::error::Result;

/// Objects on their way through a pipeline.
pub type Objects<'a> = Box<dyn Iterator<Item = Result<Value>> + 'a>;

/// A command.
pub struct Cmdlet {
    /// `Verb-Noun`.
    pub name: &'static str,
    /// One line for lists of commands.
    pub synopsis: &'static str,
    /// A few sentences for its help; may be empty.
    pub description: &'static str,
    /// Its own parameters; the common ones are added by its effect.
    pub params: &'static [Param],
    /// Whether it changes anything in the service.
    pub effect: Effect,
    /// Names of the types of objects that it gives; empty if it gives what it gets, or nothing.
    pub output: &'static [&'static str],
    /// When it gives exactly one object or fails.
    pub single: Single,
    /// At least two.
    pub examples: &'static [Example],
    /// Names of commands to read about next.
    pub related: &'static [&'static str],
    /// The function that runs it as one stage of a pipeline.
    pub run: for<'a> fn(Call<'a>) -> Result<Objects<'a>>,
}

/// Whether a command changes anything in the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Reads, or works on objects only.
    None,
    /// Changes: has `-WhatIf`, `-Confirm`, `-Force`, `-Reason`, `-RequestId`, `-PassThru`; refused when read-only.
    Changes,
}

/// When a command gives exactly one object or fails: then its value is that object, not an array of it.
#[derive(Clone, Copy)]
pub enum Single {
    /// Gives any number.
    Never,
    /// Gives exactly one, whenever it stands alone (as the only stage, without input).
    Always,
    /// Gives exactly one for these arguments, when it stands alone.
    When(fn(&Arguments) -> bool),
    /// Gives exactly one over its whole input for these arguments, as the last stage.
    Whole(fn(&Arguments) -> bool),
}

/// An example of a command's help; it runs as a test.
pub struct Example {
    /// The line to type.
    pub line: &'static str,
    /// What it does, in a sentence.
    pub says: &'static str,
}

/// One parameter.
#[derive(Clone, Copy)]
pub struct Param {
    /// Its name, PascalCase, without the dash.
    pub name: &'static str,
    /// One sentence.
    pub help: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Whether it takes a list.
    pub many: bool,
    /// Its place among values without a name.
    pub position: Option<usize>,
    /// Whether it takes all further values without a name too; of a list only.
    pub takes_rest: bool,
    /// Whether the command cannot run without it.
    pub mandatory: bool,
    /// How objects of the pipeline fill it.
    pub pipeline: FromPipeline,
    /// What completes it, and what it may be.
    pub values: Values,
}

impl Param {
    /// A parameter of this kind, by name only, optional, one value. Adjust with struct update syntax.
    pub const fn new(name: &'static str, kind: Kind, help: &'static str) -> Self {
        Self {
            name,
            help,
            kind,
            many: false,
            position: None,
            takes_rest: false,
            mandatory: false,
            pipeline: FromPipeline::No,
            values: Values::Any,
        }
    }

    /// The same, taking a list.
    #[must_use]
    pub const fn many(mut self) -> Self {
        self.many = true;
        self
    }

    /// The same, at this place among values without a name.
    #[must_use]
    pub const fn at(mut self, position: usize) -> Self {
        self.position = Some(position);
        self
    }

    /// The same, taking a list: its values need no commas between them.
    #[must_use]
    pub const fn rest(mut self) -> Self {
        self.many = true;
        self.takes_rest = true;
        self
    }

    /// The same, needed.
    #[must_use]
    pub const fn mandatory(mut self) -> Self {
        self.mandatory = true;
        self
    }

    /// The same, filled from the pipeline.
    #[must_use]
    pub const fn from(mut self, pipeline: FromPipeline) -> Self {
        self.pipeline = pipeline;
        self
    }

    /// Whether a block may stand for the value, which is run for each object.
    pub fn takes_block(&self) -> bool {
        let of_blocks = matches!(
            self.kind,
            Kind::Switch | Kind::Block | Kind::Variable | Kind::Properties
        );
        self.pipeline != FromPipeline::No && !of_blocks
    }

    /// The same, completed from and limited to these values.
    #[must_use]
    pub const fn values(mut self, values: Values) -> Self {
        self.values = values;
        self
    }
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text; a number is taken as it was written.
    Text,
    /// A whole number.
    Int,
    /// Nothing: it is there or not; `-Name:$false` says no.
    Switch,
    /// An instant: ISO 8601, date or date and time, UTC unless it says otherwise.
    Date,
    /// Any value.
    Any,
    /// A block.
    Block,
    /// The name of a variable that the command sets; it arrives as a block that is called with the value.
    Variable,
    /// Names of properties (wildcards allowed) and calculated ones, `Name={ block }`; always a list.
    Properties,
    /// A map of text to text.
    Map,
}

/// How objects of the pipeline fill a parameter. Such a parameter also takes a block, which is run for each object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FromPipeline {
    /// They do not.
    No,
    /// Text, numbers and ids fill it as they are; a record by the first of these properties that it has.
    Value(&'static [&'static str]),
    /// A record fills it by the first of these properties that it has.
    Property(&'static [&'static str]),
}

/// What completes a parameter, and what it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// Anything.
    Any,
    /// One of these, ignoring case.
    OneOf(&'static [&'static str]),
    /// Users of the service.
    Users,
    /// Products of the service.
    Products,
    /// Service plans, of the product named on the same line where there is one.
    Plans,
    /// Departments of the service's users.
    Departments,
    /// What the property has that the same command names.
    OfProperty,
    /// Subscriptions of the service.
    Subscriptions,
    /// Profiles of the person.
    Profiles,
    /// Files and folders.
    Files,
    /// Commands.
    Commands,
    /// Properties of the objects of the stage before.
    Properties,
}

/// Parameters of every command.
pub const COMMON: &[Param] = &[
    Param::new(
        "ErrorAction",
        Kind::Text,
        "Continue goes on after a refused row, SilentlyContinue says nothing of it, Stop throws",
    )
    .values(Values::OneOf(&["Continue", "SilentlyContinue", "Stop"])),
    Param::new(
        "Verbose",
        Kind::Switch,
        "Tells on standard error what is being done",
    ),
];

/// Parameters of every command that changes something.
pub const CHANGING: &[Param] = &[
    Param::new(
        "WhatIf",
        Kind::Switch,
        "Asks the service what would happen, and changes nothing",
    ),
    Param::new("Confirm", Kind::Switch, "Asks before the first change"),
    Param::new(
        "Force",
        Kind::Switch,
        "Does not ask, whatever the number of people",
    ),
    Param::new(
        "Reason",
        Kind::Text,
        "Why, for the record: a ticket or a sentence",
    ),
    Param::new(
        "RequestId",
        Kind::Text,
        "Id of this request: sent again, it gives the first result",
    ),
    Param::new(
        "PassThru",
        Kind::Switch,
        "Gives the objects as they are afterwards instead of the outcome",
    ),
];

/// Commands that work on whole objects, whatever their parameters take.
const WHOLE_INPUT: &[&str] = &[
    "Where-Object",
    "Select-Object",
    "Sort-Object",
    "Group-Object",
    "ForEach-Object",
    "Measure-Object",
    "Get-Member",
    "Format-Table",
    "Format-List",
    "Format-Chart",
    "Export-Html",
    "Out-File",
    "Tee-Object",
    "ConvertTo-Json",
    "ConvertTo-Csv",
    "Export-Csv",
    "Out-Null",
    "Write-Output",
];

impl Cmdlet {
    /// Whether objects of a pipeline mean anything to it.
    pub fn takes_input(&self) -> bool {
        let binds = |param: &Param| match param.pipeline {
            FromPipeline::Value(_) => true,
            FromPipeline::Property(names) => !names.is_empty(),
            FromPipeline::No => false,
        };
        self.params.iter().any(binds) || WHOLE_INPUT.contains(&self.name)
    }

    /// All parameters: its own, then the common ones.
    pub fn all_params(&self) -> impl Iterator<Item = &'static Param> + Clone + use<> {
        let changing = match self.effect {
            Effect::Changes => CHANGING,
            Effect::None => &[],
        };
        self.params.iter().chain(changing).chain(COMMON)
    }
}
