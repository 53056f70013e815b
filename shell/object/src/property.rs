//! A property asked for on many objects: its place is looked up once per record type.

use std::cell::RefCell;
use std::rc::Rc;

use crate::error::Result;
use crate::record::RecordType;
use crate::value::Value;

/// A property name that remembers where the last record type has it.
#[derive(Debug, Clone)]
pub struct Property {
    name: Rc<str>,
    place: RefCell<Option<(Rc<RecordType>, usize)>>,
}

impl Property {
    /// A property that was not looked up yet.
    pub fn new(name: impl Into<Rc<str>>) -> Self {
        Self {
            name: name.into(),
            place: RefCell::new(None),
        }
    }

    /// The name as given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The property of this value, as `Value::property` answers it.
    pub fn of(&self, value: &Value) -> Result<Value> {
        if let Value::Record(record) = value {
            let mut place = self.place.borrow_mut();
            if let Some((known, position)) = place.as_ref()
                && Rc::ptr_eq(known, record.record_type())
                && let Some(found) = record.values().get(*position)
            {
                return Ok(found.clone());
            }
            *place = record
                .record_type()
                .position(&self.name)
                .map(|position| (Rc::clone(record.record_type()), position));
        }
        Ok(value.property(&self.name)?)
    }
}

impl From<&str> for Property {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Record, RecordType};

    #[test]
    fn types_that_alternate_are_told_apart() {
        let first = RecordType::typed("First", &["Name", "Age"]);
        let second = RecordType::typed("Second", &["Age", "Name"]);
        let property = Property::from("age");
        for round in 0..3 {
            let of_first = Record::new(&first, vec!["x".into(), round.into()]).into();
            let of_second = Record::new(&second, vec![(round + 10).into(), "y".into()]).into();
            assert_eq!(property.of(&of_first), Ok(round.into()));
            assert_eq!(property.of(&of_first), Ok(round.into()));
            assert_eq!(property.of(&of_second), Ok((round + 10).into()));
        }
        assert_eq!(property.of(&Value::Null), Ok(Value::Null));
        assert!(
            Property::from("Nmae")
                .of(&Record::new(&first, vec![]).into())
                .is_err()
        );
    }
}
