//! ConvertFrom-Csv: objects of CSV text.

use std::io::Cursor;

use usher_object::Value;
use usher_object::csv_read::CsvReader;

use super::csv_option::{DELIMITER, delimiter};
use super::stage::at_once;
use crate::cmdlet::{Call, Cmdlet, Effect, Example, FromPipeline, Kind, Objects, Param, Single};
use crate::error::Result;

pub static CONVERT_FROM_CSV: Cmdlet = Cmdlet {
    name: "ConvertFrom-Csv",
    synopsis: "Makes objects of CSV text",
    description: "The first line names the columns. All values are text; number(…) makes a number of one. Without \
                  -Delimiter the separator that the first line uses is taken.",
    params: &[
        Param::new("InputObject", Kind::Text, "The CSV text")
            .at(0)
            .mandatory()
            .from(FromPipeline::Value(&[])),
        DELIMITER,
    ],
    effect: Effect::None,
    output: &["CSV row"],
    single: Single::Never,
    examples: &[
        Example {
            line: r#""Name;Seats\nAdele;5" | ConvertFrom-Csv"#,
            says: "Objects of text.",
        },
        Example {
            line: "Get-License | ConvertTo-Csv | ConvertFrom-Csv | Get-Member",
            says: "There and back: everything is text.",
        },
    ],
    related: &["Import-Csv", "ConvertTo-Csv"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let input = call.input.take();
    let separator = delimiter(&call.args)?;
    Ok(at_once(move || {
        let mut text = call.args.text("InputObject").unwrap_or_default().to_owned();
        for item in input.into_iter().flatten() {
            call.host.check()?;
            text.push_str(&call.text_for("InputObject", &item?)?);
            text.push('\n');
        }
        let mut found = Vec::new();
        for row in CsvReader::new(Cursor::new(text.into_bytes()), separator)? {
            call.host.check()?;
            found.push(Value::Record(row?.record));
        }
        Ok(found)
    }))
}
