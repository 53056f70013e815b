//! Select-Object: fewer, other and calculated properties, and distinct objects.

use std::collections::HashSet;
use std::rc::Rc;

use crate::compare::Key;
use crate::error::{ObjectError, Result};
use crate::pattern::Wildcard;
use crate::record::{Record, RecordType, TypeCache};
use crate::value::Value;

/// One wanted column.
#[derive(Debug, Clone)]
pub enum Column {
    /// The property of this name, under the name as its type writes it.
    Named(Rc<str>),
    /// All properties whose names fit.
    Fitting(Wildcard),
    /// A new property; the caller says its value.
    Calculated(Rc<str>),
}

impl Column {
    /// A name, or a pattern if it has `*`, `?` or `[`.
    pub fn parse(text: &str) -> Result<Self> {
        if Wildcard::is_pattern(text) {
            Wildcard::parse(text).map(Self::Fitting)
        } else {
            Ok(Self::Named(text.into()))
        }
    }
}

/// Makes records of the wanted columns; what it learnt about a type serves all objects of that type.
pub struct Projection {
    columns: Vec<Column>,
    plan: Option<Plan>,
}

struct Plan {
    source: Option<Rc<RecordType>>,
    target: Rc<RecordType>,
    cells: Vec<Cell>,
}

#[derive(Clone, Copy)]
enum Cell {
    Position(usize),
    Missing,
    Calculated(usize),
}

impl Projection {
    /// Columns in the order of the result.
    pub fn new(columns: Vec<Column>) -> Self {
        Self {
            columns,
            plan: None,
        }
    }

    /// The projected object. `calculate` gives the value of a column by its place in the list.
    pub fn apply<E: From<ObjectError>>(
        &mut self,
        item: &Value,
        mut calculate: impl FnMut(usize, &Value) -> std::result::Result<Value, E>,
    ) -> std::result::Result<Value, E> {
        let record = item.as_record();
        let plan = self.plan_for(item)?;
        let values = plan.cells.iter().map(|cell| match *cell {
            Cell::Position(position) => {
                let found = record.and_then(|record| record.values().get(position));
                Ok(found.cloned().unwrap_or_default())
            }
            Cell::Missing => Ok(Value::Null),
            Cell::Calculated(column) => calculate(column, item),
        });
        let values = values.collect::<std::result::Result<_, E>>()?;
        Ok(Record::new(&plan.target, values).into())
    }

    fn plan_for(&mut self, item: &Value) -> Result<&Plan> {
        let source = item.as_record().map(Record::record_type);
        let fits = self
            .plan
            .as_ref()
            .is_some_and(|plan| match (&plan.source, source) {
                (Some(known), Some(source)) => Rc::ptr_eq(known, source),
                (None, None) => true,
                _ => false,
            });
        match self.plan.take().filter(|_| fits) {
            Some(plan) => Ok(self.plan.insert(plan)),
            None => {
                let plan = self.make_plan(item, source)?;
                Ok(self.plan.insert(plan))
            }
        }
    }

    fn make_plan(&self, item: &Value, source: Option<&Rc<RecordType>>) -> Result<Plan> {
        let mut names: Vec<Rc<str>> = Vec::new();
        let mut cells = Vec::new();
        for (index, column) in self.columns.iter().enumerate() {
            match (column, source) {
                (Column::Calculated(name), _) => {
                    names.push(Rc::clone(name));
                    cells.push(Cell::Calculated(index));
                }
                (Column::Fitting(wildcard), source) => {
                    let known = source.map(|source| source.properties()).unwrap_or_default();
                    for (position, name) in known.iter().enumerate() {
                        // A pattern adds what is not there yet: `Name, *` is a usual way to reorder.
                        if wildcard.matches(name) && !names.contains(name) {
                            names.push(Rc::clone(name));
                            cells.push(Cell::Position(position));
                        }
                    }
                }
                (Column::Named(name), Some(source)) => match source.position(name) {
                    Some(position) => {
                        names.push(source.properties().get(position).unwrap_or(name).clone());
                        cells.push(Cell::Position(position));
                    }
                    None if source.is_typed() => return Err(source.unknown(name).into()),
                    None => {
                        names.push(Rc::clone(name));
                        cells.push(Cell::Missing);
                    }
                },
                (Column::Named(name), None) => {
                    item.property(name)?;
                    names.push(Rc::clone(name));
                    cells.push(Cell::Missing);
                }
            }
        }
        let type_name = source.map_or("Object", |source| source.name());
        // Chosen columns are known; what a pattern found in an open object may differ in the next one.
        let open = source.is_some_and(|source| !source.is_typed());
        let typed = !(open
            && self
                .columns
                .iter()
                .any(|column| matches!(column, Column::Fitting(_))));
        Ok(Plan {
            source: source.cloned(),
            target: TypeCache::new(type_name, typed).get(&names)?,
            cells,
        })
    }
}

/// Knows which objects it has seen, by the one comparison.
#[derive(Default)]
pub struct Distinct(HashSet<Key>);

impl Distinct {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether this is the first of its kind.
    pub fn is_new(&mut self, item: &Value) -> bool {
        self.0.insert(Key::from(item))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn select(columns: &[&str], item: &Value) -> Result<String> {
        let mut parsed = columns
            .iter()
            .map(|text| Column::parse(text))
            .collect::<Result<Vec<_>>>()?;
        parsed.push(Column::Calculated("Double".into()));
        let mut projection = Projection::new(parsed);
        let double = |_: usize, item: &Value| {
            Ok::<_, ObjectError>(Value::from(format!("{item}{item}").len()))
        };
        let first = projection.apply(item, double)?;
        let second = projection.apply(item, double)?;
        let same = first.as_record().zip(second.as_record());
        assert!(
            same.is_some_and(|(first, second)| Rc::ptr_eq(
                first.record_type(),
                second.record_type()
            ))
        );
        Ok(first.to_string())
    }

    fn user() -> Value {
        let user = RecordType::typed("User", &["Id", "Name", "NickName"]);
        Record::new(&user, vec![1.into(), "Adele".into()]).into()
    }

    #[test]
    fn columns_come_in_the_order_asked_and_under_their_own_names() {
        assert_eq!(
            select(&["name", "ID"], &user()).unwrap(),
            "@{Name=Adele; Id=1; Double=60}"
        );
        assert_eq!(
            select(&["n*"], &user()).unwrap(),
            "@{Name=Adele; NickName=; Double=60}"
        );
        assert_eq!(
            select(&["NickName", "*"], &user()).unwrap(),
            "@{NickName=; Id=1; Name=Adele; Double=60}"
        );
        assert_eq!(select(&["x*"], &user()).unwrap(), "@{Double=60}");
    }

    #[test]
    fn unknown_and_repeated_columns() {
        assert_eq!(
            select(&["Nmae"], &user()).unwrap_err().fix,
            "Did you mean `Name`?"
        );
        assert!(select(&["Name", "name"], &user()).is_err());
        assert!(select(&["Name"], &5.into()).is_err());
        let open = TypeCache::new("Object", false)
            .record(&["A"], vec![1.into()])
            .unwrap();
        assert_eq!(
            select(&["b", "A"], &open.into()).unwrap(),
            "@{b=; A=1; Double=12}"
        );
    }

    #[test]
    fn chosen_columns_are_known_unless_an_open_object_gave_them() {
        let open = TypeCache::new("Object", false)
            .record(&["A"], vec![1.into()])
            .unwrap();
        let typed = |column: &str| {
            let mut projection = Projection::new(vec![Column::parse(column).unwrap()]);
            let found = projection.apply(&open.clone().into(), |_, _| {
                Ok::<_, ObjectError>(Value::Null)
            });
            found.unwrap().as_record().unwrap().record_type().is_typed()
        };
        assert!(typed("A"));
        assert!(!typed("*"));
    }

    #[test]
    fn distinct_ignores_case() {
        let mut distinct = Distinct::new();
        assert!(distinct.is_new(&"Sales".into()));
        assert!(!distinct.is_new(&"SALES".into()));
        assert!(distinct.is_new(&Value::Null));
        assert!(distinct.is_new(&user()));
        assert!(!distinct.is_new(&user()));
    }
}
