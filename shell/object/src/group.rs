//! Group-Object: groups in the order in which they were first seen.

use indexmap::IndexMap;

use crate::compare::Key;
use crate::error::Result;
use crate::record::{Record, RecordType, TypeCache};
use crate::value::Value;

/// Collects objects by the values they are grouped by.
pub struct Grouper {
    groups: IndexMap<Box<[Key]>, Group>,
    keep_items: bool,
    scratch: Vec<Key>,
}

struct Group {
    values: Vec<Value>,
    items: Vec<Value>,
    count: usize,
}

impl Group {
    /// The values as one text; missing ones at the end leave no trailing comma.
    fn name(&self) -> String {
        let last = self.values.iter().rposition(|value| !value.is_null());
        let shown = self.values.iter().take(last.map_or(0, |last| last + 1));
        let names: Vec<String> = shown.map(Value::to_string).collect();
        names.join(", ")
    }
}

impl Grouper {
    /// Without its items a group only counts, and memory does not grow with the input.
    pub fn new(keep_items: bool) -> Self {
        Self {
            groups: IndexMap::new(),
            keep_items,
            scratch: Vec::new(),
        }
    }

    /// Takes an object and the values that it is grouped by.
    pub fn push(&mut self, item: Value, by: &[Value]) {
        self.scratch.clear();
        self.scratch.extend(by.iter().map(Key::from));
        let group = match self.groups.get_index_of(self.scratch.as_slice()) {
            Some(index) => self.groups.get_index_mut(index).map(|(_, group)| group),
            None => {
                let key = self.scratch.as_slice().into();
                let group = Group {
                    values: by.to_vec(),
                    items: Vec::new(),
                    count: 0,
                };
                Some(self.groups.entry(key).or_insert(group))
            }
        };
        if let Some(group) = group {
            group.count += 1;
            if self.keep_items {
                group.items.push(item);
            }
        }
    }

    /// A record for each group: Name, Count, Values, and Group unless items were not kept.
    pub fn finish(self) -> Vec<Value> {
        let names: &[&str] = if self.keep_items {
            &["Name", "Count", "Values", "Group"]
        } else {
            &["Name", "Count", "Values"]
        };
        let record_type = RecordType::with_columns("Group", names, &["Name", "Count"]);
        self.groups
            .into_values()
            .map(|group| {
                let mut values = vec![group.name().into(), group.count.into(), group.values.into()];
                if self.keep_items {
                    values.push(group.items.into());
                }
                Record::new(&record_type, values).into()
            })
            .collect()
    }

    /// One record whose properties are the names of the groups, with the items as lists.
    pub fn finish_as_map(self) -> Result<Record> {
        let names: Vec<String> = self.groups.values().map(Group::name).collect();
        let items = self
            .groups
            .into_values()
            .map(|group| group.items.into())
            .collect();
        TypeCache::new("Groups", false).record(&names, items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grouped(keep: bool, rows: &[(&str, i64)]) -> Grouper {
        let mut grouper = Grouper::new(keep);
        for (department, item) in rows {
            grouper.push((*item).into(), &[(*department).into()]);
        }
        grouper
    }

    #[test]
    fn groups_ignore_case_and_keep_the_first_spelling_and_order() {
        let groups = grouped(true, &[("Sales", 1), ("IT", 2), ("SALES", 3)]).finish();
        let shown: Vec<String> = groups.iter().map(Value::to_string).collect();
        assert_eq!(
            shown,
            [
                "@{Name=Sales; Count=2; Values=Sales; Group=1, 3}",
                "@{Name=IT; Count=1; Values=IT; Group=2}"
            ]
        );
    }

    #[test]
    fn several_keys_make_one_name_and_numbers_of_all_kinds_meet() {
        let mut grouper = Grouper::new(false);
        grouper.push(Value::Null, &["failed".into(), 1.into()]);
        grouper.push(Value::Null, &["Failed".into(), 1.0.into()]);
        grouper.push(Value::Null, &["failed".into(), Value::Null]);
        let groups = grouper.finish();
        assert_eq!(groups[0].property("Name"), Ok("failed, 1".into()));
        assert_eq!(groups[0].property("Count"), Ok(2.into()));
        assert_eq!(groups[1].property("Name"), Ok("failed".into()));
        assert!(groups[0].property("Group").is_err());
    }

    #[test]
    fn as_a_map_each_group_is_a_property() {
        let map = grouped(true, &[("Sales", 1), ("IT", 2), ("sales", 3)])
            .finish_as_map()
            .unwrap();
        assert_eq!(map.get("SALES"), Ok(&Value::list([1.into(), 3.into()])));
    }
}
