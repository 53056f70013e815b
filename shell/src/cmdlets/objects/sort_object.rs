//! Sort-Object: puts objects in order.

use usher_object::sort::Sorter;

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
                  down where its name ends in ` desc`, and up where it ends in ` asc`, whatever -Descending says.",
    params: &[
        Param::new(
            "Property",
            Kind::Properties,
            "What to sort by, the most important first: names or blocks",
        )
        .at(0)
        .values(Values::Properties),
        Param::new("Descending", Kind::Switch, "From the greatest to the least"),
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
    ],
    related: &["Group-Object", "Select-Object"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let host = call.host;
    let input = call.take_input();
    let down = call.args.switch("Descending");
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
        let mut sorter = Sorter::new(descending);
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
    if let PropertySource::Name(name) = &key.source
        && let Some((property, direction)) = name.rsplit_once(' ')
    {
        for (word, descending) in [("desc", true), ("asc", false)] {
            if direction.eq_ignore_ascii_case(word) {
                return (Selector::named(property.trim_end()), descending);
            }
        }
    }
    (Selector::new(key), down)
}
