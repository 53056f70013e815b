//! What the commands share that say something to the person instead of giving objects.

use usher_object::Value;

use crate::cmdlet::{Call, FromPipeline, Kind, Param};
use crate::error::Result;
use crate::types::said;

/// What is said.
pub(super) const MESSAGE: Param = Param::new(
    "Message",
    Kind::Any,
    "What to say; values of a list stand in one line",
)
.rest()
.at(0)
.from(FromPipeline::Value(&[]));

/// The lines that are to be said: one of the arguments, one for each object of the pipeline.
pub(super) fn words(call: &mut Call<'_>) -> Result<Vec<String>> {
    let given = call.args.values(MESSAGE.name);
    let mut lines = Vec::new();
    if !given.is_empty() {
        let shown: Vec<String> = given.iter().map(line_of).collect();
        lines.push(shown.join(" "));
    }
    if let Some(input) = call.input.take() {
        for item in input {
            call.host.check()?;
            lines.push(line_of(&item?));
        }
    }
    Ok(lines)
}

fn line_of(value: &Value) -> String {
    match value.as_list() {
        Some(items) => items.iter().map(line_of).collect::<Vec<_>>().join(" "),
        None => said(value).to_string(),
    }
}
