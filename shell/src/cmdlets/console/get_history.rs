//! Get-History: the lines of this session.

use usher_object::{Record, RecordType, Value};

use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single};
use crate::error::Result;

/// Get-History.
pub static GET_HISTORY: Cmdlet = Cmdlet {
    name: "Get-History",
    synopsis: "Shows the lines that were entered in this session",
    description: "The oldest comes first. Ctrl-R and the up arrow find those of earlier sessions too. A line with a \
        token is kept nowhere.",
    params: &[Param::new("Last", Kind::Int, "Only so many of the newest").at(0)],
    effect: Effect::None,
    output: &["HistoryLine"],
    single: Single::Never,
    examples: &[
        Example {
            line: "Get-History",
            says: "All lines of the session.",
        },
        Example {
            line: "Get-History 10 | ForEach-Object Line | Out-File steps.usher",
            says: "The last ten as the beginning of a script.",
        },
    ],
    related: &["Get-Help", "Out-File"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let lines = call.host.session.lines();
    let last = call
        .args
        .int("Last")
        .and_then(|last| usize::try_from(last).ok());
    let skipped = last.map_or(0, |last| lines.len().saturating_sub(last));
    let shape = RecordType::typed("HistoryLine", &["Id", "Line"]);
    let rows: Vec<Value> = lines
        .into_iter()
        .zip(1_i64..)
        .skip(skipped)
        .map(|(line, id)| Record::new(&shape, vec![id.into(), line.as_str().into()]).into())
        .collect();
    Ok(Box::new(rows.into_iter().map(Ok)))
}
