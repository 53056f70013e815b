//! Out-File: objects as text in a file.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};

use usher_object::Encoder;

use super::as_text::AsText;
use super::export_csv::not_written;
use super::replace_file::Replacement;
use super::text_encoding::{ENCODING, asked, of_file, same};
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::error::Result;
use crate::files;

/// Out-File.
pub static OUT_FILE: Cmdlet = Cmdlet {
    name: "Out-File",
    synopsis: "Writes what would be shown to a file",
    description: "Tables are as wide as they need. The file is replaced in one step once all is written; -Append adds to \
        its end instead, in the encoding that it has: what was there stays, whatever happens. For data that a program reads: Export-Csv, ConvertTo-Json.",
    params: &[
        Param::new("Path", Kind::Text, "The file")
            .at(0)
            .mandatory()
            .values(Values::Files),
        Param::new("Append", Kind::Switch, "Adds to the end of the file"),
        ENCODING,
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
        Example {
            line: "Get-License | Out-File seats-utf16.csv -Encoding utf16",
            says: "For a program that reads no UTF-8.",
        },
    ],
    related: &["Export-Csv", "Tee-Object", "Get-Content"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let shown = call.args.text("Path").unwrap_or_default().to_owned();
    let path = files::reach(call.host.session, &shown)?;
    let failed = |error: io::Error| not_written(&shown, &error);
    let encoding = asked(&call.args);
    if call.args.switch("Append") {
        let existing = of_file(&path).map_err(failed)?;
        if let Some(existing) = existing {
            same(existing, encoding, &shown)?;
        }
        let mut options = OpenOptions::new();
        let file = options.create(true).append(true).open(&path);
        let file = BufWriter::new(file.map_err(failed)?);
        let mut file = match existing {
            Some(existing) => Encoder::go_on(file, existing),
            None => Encoder::begin(file, encoding.unwrap_or_default()).map_err(failed)?,
        };
        write(&mut call, &mut file, &shown)?;
        return Ok(Box::new(std::iter::empty()));
    }
    let file = Replacement::start(&path).map_err(failed)?;
    let mut file = Encoder::begin(file, encoding.unwrap_or_default()).map_err(failed)?;
    write(&mut call, &mut file, &shown)?;
    file.into_inner().finish().map_err(failed)?;
    Ok(Box::new(std::iter::empty()))
}

/// Writes the whole input as it would be shown.
fn write(call: &mut Call<'_>, file: &mut impl Write, shown: &str) -> Result<()> {
    let failed = |error: io::Error| not_written(shown, &error);
    let mut text = AsText::new();
    for item in call.take_input() {
        call.host.check()?;
        let lines = text.push(&item?);
        file.write_all(lines.as_bytes()).map_err(failed)?;
    }
    file.write_all(text.finish().as_bytes()).map_err(failed)?;
    file.flush().map_err(failed)
}
