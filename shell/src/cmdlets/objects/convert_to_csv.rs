//! ConvertTo-Csv: objects as lines of CSV.

use usher_object::Value;
use usher_object::csv_write::CsvWriter;

use super::csv_option::{DELIMITER, delimiter};
use super::stage::each;
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Objects, Single};
use crate::error::{Result, ShellError};

pub static CONVERT_TO_CSV: Cmdlet = Cmdlet {
    name: "ConvertTo-Csv",
    synopsis: "Makes lines of CSV of objects",
    description: "The first object decides about the columns. Cells are quoted only where they must be, and a missing \
                  value is empty. A property is one cell: the values of a list with `; ` between them, an object in it as \
                  JSON, which ConvertFrom-Json reads back.",
    params: &[DELIMITER],
    effect: Effect::None,
    output: &["text"],
    single: Single::Never,
    examples: &[
        Example {
            line: "Get-User -Top 3 | Select-Object DisplayName, Department | ConvertTo-Csv",
            says: "A header and three lines.",
        },
        Example {
            line: "Get-License | ConvertTo-Csv -Delimiter ';'",
            says: "With semicolons.",
        },
    ],
    related: &["Export-Csv", "ConvertFrom-Csv", "ConvertTo-Json"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let mut writer = CsvWriter::new(Vec::new(), delimiter(&call.args)?.unwrap_or(','))?;
    let mut headed = false;
    Ok(each(call.take_input(), call.host, move |item| {
        writer.write(&item)?;
        let written = String::from_utf8(std::mem::take(writer.out()))
            .map_err(|error| ShellError::new("WRITE_FAILED", error.to_string()))?;
        let rows = written.strip_suffix('\n').unwrap_or(&written);
        // A row may hold line ends of its own, the header of names from properties cannot begin with one.
        let lines = match rows.split_once('\n') {
            Some((header, row)) if !headed => vec![header.into(), row.into()],
            _ => vec![rows.into()],
        };
        headed = true;
        Ok::<Vec<Value>, ShellError>(lines)
    }))
}
