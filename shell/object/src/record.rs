//! Records: immutable property lists whose names live once in a type shared by all of its records.

use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

use crate::error::{ErrorCode, ObjectError, Result, UnknownProperty};
use crate::fold;
use crate::value::Value;

/// Similarity below which a name is not offered as "did you mean".
const NEAR: f64 = 0.78;
const NEAREST_SHOWN: usize = 3;
/// Types that one producer remembers: a JSON document rarely alternates between more shapes.
const TYPES_KEPT: usize = 8;

/// The names of a kind of record, in order, found case-insensitively.
pub struct RecordType {
    name: Rc<str>,
    properties: Vec<Rc<str>>,
    /// Position by the name as written and by its folded form.
    index: HashMap<Box<str>, usize>,
    /// What a table shows; empty means every property.
    columns: Vec<usize>,
    /// What an object that is shown alone says beside the columns.
    details: Vec<usize>,
    typed: bool,
}

impl RecordType {
    /// A type whose unknown properties are errors. Of two equal names the first is found.
    pub fn typed<N: AsRef<str>>(name: &str, properties: &[N]) -> Rc<Self> {
        Rc::new(Self::assemble(
            name,
            properties.iter().map(|name| name.as_ref().into()),
            true,
        ))
    }

    /// A typed type of which a table shows only `columns`.
    pub fn with_columns<N: AsRef<str>>(name: &str, properties: &[N], columns: &[&str]) -> Rc<Self> {
        Self::with_details(name, properties, columns, &[])
    }

    /// The same, where an object with something in `details` says that too when it is shown alone.
    pub fn with_details<N: AsRef<str>>(
        name: &str,
        properties: &[N],
        columns: &[&str],
        details: &[&str],
    ) -> Rc<Self> {
        let mut created = Self::assemble(
            name,
            properties.iter().map(|name| name.as_ref().into()),
            true,
        );
        let places = |names: &[&str]| {
            let places = names.iter().map(|name| created.position(name));
            places.flatten().collect()
        };
        (created.columns, created.details) = (places(columns), places(details));
        Rc::new(created)
    }

    /// A type made from names in the input: two that differ only in case are an error.
    pub fn checked<N: AsRef<str>>(name: &str, properties: &[N], typed: bool) -> Result<Rc<Self>> {
        let created = Self::assemble(
            name,
            properties.iter().map(|name| name.as_ref().into()),
            typed,
        );
        let repeated = created
            .properties
            .iter()
            .enumerate()
            .find(|(position, name)| created.position(name) != Some(*position));
        match repeated {
            Some((_, repeated)) => Err(ObjectError::new(
                ErrorCode::PropertyDuplicate,
                format!("The property `{repeated}` is named twice (case does not count)"),
                "Rename one of the two",
            )),
            None => Ok(Rc::new(created)),
        }
    }

    fn assemble(name: &str, properties: impl Iterator<Item = Rc<str>>, typed: bool) -> Self {
        let properties: Vec<Rc<str>> = properties.collect();
        let mut index = HashMap::with_capacity(properties.len() * 2);
        for (position, property) in properties.iter().enumerate() {
            let folded = fold::fold(property);
            if !index.contains_key(folded.as_ref()) {
                index.insert(property.as_ref().into(), position);
                index.insert(folded.into(), position);
            }
        }
        Self {
            name: name.into(),
            properties,
            index,
            columns: Vec::new(),
            details: Vec::new(),
            typed,
        }
    }

    /// The name of the type.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names of the properties, in order.
    pub fn properties(&self) -> &[Rc<str>] {
        &self.properties
    }

    /// Whether asking for an unknown property is an error.
    pub fn is_typed(&self) -> bool {
        self.typed
    }

    /// Positions of the properties that a table shows unless told otherwise.
    pub fn columns(&self) -> Vec<usize> {
        if self.columns.is_empty() {
            (0..self.properties.len()).collect()
        } else {
            self.columns.clone()
        }
    }

    /// Whether the type chooses what a table shows.
    pub(crate) fn has_columns(&self) -> bool {
        !self.columns.is_empty()
    }

    /// Positions of the properties that an object shown alone says too, where there is something to say.
    pub(crate) fn details(&self) -> &[usize] {
        &self.details
    }

    /// The place of a property, whatever the case of its name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.index
            .get(name)
            .or_else(|| self.index.get(fold::fold(name).as_ref()))
            .copied()
    }

    /// The error for a name that this type does not have.
    pub fn unknown(&self, name: &str) -> UnknownProperty {
        let known: Vec<String> = self
            .properties
            .iter()
            .map(|name| name.to_string())
            .collect();
        UnknownProperty {
            type_name: self.name.to_string(),
            name: name.to_owned(),
            nearest: nearest(name, &known),
            known,
        }
    }
}

impl fmt::Debug for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:?}", self.name, self.properties)
    }
}

impl PartialEq for RecordType {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.properties == other.properties && self.typed == other.typed
    }
}

/// The names most like the one that was written, best first.
pub fn nearest(written: &str, known: &[String]) -> Vec<String> {
    let written = fold::fold(written);
    let mut scored: Vec<(f64, &String)> = known
        .iter()
        .filter_map(|name| {
            let folded = fold::fold(name);
            let contained = written.len() >= 3 && folded.contains(written.as_ref());
            let score =
                strsim::jaro_winkler(&written, &folded).max(if contained { NEAR } else { 0.0 });
            (score >= NEAR).then_some((score, name))
        })
        .collect();
    scored.sort_by(|left, right| right.0.total_cmp(&left.0));
    scored
        .into_iter()
        .take(NEAREST_SHOWN)
        .map(|(_, name)| name.clone())
        .collect()
}

/// One object: a type and its values. Cloning shares it.
#[derive(Clone, PartialEq)]
pub struct Record(Rc<Inner>);

#[derive(PartialEq)]
struct Inner {
    record_type: Rc<RecordType>,
    values: Vec<Value>,
}

impl Record {
    /// A record with its values in the order of the type's properties; missing ones are `$null`.
    pub fn new(record_type: &Rc<RecordType>, mut values: Vec<Value>) -> Self {
        values.resize(record_type.properties.len(), Value::Null);
        Self(Rc::new(Inner {
            record_type: Rc::clone(record_type),
            values,
        }))
    }

    /// The type, shared with all records of it.
    pub fn record_type(&self) -> &Rc<RecordType> {
        &self.0.record_type
    }

    /// The values in the order of the type.
    pub fn values(&self) -> &[Value] {
        &self.0.values
    }

    /// The value of a property. A typed record does not answer for names that it does not have.
    pub fn get(&self, name: &str) -> std::result::Result<&Value, UnknownProperty> {
        match self.find(name) {
            Some(value) => Ok(value),
            None if self.0.record_type.typed => Err(self.0.record_type.unknown(name)),
            None => Ok(&Value::Null),
        }
    }

    /// The value of a property if the type has it.
    pub fn find(&self, name: &str) -> Option<&Value> {
        let position = self.0.record_type.position(name)?;
        self.0.values.get(position)
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        let names = self.0.record_type.properties.iter().map(Rc::as_ref);
        names.zip(&self.0.values)
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.0.record_type.name)?;
        f.debug_map().entries(self.iter()).finish()
    }
}

/// Fills a record of one type by name, in any order.
pub struct RecordBuilder {
    record_type: Rc<RecordType>,
    values: Vec<Value>,
}

impl RecordBuilder {
    /// Nothing set yet.
    pub fn new(record_type: &Rc<RecordType>) -> Self {
        Self {
            values: vec![Value::Null; record_type.properties.len()],
            record_type: Rc::clone(record_type),
        }
    }

    /// Sets one property; the type must have it.
    pub fn set(
        &mut self,
        name: &str,
        value: impl Into<Value>,
    ) -> std::result::Result<(), UnknownProperty> {
        let position = self.record_type.position(name);
        match position.and_then(|position| self.values.get_mut(position)) {
            Some(slot) => {
                *slot = value.into();
                Ok(())
            }
            None => Err(self.record_type.unknown(name)),
        }
    }

    /// The record; what was not set is `$null`.
    pub fn build(self) -> Record {
        Record::new(&self.record_type, self.values)
    }
}

/// Gives records that one place makes after each other the same type while their names agree:
/// `@{…}` in a loop, the objects of a JSON array, the rows of Select-Object.
pub struct TypeCache {
    name: Rc<str>,
    typed: bool,
    /// The types made last, the latest at the end.
    recent: Vec<Rc<RecordType>>,
}

impl TypeCache {
    /// For types of this name.
    pub fn new(name: &str, typed: bool) -> Self {
        Self {
            name: name.into(),
            typed,
            recent: Vec::new(),
        }
    }

    /// The type with exactly these properties in this order.
    pub fn get<N: AsRef<str>>(&mut self, properties: &[N]) -> Result<Rc<RecordType>> {
        let known = self.recent.iter().rev().find(|known| {
            let names = known.properties.iter().zip(properties);
            known.properties.len() == properties.len()
                && names
                    .into_iter()
                    .all(|(known, name)| &**known == name.as_ref())
        });
        if let Some(known) = known {
            return Ok(Rc::clone(known));
        }
        let created = RecordType::checked(&self.name, properties, self.typed)?;
        if self.recent.len() == TYPES_KEPT {
            self.recent.remove(0);
        }
        self.recent.push(Rc::clone(&created));
        Ok(created)
    }

    /// A record of these names and values.
    pub fn record<N: AsRef<str>>(&mut self, names: &[N], values: Vec<Value>) -> Result<Record> {
        Ok(Record::new(&self.get(names)?, values))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_found_whatever_the_case() {
        let user = RecordType::typed("User", &["Id", "UserPrincipalName", "Straße"]);
        let record = Record::new(&user, vec![1.into(), "a@b".into(), "x".into()]);
        for name in [
            "UserPrincipalName",
            "userprincipalname",
            "USERPRINCIPALNAME",
        ] {
            assert_eq!(record.get(name), Ok(&Value::from("a@b")));
        }
        assert_eq!(record.get("STRAẞE"), Ok(&Value::from("x")));
    }

    #[test]
    fn an_unknown_property_is_an_error_only_when_typed() {
        let typed = Record::new(
            &RecordType::typed("User", &["Department", "DisplayName"]),
            vec![],
        );
        assert_eq!(typed.get("Department"), Ok(&Value::Null));
        let unknown = typed.get("Depratment").unwrap_err();
        assert_eq!(unknown.nearest, ["Department"]);
        assert_eq!(typed.get("Name").unwrap_err().nearest, ["DisplayName"]);
        let open = TypeCache::new("Object", false)
            .record(&["A"], vec![1.into()])
            .unwrap();
        assert_eq!(open.get("B"), Ok(&Value::Null));
        assert_eq!(open.find("B"), None);
    }

    #[test]
    fn names_that_differ_only_in_case_clash() {
        let error = RecordType::checked("Row", &["Name", "Age", "NAME"], true).unwrap_err();
        assert_eq!(error.code, ErrorCode::PropertyDuplicate);
        assert!(error.cause.contains("`NAME`"), "{error}");
    }

    #[test]
    fn one_producer_shares_one_type() {
        let mut cache = TypeCache::new("Object", false);
        let first = cache.record(&["A", "B"], vec![]).unwrap();
        let second = cache.record(&["A", "B"], vec![]).unwrap();
        let third = cache.record(&["A"], vec![]).unwrap();
        let again = cache.record(&["A", "B"], vec![]).unwrap();
        assert!(Rc::ptr_eq(first.record_type(), again.record_type()));
        assert!(Rc::ptr_eq(first.record_type(), second.record_type()));
        assert!(!Rc::ptr_eq(first.record_type(), third.record_type()));
    }

    #[test]
    fn a_builder_takes_names_in_any_order() {
        let pool =
            RecordType::with_columns("Pool", &["Product", "Total", "Used"], &["used", "Product"]);
        let mut builder = RecordBuilder::new(&pool);
        builder.set("used", 3).unwrap();
        builder.set("Product", "SPE_E3").unwrap();
        assert!(builder.set("Tolat", 1).is_err());
        let record = builder.build();
        assert_eq!(record.values(), ["SPE_E3".into(), Value::Null, 3.into()]);
        assert_eq!(record.record_type().columns(), [2, 0]);
    }
}
