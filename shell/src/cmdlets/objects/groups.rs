//! `-GroupBy`: where a run of objects with another value begins, and what its heading says.

use usher_object::Value;
use usher_object::compare::Key;

use super::selector::Selector;
use crate::cmdlet::{Call, Host, Kind, Param, PropertySource, Values};
use crate::error::{Result, ShellError};

pub(super) const GROUP_BY: Param = Param::new(
    "GroupBy",
    Kind::Properties,
    "A heading wherever this property or block gives another value; sort by it first",
)
.values(Values::Properties);

/// What objects are grouped by, and the group that the last one was in.
pub(super) struct Groups {
    by: Selector,
    /// Before the value in a heading; none for a block without a name.
    label: Option<String>,
    current: Option<Key>,
}

impl Groups {
    /// The groups that were asked for.
    pub(super) fn of(call: &Call<'_>) -> Result<Option<Self>> {
        let property = match call.args.properties(GROUP_BY.name) {
            [] => return Ok(None),
            [only] => only,
            [first, ..] => {
                return Err(ShellError::new(
                    "ARGUMENT_INVALID",
                    "-GroupBy takes one property or block, not several",
                )
                .fix(format!(
                    "-GroupBy {}, or one block that makes a text of all: -GroupBy {{ \"${{$_.Department}}, ${{$_.City}}\" }}",
                    first.name
                ))
                .target(GROUP_BY.name));
            }
        };
        let nameless =
            matches!(property.source, PropertySource::Block(_)) && property.name.starts_with('{');
        Ok(Some(Self {
            by: Selector::new(property),
            label: (!nameless).then(|| property.name.to_string()),
            current: None,
        }))
    }

    /// The heading that belongs before this object, if it begins a run.
    pub(super) fn heading_before(
        &mut self,
        host: Host<'_>,
        item: &Value,
    ) -> Result<Option<String>> {
        let value = self.by.value(host, item)?;
        let key = Key::from(&value);
        if self.current.as_ref() == Some(&key) {
            return Ok(None);
        }
        self.current = Some(key);
        let shown = value.display();
        Ok(Some(match &self.label {
            Some(label) => format!("{}: {shown}", as_written(item, label)),
            None => shown.to_string(),
        }))
    }
}

/// The property's name as its type writes it.
fn as_written<'n>(item: &'n Value, name: &'n str) -> &'n str {
    let shape = item.as_record().map(|record| record.record_type());
    let found = shape.and_then(|shape| shape.properties().get(shape.position(name)?));
    found.map_or(name, AsRef::as_ref)
}
