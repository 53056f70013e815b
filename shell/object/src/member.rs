//! Get-Member: the types that went by, with their properties and the kinds of their values.

use indexmap::IndexMap;

use crate::record::{Record, RecordType};
use crate::value::Value;

/// Collects the types of objects.
#[derive(Default)]
pub struct Members {
    types: IndexMap<String, IndexMap<String, Vec<String>>>,
}

impl Members {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks at one object.
    pub fn push(&mut self, item: &Value) {
        let properties = self.types.entry(item.type_name().to_owned()).or_default();
        let Value::Record(record) = item else { return };
        for (name, value) in record.iter() {
            if !properties.contains_key(name) {
                properties.insert(name.to_owned(), Vec::new());
            }
            let kind = value.type_name();
            if let Some(kinds) = properties.get_mut(name)
                && !value.is_null()
                && !kinds.iter().any(|known| known == kind)
            {
                kinds.push(kind.to_owned());
            }
        }
    }

    /// A row for each property: Object, Name, Kind. An object without properties has one row.
    pub fn finish(self) -> Vec<Value> {
        let row = RecordType::typed("Member", &["Object", "Name", "Kind"]);
        let mut rows = Vec::new();
        for (object, properties) in self.types {
            if properties.is_empty() {
                rows.push(Record::new(&row, vec![object.into()]).into());
                continue;
            }
            for (name, kinds) in properties {
                let kinds = (!kinds.is_empty()).then(|| kinds.join(" or "));
                let values = vec![object.as_str().into(), name.into(), kinds.into()];
                rows.push(Record::new(&row, values).into());
            }
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_is_described_once() {
        let user = RecordType::typed("User", &["Name", "Manager", "Tag"]);
        let mut members = Members::new();
        members.push(&Record::new(&user, vec!["Adele".into(), Value::Null, 1.into()]).into());
        members.push(&Record::new(&user, vec!["Alex".into(), Value::Null, "x".into()]).into());
        members.push(&5.into());
        let shown: Vec<String> = members.finish().iter().map(Value::to_string).collect();
        assert_eq!(
            shown,
            [
                "@{Object=User; Name=Name; Kind=text}",
                "@{Object=User; Name=Manager; Kind=}",
                "@{Object=User; Name=Tag; Kind=number or text}",
                "@{Object=number; Name=; Kind=}",
            ]
        );
    }
}
