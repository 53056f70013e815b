//! One stage about to run: its arguments, its input, and what it can reach. Reads parameters that objects of the
//! pipeline fill.

use usher_object::Value;

use super::argument::{Arguments, Bound};
use super::host::Host;
use super::{Cmdlet, Effect, FromPipeline, Objects, Param};
use crate::error::{Result, ShellError};

/// One stage of a pipeline about to run.
pub struct Call<'a> {
    /// The command.
    pub cmdlet: &'static Cmdlet,
    /// Its arguments.
    pub args: Arguments,
    /// Objects of the stage before; none for the first stage.
    pub input: Option<Objects<'a>>,
    /// What it can reach.
    pub host: Host<'a>,
}

impl<'a> Call<'a> {
    /// Runs the command. A session that is read-only refuses all that changes something but its preview.
    pub fn start(self) -> Result<Objects<'a>> {
        let changes = self.cmdlet.effect == Effect::Changes && !self.args.switch("WhatIf");
        if changes && self.host.session.read_only.get() {
            let name = self.cmdlet.name;
            return Err(ShellError::new(
                "READ_ONLY",
                format!("{name} changes something, and this session is read-only"),
            )
            .fix("Add -WhatIf to see what it would do; at the prompt Set-Session -ReadOnly:$false allows changes"));
        }
        (self.cmdlet.run)(self)
    }

    /// Objects of the stage before, or none at all.
    pub fn take_input(&mut self) -> Objects<'a> {
        self.input
            .take()
            .unwrap_or_else(|| Box::new(std::iter::empty()))
    }

    /// The value of a parameter for one object of the pipeline: its block over the object, the argument as given, or
    /// what the declaration takes from the object.
    pub fn value_for(&self, name: &str, item: &Value) -> Result<Option<Value>> {
        match self.args.find(name) {
            Some(Bound::Block(block)) => self.host.blocks.value(block, item).map(Some),
            Some(Bound::Value(value)) => Ok(Some(value.clone())),
            Some(Bound::Values(values)) => Ok(Some(Value::list(values.iter().cloned()))),
            Some(_) => Ok(None),
            None => Ok(self.param(name).and_then(|param| from_object(param, item))),
        }
    }

    /// The same as text; an object that has none is an error that names the object.
    pub fn text_for(&self, name: &str, item: &Value) -> Result<String> {
        match self.value_for(name, item)? {
            Some(value) if !value.is_null() => Ok(value.display().to_string()),
            _ => Err(self.nothing_for(name, item)),
        }
    }

    fn param(&self, name: &str) -> Option<&'static Param> {
        self.cmdlet.all_params().find(|param| param.name == name)
    }

    fn nothing_for(&self, name: &str, item: &Value) -> ShellError {
        let looked_for = match self.param(name).map(|param| param.pipeline) {
            Some(FromPipeline::Value(names) | FromPipeline::Property(names))
                if !names.is_empty() =>
            {
                format!("; it looked for {}", names.join(", "))
            }
            _ => String::new(),
        };
        ShellError::new(
            "INPUT_WITHOUT_VALUE",
            format!(
                "{} found no value for -{name} in an object of type {}{looked_for}",
                self.cmdlet.name,
                item.type_name()
            ),
        )
        .fix(format!(
            "Say where it is: {} -{name} {{ $_.Property }}",
            self.cmdlet.name
        ))
        .target(item.display().to_string())
    }
}

fn from_object(param: &Param, item: &Value) -> Option<Value> {
    let (names, whole) = match param.pipeline {
        FromPipeline::No => return None,
        FromPipeline::Value(names) => (names, true),
        FromPipeline::Property(names) => (names, false),
    };
    match item {
        Value::Record(record) => names
            .iter()
            .find_map(|name| record.find(name).filter(|value| !value.is_null()))
            .cloned(),
        Value::Null => None,
        other if whole => Some(other.clone()),
        _ => None,
    }
}
