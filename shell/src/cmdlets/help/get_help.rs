//! Get-Help: what a command does and how it is written.

use usher_lang::KnownNames;
use usher_object::Value;
use usher_object::pattern::Wildcard;

use super::fitted::fitted;
use super::page;
use super::topics::{TOPICS, Topic, topic};
use crate::cmdlet::{
    Call, Cmdlet, Effect, Example, Kind, Objects, Param, Registry, Single, Values, nearest,
};
use crate::error::{Result, ShellError};
use crate::files;
use crate::script_help;

/// Longer lines are hard to read.
const WIDTH: usize = 96;

/// Get-Help.
pub static GET_HELP: Cmdlet = Cmdlet {
    name: "Get-Help",
    synopsis: "Says what a command does and how it is written",
    description: "Without a name it says how to begin. A part of a name, or a name with * or ?, lists what it fits.",
    params: &[
        Param::new(
            "Name",
            Kind::Text,
            "The command or its alias, a page such as about_Safety (about lists the pages), a script file: ./sales.usher, or words \
            to look for",
        )
        .at(0)
        .rest()
        .values(Values::Commands),
        Param::new("Examples", Kind::Switch, "Only the examples"),
        Param::new(
            "Parameter",
            Kind::Text,
            "Only this parameter, or all that fit a name with * or ?",
        ),
        Param::new(
            "Full",
            Kind::Switch,
            "Also the parameters that every command has, and every change",
        ),
        Param::new(
            "Detailed",
            Kind::Switch,
            "The page as it is without a switch",
        ),
    ],
    effect: Effect::None,
    output: &[],
    single: Single::Always,
    examples: &[
        Example {
            line: "Get-Help Set-UserLicense",
            says: "The whole page.",
        },
        Example {
            line: "Get-Help Switch-UserLicense -Examples",
            says: "Lines to copy.",
        },
        Example {
            line: "Get-Help about_Pipelines",
            says: "A page about the shell itself; Get-Help about lists them.",
        },
        Example {
            line: "Get-Help subscription",
            says: "Everything with that in its name.",
        },
        Example {
            line: "Get-Help assign product",
            says: "Everything that says both words of itself.",
        },
        Example {
            line: "Get-Help Get-User -Parameter License*",
            says: "Some parameters: what they take, where they stand, what fills and completes them.",
        },
    ],
    related: &["Get-Command"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let registry = &call.host.session.registry;
    let words = call.args.texts("Name");
    let text = match words.as_slice() {
        [] => page::overview(registry.all()),
        [name] if name.eq_ignore_ascii_case("about") => page::topic_list(),
        [name] => match (registry.find(name), topic(name)) {
            (Some(cmdlet), _) => about_command(&call, cmdlet)?,
            (None, Some(topic)) => topic.text.trim_end().to_owned(),
            (None, None) if is_script(name) => about_script(&call, name)?,
            (None, None) => listed(&call, name)?,
        },
        words => with_all(&call, words)?,
    };
    let session = call.host.session;
    let width = if session.at_prompt.get() {
        session.width.get().min(WIDTH)
    } else {
        WIDTH
    };
    let text = fitted(&text, width);
    Ok(Box::new(std::iter::once(Ok(Value::from(text)))))
}

fn about_command(call: &Call<'_>, cmdlet: &Cmdlet) -> Result<String> {
    if let Some(param) = call.args.text("Parameter") {
        page::parameter(cmdlet, param)
    } else if call.args.switch("Examples") {
        Ok(page::examples(cmdlet))
    } else {
        let aliases = call.host.session.registry.aliases_of(cmdlet.name);
        Ok(page::whole(cmdlet, &aliases, call.args.switch("Full")))
    }
}

/// Whether this names a file rather than a command.
fn is_script(name: &str) -> bool {
    name.contains(['/', '\\']) || name.to_ascii_lowercase().ends_with(".usher")
}

/// What a script file says about itself; it is read, not run.
fn about_script(call: &Call<'_>, name: &str) -> Result<String> {
    let session = call.host.session;
    let text = files::read_text(&files::reach(session, name)?)?;
    let script = usher_lang::translate(&text, &session.registry, &KnownNames::default());
    let script = script.map_err(|wrong| {
        let place = format!("{name}:{}:{}", wrong.line, wrong.column);
        let error = ShellError::new("SYNTAX", format!("{place}: {}", wrong.message)).target(name);
        match wrong.help {
            Some(help) => error.fix(help),
            None => error.fix("Correct the script; Get-Help reads all of it"),
        }
    })?;
    Ok(script_help::page(
        name,
        script.help.as_deref(),
        &script.params,
    ))
}

/// What a part of a name, or a name with wildcards, fits: the page of a command where it is one, else a list.
fn listed(call: &Call<'_>, name: &str) -> Result<String> {
    let registry = &call.host.session.registry;
    let pattern = if name.contains(['*', '?']) {
        Wildcard::parse(name)?
    } else {
        Wildcard::parse(&format!("*{name}*"))?
    };
    let cmdlets: Vec<&Cmdlet> = registry
        .all()
        .iter()
        .copied()
        .filter(|cmdlet| pattern.matches(cmdlet.name))
        .collect();
    let topics: Vec<&Topic> = TOPICS
        .iter()
        .filter(|topic| pattern.matches(topic.name))
        .collect();
    match (&cmdlets[..], &topics[..]) {
        ([], []) => Err(unknown(registry, name)),
        ([only], []) => about_command(call, only),
        _ => Ok(page::list(&cmdlets, &topics)),
    }
}

/// The commands and pages that say all of these words of themselves.
fn with_all(call: &Call<'_>, words: &[String]) -> Result<String> {
    let registry = &call.host.session.registry;
    let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let says = |name: &str, synopsis: &str| {
        let text = format!("{name} {synopsis}").to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    let cmdlets: Vec<&Cmdlet> = registry
        .all()
        .iter()
        .copied()
        .filter(|cmdlet| says(cmdlet.name, cmdlet.synopsis))
        .collect();
    let topics: Vec<&Topic> = TOPICS
        .iter()
        .filter(|topic| says(topic.name, topic.synopsis))
        .collect();
    match (&cmdlets[..], &topics[..]) {
        ([], []) => Err(unknown(registry, &words.join(" "))),
        ([only], []) => about_command(call, only),
        _ => Ok(page::list(&cmdlets, &topics)),
    }
}

fn unknown(registry: &Registry, name: &str) -> ShellError {
    let commands = registry.all().iter().map(|cmdlet| cmdlet.name);
    let near = nearest(name, commands.chain(TOPICS.iter().map(|topic| topic.name)));
    let error = ShellError::new(
        "COMMAND_NOT_FOUND",
        format!("There is no command or page `{name}`"),
    )
    .target(name);
    if let Some(instead) = registry.instead_of(name) {
        error.fix(format!("Here: {instead}"))
    } else if near.is_empty() {
        error.fix("Get-Command lists the commands, Get-Help about the pages")
    } else {
        error.fix(format!("Did you mean {}?", near.join(" or ")))
    }
}
