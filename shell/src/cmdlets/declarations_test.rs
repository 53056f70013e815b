//! Walks every declaration: what help, binding and completion rely on.

use super::{ALIASES, CMDLETS};
use crate::cmdlet::{FromPipeline, Kind, Registry, Single};
use crate::types::properties_of;

#[test]
fn every_command_explains_itself() {
    for cmdlet in CMDLETS {
        let name = cmdlet.name;
        let (verb, noun) = name.split_once('-').unwrap_or_default();
        assert!(
            verb.starts_with(char::is_uppercase) && noun.starts_with(char::is_uppercase),
            "{name}"
        );
        assert!(
            cmdlet.synopsis.starts_with(char::is_uppercase),
            "{name}: {}",
            cmdlet.synopsis
        );
        assert!(
            !cmdlet.synopsis.ends_with('.') && cmdlet.synopsis.len() <= 80,
            "{name}: {}",
            cmdlet.synopsis
        );
        assert!(
            cmdlet.examples.len() >= 2,
            "{name} has {} examples",
            cmdlet.examples.len()
        );
        for example in cmdlet.examples {
            assert!(example.says.ends_with('.'), "{name}: {}", example.says);
        }
        let registry = Registry::new(CMDLETS, ALIASES);
        assert!(
            cmdlet.examples.iter().any(|example| {
                let short = registry.aliases_of(name);
                let mut names = short.iter().map(String::as_str).chain([name]);
                names.any(|name| example.line.to_lowercase().contains(&name.to_lowercase()))
            }),
            "no example of {name} shows it"
        );
        for related in cmdlet.related {
            assert!(
                registry.find(related).is_some(),
                "{name} points to {related}"
            );
        }
    }
}

#[test]
fn parameters_are_unique_and_positions_have_no_gap() {
    for cmdlet in CMDLETS {
        let mut names: Vec<String> = cmdlet
            .all_params()
            .map(|param| param.name.to_lowercase())
            .collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count, "{} has a parameter twice", cmdlet.name);
        let mut positions: Vec<usize> = cmdlet
            .params
            .iter()
            .filter_map(|param| param.position)
            .collect();
        positions.sort_unstable();
        assert_eq!(
            positions,
            (0..positions.len()).collect::<Vec<_>>(),
            "{}",
            cmdlet.name
        );
        for param in cmdlet.params {
            assert!(
                param.name.starts_with(char::is_uppercase),
                "{} -{}",
                cmdlet.name,
                param.name
            );
            assert!(
                !param.help.is_empty() && !param.help.ends_with('.'),
                "{} -{}",
                cmdlet.name,
                param.name
            );
            assert!(
                !(param.kind == Kind::Switch && param.mandatory),
                "{} -{}",
                cmdlet.name,
                param.name
            );
        }
    }
}

#[test]
fn at_most_one_parameter_takes_whole_objects() {
    for cmdlet in CMDLETS {
        let takers = cmdlet
            .params
            .iter()
            .filter(|param| matches!(param.pipeline, FromPipeline::Value(_)));
        assert!(takers.count() <= 1, "{}", cmdlet.name);
    }
}

#[test]
fn types_that_service_commands_give_are_known() {
    for cmdlet in CMDLETS
        .iter()
        .filter(|cmdlet| !cmdlet.name.ends_with("-Object"))
    {
        for name in cmdlet
            .output
            .iter()
            .filter(|name| name.starts_with("User") || name.starts_with("License"))
        {
            assert!(
                !properties_of(name).is_empty(),
                "{} gives {name}",
                cmdlet.name
            );
        }
    }
}

#[test]
fn names_and_aliases_stand_for_one_command() {
    let mut names: Vec<String> = CMDLETS
        .iter()
        .map(|cmdlet| cmdlet.name.to_lowercase())
        .collect();
    names.extend(ALIASES.iter().map(|(alias, _)| (*alias).to_lowercase()));
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
    let registry = Registry::new(CMDLETS, ALIASES);
    for (alias, name) in ALIASES {
        assert_eq!(registry.find(alias).map(|cmdlet| cmdlet.name), Some(*name));
    }
}

#[test]
fn commands_that_make_one_thing_give_one_object() {
    for name in ["New-User", "New-Subscription"] {
        let cmdlet = CMDLETS.iter().find(|cmdlet| cmdlet.name == name);
        assert!(
            cmdlet.is_some_and(|cmdlet| matches!(cmdlet.single, Single::Always)),
            "{name}"
        );
    }
}
