//! Properties and items of values in the script language: `$user.DisplayName`, `$users.Count`, `$users.Department`,
//! `$row['User name']`, and one object that answers like a list of one.

use std::any::TypeId;

use rhai::{Array, Dynamic, Engine, EvalAltResult, ImmutableString, Module};
use usher_object::{Record, TypeCache, Value};

use super::values::{to_dynamic, to_value};
use super::{fault, moments};
use crate::error::{Result, ShellError};

type Answer<T> = std::result::Result<T, Box<EvalAltResult>>;

/// The type of records that a script makes.
const OWN: &str = "Object";

/// Registers how the engine finds properties and items.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Record>("record");
    engine.register_type_with_name::<usher_object::Instant>("date");
    // Found for every type that has no property of the name itself; maps never come here.
    engine.register_indexer_get(
        |target: &mut Dynamic, name: ImmutableString| -> Answer<Dynamic> {
            property(target, &name).map_err(fault::raise)
        },
    );
    engine.register_indexer_get(|record: &mut Record, index: i64| -> Answer<Dynamic> {
        match index {
            0 | -1 => Ok(Dynamic::from(record.clone())),
            _ => Err(fault::raise(
                ShellError::new(
                    "INDEX_OUT_OF_RANGE",
                    format!("There is one object, so [{index}] is not there"),
                )
                .fix("Test .Count first"),
            )),
        }
    });
    engine.register_fn(
        "__of_any",
        |target: &mut Dynamic, name: &str| -> Answer<Dynamic> {
            of_any(target, name).map_err(fault::raise)
        },
    );
    engine.register_fn("keys", |record: &mut Record| keys(record));
    engine.register_fn("values", |record: &mut Record| values(record));
    engine.register_fn("len", |_: &mut Record| 1_i64);
    engine.register_fn("+", |one: Record, more: Array| -> Array {
        std::iter::once(Dynamic::from(one)).chain(more).collect()
    });
    engine.register_fn("+", |one: Record, other: Record| -> Answer<Dynamic> {
        if !is_own(&one) || !is_own(&other) {
            return Ok(vec![Dynamic::from(one), Dynamic::from(other)].into());
        }
        joined(&one, &other)
            .map(Dynamic::from)
            .map_err(fault::raise)
    });
    let mut iterators = Module::new();
    iterators.set_iter(TypeId::of::<Record>(), |record| {
        Box::new(std::iter::once(record))
    });
    engine.register_global_module(iterators.into());
}

/// Made by the script: no object of the service, and no row of a file.
fn is_own(record: &Record) -> bool {
    record.record_type().name() == OWN
}

fn keys(record: &Record) -> Array {
    record.iter().map(|(name, _)| name.into()).collect()
}

fn values(record: &Record) -> Array {
    record.iter().map(|(_, value)| to_dynamic(value)).collect()
}

/// Two records of a person's own become one, as tables of PowerShell do; what both have is that of the second.
fn joined(one: &Record, other: &Record) -> Result<Record> {
    let mut names: Vec<&str> = one.iter().map(|(name, _)| name).collect();
    let mut values = one.values().to_vec();
    for (name, value) in other.iter() {
        match names
            .iter()
            .position(|known| known.eq_ignore_ascii_case(name))
        {
            Some(at) => values[at] = value.clone(),
            None => {
                names.push(name);
                values.push(value.clone());
            }
        }
    }
    Ok(TypeCache::new(OWN, one.record_type().is_typed()).record(&names, values)?)
}

fn property(target: &Dynamic, name: &str) -> Result<Dynamic> {
    if target.is_unit()
        && ["Count", "Length"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
    {
        return Ok(Dynamic::from_int(0));
    }
    if let Some(record) = target.read_lock::<Record>() {
        if record.find(name).is_none() && is_own(&record) {
            if name.eq_ignore_ascii_case("Keys") {
                return Ok(keys(&record).into());
            }
            if name.eq_ignore_ascii_case("Values") {
                return Ok(values(&record).into());
            }
        }
        return Ok(to_dynamic(&Value::Record(record.clone()).property(name)?));
    }
    if let Some(items) = target.read_lock::<Array>() {
        if ["Count", "Length"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
        {
            return Ok(Dynamic::from_int(
                i64::try_from(items.len()).unwrap_or(i64::MAX),
            ));
        }
        let values: Result<Array> = items.iter().map(|item| of_item(item, name)).collect();
        return values.map(Dynamic::from_array);
    }
    if let Some(moment) = target.read_lock::<usher_object::Instant>() {
        return Ok(to_dynamic(&moments::property(*moment, name)?));
    }
    if let Some(text) = target.read_lock::<ImmutableString>()
        && name.eq_ignore_ascii_case("Length")
    {
        return Ok(Dynamic::from_int(
            i64::try_from(text.chars().count()).unwrap_or(i64::MAX),
        ));
    }
    Ok(to_dynamic(&to_value(target)?.property(name)?))
}

/// `.Count`, `.Keys` or `.Values`: of a map that has no such key, what a table of PowerShell gives.
fn of_any(target: &Dynamic, name: &str) -> Result<Dynamic> {
    let Some(map) = target.read_lock::<rhai::Map>() else {
        return property(target, name);
    };
    if let Some(value) = map.get(name) {
        return Ok(value.clone());
    }
    Ok(match name.to_ascii_lowercase().as_str() {
        "count" => Dynamic::from_int(i64::try_from(map.len()).unwrap_or(i64::MAX)),
        "keys" => map
            .keys()
            .map(|key| Dynamic::from(key.to_string()))
            .collect::<Array>()
            .into(),
        _ => map.values().cloned().collect::<Array>().into(),
    })
}

/// A map inside a list answers by its own keys, without a way through the pipeline's form.
fn of_item(item: &Dynamic, name: &str) -> Result<Dynamic> {
    match item.read_lock::<rhai::Map>() {
        Some(map) => Ok(map.get(name).cloned().unwrap_or(Dynamic::UNIT)),
        None => property(item, name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use usher_object::RecordType;

    fn eval(script: &str) -> std::result::Result<Dynamic, ShellError> {
        let mut engine = Engine::new();
        register(&mut engine);
        let user = RecordType::typed("User", &["Name", "Department"]);
        let adele = Record::new(&user, vec!["Adele".into(), "Sales".into()]);
        let alex = Record::new(&user, vec!["Alex".into()]);
        let mut scope = rhai::Scope::new();
        scope.push("u", adele.clone());
        scope.push("all", vec![Dynamic::from(adele), Dynamic::from(alex)]);
        engine.eval_with_scope(&mut scope, script).map_err(|error| {
            fault::inside(&error).unwrap_or_else(|| ShellError::new("ENGINE", error.to_string()))
        })
    }

    fn text(script: &str) -> String {
        eval(script).unwrap().to_string()
    }

    #[test]
    fn a_property_is_found_whatever_its_case() {
        assert_eq!(text("u.name + u.NAME + u.Name"), "AdeleAdeleAdele");
        assert_eq!(text("u[\"department\"]"), "Sales");
    }

    #[test]
    fn an_unknown_property_names_the_nearest() {
        let error = eval("u.Departmnt").unwrap_err();
        assert_eq!(error.code, "PROPERTY_NOT_FOUND");
        assert!(error.fix.unwrap().contains("Department"));
    }

    #[test]
    fn one_object_answers_like_a_list_of_one() {
        assert_eq!(text("u.Count + u.len()"), "2");
        assert_eq!(text("u[0].Name"), "Adele");
        assert_eq!(text("let n = 0; for x in u { n += 1; } n"), "1");
        assert_eq!(eval("u[1]").unwrap_err().code, "INDEX_OUT_OF_RANGE");
    }

    #[test]
    fn one_object_grows_into_a_list() {
        assert_eq!(text("let some = u; some += all; some.Count"), "3");
        assert_eq!(text("let some = u; some += u; some += u; some.Count"), "3");
    }

    #[test]
    fn a_list_answers_count_and_the_properties_of_its_items() {
        assert_eq!(text("all.Count"), "2");
        assert_eq!(text("all.Name"), r#"["Adele", "Alex"]"#);
        assert_eq!(text("[#{a: 1}, #{a: 2}].a"), "[1, 2]");
    }

    #[test]
    fn records_of_ones_own_have_keys_and_join() {
        let own = |script: &str| {
            let mut engine = Engine::new();
            register(&mut engine);
            let one = TypeCache::new(OWN, false)
                .record(&["a", "b"], vec![1.into(), 2.into()])
                .unwrap();
            let mut scope = rhai::Scope::new();
            scope.push("r", one);
            let value: Dynamic = engine.eval_with_scope(&mut scope, script).unwrap();
            value.to_string()
        };
        assert_eq!(own("r.Keys"), r#"["a", "b"]"#);
        assert_eq!(own("r.values()"), "[1, 2]");
        assert_eq!(own("(r + r).Keys.len()"), "2");
        assert_eq!(eval("u.Keys").unwrap_err().code, "PROPERTY_NOT_FOUND");
    }

    #[test]
    fn a_property_of_nothing_is_nothing() {
        assert_eq!(text("().Count"), "0");
        assert!(eval("().Name").unwrap().is_unit());
        assert!(eval("all[1].Department").unwrap().is_unit());
    }
}
