//! Write-Output: gives values to the pipeline.

use usher_object::Value;

use super::stage::each;
use crate::cmdlet::{Call, Cmdlet, Effect, Example, FromPipeline, Kind, Objects, Param, Single};
use crate::error::Result;

pub static WRITE_OUTPUT: Cmdlet = Cmdlet {
    name: "Write-Output",
    synopsis: "Gives values to the pipeline",
    description: "Lists are taken apart, one level deep. Objects from the pipeline go through as they are.",
    params: &[Param::new("InputObject", Kind::Any, "The values")
        .rest()
        .at(0)
        .from(FromPipeline::Value(&[]))],
    effect: Effect::None,
    output: &[],
    single: Single::Never,
    examples: &[
        Example {
            line: "Write-Output SPE_E3, SPE_E5 | Sort-Object -Descending",
            says: "Two texts.",
        },
        Example {
            line: "1..=3 | ForEach-Object { Write-Output $_; Write-Output done }",
            says: "Twice for each object.",
        },
    ],
    related: &["Out-Null", "ForEach-Object"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let given: Vec<Value> = call
        .args
        .values("InputObject")
        .iter()
        .flat_map(taken_apart)
        .collect();
    let through = each(call.take_input(), call.host, |item| Ok([item]));
    Ok(Box::new(given.into_iter().map(Ok).chain(through)))
}

fn taken_apart(value: &Value) -> Vec<Value> {
    match value {
        Value::List(items) => items.to_vec(),
        single => vec![single.clone()],
    }
}
