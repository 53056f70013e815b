//! Get-Content: the lines of a text file.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, Read};

use usher_object::Value;
use usher_object::decode::decode;

use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::error::{Result, ShellError};
use crate::files;

/// Get-Content.
pub static GET_CONTENT: Cmdlet = Cmdlet {
    name: "Get-Content",
    synopsis: "Gives the lines of a text file",
    description: "The file is read as its lines are asked for, so a long one needs no memory. UTF-8, with or without a \
        byte order mark, and UTF-16.",
    params: &[
        Param::new("Path", Kind::Text, "The file")
            .at(0)
            .mandatory()
            .values(Values::Files),
        Param::new("First", Kind::Int, "Only so many lines from its beginning"),
        Param::new("Last", Kind::Int, "Only so many lines from its end"),
        Param::new("Raw", Kind::Switch, "The whole file as one text"),
    ],
    effect: Effect::None,
    output: &["text"],
    single: Single::When(|args| args.switch("Raw")),
    examples: &[
        Example {
            line: "Get-Content people.csv -First 2",
            says: "The heading and the first line of a table.",
        },
        Example {
            line: "Get-Content people.csv | Where-Object { $_ -like '*contoso*' } | Measure-Object",
            says: "How many lines have a word.",
        },
    ],
    related: &["Out-File", "Import-Csv"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let shown = call.args.text("Path").unwrap_or_default().to_owned();
    let path = files::reach(call.host.session, &shown)?;
    let mut file = File::open(&path)
        .and_then(decode)
        .map_err(|error| not_read(&shown, &error))?;
    if call.args.switch("Raw") {
        let mut text = String::new();
        file.read_to_string(&mut text)
            .map_err(|error| not_read(&shown, &error))?;
        return Ok(Box::new(std::iter::once(Ok(Value::from(text)))));
    }
    let lines = file
        .lines()
        .map(move |line| line.map_err(|error| not_read(&shown, &error)));
    let count = |name: &str| {
        let count = call.args.int(name);
        count.map(|count| usize::try_from(count).unwrap_or_default())
    };
    let lines = lines.take(count("First").unwrap_or(usize::MAX));
    let Some(last) = count("Last") else {
        return Ok(Box::new(lines.map(|line| line.map(Value::text))));
    };
    let mut kept = VecDeque::new();
    for line in lines {
        call.host.check()?;
        kept.push_back(Ok(Value::text(line?)));
        if kept.len() > last {
            kept.pop_front();
        }
    }
    Ok(Box::new(kept.into_iter()))
}

fn not_read(path: &str, error: &std::io::Error) -> ShellError {
    match error.kind() {
        std::io::ErrorKind::NotFound => {
            ShellError::new("FILE_NOT_FOUND", format!("There is no file `{path}`"))
                .fix("Check the path; it starts from the folder in which usher runs")
        }
        std::io::ErrorKind::InvalidData => ShellError::new(
            "FILE_NOT_TEXT",
            format!("The file `{path}` is no text in UTF-8 or UTF-16"),
        )
        .fix("Save it as UTF-8"),
        _ => ShellError::new(
            "FILE_NOT_READ",
            format!("The file `{path}` cannot be read: {error}"),
        ),
    }
    .target(path)
}
