//! Sort-Object: stable, several keys, each up or down; keys are made once per object.

use std::cmp::Ordering;

use crate::compare::Key;
use crate::value::Value;

/// Collects objects with their keys, then gives them back in order.
pub struct Sorter {
    descending: Vec<bool>,
    items: Vec<Value>,
    /// The keys of all items, those of one item beside each other.
    keys: Vec<Key>,
}

impl Sorter {
    /// One direction per key; `true` is downwards.
    pub fn new(descending: Vec<bool>) -> Self {
        Self {
            descending,
            items: Vec::new(),
            keys: Vec::new(),
        }
    }

    /// Takes an object and the values to sort it by, one per key; missing ones count as nothing.
    pub fn push<'a>(&mut self, item: Value, by: impl IntoIterator<Item = &'a Value>) {
        self.items.push(item);
        self.keys
            .extend(by.into_iter().take(self.descending.len()).map(Key::from));
        self.keys
            .resize(self.items.len() * self.descending.len(), Key::Null);
    }

    /// The objects in order; equal ones as they came.
    pub fn finish(self) -> Vec<Value> {
        let width = self.descending.len();
        let mut order: Vec<usize> = (0..self.items.len()).collect();
        let keys = |index: usize| {
            self.keys
                .get(index * width..(index + 1) * width)
                .unwrap_or_default()
        };
        order.sort_by(|left, right| {
            let pairs = keys(*left).iter().zip(keys(*right)).zip(&self.descending);
            pairs
                .map(|((left, right), down)| {
                    if *down {
                        right.cmp(left)
                    } else {
                        left.cmp(right)
                    }
                })
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        });
        let mut items = self.items;
        order
            .into_iter()
            .filter_map(|index| items.get_mut(index).map(std::mem::take))
            .collect()
    }
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

    proptest! {
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
