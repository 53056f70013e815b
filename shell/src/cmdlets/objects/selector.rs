//! What a command sorts, groups or measures by: a property by name, or a block over each object.

use usher_object::Value;

use crate::cmdlet::{Block, Host, Property, PropertySource};
use crate::error::Result;

/// Finds one value in each object.
pub(super) enum Selector {
    Property(usher_object::Property),
    Block(Block),
}

impl Selector {
    pub(super) fn new(property: &Property) -> Self {
        match &property.source {
            PropertySource::Name(name) => Self::named(name),
            PropertySource::Block(block) => Self::Block(block.clone()),
        }
    }

    pub(super) fn named(name: &str) -> Self {
        Self::Property(usher_object::Property::from(name))
    }

    pub(super) fn value(&self, host: Host<'_>, item: &Value) -> Result<Value> {
        match self {
            Self::Property(property) => Ok(property.of(item)?),
            Self::Block(block) => host.blocks.value(block, item),
        }
    }
}

/// The values of all selectors; of none, the object itself.
pub(super) fn values(selectors: &[Selector], host: Host<'_>, item: &Value) -> Result<Vec<Value>> {
    if selectors.is_empty() {
        return Ok(vec![item.clone()]);
    }
    selectors
        .iter()
        .map(|selector| selector.value(host, item))
        .collect()
}
