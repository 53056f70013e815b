//! Sort-Object: stable, several keys, each up or down; keys are made once per object.

use std::cmp::Ordering;

use crate::compare::Key;
use crate::value::Value;

/// Objects that are kept besides those wanted before the rest is dropped again.
const SPARE: usize = 1_024;

/// Collects objects with their keys, then gives them back in order.
pub struct Sorter {
    descending: Vec<bool>,
    /// Of objects with equal keys only the first is wanted.
    unique: bool,
    /// No more than this many are wanted.
    top: Option<usize>,
    items: Vec<Value>,
    /// The keys of all items, those of one item beside each other.
    keys: Vec<Key>,
}

impl Sorter {
    /// One direction per key; `true` is downwards.
    pub fn new(descending: Vec<bool>) -> Self {
        Self {
            descending,
            unique: false,
            top: None,
            items: Vec::new(),
            keys: Vec::new(),
        }
    }

    /// The same, with the first only of objects whose keys are equal.
    #[must_use]
    pub fn unique(mut self, unique: bool) -> Self {
        self.unique = unique;
        self
    }

    /// The same, with no more than the first ones of the order; memory does not grow with what else comes.
    #[must_use]
    pub fn top(mut self, top: Option<usize>) -> Self {
        self.top = top;
        self
    }

    /// Takes an object and the values to sort it by, one per key; missing ones count as nothing.
    pub fn push<'a>(&mut self, item: Value, by: impl IntoIterator<Item = &'a Value>) {
        self.items.push(item);
        self.keys
            .extend(by.into_iter().take(self.descending.len()).map(Key::from));
        self.keys
            .resize(self.items.len() * self.descending.len(), Key::Null);
        if let Some(top) = self.top
            && self.items.len() >= top.saturating_mul(2).saturating_add(SPARE)
        {
            self.compact();
        }
    }

    /// The objects in order; equal ones as they came.
    pub fn finish(self) -> Vec<Value> {
        let order = self.order();
        let mut items = self.items;
        order
            .into_iter()
            .filter_map(|index| items.get_mut(index).map(std::mem::take))
            .collect()
    }

    /// The places of the objects that are wanted, in order.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.items.len()).collect();
        order.sort_by(|left, right| {
            compare(self.keys_of(*left), self.keys_of(*right), &self.descending)
        });
        if self.unique {
            order.dedup_by(|later, first| self.keys_of(*later) == self.keys_of(*first));
        }
        order.truncate(self.top.unwrap_or(usize::MAX));
        order
    }

    fn keys_of(&self, index: usize) -> &[Key] {
        let width = self.descending.len();
        self.keys
            .get(index * width..(index + 1) * width)
            .unwrap_or_default()
    }

    /// Drops what is not wanted. What comes later lies behind equal objects that are kept, as it came after them.
    fn compact(&mut self) {
        let width = self.descending.len();
        let order = self.order();
        let mut items = std::mem::take(&mut self.items);
        let mut keys = std::mem::take(&mut self.keys);
        for index in order {
            if let Some(item) = items.get_mut(index) {
                self.items.push(std::mem::take(item));
            }
            if let Some(own) = keys.get_mut(index * width..(index + 1) * width) {
                let own = own.iter_mut().map(|key| std::mem::replace(key, Key::Null));
                self.keys.extend(own);
            }
        }
    }
}

fn compare(left: &[Key], right: &[Key], descending: &[bool]) -> Ordering {
    left.iter()
        .zip(right)
        .zip(descending)
        .map(|((left, right), down)| {
            if *down {
                right.cmp(left)
            } else {
                left.cmp(right)
            }
        })
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sorted(values: &[Value], down: bool) -> Vec<Value> {
        let mut sorter = Sorter::new(vec![down]);
        for value in values {
            sorter.push(value.clone(), [value]);
        }
        sorter.finish()
    }

    #[test]
    fn case_does_not_count_and_equal_items_keep_their_order() {
        let values = ["b".into(), "A".into(), "a".into(), "B".into()];
        assert_eq!(
            sorted(&values, false),
            ["A".into(), "a".into(), "b".into(), Value::from("B")]
        );
        assert_eq!(
            sorted(&values, true),
            ["b".into(), "B".into(), "A".into(), Value::from("a")]
        );
    }

    #[test]
    fn nothing_comes_first_and_kinds_stay_together() {
        let values = [
            "x".into(),
            2.into(),
            Value::Null,
            1.5.into(),
            "10".into(),
            true.into(),
        ];
        let expected = [
            Value::Null,
            true.into(),
            1.5.into(),
            2.into(),
            "10".into(),
            "x".into(),
        ];
        assert_eq!(sorted(&values, false), expected);
    }

    #[test]
    fn the_second_key_decides_between_equal_first_ones() {
        let mut sorter = Sorter::new(vec![false, true]);
        for (department, age) in [("Sales", 1), ("IT", 5), ("sales", 3), ("IT", 9)] {
            sorter.push(age.into(), &[department.into(), age.into()]);
        }
        assert_eq!(
            sorter.finish(),
            [9.into(), 5.into(), 3.into(), Value::from(1)]
        );
    }

    #[test]
    fn missing_keys_count_as_nothing() {
        let mut sorter = Sorter::new(vec![false]);
        sorter.push(1.into(), &["x".into()]);
        sorter.push(2.into(), &[]);
        assert_eq!(sorter.finish(), [2.into(), Value::from(1)]);
    }

    #[test]
    fn of_equal_keys_the_first_object_stays() {
        let mut sorter = Sorter::new(vec![true]).unique(true);
        for (item, key) in [(1, "b"), (2, "A"), (3, "a"), (4, "B"), (5, "c")] {
            sorter.push(item.into(), &[key.into()]);
        }
        assert_eq!(sorter.finish(), [5.into(), 1.into(), Value::from(2)]);
    }

    #[test]
    fn the_first_of_many_are_found_without_keeping_all() {
        let mut sorter = Sorter::new(vec![true]).top(Some(3));
        let mut most = 0;
        for number in 0..100_000_i64 {
            let key = (number * 7_919) % 100_003;
            sorter.push(key.into(), &[key.into()]);
            most = most.max(sorter.items.capacity());
        }
        assert!(most < 5_000, "{most}");
        let mut all: Vec<i64> = (0..100_000).map(|n| (n * 7_919) % 100_003).collect();
        all.sort_unstable_by(|left, right| right.cmp(left));
        let expected: Vec<Value> = all.into_iter().take(3).map(Value::from).collect();
        assert_eq!(sorter.finish(), expected);
        let mut none = Sorter::new(vec![true]).top(Some(0));
        none.push(1.into(), &[1.into()]);
        assert_eq!(none.finish(), []);
    }

    proptest! {
        #[test]
        fn the_top_is_the_beginning_of_the_whole(
            keys in prop::collection::vec(0_i64..2_000, 0..4_000), top in 0_usize..300, down: bool, unique: bool,
        ) {
            let sorted = |top| {
                let mut sorter = Sorter::new(vec![down]).unique(unique).top(top);
                for (item, key) in keys.iter().enumerate() {
                    sorter.push(item.into(), &[(*key).into()]);
                }
                sorter.finish()
            };
            let whole: Vec<Value> = sorted(None).into_iter().take(top).collect();
            prop_assert_eq!(sorted(Some(top)), whole);
        }

        #[test]
        fn agrees_with_a_stable_sort(numbers in prop::collection::vec((0_i64..9, any::<i64>()), 0..60), down: bool) {
            let mut expected = numbers.clone();
            expected.sort_by(|left, right| if down { right.0.cmp(&left.0) } else { left.0.cmp(&right.0) });
            let mut sorter = Sorter::new(vec![down]);
            for (key, item) in &numbers {
                sorter.push((*item).into(), &[(*key).into()]);
            }
            let expected: Vec<Value> = expected.into_iter().map(|(_, item)| item.into()).collect();
            prop_assert_eq!(sorter.finish(), expected);
        }
    }
}
