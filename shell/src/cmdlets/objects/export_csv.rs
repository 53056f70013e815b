//! Export-Csv: objects as a CSV file.

use std::io::Write;
use std::path::Path;

use usher_object::csv_write::CsvWriter;

use super::csv_option::{DELIMITER, delimiter, in_file};
use super::replace_file::Replacement;
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::error::{Result, ShellError};
use crate::files;

const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

pub static EXPORT_CSV: Cmdlet = Cmdlet {
    name: "Export-Csv",
    synopsis: "Writes objects to a CSV file",
    description: "The file is replaced in one step once all objects are written: if anything fails on the way, and if \
                  no object comes, it stays as it was. The first object decides about the columns.",
    params: &[
        Param::new("Path", Kind::Text, "The file")
            .at(0)
            .mandatory()
            .values(Values::Files),
        DELIMITER,
        Param::new(
            "Encoding",
            Kind::Text,
            "utf8BOM lets older spreadsheets see that the file is UTF-8",
        )
        .values(Values::OneOf(&["utf8", "utf8BOM"])),
        Param::new(
            "NoTypeInformation",
            Kind::Switch,
            "Changes nothing: no line about types is ever written",
        ),
    ],
    effect: Effect::None,
    output: &[],
    single: Single::Never,
    examples: &[
        Example {
            line: "Get-User | Select-Object UserPrincipalName, Department | Export-Csv people.csv",
            says: "Two columns of all people.",
        },
        Example {
            line: "Get-License | Export-Csv seats.csv -Delimiter ';' -Encoding utf8BOM",
            says: "For a spreadsheet.",
        },
    ],
    related: &["Import-Csv", "ConvertTo-Csv"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let shown = call.args.text("Path").unwrap_or_default().to_owned();
    let path = files::reach(call.host.session, &shown)?;
    let separator = delimiter(&call.args)?.unwrap_or(',');
    let mark = call.args.text("Encoding") == Some("utf8BOM");
    let mut writer = None;
    for item in call.take_input() {
        call.host.check()?;
        let item = item?;
        let writer = match &mut writer {
            Some(writer) => writer,
            none => none.insert(open(&path, &shown, separator, mark)?),
        };
        writer
            .write(&item)
            .map_err(|error| in_file(error, &shown))?;
    }
    match writer {
        Some(writer) => {
            let file = writer.finish().map_err(|error| in_file(error, &shown))?;
            file.finish().map_err(|error| not_written(&shown, &error))?;
        }
        None => call
            .host
            .session
            .console
            .warn(&format!("No object came, so {shown} is not written")),
    }
    Ok(Box::new(std::iter::empty()))
}

fn open(path: &Path, shown: &str, separator: char, mark: bool) -> Result<CsvWriter<Replacement>> {
    let mut file = Replacement::start(path).map_err(|error| not_written(shown, &error))?;
    if mark {
        file.write_all(BYTE_ORDER_MARK)
            .map_err(|error| not_written(shown, &error))?;
    }
    Ok(CsvWriter::new(file, separator)?)
}

pub(super) fn not_written(path: &str, error: &std::io::Error) -> ShellError {
    ShellError::new(
        "WRITE_FAILED",
        format!("The file `{path}` cannot be written: {error}"),
    )
    .fix("Check the folder, its permissions, and the free space")
    .target(path)
}
