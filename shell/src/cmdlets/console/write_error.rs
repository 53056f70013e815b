//! Write-Error: says that something went wrong, and goes on.

use super::words::{MESSAGE, words};
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Objects, Single};
use crate::cmdlets::OnRefusal;
use crate::error::{Result, ShellError};

/// Write-Error.
pub static WRITE_ERROR: Cmdlet = Cmdlet {
    name: "Write-Error",
    synopsis: "Says that something went wrong, and goes on",
    description: "The error is kept in $Error, and the shell ends with exit code 3 at last. With -ErrorAction Stop it ends the script at once; throw does that too.",
    params: &[MESSAGE],
    effect: Effect::None,
    output: &[],
    single: Single::Never,
    examples: &[
        Example {
            line: "Write-Error 'No manager was found'",
            says: "Told, kept in $Error; the script goes on.",
        },
        Example {
            line: "try { Write-Error 'No manager was found' -ErrorAction Stop } catch { $_.Message }",
            says: "Thrown, and caught.",
        },
    ],
    related: &["Write-Warning", "Write-Host"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let on_refusal = OnRefusal::of(&call.args, false);
    for line in words(&mut call)? {
        let error = ShellError::new("SCRIPT_ERROR", line);
        if let Some(thrown) = on_refusal.keep(call.host, error, "error") {
            return Err(thrown);
        }
    }
    Ok(Box::new(std::iter::empty()))
}
