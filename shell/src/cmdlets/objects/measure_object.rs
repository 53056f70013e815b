//! Measure-Object: counts objects, and adds up their properties.

use usher_object::Value;
use usher_object::measure::{Figures, Measure, measure_type};

use super::selector::Selector;
use super::stage::{at_once, drain};
use crate::cmdlet::{
    Arguments, Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values,
};
use crate::error::Result;

pub static MEASURE_OBJECT: Cmdlet = Cmdlet {
    name: "Measure-Object",
    synopsis: "Counts objects, and adds up their properties",
    description: "Gives a row for each property. Missing values and empty text do not count, text that reads as a \
                  number is one, and sums of decimals are exact.",
    params: &[
        Param::new(
            "Property",
            Kind::Properties,
            "What to measure: names or blocks; without it the objects themselves",
        )
        .at(0)
        .values(Values::Properties),
        Param::new("Sum", Kind::Switch, "The sum"),
        Param::new("Average", Kind::Switch, "The average"),
        Param::new("Minimum", Kind::Switch, "The least value"),
        Param::new("Maximum", Kind::Switch, "The greatest value"),
        Param::new("AllStats", Kind::Switch, "All of these"),
    ],
    effect: Effect::None,
    output: &["Measure"],
    single: Single::Whole(|args| args.properties("Property").len() <= 1),
    examples: &[
        Example {
            line: "Get-User | Measure-Object",
            says: "How many people there are.",
        },
        Example {
            line: "Get-License | Measure-Object Total, Consumed -Sum",
            says: "All seats, and those in use: a row for each.",
        },
        Example {
            line: "[0.10, 0.20, 5] | Measure-Object -AllStats",
            says: "All figures of plain numbers.",
        },
    ],
    related: &["Group-Object"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let host = call.host;
    let input = call.take_input();
    let figures = figures(&call.args);
    let mut measures: Vec<(Option<Selector>, Measure)> = call
        .args
        .properties("Property")
        .iter()
        .map(|property| {
            (
                Some(Selector::new(property)),
                Measure::new(&*property.name, figures),
            )
        })
        .collect();
    let named = !measures.is_empty();
    if !named {
        measures.push((None, Measure::new("", figures)));
    }
    Ok(at_once(move || {
        drain(input, host, |item| {
            for (selector, measure) in &mut measures {
                match selector {
                    Some(selector) => measure.push(&selector.value(host, &item)?)?,
                    None => measure.push(&item)?,
                }
            }
            Ok(())
        })?;
        let record_type = measure_type(figures, named);
        measures
            .into_iter()
            .map(|(_, measure)| Ok(Value::Record(measure.finish(&record_type)?)))
            .collect()
    }))
}

fn figures(args: &Arguments) -> Figures {
    let wanted = |name: &str| args.switch(name) || args.switch("AllStats");
    Figures {
        sum: wanted("Sum"),
        average: wanted("Average"),
        minimum: wanted("Minimum"),
        maximum: wanted("Maximum"),
    }
}
