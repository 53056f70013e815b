//! Read-Host: asks the person for a line.

use usher_object::Value;

use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single};
use crate::error::{Result, Severity, ShellError};

/// Read-Host.
pub static READ_HOST: Cmdlet = Cmdlet {
    name: "Read-Host",
    synopsis: "Asks the person for a line of text",
    description: "Where nobody is there to answer, -Default is the answer, and without one it is an error: a script \
        that runs by itself takes parameters instead, param(Department).",
    params: &[
        Param::new("Prompt", Kind::Text, "The question").at(0),
        Param::new(
            "Default",
            Kind::Text,
            "The answer of who answers nothing, and where nobody is there",
        ),
    ],
    effect: Effect::None,
    output: &["text"],
    single: Single::Always,
    examples: &[
        Example {
            line: "Read-Host 'Which department' -Default Sales",
            says: "The answer, or Sales.",
        },
        Example {
            line: "$department = Read-Host Department -Default Sales; Get-User -Department $department | Measure-Object",
            says: "Goes on with the answer.",
        },
    ],
    related: &["Write-Host"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let question = call.args.text("Prompt").unwrap_or("Answer");
    let usual = call.args.text("Default");
    let shown = match usual {
        Some(usual) => format!("{question} [{usual}]: "),
        None => format!("{question}: "),
    };
    let answer = call.host.session.console.ask(&shown);
    let answer = match (answer.filter(|answer| !answer.is_empty()), usual) {
        (Some(answer), _) => answer,
        (None, Some(usual)) => usual.to_owned(),
        (None, None) => {
            return Err(ShellError::new(
                "NOBODY_ANSWERS",
                format!("`{question}` was not answered"),
            )
            .fix("Give the script a parameter instead, param(Name), or Read-Host a -Default")
            .severity(Severity::Usage));
        }
    };
    Ok(Box::new(std::iter::once(Ok(Value::text(answer)))))
}
