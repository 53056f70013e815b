//! A small set of commands for the tests, and a way to show a translation on a page.

use crate::{
    Argument, ArgumentValue, CommandShape, KnownNames, Names, StageSpec, Translation, translate,
};

pub(crate) struct TestNames;

const COMMANDS: [&str; 19] = [
    "Export-Csv",
    "ForEach-Object",
    "Format-Table",
    "Get-Group",
    "Get-License",
    "Get-User",
    "Get-UserLicense",
    "Group-Object",
    "Import-Csv",
    "Measure-Object",
    "New-User",
    "Out-File",
    "Select-Object",
    "Set-UserLicense",
    "Sort-Object",
    "Switch-UserLicense",
    "Tee-Object",
    "Where-Object",
    "Write-Output",
];

impl Names for TestNames {
    fn command(&self, name: &str) -> Option<CommandShape> {
        let found = COMMANDS.iter().find(|c| c.eq_ignore_ascii_case(name))?;
        Some(CommandShape {
            name: (*found).to_owned(),
            shares_scope: *found == "ForEach-Object",
        })
    }

    fn alias(&self, name: &str) -> Option<String> {
        let found = match name.to_ascii_lowercase().as_str() {
            "?" | "where" => "Where-Object",
            "%" | "foreach" => "ForEach-Object",
            "select" => "Select-Object",
            "sort" => "Sort-Object",
            "group" => "Group-Object",
            "measure" => "Measure-Object",
            "ft" => "Format-Table",
            "tee" => "Tee-Object",
            _ => return None,
        };
        Some(found.to_owned())
    }

    fn declares(&self, command: &str, parameter: &str) -> bool {
        command == "Tee-Object" && parameter.eq_ignore_ascii_case("Variable")
    }

    fn all(&self) -> Vec<String> {
        COMMANDS.iter().map(|c| (*c).to_owned()).collect()
    }
}

/// The translation on a page: the rhai text, then each pipeline; or the message.
pub(crate) fn page(text: &str) -> String {
    match translate(text, &TestNames, &KnownNames::default()) {
        Ok(translation) => show(&translation),
        Err(diagnostic) => diagnostic.render("line", text),
    }
}

fn show(translation: &Translation) -> String {
    let mut page = translation.rhai.clone();
    for (id, pipeline) in translation.pipelines.iter().enumerate() {
        let stages: Vec<String> = pipeline.stages.iter().map(stage).collect();
        page.push_str(&format!("\n{id}: {}", stages.join(" | ")));
    }
    page
}

fn stage(stage: &StageSpec) -> String {
    match stage {
        StageSpec::Input { slot, .. } => format!("#{slot}"),
        StageSpec::Command(command) => {
            let mut shown = command.name.clone();
            for argument in &command.arguments {
                shown.push(' ');
                shown.push_str(&match argument {
                    Argument::Name { name, attached, .. } => {
                        format!("-{name}{}", if *attached { ":" } else { "" })
                    }
                    Argument::Value { value: v, .. } => value(v),
                    Argument::Splat { slot, .. } => format!("@#{slot}"),
                });
            }
            shown
        }
    }
}

fn value(shown: &ArgumentValue) -> String {
    match shown {
        ArgumentValue::Number(n) => format!("num:{n}"),
        ArgumentValue::Word(w) => format!("word:{w}"),
        ArgumentValue::Text(t) => format!("text:{t:?}"),
        ArgumentValue::Slot(slot) => format!("#{slot}"),
        ArgumentValue::Block(slot) => format!("{{#{slot}}}"),
        ArgumentValue::Calculated { name, slot } => format!("{name}={{#{slot}}}"),
        ArgumentValue::List(list) => {
            let list: Vec<String> = list.iter().map(value).collect();
            format!("({})", list.join(", "))
        }
    }
}
