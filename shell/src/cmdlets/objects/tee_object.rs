//! Tee-Object: writes objects to a file and gives them on.

use std::io::Write;

use super::as_text::AsText;
use super::export_csv::not_written;
use super::replace_file::Replacement;
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::error::Result;
use crate::files;

/// Tee-Object.
pub static TEE_OBJECT: Cmdlet = Cmdlet {
    name: "Tee-Object",
    synopsis: "Writes objects to a file as they pass, and gives them on",
    description: "The file has what would be shown, and is replaced once all have passed. To keep objects in a variable: \
        $people = Get-User; at the prompt $last has those of the line before.",
    params: &[Param::new("Path", Kind::Text, "The file")
        .at(0)
        .mandatory()
        .values(Values::Files)],
    effect: Effect::None,
    output: &[],
    single: Single::Never,
    examples: &[
        Example {
            line: "Get-User -Department Sales | Tee-Object sales.csv | Measure-Object",
            says: "Keeps the list, and counts it.",
        },
        Example {
            line: "Get-License | Tee-Object seats.csv",
            says: "Shows the seats, and keeps them.",
        },
    ],
    related: &["Out-File", "Export-Csv"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let shown = call.args.text("Path").unwrap_or_default().to_owned();
    let path = files::reach(call.host.session, &shown)?;
    let file = Replacement::start(&path).map_err(|error| not_written(&shown, &error))?;
    let (host, mut input) = (call.host, call.take_input());
    let mut open = Some((file, AsText::new()));
    Ok(Box::new(std::iter::from_fn(move || {
        let (mut file, mut text) = open.take()?;
        let item = match input.next() {
            Some(item) => item,
            None => {
                let written = file
                    .write_all(text.finish().as_bytes())
                    .and_then(|()| file.finish());
                return written.err().map(|error| Err(not_written(&shown, &error)));
            }
        };
        let kept = host.check().and(item).and_then(|item| {
            let line = text.push(&item);
            let written = file.write_all(line.as_bytes());
            written
                .map(|()| item)
                .map_err(|error| not_written(&shown, &error))
        });
        if kept.is_ok() {
            open = Some((file, text));
        }
        Some(kept)
    })))
}
