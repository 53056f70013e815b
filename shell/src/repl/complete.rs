//! What Tab offers for a line: commands, parameters, fixed values, files, variables and properties from the declarations;
//! values of the service through `Lookup`.

use std::fs;
use std::path::Path;

use usher_lang::{Argument, ArgumentValue, KnownNames, Spot, SpotKind, spot};

use super::lookup::Lookup;
use super::offer::Offer;
use crate::client::quoted;
use crate::cmdlet::{Cmdlet, FromPipeline, Kind, Param, Values};
use crate::cmdlets::help::TOPICS;
use crate::session::Session;
use crate::types::properties_of;

/// Candidates and the byte where the word that they replace begins.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Candidates {
    /// Where the word begins.
    pub(super) start: usize,
    /// What could stand there.
    pub(super) offers: Vec<Offer>,
}

/// What completion knows.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) session: &'a Session,
    pub(super) names: &'a KnownNames,
    pub(super) lookup: &'a Lookup,
}

/// The candidates for the end of `line`, the text before the cursor.
pub(super) fn candidates(line: &str, known: Known<'_>) -> Candidates {
    let spot = spot(line, &known.session.registry, known.names);
    let start = match spot.kind {
        // A name in lower case reads as a subtraction until it is whole: the word is taken as it looks.
        SpotKind::Statement if spot.start >= line.len() => word_start(line),
        _ => spot.start.min(line.len()),
    };
    let (before, written) = line.split_at_checked(start).unwrap_or((line, ""));
    let here = Here {
        spot: &spot,
        before,
        written,
        known,
    };
    Candidates {
        start,
        offers: here.offers(),
    }
}

/// The parameter whose value is to be written next, with nothing of it written yet: what a hint can name.
pub(super) fn awaited(line: &str, known: Known<'_>) -> Option<&'static Param> {
    let spot = spot(line, &known.session.registry, known.names);
    if spot.kind != SpotKind::Value || spot.start < line.len() || !line.ends_with(' ') {
        return None;
    }
    let cmdlet = known.session.registry.find(spot.command.as_deref()?)?;
    let (param, named) = open_param(&spot, cmdlet)?;
    (named || (param.mandatory && spot.before.is_empty())).then_some(param)
}

fn word_start(line: &str) -> usize {
    let word = line.trim_end_matches(|c: char| c.is_alphanumeric() || c == '-' || c == '_');
    word.len()
}

/// The place of the cursor.
struct Here<'a> {
    spot: &'a Spot,
    /// The line before the word that is being typed.
    before: &'a str,
    /// What is there of the word.
    written: &'a str,
    known: Known<'a>,
}

impl Here<'_> {
    fn offers(&self) -> Vec<Offer> {
        let names = self.known.names;
        let words = match self.spot.kind {
            SpotKind::Statement => {
                let visible = names.variables.iter().chain(&names.functions);
                let mut words = self.commands();
                words.extend(self.begun(visible.map(String::as_str)));
                words
            }
            SpotKind::Stage => self.commands(),
            SpotKind::Parameter => self.parameters(),
            SpotKind::Value if self.written.starts_with('-') => self.parameters(),
            SpotKind::Value => return self.values(),
            SpotKind::Variable => {
                let fixed = ["_", "true", "false", "null"];
                let visible = names.variables.iter().map(String::as_str);
                let automatic = usher_lang::AUTOMATIC_VARIABLES;
                self.begun(visible.chain(automatic).chain(fixed))
            }
            SpotKind::Property => self.properties(),
        };
        sorted(words)
    }

    fn begun<'w>(&self, names: impl Iterator<Item = &'w str>) -> Vec<String> {
        let wanted = self.written.to_lowercase();
        names
            .filter(|name| name.to_lowercase().starts_with(&wanted))
            .map(str::to_owned)
            .collect()
    }

    fn commands(&self) -> Vec<String> {
        let all = self.known.session.registry.all();
        self.begun(all.iter().map(|cmdlet| cmdlet.name))
    }

    fn cmdlet(&self) -> Option<&'static Cmdlet> {
        self.known
            .session
            .registry
            .find(self.spot.command.as_deref()?)
    }

    fn parameters(&self) -> Vec<String> {
        let Some(cmdlet) = self.cmdlet() else {
            return Vec::new();
        };
        let is_given = |param: &Param| {
            self.spot.arguments.iter().any(|argument| {
                matches!(argument, Argument::Name { name, .. } if name.eq_ignore_ascii_case(param.name))
            })
        };
        let open: Vec<String> = cmdlet
            .all_params()
            .filter(|param| !is_given(param))
            .map(|param| format!("-{}", param.name))
            .collect();
        self.begun(open.iter().map(String::as_str))
    }

    fn values(&self) -> Vec<Offer> {
        let Some(cmdlet) = self.cmdlet() else {
            return Vec::new();
        };
        let Some((param, _)) = open_param(self.spot, cmdlet) else {
            return Vec::new();
        };
        let lookup = self.known.lookup;
        let typed = self.written.trim_start_matches(['\'', '"']);
        match param.values {
            Values::OneOf(choices) => {
                let shown: Vec<String> = choices
                    .iter()
                    .map(|choice| match *choice {
                        "true" | "false" => format!("${choice}"),
                        choice => choice.to_owned(),
                    })
                    .collect();
                sorted(self.begun(shown.iter().map(String::as_str)))
            }
            Values::Commands => {
                let mut names = self.commands();
                if cmdlet.name == "Get-Help" {
                    names.extend(self.begun(TOPICS.iter().map(|topic| topic.name)));
                }
                sorted(names)
            }
            Values::Files => sorted(files(self.written)),
            Values::Properties => sorted(self.properties()),
            Values::Users => lookup.users(typed),
            Values::Products => lookup.products(typed),
            Values::Plans => lookup.plans(&products_named(self.spot, cmdlet), typed),
            Values::Departments => lookup.departments(typed),
            Values::OfProperty => self.values_of(&property_named(self.spot, cmdlet), typed),
            Values::Subscriptions => lookup.subscriptions(typed),
            Values::Profiles => {
                let profiles = self.known.session.profiles().unwrap_or_default();
                sorted(self.begun(profiles.names()))
            }
            Values::Any if param.kind == Kind::Properties => sorted(self.properties()),
            Values::Any => Vec::new(),
        }
    }

    /// What a property is compared with.
    fn values_of(&self, property: &str, typed: &str) -> Vec<Offer> {
        let lookup = self.known.lookup;
        let some = |choices: &[&str]| sorted(self.begun(choices.iter().copied()));
        match property.to_lowercase().as_str() {
            "department" => lookup.departments(typed),
            "userprincipalname" | "displayname" => lookup.users(typed),
            "partnumber" | "licenses" | "gained" | "lost" => lookup.products(typed),
            "usertype" => some(&["Member", "Guest"]),
            "accountenabled" => some(&["$true", "$false"]),
            "outcome" => some(&["applied", "unchanged", "waiting", "failed"]),
            "state" => some(&["active", "waiting", "suspended", "error"]),
            _ => Vec::new(),
        }
    }

    /// Properties of what a variable holds, or of what comes into the block or command.
    fn properties(&self) -> Vec<String> {
        let owner = self.before.trim_end();
        let owner = owner.strip_suffix('.').unwrap_or("");
        if let Some(variable) = variable_at_end(owner)
            && variable != "_"
        {
            let names = self.known.lookup.properties_of(variable);
            return self.begun(names.iter().map(String::as_str));
        }
        let registry = &self.known.session.registry;
        let stages = self.spot.before.iter().rev();
        let source = stages
            .filter_map(|name| registry.find(name))
            .find(|cmdlet| !cmdlet.output.is_empty());
        match source {
            Some(cmdlet) => {
                let names = cmdlet.output.first().map(|name| properties_of(name));
                self.begun(names.unwrap_or_default().into_iter())
            }
            None => {
                // Of stages that give what they get, the first one got it from a variable.
                let input = self.before.rsplit(['|', '{']).find_map(variable_at_end);
                let names = input.map(|name| self.known.lookup.properties_of(name));
                let names = names.unwrap_or_default();
                self.begun(names.iter().map(String::as_str))
            }
        }
    }
}

fn sorted(mut words: Vec<String>) -> Vec<Offer> {
    words.sort_by_key(|word| word.to_lowercase());
    words.dedup();
    words.into_iter().map(Offer::of).collect()
}

/// The name in a text that ends in `$name`.
fn variable_at_end(text: &str) -> Option<&str> {
    let text = text.trim_end();
    let start = text.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_');
    let name = &text[start.len()..];
    (start.ends_with('$') && !name.is_empty()).then_some(name)
}

fn named_param(cmdlet: &Cmdlet, name: &str) -> Option<&'static Param> {
    let lower = name.to_lowercase();
    let whole = |param: &&Param| param.name.to_lowercase() == lower;
    let begun = |param: &&Param| param.name.to_lowercase().starts_with(&lower);
    let all = cmdlet.all_params();
    all.clone().find(whole).or_else(|| all.clone().find(begun))
}

/// Where the values of a line belong.
struct Bound<'s> {
    values: Vec<(&'static Param, &'s ArgumentValue)>,
    /// The parameter that the next value belongs to, and whether it was named.
    open: Option<(&'static Param, bool)>,
}

fn bound<'s>(spot: &'s Spot, cmdlet: &Cmdlet) -> Bound<'s> {
    let mut places: Vec<&'static Param> = cmdlet
        .all_params()
        .filter(|param| param.position.is_some())
        .collect();
    places.sort_by_key(|param| param.position);
    // Objects of the stage before stand for the first position where that takes them.
    let first = places.first().map(|param| param.pipeline);
    let takes_input = matches!(first, Some(FromPipeline::Value(_)));
    let mut at = usize::from(takes_input && !spot.before.is_empty());
    let mut waiting = None;
    let mut values = Vec::new();
    for argument in &spot.arguments {
        match argument {
            Argument::Name { name, .. } => {
                waiting = named_param(cmdlet, name).filter(|param| param.kind != Kind::Switch);
            }
            Argument::Value { value, .. } => {
                let positional = || {
                    at += 1;
                    places.get(at - 1).copied()
                };
                if let Some(param) = waiting.take().or_else(positional) {
                    values.push((param, value));
                }
            }
            Argument::Splat { .. } => {}
        }
    }
    let open = match waiting {
        Some(param) => Some((param, true)),
        None => places
            .get(at)
            .or(places.last())
            .map(|param| (*param, false)),
    };
    Bound { values, open }
}

fn open_param(spot: &Spot, cmdlet: &Cmdlet) -> Option<(&'static Param, bool)> {
    bound(spot, cmdlet).open
}

/// The products that are written on the line.
fn products_named(spot: &Spot, cmdlet: &Cmdlet) -> Vec<String> {
    let of_products = bound(spot, cmdlet)
        .values
        .into_iter()
        .filter(|(param, _)| param.values == Values::Products);
    of_products.flat_map(|(_, value)| texts(value)).collect()
}

/// The property that the command names; empty where none is.
fn property_named(spot: &Spot, cmdlet: &Cmdlet) -> String {
    let named = bound(spot, cmdlet)
        .values
        .into_iter()
        .filter(|(param, _)| param.values == Values::Properties)
        .find_map(|(_, value)| texts(value).pop());
    named.unwrap_or_default()
}

fn texts(value: &ArgumentValue) -> Vec<String> {
    match value {
        ArgumentValue::Word(text) | ArgumentValue::Text(text) => vec![text.clone()],
        ArgumentValue::List(items) => items.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
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
