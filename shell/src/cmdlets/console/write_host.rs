//! Write-Host: says something to the person.

use super::words::{MESSAGE, words};
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Objects, Single};
use crate::error::Result;

/// Write-Host.
pub static WRITE_HOST: Cmdlet = Cmdlet {
    name: "Write-Host",
    synopsis: "Says something to the person, apart from the results",
    description: "It goes to standard error: what the next stage, a file or another program takes is the results only. Write-Output gives objects.",
    params: &[MESSAGE],
    effect: Effect::None,
    output: &[],
    single: Single::Never,
    examples: &[
        Example {
            line: "Write-Host 'Half of it is done'",
            says: "A line for who watches.",
        },
        Example {
            line: "Get-User -Top 2 | ForEach-Object { Write-Host $_.DisplayName; $_ } | Measure-Object",
            says: "Says each name, and counts the people all the same.",
        },
    ],
    related: &["Write-Output", "Write-Warning", "Write-Progress"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    for line in words(&mut call)? {
        call.host.session.console.note(&line);
    }
    Ok(Box::new(std::iter::empty()))
}
