//! Write-Progress: shows how far a script has come.

use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single};
use crate::error::Result;

/// Write-Progress.
pub static WRITE_PROGRESS: Cmdlet = Cmdlet {
    name: "Write-Progress",
    synopsis: "Shows how far a script has come",
    description: "On a terminal one line that changes, with a bar where the number of all is known; in a log a line \
        every few seconds. -Completed takes it away.",
    params: &[
        Param::new("Activity", Kind::Text, "What is being done")
            .at(0)
            .mandatory(),
        Param::new("Done", Kind::Int, "How many are done"),
        Param::new("Total", Kind::Int, "How many there are"),
        Param::new("Completed", Kind::Switch, "It is done: the line goes"),
    ],
    effect: Effect::None,
    output: &[],
    single: Single::Never,
    examples: &[
        Example {
            line: "for i in 0..3 { Write-Progress Looking -Done $i -Total 3 } Write-Progress Looking -Completed",
            says: "A bar over a loop.",
        },
        Example {
            line: "Write-Progress Waiting -Done 7",
            says: "A number alone.",
        },
    ],
    related: &["Write-Host"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let args = &call.args;
    let count = |name: &str| args.int(name).and_then(|count| u64::try_from(count).ok());
    let done = if args.switch("Completed") {
        None
    } else {
        Some(count("Done").unwrap_or_default())
    };
    let activity = args.text("Activity").unwrap_or_default();
    call.host
        .session
        .console
        .progress(activity, done, count("Total"));
    Ok(Box::new(std::iter::empty()))
}
