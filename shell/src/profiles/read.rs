//! Profiles as they are written: what keys there are, and what is said of a fault. Only its place is told, never what
//! stands there: it may be a token.

use std::collections::BTreeMap;
use std::path::Path;

use toml::Spanned;

use super::{Profile, unusable};
use crate::cmdlet::nearest;
use crate::error::{Result, ShellError};

/// What a key of a profile takes, and where it goes.
enum Key {
    Text(fn(&mut Profile) -> &mut Option<String>),
    Flag(fn(&mut Profile) -> &mut bool),
    Number(fn(&mut Profile) -> &mut Option<usize>),
}

const KEYS: &[(&str, Key)] = &[
    ("server", Key::Text(|profile| &mut profile.server)),
    ("data", Key::Text(|profile| &mut profile.data)),
    ("ca", Key::Text(|profile| &mut profile.ca)),
    ("client_cert", Key::Text(|profile| &mut profile.client_cert)),
    ("client_key", Key::Text(|profile| &mut profile.client_key)),
    ("tenant", Key::Text(|profile| &mut profile.tenant)),
    ("token_file", Key::Text(|profile| &mut profile.token_file)),
    (
        "token_variable",
        Key::Text(|profile| &mut profile.token_variable),
    ),
    (
        "token_keyring",
        Key::Flag(|profile| &mut profile.token_keyring),
    ),
    (
        "allow_cleartext",
        Key::Flag(|profile| &mut profile.allow_cleartext),
    ),
    ("read_only", Key::Flag(|profile| &mut profile.read_only)),
    ("people", Key::Number(|profile| &mut profile.people)),
];

/// A profile as it is written.
type Section = BTreeMap<Spanned<String>, Spanned<toml::Value>>;

/// The profiles in this text of a file; one with a fault is its error.
pub(super) fn profiles(file: &Path, text: &str) -> Result<BTreeMap<String, Result<Profile>>> {
    let sections: BTreeMap<String, Section> =
        toml::from_str(text).map_err(|error| wrong(file, text, &error))?;
    let place = |at: usize| format!("{} line {}", file.display(), line(text, at));
    let all = sections.into_iter().map(|(name, section)| {
        let profile = profile(&name, section, &place);
        (name, profile)
    });
    Ok(all.collect())
}

/// The profile in this section; `place` says where in the file something is.
fn profile(name: &str, section: Section, place: &impl Fn(usize) -> String) -> Result<Profile> {
    let mut profile = Profile::default();
    for (key, value) in section {
        let place = place(key.span().start);
        let key = key.get_ref();
        let Some((_, kind)) = KEYS.iter().find(|(known, _)| known == key) else {
            return Err(no_key(name, key, &place));
        };
        let takes = match (kind, value.into_inner()) {
            (Key::Text(field), toml::Value::String(text)) => {
                *field(&mut profile) = Some(text);
                continue;
            }
            (Key::Flag(field), toml::Value::Boolean(flag)) => {
                *field(&mut profile) = flag;
                continue;
            }
            (Key::Number(field), toml::Value::Integer(number)) if number >= 0 => {
                *field(&mut profile) = usize::try_from(number).ok();
                continue;
            }
            (Key::Text(_), _) => "a text: \"…\"",
            (Key::Flag(_), _) => "true or false",
            (Key::Number(_), _) => "a number from 0 on",
        };
        let message = format!("{place}: `{key}` of the profile `{name}` is not understood");
        return Err(unusable(message).fix(format!("Give it {takes}")));
    }
    Ok(profile)
}

fn no_key(profile: &str, key: &str, place: &str) -> ShellError {
    if key == "token" {
        return unusable(format!("{place} holds a token"))
            .fix("Put it into a file that only you may read, and name that: token_file = \"…\"");
    }
    let known = KEYS.iter().map(|(known, _)| *known);
    let fix = match nearest(key, known.clone()).first() {
        Some(near) => format!("Did you mean {near}?"),
        None => format!("A profile has {}", known.collect::<Vec<_>>().join(", ")),
    };
    unusable(format!(
        "{place}: a profile has no `{key}`, and `{profile}` has one"
    ))
    .fix(fix)
}

/// The file is no list of profiles.
fn wrong(file: &Path, text: &str, error: &toml::de::Error) -> ShellError {
    let at = error.span().map_or(0, |span| span.start);
    let place = format!("{} line {}", file.display(), line(text, at));
    let message = error.message();
    if message.starts_with("invalid type") {
        return unusable(format!("{place} stands in no profile"))
            .fix("Write the name of the profile above it: [default]");
    }
    unusable(format!("{place} is not a profile: {message}"))
        .fix("A profile is its name and what it says: [default], then server = \"…\" on a line of its own")
}

fn line(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or(text).matches('\n').count() + 1
}
