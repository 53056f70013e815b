//! Sort-Object: puts objects in order.

use usher_object::sort::Sorter;

use super::select_object::count;
use super::selector::{Selector, values};
use super::stage::{at_once, drain};
use crate::cmdlet::{
    Call, Cmdlet, Effect, Example, Kind, Objects, Param, Property, PropertySource, Single, Values,
};
use crate::error::Result;

pub static SORT_OBJECT: Cmdlet = Cmdlet {
    name: "Sort-Object",
    synopsis: "Puts objects in order",
    description: "Equal objects keep their order, case does not count, and missing values come first. A key goes \
                  down where its name ends in ` desc`, and up where it ends in ` asc`, whatever -Descending says; a \
                  block is given a direction as its name: desc={ block }.",
    params: &[
        Param::new(
            "Property",
            Kind::Properties,
            "What to sort by, the most important first: names or blocks, each with its direction: 'Name desc', desc={ block }",
        )
        .at(0)
        .values(Values::Properties),
        Param::new("Descending", Kind::Switch, "From the greatest to the least"),
        Param::new(
            "Unique",
            Kind::Switch,
            "The first only of objects that are equal in what is sorted by",
        ),
        Param::new(
            "Top",
            Kind::Int,
            "Only this many of the order; the others are not kept in memory",
        ),
    ],
    effect: Effect::None,
    output: &[],
    single: Single::Never,
    examples: &[
        Example {
            line: "Get-User | Sort-Object Department, DisplayName",
            says: "By department, then by name.",
        },
        Example {
            line: "Get-License | Sort-Object 'Available desc', PartNumber",
            says: "The most free seats first, equal ones by product.",
        },
        Example {
            line: "['b', 'C', 'a'] | Sort-Object -Descending",
            says: "Values themselves, downwards.",
        },
        Example {
            line: "Get-License | Sort-Object desc={ $_.Total - $_.Consumed }, PartNumber -Top 3",
            says: "The three products with the most seats not in use, by a calculated key.",
        },
        Example {
            line: "Get-User | Sort-Object Department -Unique | Select-Object Department",
            says: "The departments in order, each once.",
        },
    ],
    related: &["Group-Object", "Select-Object"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let host = call.host;
    let input = call.take_input();
    let down = call.args.switch("Descending");
    let unique = call.args.switch("Unique");
    let top = count(&call.args, "Top")?;
    let keys: Vec<(Selector, bool)> = call
        .args
        .properties("Property")
        .iter()
        .map(|key| directed(key, down))
        .collect();
    Ok(at_once(move || {
        let (selectors, mut descending): (Vec<_>, Vec<_>) = keys.into_iter().unzip();
        if descending.is_empty() {
            descending.push(down);
        }
        let mut sorter = Sorter::new(descending).unique(unique).top(top);
        drain(input, host, |item| {
            let by = values(&selectors, host, &item)?;
            sorter.push(item, &by);
            Ok(())
        })?;
        Ok(sorter.finish())
    }))
}

/// A key with its direction: its own if its name says one.
fn directed(key: &Property, down: bool) -> (Selector, bool) {
    let (property, direction) = match key.name.rsplit_once(' ') {
        Some((property, direction)) => (property.trim_end(), direction),
        None => ("", key.name.as_ref()),
    };
    let descending = [("desc", true), ("asc", false)]
        .into_iter()
        .find(|(word, _)| direction.eq_ignore_ascii_case(word));
    match (&key.source, descending) {
        (PropertySource::Block(_), Some((_, descending))) => (Selector::new(key), descending),
        (PropertySource::Name(_), Some((_, descending))) if !property.is_empty() => {
            (Selector::named(property), descending)
        }
        _ => (Selector::new(key), down),
    }
}
