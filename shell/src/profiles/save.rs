//! Keeping a way as a profile.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Profiles, read, unusable};
use crate::client::{Target, Way};
use crate::error::Result;

/// Where a profile that is to be kept finds its token.
pub(crate) enum Kept {
    /// It needs none.
    Nowhere,
    /// In this file.
    File(PathBuf),
    /// In this variable of the environment.
    Variable(&'static str),
    /// In the keyring.
    Keyring,
}

/// Adds a way to this file under a new name.
pub(crate) fn save(file: &Path, name: &str, way: &Way, token: &Kept) -> Result<()> {
    savable(&Profiles::read(file)?, name)?;
    let section = section(name, way, token);
    let unwritten = |error: std::io::Error| {
        let message = format!(
            "The profile cannot be written to {}: {error}",
            file.display()
        );
        unusable(message)
    };
    let before = match fs::read_to_string(file) {
        Ok(text) if text.is_empty() || text.ends_with('\n') => text,
        Ok(text) => format!("{text}\n"),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(unwritten(error)),
    };
    let text = format!("{before}{section}");
    read::profiles(file, &text)?;
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(unwritten)?;
    }
    fs::write(file, text).map_err(unwritten)
}

/// Whether a profile can be added under this name.
pub(crate) fn savable(profiles: &Profiles, name: &str) -> Result<()> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    if name.is_empty() || !name.chars().all(fits) {
        let message = format!("`{name}` cannot be the name of a profile");
        return Err(unusable(message).fix("Take letters, digits, - and _"));
    }
    if profiles.all.contains_key(name) {
        let file = profiles.file.display();
        let message = format!("There is a profile `{name}` already in {file}");
        return Err(unusable(message).fix("Take another name, or change the file"));
    }
    Ok(())
}

/// The way as it is written.
pub(super) fn section(name: &str, way: &Way, token: &Kept) -> String {
    let path = |path: &Path| path.display().to_string();
    let (server, data) = match &way.target {
        Target::Server(server) => (Some(server.clone()), None),
        Target::Folder(folder) => (None, Some(path(folder))),
        Target::Memory => (None, Some(":memory:".to_owned())),
    };
    let (file, variable, keyring) = match token {
        Kept::Nowhere => (None, None, false),
        Kept::File(file) => (Some(path(file)), None, false),
        Kept::Variable(variable) => (None, Some((*variable).to_owned()), false),
        Kept::Keyring => (None, None, true),
    };
    let texts = [
        ("server", server),
        ("data", data),
        ("ca", way.authority.as_deref().map(path)),
        (
            "client_cert",
            way.certificate.as_ref().map(|own| path(&own.certificate)),
        ),
        (
            "client_key",
            way.certificate.as_ref().map(|own| path(&own.key)),
        ),
        ("tenant", way.tenant.clone()),
        ("token_file", file),
        ("token_variable", variable),
    ];
    let flags = [
        ("token_keyring", keyring),
        ("allow_cleartext", way.cleartext),
    ];
    let texts = texts.into_iter().filter_map(|(key, text)| {
        // What JSON escapes, TOML does too.
        Some(format!("{key} = {}\n", serde_json::Value::String(text?)))
    });
    let flags = flags.into_iter().filter(|(_, set)| *set);
    let flags = flags.map(|(key, _)| format!("{key} = true\n"));
    format!("\n[{name}]\n{}", texts.chain(flags).collect::<String>())
}
