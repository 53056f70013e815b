//! Write-Verbose: says something to who asks for it.

use super::words::{MESSAGE, words};
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Objects, Single};
use crate::error::Result;

/// Write-Verbose.
pub static WRITE_VERBOSE: Cmdlet = Cmdlet {
    name: "Write-Verbose",
    synopsis: "Says something to who asks for it with -Verbose",
    description: "Without -Verbose nothing is said.",
    params: &[MESSAGE],
    effect: Effect::None,
    output: &[],
    single: Single::Never,
    examples: &[
        Example {
            line: "Write-Verbose 'Looking for people' -Verbose",
            says: "Said, because it is asked for.",
        },
        Example {
            line: "Write-Verbose 'Looking for people'",
            says: "Not said.",
        },
    ],
    related: &["Write-Host", "Write-Warning"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let wanted = call.args.switch("Verbose");
    for line in words(&mut call)? {
        if wanted {
            call.host.session.console.note(&line);
        }
    }
    Ok(Box::new(std::iter::empty()))
}
