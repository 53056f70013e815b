//! Tee-Object: keeps objects in a file or a variable, and gives them on.

use std::io::Write;

use usher_object::Value;

use super::as_text::AsText;
use super::export_csv::not_written;
use super::replace_file::Replacement;
use crate::cmdlet::{
    Block, Call, Cmdlet, Effect, Example, Host, Kind, Objects, Param, Single, Values,
};
use crate::error::{Result, ShellError};
use crate::files;

/// Tee-Object.
pub static TEE_OBJECT: Cmdlet = Cmdlet {
    name: "Tee-Object",
    synopsis: "Keeps objects in a file or a variable as they pass, and gives them on",
    description: "The file has what would be shown, and is replaced once all have passed. The variable is an array, set \
        once all have passed or nobody takes more; it is declared if there is none of its name, as `$name = …` does.",
    params: &[
        Param::new("Path", Kind::Text, "The file")
            .at(0)
            .values(Values::Files),
        Param::new(
            "Variable",
            Kind::Variable,
            "The variable, by its name without the `$`",
        ),
    ],
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
        Example {
            line: "Get-User | Tee-Object -Variable everybody | Group-Object Department; Write-Output $everybody.Count",
            says: "Counts by department, and has the people for what comes next.",
        },
    ],
    related: &["Out-File", "Export-Csv"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let variable = call.args.block("Variable").cloned();
    let path = call.args.text("Path");
    if variable.is_none() && path.is_none() {
        return Err(ShellError::new(
            "PARAMETER_MISSING",
            "Tee-Object needs a file or a variable to keep the objects in",
        )
        .fix("Tee-Object people.csv, or Tee-Object -Variable people"));
    }
    let file = match path {
        None => None,
        Some(shown) => {
            let path = files::reach(call.host.session, shown)?;
            let file = Replacement::start(&path).map_err(|error| not_written(shown, &error))?;
            Some(TextFile {
                shown: shown.to_owned(),
                file,
                text: AsText::new(),
            })
        }
    };
    Ok(Box::new(Tee {
        host: call.host,
        input: Some(call.take_input()),
        file,
        variable: variable.map(|assign| Variable {
            host: call.host,
            assign,
            objects: Some(Vec::new()),
        }),
    }))
}

struct Tee<'a> {
    host: Host<'a>,
    /// None after its end, or an error of its own.
    input: Option<Objects<'a>>,
    file: Option<TextFile>,
    variable: Option<Variable<'a>>,
}

impl Tee<'_> {
    fn keep(&mut self, item: &Value) -> Result<()> {
        self.host.check()?;
        if let Some(file) = &mut self.file {
            file.push(item)?;
        }
        if let Some(objects) = self.variable.as_mut().and_then(|it| it.objects.as_mut()) {
            objects.push(item.clone());
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<()> {
        if let Some(variable) = &mut self.variable {
            variable.set()?;
        }
        self.file.take().map_or(Ok(()), TextFile::finish)
    }
}

impl Iterator for Tee<'_> {
    type Item = Result<Value>;

    fn next(&mut self) -> Option<Self::Item> {
        let Some(item) = self.input.as_mut()?.next() else {
            self.input = None;
            return self.finish().err().map(Err);
        };
        let kept = item.and_then(|item| self.keep(&item).map(|()| item));
        if kept.is_err() {
            self.input = None;
        }
        Some(kept)
    }
}

struct TextFile {
    shown: String,
    file: Replacement,
    text: AsText,
}

impl TextFile {
    fn push(&mut self, item: &Value) -> Result<()> {
        let lines = self.text.push(item);
        self.file
            .write_all(lines.as_bytes())
            .map_err(|error| not_written(&self.shown, &error))
    }

    fn finish(mut self) -> Result<()> {
        let rest = self.text.finish();
        self.file
            .write_all(rest.as_bytes())
            .and_then(|()| self.file.finish())
            .map_err(|error| not_written(&self.shown, &error))
    }
}

struct Variable<'a> {
    host: Host<'a>,
    /// Called with the value.
    assign: Block,
    /// What has passed; none once the variable is set.
    objects: Option<Vec<Value>>,
}

impl Variable<'_> {
    fn set(&mut self) -> Result<()> {
        let Some(objects) = self.objects.take() else {
            return Ok(());
        };
        self.host
            .blocks
            .value(&self.assign, &Value::from(objects))
            .map(|_| ())
    }
}

impl Drop for Variable<'_> {
    fn drop(&mut self) {
        // The stages behind have enough, or the pipeline failed: what has passed is kept all the same. What stops the
        // pipeline, a limit or Ctrl-C, is told by the stage that it stopped.
        let _stopped = self.set();
    }
}
