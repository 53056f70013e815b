//! Arguments: as they come from the script, and as a command reads them after binding.

use std::rc::Rc;

use usher_object::{Instant, Value};

use super::host::Block;
use crate::error::Place;

/// One argument as written.
#[derive(Clone, Debug)]
pub struct RawArgument {
    /// The name after the dash, as written; none for a positional one.
    pub name: Option<Rc<str>>,
    /// The value; none for a name alone (a switch).
    pub value: Option<ArgValue>,
    /// Where it stands.
    pub place: Option<Place>,
}

/// The value of an argument.
#[derive(Clone, Debug)]
pub enum ArgValue {
    /// A value of the language.
    Value(Value),
    /// A number with its text as written, for parameters that take text.
    Literal(Rc<str>, Value),
    /// A block.
    Block(Block),
    /// `Name={ block }`
    Calculated(Rc<str>, Block),
    /// `a, b, c` with at least one item that is no plain value.
    List(Vec<ArgValue>),
}

/// A property to show, sort by, or calculate.
#[derive(Clone, Debug)]
pub struct Property {
    /// Name of the result's property.
    pub name: Rc<str>,
    /// Where its value comes from.
    pub source: PropertySource,
}

/// Where the value of a property comes from.
#[derive(Clone, Debug)]
pub enum PropertySource {
    /// A property by name, or several by a wildcard.
    Name(Rc<str>),
    /// A block over each object.
    Block(Block),
}

/// What one parameter was bound to.
#[derive(Clone, Debug)]
pub(super) enum Bound {
    Switch(bool),
    Value(Value),
    Values(Vec<Value>),
    Block(Block),
    Blocks(Vec<Block>),
    Properties(Vec<Property>),
}

/// Arguments by parameter name, checked against the declaration: kinds, allowed values, mandatory ones.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    pub(super) bound: Vec<(&'static str, Bound)>,
}

impl Arguments {
    pub(super) fn find(&self, name: &str) -> Option<&Bound> {
        self.bound
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, bound)| bound)
    }

    /// Binds a parameter, or adds to the list that it has.
    pub(super) fn add(&mut self, name: &'static str, bound: Bound) {
        let known = self.bound.iter_mut().find(|(known, _)| *known == name);
        match (known, bound) {
            (Some((_, Bound::Values(values))), Bound::Values(more)) => values.extend(more),
            (_, bound) => self.bound.push((name, bound)),
        }
    }

    /// Whether the parameter was given.
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// Whether any parameter was given a block.
    pub fn has_block(&self) -> bool {
        let mut bound = self.bound.iter();
        bound.any(|(_, bound)| matches!(bound, Bound::Block(_) | Bound::Blocks(_)))
    }

    /// A switch; false unless given.
    pub fn switch(&self, name: &str) -> bool {
        matches!(self.find(name), Some(Bound::Switch(true)))
    }

    /// A value of any kind; of a list the first.
    pub fn value(&self, name: &str) -> Option<&Value> {
        match self.find(name)? {
            Bound::Value(value) => Some(value),
            Bound::Values(values) => values.first(),
            _ => None,
        }
    }

    /// All values of a list parameter, or the one value.
    pub fn values(&self, name: &str) -> &[Value] {
        match self.find(name) {
            Some(Bound::Values(values)) => values,
            Some(Bound::Value(value)) => std::slice::from_ref(value),
            _ => &[],
        }
    }

    /// A text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.value(name).and_then(Value::as_str)
    }

    /// All texts of a list parameter.
    pub fn texts(&self, name: &str) -> Vec<String> {
        self.values(name)
            .iter()
            .map(|value| value.display().to_string())
            .collect()
    }

    /// A whole number.
    pub fn int(&self, name: &str) -> Option<i64> {
        match self.value(name)? {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// An instant.
    pub fn date(&self, name: &str) -> Option<Instant> {
        match self.value(name)? {
            Value::Instant(instant) => Some(*instant),
            _ => None,
        }
    }

    /// A block.
    pub fn block(&self, name: &str) -> Option<&Block> {
        match self.find(name)? {
            Bound::Block(block) => Some(block),
            Bound::Blocks(blocks) => blocks.first(),
            _ => None,
        }
    }

    /// All blocks of a list parameter.
    pub fn blocks(&self, name: &str) -> &[Block] {
        match self.find(name) {
            Some(Bound::Blocks(blocks)) => blocks,
            Some(Bound::Block(block)) => std::slice::from_ref(block),
            _ => &[],
        }
    }

    /// Properties to show, sort by, or calculate.
    pub fn properties(&self, name: &str) -> &[Property] {
        match self.find(name) {
            Some(Bound::Properties(properties)) => properties,
            _ => &[],
        }
    }
}
