//! Compare-Object: what stands in one list and not in the other.

use std::collections::HashMap;

use usher_object::compare::Key;
use usher_object::{Record, RecordType, Value};

use super::selector::{Selector, values};
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Host, Kind, Objects, Param, Single, Values};
use crate::error::Result;

/// Compare-Object.
pub static COMPARE_OBJECT: Cmdlet = Cmdlet {
    name: "Compare-Object",
    synopsis: "Shows what stands in one list and not in the other",
    description: "SideIndicator says where: <= in the first only, => in the second only, == in both. Order does not \
        count, and text compares ignoring case. What stands several times in one list is missing as often in the other.",
    params: &[
        Param::new("Reference", Kind::Any, "The first list")
            .many()
            .at(0)
            .mandatory(),
        Param::new("Difference", Kind::Any, "The second list")
            .many()
            .at(1)
            .mandatory(),
        Param::new(
            "Property",
            Kind::Properties,
            "What to compare by; whole objects unless given",
        )
        .values(Values::Properties),
        Param::new(
            "IncludeEqual",
            Kind::Switch,
            "Shows what stands in both too",
        ),
        Param::new(
            "ExcludeDifferent",
            Kind::Switch,
            "Shows only what stands in both",
        ),
    ],
    effect: Effect::None,
    output: &["Comparison"],
    single: Single::Never,
    examples: &[
        Example {
            line: "Compare-Object ['a', 'b', 'c'] ['b', 'c', 'd']",
            says: "One that went, one that came.",
        },
        Example {
            line: "$wanted = Import-Csv people.csv | Select-Object -First 5; Compare-Object $wanted (Get-User) -Property UserPrincipalName",
            says: "People of a file who are not there yet.",
        },
    ],
    related: &["Where-Object", "Compare-License"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let host = call.host;
    let selectors: Vec<Selector> = call
        .args
        .properties("Property")
        .iter()
        .map(Selector::new)
        .collect();
    let equal = call.args.switch("IncludeEqual") || call.args.switch("ExcludeDifferent");
    let different = !call.args.switch("ExcludeDifferent");
    let mut waiting: HashMap<Vec<Key>, Vec<Value>> = HashMap::new();
    let second = listed(call.args.values("Difference"));
    for item in &second {
        waiting
            .entry(keys(&selectors, host, item)?)
            .or_default()
            .push(item.clone());
    }
    // Those that were there first are taken first.
    waiting.values_mut().for_each(|items| items.reverse());
    let shape = RecordType::typed("Comparison", &["InputObject", "SideIndicator"]);
    let shown = |item: &Value, side: &str| -> Value {
        Record::new(&shape, vec![item.clone(), side.into()]).into()
    };
    let mut rows = Vec::new();
    for item in listed(call.args.values("Reference")) {
        let twin = waiting
            .get_mut(&keys(&selectors, host, &item)?)
            .and_then(Vec::pop);
        let row = match twin {
            Some(_) if equal => shown(&brief(&selectors, host, &item)?, "=="),
            None if different => shown(&brief(&selectors, host, &item)?, "<="),
            _ => continue,
        };
        rows.push(row);
    }
    if different {
        for item in &second {
            let left = waiting.get_mut(&keys(&selectors, host, item)?);
            if left.is_some_and(|left| left.pop().is_some()) {
                rows.push(shown(&brief(&selectors, host, item)?, "=>"));
            }
        }
    }
    Ok(Box::new(rows.into_iter().map(Ok)))
}

/// Lists that are given as one value are taken apart.
fn listed(given: &[Value]) -> Vec<Value> {
    let items = given.iter().flat_map(|value| match value.as_list() {
        Some(items) => items.to_vec(),
        None => vec![value.clone()],
    });
    items.collect()
}

fn keys(selectors: &[Selector], host: Host<'_>, item: &Value) -> Result<Vec<Key>> {
    host.check()?;
    let found = values(selectors, host, item)?;
    Ok(found.iter().map(Key::from).collect())
}

/// What was compared: one value alone, several as a text.
fn brief(selectors: &[Selector], host: Host<'_>, item: &Value) -> Result<Value> {
    let mut found = values(selectors, host, item)?;
    if found.len() == 1 {
        return Ok(found.remove(0));
    }
    let shown: Vec<String> = found
        .iter()
        .map(|value| value.display().to_string())
        .collect();
    Ok(Value::text(shown.join(", ")))
}
