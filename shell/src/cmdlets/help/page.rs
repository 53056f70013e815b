//! Help as text, from a command's declaration.

use std::fmt::Write;

use super::topics::TOPICS;
use crate::cmdlet::{CHANGING, COMMON, Cmdlet, Effect, FromPipeline, Kind, Param, Values, nearest};
use crate::error::{Result, ShellError};

const WIDTH: usize = 96;

/// How to begin, and all commands by noun.
pub(super) fn overview(cmdlets: &[&Cmdlet]) -> String {
    let mut page = String::from(
        "Usher: who holds which licence.\n\n\
         A command is Verb-Noun with -Parameter value; | gives its objects to the next one.\n\
         Get-Help COMMAND says how one is written, Get-Command lists them, Tab completes.\n\n\
         COMMANDS\n",
    );
    let width = cmdlets
        .iter()
        .map(|cmdlet| cmdlet.name.len())
        .max()
        .unwrap_or_default();
    for cmdlet in cmdlets {
        let _ = writeln!(page, "    {:width$}  {}", cmdlet.name, cmdlet.synopsis);
    }
    let _ = write!(page, "\n{}", topic_list());
    page.truncate(page.trim_end().len());
    page
}

/// The pages about the shell as a whole.
pub(super) fn topic_list() -> String {
    let mut list = String::from("PAGES ABOUT THE SHELL\n");
    let width = TOPICS.iter().map(|topic| topic.name.len()).max();
    for topic in TOPICS {
        let width = width.unwrap_or_default();
        let _ = writeln!(list, "    {:width$}  {}", topic.name, topic.synopsis);
    }
    list.truncate(list.trim_end().len());
    list
}

/// The whole page.
pub(super) fn whole(cmdlet: &Cmdlet, aliases: &[&str]) -> String {
    let mut page = format!("{}\n    {}\n", cmdlet.name, cmdlet.synopsis);
    if !cmdlet.description.is_empty() {
        let _ = write!(page, "\n{}", wrapped(cmdlet.description, 4));
    }
    let _ = write!(page, "\nSYNTAX\n{}", wrapped(&syntax(cmdlet), 4));
    if !cmdlet.params.is_empty() {
        page.push_str("\nPARAMETERS\n");
        for param in cmdlet.params {
            page.push_str(&param_text(param));
        }
    }
    let shared: Vec<String> = shared(cmdlet)
        .map(|param| format!("-{}", param.name))
        .collect();
    let _ = write!(
        page,
        "\nSHARED PARAMETERS\n{}",
        wrapped(&shared.join(", "), 4)
    );
    if !cmdlet.output.is_empty() {
        let _ = write!(page, "\nGIVES\n    {}\n", cmdlet.output.join(", "));
    }
    if !aliases.is_empty() {
        let _ = write!(page, "\nSHORT NAMES\n    {}\n", aliases.join(", "));
    }
    let _ = write!(page, "\nEXAMPLES\n{}", examples(cmdlet));
    if !cmdlet.related.is_empty() {
        let _ = write!(page, "\n\nSEE ALSO\n    {}", cmdlet.related.join(", "));
    }
    page
}

/// Its examples.
pub(super) fn examples(cmdlet: &Cmdlet) -> String {
    let shown = cmdlet
        .examples
        .iter()
        .map(|example| format!("    > {}\n{}", example.line, wrapped(example.says, 6)));
    let shown: Vec<String> = shown.collect();
    shown.join("\n").trim_end().to_owned()
}

/// One parameter.
pub(super) fn parameter(cmdlet: &Cmdlet, name: &str) -> Result<String> {
    let name = name.trim_start_matches('-');
    cmdlet
        .all_params()
        .find(|param| param.name.eq_ignore_ascii_case(name))
        .map(|param| param_text(param).trim_end().to_owned())
        .ok_or_else(|| {
            let near = nearest(name, cmdlet.all_params().map(|param| param.name));
            let error = ShellError::new(
                "PARAMETER_NOT_FOUND",
                format!("{} has no parameter -{name}", cmdlet.name),
            );
            match near.first() {
                Some(near) => error.fix(format!("Did you mean -{near}?")),
                None => error.fix(format!("See Get-Help {}", cmdlet.name)),
            }
        })
}

/// How the command is written, in one line.
pub(super) fn syntax(cmdlet: &Cmdlet) -> String {
    let mut line = cmdlet.name.to_owned();
    for param in cmdlet.params {
        let name = if param.position.is_some() {
            format!("[-{}]", param.name)
        } else {
            format!("-{}", param.name)
        };
        let written = match param.kind {
            Kind::Switch => name,
            _ => format!("{name} {}", value_text(param)),
        };
        let _ = if param.mandatory {
            write!(line, " {written}")
        } else {
            write!(line, " [{written}]")
        };
    }
    line
}

fn value_text(param: &Param) -> String {
    let value = match (param.values, param.kind) {
        (Values::OneOf(choices), _) => choices.join("|"),
        (_, Kind::Int) => "<number>".to_owned(),
        (_, Kind::Date) => "<date>".to_owned(),
        (_, Kind::Block) => "{ … }".to_owned(),
        (_, Kind::Properties) => "<property>".to_owned(),
        (_, Kind::Map) => "@{ … }".to_owned(),
        (_, Kind::Any) => "<value>".to_owned(),
        (Values::Users, _) => "<user>".to_owned(),
        (Values::Products, _) => "<product>".to_owned(),
        (Values::Plans, _) => "<plan>".to_owned(),
        (Values::Subscriptions, _) => "<subscription>".to_owned(),
        (Values::Profiles, _) => "<profile>".to_owned(),
        (Values::Files, _) => "<file>".to_owned(),
        (Values::Commands, _) => "<command>".to_owned(),
        (_, Kind::Text | Kind::Switch) => "<text>".to_owned(),
    };
    if param.many {
        format!("{value}, …")
    } else {
        value
    }
}

fn param_text(param: &Param) -> String {
    let mut facts = Vec::new();
    if param.mandatory {
        facts.push("needed".to_owned());
    }
    if let Some(position) = param.position {
        facts.push(format!("position {}", position + 1));
    }
    match param.pipeline {
        FromPipeline::Value(names) | FromPipeline::Property(names) if !names.is_empty() => {
            facts.push(format!("from the pipeline by {}", names.join(", ")));
        }
        FromPipeline::Value(_) => facts.push("from the pipeline".to_owned()),
        FromPipeline::Property(_) => facts.push("takes a block, run for each object".to_owned()),
        FromPipeline::No => {}
    }
    let value = if param.kind == Kind::Switch {
        String::new()
    } else {
        format!(" {}", value_text(param))
    };
    let mut text = format!("    -{}{value}\n{}", param.name, wrapped(param.help, 8));
    if !facts.is_empty() {
        let _ = write!(text, "{}", wrapped(&format!("({})", facts.join("; ")), 8));
    }
    text
}

fn shared(cmdlet: &Cmdlet) -> impl Iterator<Item = &'static Param> {
    let changing = if cmdlet.effect == Effect::Changes {
        CHANGING
    } else {
        &[]
    };
    changing.iter().chain(COMMON)
}

/// Text in lines that fit, each indented.
fn wrapped(text: &str, indent: usize) -> String {
    let mut lines = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let size = word.chars().count();
        if length > 0 && length + 1 + size > WIDTH {
            lines.push('\n');
            length = 0;
        }
        if length == 0 {
            lines.push_str(&" ".repeat(indent));
            length = indent + size;
        } else {
            lines.push(' ');
            length += 1 + size;
        }
        lines.push_str(word);
    }
    lines.push('\n');
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cmdlets::CMDLETS;

    #[test]
    fn every_page_says_how_the_command_is_written() {
        for cmdlet in CMDLETS {
            let page = whole(cmdlet, &[]);
            assert!(page.contains(cmdlet.synopsis), "{}", cmdlet.name);
            for param in cmdlet.params {
                assert!(
                    page.contains(&format!("-{}", param.name)),
                    "{} -{}",
                    cmdlet.name,
                    param.name
                );
            }
            for example in cmdlet.examples {
                assert!(page.contains(example.line), "{}", example.line);
            }
            assert!(!page.ends_with('\n'));
        }
    }

    #[test]
    fn lines_fit_and_are_indented() {
        let text = wrapped(&"word ".repeat(60), 4);
        assert!(
            text.lines()
                .all(|line| line.starts_with("    word") && line.len() <= WIDTH)
        );
    }

    #[test]
    fn an_unknown_parameter_names_the_nearest() {
        let error = parameter(&crate::cmdlets::users::GET_USER, "Departmnt").unwrap_err();
        assert_eq!(error.fix.as_deref(), Some("Did you mean -Department?"));
        assert!(parameter(&crate::cmdlets::users::GET_USER, "-department").is_ok());
    }
}
