//! Measure-Command: how long a block takes.

use std::time::Instant;

use usher_object::{Record, RecordType, Value};

use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single};
use crate::error::Result;

/// Measure-Command.
pub static MEASURE_COMMAND: Cmdlet = Cmdlet {
    name: "Measure-Command",
    synopsis: "Runs a block and says how long it took",
    description: "What the block gives is counted, not shown.",
    params: &[Param::new("Expression", Kind::Block, "The block")
        .at(0)
        .mandatory()],
    effect: Effect::None,
    output: &["CommandTime"],
    single: Single::Always,
    examples: &[
        Example {
            line: "Measure-Command { Get-User }",
            says: "How long it takes to read all people.",
        },
        Example {
            line: "(Measure-Command { 1..1000 | Sort-Object -Descending }).TotalMilliseconds",
            says: "One figure alone.",
        },
    ],
    related: &["Get-Date", "Measure-Object"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let host = call.host;
    let began = Instant::now();
    let given = match call.args.block("Expression") {
        Some(block) => host.blocks.objects(block, &Value::Null)?.len(),
        None => 0,
    };
    let took = began.elapsed();
    let shape = RecordType::typed(
        "CommandTime",
        &["TotalSeconds", "TotalMilliseconds", "Objects"],
    );
    let values = vec![
        Value::Float(took.as_secs_f64()),
        Value::Float(took.as_secs_f64() * 1_000.0),
        Value::Int(i64::try_from(given).unwrap_or(i64::MAX)),
    ];
    let time = Record::new(&shape, values);
    Ok(Box::new(std::iter::once(Ok(time.into()))))
}
