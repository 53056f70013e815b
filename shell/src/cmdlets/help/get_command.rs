//! Get-Command: the list of commands.

use usher_object::Value;
use usher_object::pattern::Wildcard;

use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::error::{Result, ShellError};
use crate::types;

/// Get-Command.
pub static GET_COMMAND: Cmdlet = Cmdlet {
    name: "Get-Command",
    synopsis: "Lists commands, by verb, noun or name",
    description: "Names may have * and ? in them.",
    params: &[
        Param::new("Name", Kind::Text, "Only commands with this name or alias")
            .at(0)
            .values(Values::Commands),
        Param::new(
            "Verb",
            Kind::Text,
            "Only commands that begin with this, such as Get",
        ),
        Param::new(
            "Noun",
            Kind::Text,
            "Only commands that end with this, such as UserLicense",
        ),
    ],
    effect: Effect::None,
    output: &["CommandInfo"],
    single: Single::Never,
    examples: &[
        Example {
            line: "Get-Command -Noun *License",
            says: "Everything about licences.",
        },
        Example {
            line: "Get-Command -Verb Import",
            says: "What can be imported.",
        },
    ],
    related: &["Get-Help"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let registry = &call.host.session.registry;
    let (name, verb, noun) = (
        call.args.text("Name"),
        call.args.text("Verb"),
        call.args.text("Noun"),
    );
    let mut found: Vec<Value> = Vec::new();
    for cmdlet in registry.all() {
        let (its_verb, its_noun) = cmdlet.name.split_once('-').unwrap_or((cmdlet.name, ""));
        let aliases: Vec<String> = registry
            .aliases_of(cmdlet.name)
            .into_iter()
            .map(str::to_owned)
            .collect();
        let name_fits =
            like(name, cmdlet.name)? || aliases.iter().any(|alias| Some(alias.as_str()) == name);
        if name_fits && like(verb, its_verb)? && like(noun, its_noun)? {
            found.push(types::COMMAND_INFO.object(&(*cmdlet, aliases)));
        }
    }
    if let (true, Some(name)) = (
        found.is_empty(),
        name.filter(|name| !name.contains(['*', '?'])),
    ) {
        return Err(unknown(&call, name));
    }
    Ok(Box::new(found.into_iter().map(Ok)))
}

fn like(pattern: Option<&str>, text: &str) -> Result<bool> {
    match pattern {
        Some(pattern) => Ok(Wildcard::parse(pattern)?.matches(text)),
        None => Ok(true),
    }
}

/// The error for a command that there is not.
pub(super) fn unknown(call: &Call<'_>, name: &str) -> ShellError {
    let near = call.host.session.registry.nearest(name);
    let error =
        ShellError::new("COMMAND_NOT_FOUND", format!("There is no command `{name}`")).target(name);
    if near.is_empty() {
        error.fix("Get-Command lists them all")
    } else {
        error.fix(format!("Did you mean {}?", near.join(" or ")))
    }
}
