//! Export-Csv: objects as a CSV file.

use std::path::Path;

use usher_object::csv_write::CsvWriter;
use usher_object::{Encoder, Encoding};

use super::csv_below::Below;
use super::csv_option::{DELIMITER, delimiter, in_file};
use super::replace_file::Replacement;
use super::text_encoding::{ENCODING, asked};
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::error::{Result, ShellError};
use crate::files;

pub static EXPORT_CSV: Cmdlet = Cmdlet {
    name: "Export-Csv",
    synopsis: "Writes objects to a CSV file",
    description: "The file is replaced in one step once all objects are written: if anything fails on the way, and if \
                  no object comes, it stays as it was, with -Append too. The first object decides about the columns; \
                  with -Append it must have those of the file, in whatever order. A property is one cell: the values \
                  of a list with `; ` between them, an object in it as JSON, which ConvertFrom-Json reads back.",
    params: &[
        Param::new("Path", Kind::Text, "The file")
            .at(0)
            .mandatory()
            .values(Values::Files),
        DELIMITER,
        ENCODING,
        Param::new(
            "Append",
            Kind::Switch,
            "Adds rows to the file that is there, in its order of columns, with its separator and in its encoding",
        ),
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
        Example {
            line: "Get-License | Select-Object Day={ Get-Date }, PartNumber, Consumed, Total | Export-Csv use.csv -Append",
            says: "Run each day, it keeps how many seats were in use, for Format-Chart.",
        },
    ],
    related: &["Import-Csv", "ConvertTo-Csv", "Out-File"],
    run,
};

/// Writes rows in the encoding of the file, beside the file.
pub(super) type Rows = CsvWriter<Encoder<Replacement>>;

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let shown = call.args.text("Path").unwrap_or_default().to_owned();
    let path = files::reach(call.host.session, &shown)?;
    let separator = delimiter(&call.args)?;
    let encoding = asked(&call.args);
    let below = match call.args.switch("Append") {
        true => Below::find(&path, &shown, separator, encoding)?,
        false => None,
    };
    let mut writer = None;
    for item in call.take_input() {
        call.host.check()?;
        let item = item?;
        let writer = match (&mut writer, &below) {
            (Some(writer), _) => writer,
            (none, Some(below)) => none.insert(below.open(&path, &shown)?),
            (none, None) => none.insert(begin(&path, &shown, separator, encoding)?),
        };
        writer
            .write(&item)
            .map_err(|error| in_file(error, &shown))?;
    }
    match writer {
        Some(writer) => {
            let file = writer.finish().map_err(|error| in_file(error, &shown))?;
            file.into_inner()
                .finish()
                .map_err(|error| not_written(&shown, &error))?;
        }
        None => call
            .host
            .session
            .console
            .warn(&format!("No object came, so {shown} is not written")),
    }
    Ok(Box::new(std::iter::empty()))
}

fn begin(
    path: &Path,
    shown: &str,
    separator: Option<char>,
    encoding: Option<Encoding>,
) -> Result<Rows> {
    let file = Replacement::start(path)
        .and_then(|file| Encoder::begin(file, encoding.unwrap_or_default()))
        .map_err(|error| not_written(shown, &error))?;
    Ok(CsvWriter::new(file, separator.unwrap_or(','))?)
}

pub(super) fn not_written(path: &str, error: &std::io::Error) -> ShellError {
    ShellError::new(
        "WRITE_FAILED",
        format!("The file `{path}` cannot be written: {error}"),
    )
    .fix("Check the folder, its permissions, and the free space")
    .target(path)
}
