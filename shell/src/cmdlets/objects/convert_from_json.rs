//! ConvertFrom-Json: objects of JSON text.

use usher_object::Value;
use usher_object::json_read::JsonReader;

use super::stage::at_once;
use crate::cmdlet::{Call, Cmdlet, Effect, Example, FromPipeline, Kind, Objects, Param, Single};
use crate::error::Result;

pub static CONVERT_FROM_JSON: Cmdlet = Cmdlet {
    name: "ConvertFrom-Json",
    synopsis: "Makes objects of JSON text",
    description: "The text may be one document, JSON lines, or come in pieces through the pipeline. The items of an \
                  array become objects of the pipeline one by one. A property that an object lacks is $null.",
    params: &[Param::new("InputObject", Kind::Text, "The JSON text")
        .at(0)
        .mandatory()
        .from(FromPipeline::Value(&[]))],
    effect: Effect::None,
    output: &[],
    single: Single::Never,
    examples: &[
        Example {
            line: r#"'[{"Name":"Adele","Seats":5},{"Name":"Alex"}]' | ConvertFrom-Json | Sort-Object Seats"#,
            says: "Objects of an array.",
        },
        Example {
            line: r#"ConvertFrom-Json '{"price": 12.30}' | ForEach-Object { $_.price * 2 }"#,
            says: "Decimals stay exact.",
        },
    ],
    related: &["ConvertTo-Json", "ConvertFrom-Csv"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let input = call.input.take();
    Ok(at_once(move || {
        let mut text = call.args.text("InputObject").unwrap_or_default().to_owned();
        for item in input.into_iter().flatten() {
            call.host.check()?;
            text.push_str(&call.text_for("InputObject", &item?)?);
            text.push('\n');
        }
        let mut found = Vec::new();
        for document in JsonReader::new(&text) {
            call.host.check()?;
            match document? {
                Value::List(items) => found.extend(items.iter().cloned()),
                single => found.push(single),
            }
        }
        Ok(found)
    }))
}
