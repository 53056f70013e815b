//! Out-File: objects as text in a file.

use std::fs::OpenOptions;
use std::io::Write;

use super::as_text::AsText;
use super::export_csv::not_written;
use super::replace_file::Replacement;
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::error::Result;
use crate::files;

/// Out-File.
pub static OUT_FILE: Cmdlet = Cmdlet {
    name: "Out-File",
    synopsis: "Writes what would be shown to a file",
    description: "Tables are as wide as they need. The file is replaced in one step once all is written; -Append adds to \
        its end instead. For data that a program reads: Export-Csv, ConvertTo-Json.",
    params: &[
        Param::new("Path", Kind::Text, "The file")
            .at(0)
            .mandatory()
            .values(Values::Files),
        Param::new("Append", Kind::Switch, "Adds to the end of the file"),
    ],
    effect: Effect::None,
    output: &[],
    single: Single::Never,
    examples: &[
        Example {
            line: "Get-License | Out-File seats.csv",
            says: "The table as it would be shown.",
        },
        Example {
            line: "Get-Date | Out-File log.csv -Append",
            says: "One more line of a log.",
        },
    ],
    related: &["Export-Csv", "Tee-Object", "Get-Content"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let shown = call.args.text("Path").unwrap_or_default().to_owned();
    let path = files::reach(call.host.session, &shown)?;
    let failed = |error: std::io::Error| not_written(&shown, &error);
    let mut text = AsText::new();
    if call.args.switch("Append") {
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(failed)?;
        for item in call.take_input() {
            call.host.check()?;
            file.write_all(text.push(&item?).as_bytes())
                .map_err(failed)?;
        }
        file.write_all(text.finish().as_bytes()).map_err(failed)?;
        return Ok(Box::new(std::iter::empty()));
    }
    let mut file = Replacement::start(&path).map_err(failed)?;
    for item in call.take_input() {
        call.host.check()?;
        file.write_all(text.push(&item?).as_bytes())
            .map_err(failed)?;
    }
    file.write_all(text.finish().as_bytes()).map_err(failed)?;
    file.finish().map_err(failed)?;
    Ok(Box::new(std::iter::empty()))
}
