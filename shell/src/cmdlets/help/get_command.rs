//! Get-Command: the list of commands.

use usher_object::Value;
use usher_object::pattern::Wildcard;

use crate::cmdlet::{
    Arguments, Call, Cmdlet, Effect, Example, Kind, Objects, Param, Registry, Single, Values,
    nearest,
};
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
        let aliases = registry.aliases_of(cmdlet.name);
        let mut name_fits = like(name, cmdlet.name)?;
        for alias in &aliases {
            name_fits = name_fits || like(name, alias)?;
        }
        if name_fits && like(verb, its_verb)? && like(noun, its_noun)? {
            found.push(types::COMMAND_INFO.object(&(*cmdlet, aliases)));
        }
    }
    if found.is_empty() {
        nothing_like(registry, &call.args)?;
    }
    Ok(Box::new(found.into_iter().map(Ok)))
}

fn like(pattern: Option<&str>, text: &str) -> Result<bool> {
    match pattern {
        Some(pattern) => Ok(Wildcard::parse(pattern)?.matches(text)),
        None => Ok(true),
    }
}

/// An error where a name, a verb or a noun without wildcards is that of no command.
fn nothing_like(registry: &Registry, args: &Arguments) -> Result<()> {
    let parts = |noun: bool| {
        let all = registry.all().iter();
        all.filter_map(move |cmdlet| {
            let (verb, its_noun) = cmdlet.name.split_once('-')?;
            Some(if noun { its_noun } else { verb })
        })
    };
    let names: Vec<&str> = registry.all().iter().map(|cmdlet| cmdlet.name).collect();
    for (param, what, known) in [
        ("Name", "no command", names),
        ("Verb", "no command with the verb", parts(false).collect()),
        ("Noun", "no command with the noun", parts(true).collect()),
    ] {
        let Some(written) = args.text(param) else {
            continue;
        };
        let is_known = known.iter().any(|name| name.eq_ignore_ascii_case(written))
            || (param == "Name" && registry.is_alias(written));
        if is_known || written.contains(['*', '?']) {
            continue;
        }
        let mut known = known;
        known.sort_unstable();
        known.dedup();
        let near = nearest(written, known);
        let error = ShellError::new("COMMAND_NOT_FOUND", format!("There is {what} `{written}`"));
        let instead = (param == "Name").then(|| registry.instead_of(written));
        return Err(if let Some(instead) = instead.flatten() {
            error.fix(format!("Here: {instead}"))
        } else if near.is_empty() {
            error.fix("Get-Command lists them all")
        } else {
            error.fix(format!("Did you mean {}?", near.join(" or ")))
        }
        .target(written));
    }
    Ok(())
}
