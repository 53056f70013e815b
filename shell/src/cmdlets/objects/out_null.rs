//! Out-Null: takes objects and gives nothing.

use super::stage::drain;
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Objects, Single};
use crate::error::Result;

pub static OUT_NULL: Cmdlet = Cmdlet {
    name: "Out-Null",
    synopsis: "Takes all objects and gives nothing",
    description: "For a command that is run for what it does, not for what it gives.",
    params: &[],
    effect: Effect::None,
    output: &[],
    single: Single::Never,
    examples: &[
        Example {
            line: "Get-User -Top 1 | Out-Null",
            says: "Runs the command and shows nothing.",
        },
        Example {
            line: "1..=3 | ForEach-Object { $_ * 2 } | Out-Null",
            says: "Runs a block and shows nothing.",
        },
    ],
    related: &["Write-Output"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    drain(call.take_input(), call.host, |_| Ok(()))?;
    Ok(Box::new(std::iter::empty()))
}
