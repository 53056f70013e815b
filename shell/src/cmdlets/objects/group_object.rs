//! Group-Object: puts objects with equal values together.

use usher_object::Value;
use usher_object::group::Grouper;

use super::selector::{Selector, values};
use super::stage::{at_once, drain};
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::error::{Result, ShellError};

pub static GROUP_OBJECT: Cmdlet = Cmdlet {
    name: "Group-Object",
    synopsis: "Puts objects with equal values together",
    description: "Gives a row for each group, in the order in which the groups were first seen: its Name, its Count, \
                  the Values it stands for, and its objects (Group). Case does not count.",
    params: &[
        Param::new(
            "Property",
            Kind::Properties,
            "What to group by: names or blocks",
        )
        .at(0)
        .values(Values::Properties),
        Param::new(
            "NoElement",
            Kind::Switch,
            "Only counts, and does not keep the objects",
        ),
        Param::new(
            "AsMap",
            Kind::Switch,
            "Gives one object with a property for each group",
        ),
    ],
    effect: Effect::None,
    output: &["Group"],
    single: Single::Whole(|args| args.switch("AsMap")),
    examples: &[
        Example {
            line: "Get-User | Group-Object Department -NoElement",
            says: "How many people each department has.",
        },
        Example {
            line: "Get-User | Group-Object Country, UserType | Sort-Object 'Count desc'",
            says: "By two properties, the largest group first.",
        },
    ],
    related: &["Measure-Object", "Sort-Object"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let host = call.host;
    let input = call.take_input();
    let selectors: Vec<Selector> = call
        .args
        .properties("Property")
        .iter()
        .map(Selector::new)
        .collect();
    let (as_map, count_only) = (call.args.switch("AsMap"), call.args.switch("NoElement"));
    if as_map && count_only {
        return Err(ShellError::new(
            "PARAMETER_CONFLICT",
            "-AsMap gives the objects, which -NoElement does not keep",
        )
        .fix("Leave out one of them"));
    }
    Ok(at_once(move || {
        let mut grouper = Grouper::new(!count_only);
        drain(input, host, |item| {
            let by = values(&selectors, host, &item)?;
            grouper.push(item, &by);
            Ok(())
        })?;
        if as_map {
            Ok(vec![Value::Record(grouper.finish_as_map()?)])
        } else {
            Ok(grouper.finish())
        }
    }))
}
