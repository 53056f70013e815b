//! ConvertTo-Json: objects as one JSON document.

use usher_object::Value;
use usher_object::json_write::{JsonStyle, write};

use super::stage::{at_once, drain};
use crate::cmdlet::{Arguments, Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single};
use crate::error::{Result, ShellError};

pub static CONVERT_TO_JSON: Cmdlet = Cmdlet {
    name: "ConvertTo-Json",
    synopsis: "Makes one JSON document of all objects",
    description: "One object becomes an object, any other number an array. Decimals keep their digits, dates become \
                  ISO 8601 text. An object nested deeper than -Depth is an error: nothing is cut off in silence.",
    params: &[
        Param::new("Compress", Kind::Switch, "On one line, without blanks"),
        Param::new("AsArray", Kind::Switch, "An array, even of one object"),
        Param::new(
            "Depth",
            Kind::Int,
            "Levels of nesting that are allowed, up to 128",
        ),
    ],
    effect: Effect::None,
    output: &["text"],
    single: Single::Whole(|_| true),
    examples: &[
        Example {
            line: "Get-License | ConvertTo-Json -AsArray",
            says: "An array that programs can rely on.",
        },
        Example {
            line: "@{ Name = 'Adele'; Seats = 5 } | ConvertTo-Json -Compress",
            says: "One object on one line.",
        },
    ],
    related: &["ConvertFrom-Json", "ConvertTo-Csv"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let host = call.host;
    let input = call.take_input();
    let style = style(&call.args)?;
    let as_array = call.args.switch("AsArray");
    Ok(at_once(move || {
        let mut items = Vec::new();
        drain(input, host, |item| {
            items.push(item);
            Ok(())
        })?;
        let document = match items.as_slice() {
            [only] if !as_array => write(only, style)?,
            _ => write(&Value::from(items), style)?,
        };
        Ok(vec![document.into()])
    }))
}

fn style(args: &Arguments) -> Result<JsonStyle> {
    let style = if args.switch("Compress") {
        JsonStyle::COMPACT
    } else {
        JsonStyle::INDENTED
    };
    let Some(depth) = args.int("Depth") else {
        return Ok(style);
    };
    match usize::try_from(depth) {
        Ok(depth) if (1..=style.depth).contains(&depth) => Ok(JsonStyle { depth, ..style }),
        _ => Err(ShellError::new(
            "ARGUMENT_INVALID",
            format!(
                "-Depth takes a number from 1 to {}; it was given {depth}",
                style.depth
            ),
        )
        .fix("Leave it out: the default is the greatest")
        .target("Depth")),
    }
}
