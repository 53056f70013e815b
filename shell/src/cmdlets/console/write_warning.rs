//! Write-Warning: warns the person.

use super::words::{MESSAGE, words};
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Objects, Single};
use crate::error::Result;

/// Write-Warning.
pub static WRITE_WARNING: Cmdlet = Cmdlet {
    name: "Write-Warning",
    synopsis: "Warns the person",
    description: "It goes to standard error, set off from other lines, and changes no exit code.",
    params: &[MESSAGE],
    effect: Effect::None,
    output: &[],
    single: Single::Never,
    examples: &[
        Example {
            line: "Write-Warning 'Fewer than ten seats are left'",
            says: "A warning for who watches.",
        },
        Example {
            line: "Get-License | Where-Object Available -lt 10 | ForEach-Object { Write-Warning `${$_.PartNumber}: ${$_.Available} left` }",
            says: "A warning for each product that runs short.",
        },
    ],
    related: &["Write-Host", "Write-Error"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    for line in words(&mut call)? {
        call.host.session.console.warn(&line);
    }
    Ok(Box::new(std::iter::empty()))
}
