//! Import-Csv: objects of a CSV file.

use std::fs::File;

use usher_object::Value;
use usher_object::csv_read::CsvReader;

use super::csv_option::{DELIMITER, delimiter, in_file};
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::error::{Result, ShellError};
use crate::files;

pub static IMPORT_CSV: Cmdlet = Cmdlet {
    name: "Import-Csv",
    synopsis: "Reads a CSV file as objects",
    description: "Reads UTF-8 and UTF-16, with or without a byte order mark, row by row. The first line names the \
                  columns; all values are text. Without -Delimiter the separator that the first line uses is taken.",
    params: &[
        Param::new("Path", Kind::Text, "The file")
            .at(0)
            .mandatory()
            .values(Values::Files),
        DELIMITER,
    ],
    effect: Effect::None,
    output: &["CSV row"],
    single: Single::Never,
    examples: &[
        Example {
            line: "Import-Csv people.csv | Where-Object Department -eq Sales",
            says: "Rows that pass a test.",
        },
        Example {
            line: "Import-Csv people.csv | Measure-Object",
            says: "How many rows there are.",
        },
    ],
    related: &["Export-Csv", "ConvertFrom-Csv", "Import-User"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let host = call.host;
    let shown = call.args.text("Path").unwrap_or_default().to_owned();
    let path = files::reach(host.session, &shown)?;
    let file = File::open(&path).map_err(|error| not_opened(&shown, &error))?;
    let reader =
        CsvReader::new(file, delimiter(&call.args)?).map_err(|error| in_file(error, &shown))?;
    Ok(Box::new(reader.map(move |row| {
        host.check()?;
        let row = row.map_err(|error| in_file(error, &shown))?;
        Ok(Value::Record(row.record))
    })))
}

fn not_opened(path: &str, error: &std::io::Error) -> ShellError {
    let (code, cause, fix) = match error.kind() {
        std::io::ErrorKind::NotFound => (
            "FILE_NOT_FOUND",
            "is not there".to_owned(),
            "Check the name and the folder",
        ),
        _ => (
            "READ_FAILED",
            format!("cannot be read: {error}"),
            "Check that it is a file that you may read",
        ),
    };
    ShellError::new(code, format!("The file `{path}` {cause}"))
        .fix(fix)
        .target(path)
}
