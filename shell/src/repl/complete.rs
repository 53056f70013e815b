//! What Tab offers for a line: commands, parameters, fixed values, files, variables, properties. All from the
//! declarations; the service is not asked here.

use std::fs;
use std::path::Path;

use usher_lang::{Argument, KnownNames, Spot, SpotKind, spot};

use crate::client::quoted;
use crate::cmdlet::{Cmdlet, Kind, Param, Registry, Values};
use crate::types::properties_of;

/// Candidates and the byte where the word that they replace begins.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Candidates {
    /// Where the word begins.
    pub(crate) start: usize,
    /// What could stand there.
    pub(crate) words: Vec<String>,
}

/// The candidates for the end of `line`, the text before the cursor.
pub(crate) fn candidates(line: &str, registry: &Registry, known: &KnownNames) -> Candidates {
    let spot = spot(line, registry, known);
    let start = match spot.kind {
        // A name in lower case reads as a subtraction until it is whole: the word is taken as it looks.
        SpotKind::Statement if spot.start >= line.len() => word_start(line),
        _ => spot.start.min(line.len()),
    };
    let written = line.get(start..).unwrap_or_default();
    let mut words = words(&spot, written, registry, known);
    words.sort_by_key(|word| word.to_lowercase());
    words.dedup();
    Candidates { start, words }
}

fn word_start(line: &str) -> usize {
    let word = line.trim_end_matches(|c: char| c.is_alphanumeric() || c == '-' || c == '_');
    word.len()
}

fn words(spot: &Spot, written: &str, registry: &Registry, known: &KnownNames) -> Vec<String> {
    match spot.kind {
        SpotKind::Statement => commands(written, registry)
            .chain(begins(
                written,
                known.variables.iter().chain(&known.functions).cloned(),
            ))
            .collect(),
        SpotKind::Stage => commands(written, registry).collect(),
        SpotKind::Parameter => parameters(spot, written, registry),
        SpotKind::Value if written.starts_with('-') => parameters(spot, written, registry),
        SpotKind::Value => values(spot, written, registry),
        SpotKind::Variable => {
            let fixed = ["_", "true", "false", "null"];
            let names = known
                .variables
                .iter()
                .map(String::as_str)
                .chain(usher_lang::AUTOMATIC_VARIABLES)
                .chain(fixed);
            begins(written, names.map(str::to_owned)).collect()
        }
        SpotKind::Property => properties(spot, written, registry),
    }
}

fn commands<'r>(written: &'r str, registry: &'r Registry) -> impl Iterator<Item = String> + 'r {
    begins(
        written,
        registry.all().iter().map(|cmdlet| cmdlet.name.to_owned()),
    )
}

fn begins<'w>(
    written: &'w str,
    names: impl Iterator<Item = String> + 'w,
) -> impl Iterator<Item = String> + 'w {
    let wanted = written.to_lowercase();
    names.filter(move |name| name.to_lowercase().starts_with(&wanted))
}

fn cmdlet_of(spot: &Spot, registry: &Registry) -> Option<&'static Cmdlet> {
    registry.find(spot.command.as_deref()?)
}

fn parameters(spot: &Spot, written: &str, registry: &Registry) -> Vec<String> {
    let Some(cmdlet) = cmdlet_of(spot, registry) else {
        return Vec::new();
    };
    let given: Vec<&str> = spot
        .arguments
        .iter()
        .filter_map(|argument| match argument {
            Argument::Name { name, .. } => Some(name.as_str()),
            _ => None,
        })
        .collect();
    let open = cmdlet
        .all_params()
        .filter(|param| {
            !given
                .iter()
                .any(|given| given.eq_ignore_ascii_case(param.name))
        })
        .map(|param| format!("-{}", param.name));
    begins(written, open).collect()
}

/// The parameter that the value being typed belongs to.
fn param_of(spot: &Spot, cmdlet: &Cmdlet) -> Option<&'static Param> {
    let named = |name: &str| {
        cmdlet
            .all_params()
            .find(|param| param.name.eq_ignore_ascii_case(name))
            .or_else(|| {
                let start =
                    |param: &&Param| param.name.to_lowercase().starts_with(&name.to_lowercase());
                cmdlet.all_params().find(start)
            })
    };
    let mut waiting = None;
    let mut positional = 0;
    for argument in &spot.arguments {
        match argument {
            Argument::Name { name, .. } => {
                waiting = named(name).filter(|param| param.kind != Kind::Switch)
            }
            Argument::Value { .. } if waiting.take().is_none() => positional += 1,
            Argument::Value { .. } | Argument::Splat { .. } => {}
        }
    }
    waiting.or_else(|| {
        // Objects of the stage before stand for the first position.
        let at = if spot.before.is_empty() {
            positional
        } else {
            positional + 1
        };
        let mut open: Vec<&'static Param> = cmdlet
            .all_params()
            .filter(|param| param.position.is_some())
            .collect();
        open.sort_by_key(|param| param.position);
        open.get(at).or(open.last()).copied()
    })
}

fn values(spot: &Spot, written: &str, registry: &Registry) -> Vec<String> {
    let Some(param) = cmdlet_of(spot, registry).and_then(|cmdlet| param_of(spot, cmdlet)) else {
        return Vec::new();
    };
    match param.values {
        Values::OneOf(choices) => {
            let shown = choices.iter().map(|choice| match *choice {
                "true" | "false" => format!("${choice}"),
                choice => choice.to_owned(),
            });
            begins(written, shown).collect()
        }
        Values::Commands => commands(written, registry).collect(),
        Values::Files => files(written),
        Values::Properties => properties(spot, written, registry),
        _ if param.kind == Kind::Properties => properties(spot, written, registry),
        _ => Vec::new(),
    }
}

/// Properties of what the nearest stage before gives; stages that give what they get are looked through.
fn properties(spot: &Spot, written: &str, registry: &Registry) -> Vec<String> {
    let types = spot
        .before
        .iter()
        .rev()
        .filter_map(|name| registry.find(name))
        .find(|cmdlet| !cmdlet.output.is_empty());
    let names = types
        .and_then(|cmdlet| cmdlet.output.first())
        .map(|output| properties_of(output))
        .unwrap_or_default();
    begins(written, names.into_iter().map(str::to_owned)).collect()
}

fn files(written: &str) -> Vec<String> {
    let written = written.trim_start_matches(['\'', '"']);
    let (folder, start) = written
        .rsplit_once('/')
        .map_or(("", written), |(folder, start)| (folder, start));
    let shown = if written.contains('/') {
        format!("{folder}/")
    } else {
        String::new()
    };
    let open = match (folder, written.starts_with('/')) {
        ("", true) => "/",
        ("", false) => ".",
        (folder, _) => folder,
    };
    let Ok(entries) = fs::read_dir(Path::new(open)) else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let hidden = name.starts_with('.') && !start.starts_with('.');
            let end = if entry.path().is_dir() { "/" } else { "" };
            (name.starts_with(start) && !hidden).then(|| quoted(&format!("{shown}{name}{end}")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cmdlets::{ALIASES, CMDLETS};

    fn offered(line: &str) -> Vec<String> {
        let registry = Registry::new(CMDLETS, ALIASES);
        let known = KnownNames {
            variables: vec!["people".into()],
            ..KnownNames::default()
        };
        candidates(line, &registry, &known).words
    }

    #[test]
    fn commands_by_their_first_letters_whatever_the_case() {
        assert_eq!(offered("get-lic"), ["Get-License", "Get-LicenseRule"]);
        assert_eq!(offered("Get-User | sel"), ["Select-Object"]);
    }

    #[test]
    fn parameters_that_are_not_there_yet() {
        assert_eq!(offered("Get-User -Dep"), ["-Department"]);
        assert!(!offered("Get-User -Department Sales -").contains(&"-Department".to_owned()));
        assert!(offered("Set-UserLicense -").contains(&"-WhatIf".to_owned()));
    }

    #[test]
    fn values_that_are_fixed() {
        assert_eq!(offered("Get-User -UserType "), ["Guest", "Member"]);
        assert_eq!(offered("Get-User -AccountEnabled "), ["$false", "$true"]);
        assert_eq!(offered("Get-User -AccountEnabled $f"), ["false"]);
        assert_eq!(offered("Get-Help Get-UserL"), ["Get-UserLicense"]);
    }

    #[test]
    fn properties_of_what_comes_in() {
        assert!(offered("Get-User | Where-Object { $_.Depa").contains(&"Department".to_owned()));
        assert!(
            offered("Get-License | Where-Object Total -gt 1 | Sort-Object Avail")
                .contains(&"Available".to_owned())
        );
    }

    #[test]
    fn variables_after_the_dollar() {
        assert_eq!(offered("$peo"), ["people"]);
        assert_eq!(offered("$la"), ["last"]);
    }
}
