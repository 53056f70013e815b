//! Help as text, from a command's declaration.

use std::fmt::Write;

use usher_object::pattern::Wildcard;

use super::topics::{TOPICS, Topic};
use crate::cmdlet::{CHANGING, COMMON, Cmdlet, Effect, FromPipeline, Kind, Param, Values, nearest};
use crate::error::{Result, ShellError};

/// How to begin, and all commands by noun.
pub(super) fn overview(cmdlets: &[&Cmdlet]) -> String {
    let mut page = String::from(
        "Usher: who holds which licence.\n\n\
         A command is Verb-Noun with -Parameter value; | gives its objects to the next one.\n\
         Get-Help COMMAND says how one is written, Get-Command lists them, Tab completes.\n\n\
         COMMANDS\n",
    );
    page.push_str(&rows(cmdlets.iter().map(|c| (c.name, c.synopsis))));
    let _ = write!(page, "\n{}", topic_list());
    page
}

/// These commands and pages, a line each.
pub(super) fn list(cmdlets: &[&Cmdlet], topics: &[&Topic]) -> String {
    let commands = cmdlets.iter().map(|c| (c.name, c.synopsis));
    let pages = topics.iter().map(|topic| (topic.name, topic.synopsis));
    rows(commands.chain(pages)).trim_end().to_owned()
}

fn rows<'t>(named: impl Iterator<Item = (&'t str, &'t str)> + Clone) -> String {
    let width = named.clone().map(|(name, _)| name.len()).max();
    let width = width.unwrap_or_default();
    let mut rows = String::new();
    for (name, synopsis) in named {
        let _ = writeln!(rows, "    {name:width$}  {synopsis}");
    }
    rows
}

/// The pages about the shell as a whole.
pub(super) fn topic_list() -> String {
    let pages = rows(TOPICS.iter().map(|topic| (topic.name, topic.synopsis)));
    format!("PAGES ABOUT THE SHELL\n{}", pages.trim_end())
}

/// The whole page; `full` writes the parameters out that it shares with other commands.
pub(super) fn whole(cmdlet: &Cmdlet, aliases: &[String], full: bool) -> String {
    let mut page = format!("{}\n    {}\n", cmdlet.name, cmdlet.synopsis);
    if !cmdlet.description.is_empty() {
        let _ = write!(page, "\n{}", indented(cmdlet.description, 4));
    }
    let _ = write!(page, "\nSYNTAX\n{}", indented(&syntax(cmdlet), 4));
    if !cmdlet.params.is_empty() {
        page.push_str("\nPARAMETERS\n");
        for param in cmdlet.params {
            page.push_str(&param_text(param));
        }
    }
    page.push_str("\nSHARED PARAMETERS\n");
    if full {
        shared(cmdlet).for_each(|param| page.push_str(&param_text(param)));
    } else {
        let names: Vec<String> = shared(cmdlet)
            .map(|param| format!("-{}", param.name))
            .collect();
        page.push_str(&indented(&names.join(", "), 4));
    }
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
        .map(|example| format!("    > {}\n{}", example.line, indented(example.says, 6)));
    let shown: Vec<String> = shown.collect();
    shown.join("\n").trim_end().to_owned()
}

/// One parameter, or those that fit a name with wildcards.
pub(super) fn parameter(cmdlet: &Cmdlet, name: &str) -> Result<String> {
    let name = name.trim_start_matches('-');
    let pattern = Wildcard::parse(name)?;
    let found: String = cmdlet
        .all_params()
        .filter(|param| pattern.matches(param.name))
        .map(param_text)
        .collect();
    if !found.is_empty() {
        return Ok(found.trim_end().to_owned());
    }
    let near = nearest(name, cmdlet.all_params().map(|param| param.name));
    let error = ShellError::new(
        "PARAMETER_NOT_FOUND",
        format!("{} has no parameter -{name}", cmdlet.name),
    );
    Err(match near.first() {
        Some(near) => error.fix(format!("Did you mean -{near}?")),
        None => error.fix(format!("See Get-Help {}", cmdlet.name)),
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
        (_, Kind::Variable) => "<name>".to_owned(),
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

/// What there is to know about a parameter beside its sentence.
pub(super) fn facts(param: &Param) -> Vec<String> {
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
        FromPipeline::Property(_) | FromPipeline::No => {}
    }
    if param.takes_block() {
        facts.push("takes a block, run for each object".to_owned());
    }
    if let Some(what) = completed_from(param.values) {
        facts.push(format!("Tab completes {what}"));
    }
    facts
}

/// What Tab offers, where the value itself does not say it.
fn completed_from(values: Values) -> Option<&'static str> {
    Some(match values {
        Values::Users => "people",
        Values::Products => "products",
        Values::Plans => "plans",
        Values::Departments => "departments",
        Values::OfProperty => "values of the property",
        Values::Subscriptions => "subscriptions",
        Values::Profiles => "profiles",
        Values::Files => "files",
        Values::Commands => "names of commands",
        Values::Properties => "properties",
        Values::Any | Values::OneOf(_) => return None,
    })
}

/// The parameter with what it takes, as it is written.
pub(super) fn written(param: &Param) -> String {
    match param.kind {
        Kind::Switch => format!("-{}", param.name),
        _ => format!("-{} {}", param.name, value_text(param)),
    }
}

fn param_text(param: &Param) -> String {
    let mut text = format!("    {}\n{}", written(param), indented(param.help, 8));
    let facts = facts(param);
    if !facts.is_empty() {
        let _ = write!(text, "{}", indented(&format!("({})", facts.join("; ")), 8));
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

/// A line of text, indented; what is too wide is parted when the page is shown.
fn indented(text: &str, indent: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    format!("{}{}\n", " ".repeat(indent), words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cmdlets::CMDLETS;

    #[test]
    fn every_page_says_how_the_command_is_written() {
        for cmdlet in CMDLETS {
            let page = whole(cmdlet, &[], true);
            assert!(page.contains(cmdlet.synopsis), "{}", cmdlet.name);
            for param in cmdlet.all_params() {
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
    fn a_parameter_that_takes_a_block_says_so() {
        let new_user = &crate::cmdlets::users::NEW_USER;
        for name in ["UserPrincipalName", "Department", "Add"] {
            let text = parameter(new_user, name).unwrap();
            let text: Vec<&str> = text.split_whitespace().collect();
            let says = text
                .join(" ")
                .contains("takes a block, run for each object");
            assert!(says, "{name}: {text:?}");
        }
        assert!(
            !parameter(new_user, "Block")
                .unwrap()
                .contains("a block, run")
        );
    }

    #[test]
    fn an_unknown_parameter_names_the_nearest() {
        let error = parameter(&crate::cmdlets::users::GET_USER, "Departmnt").unwrap_err();
        assert_eq!(error.fix.as_deref(), Some("Did you mean -Department?"));
        assert!(parameter(&crate::cmdlets::users::GET_USER, "-department").is_ok());
    }
}
