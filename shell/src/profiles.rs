//! Profiles: named ways to services, in `profiles.toml` of the user's configuration folder. A profile says where a token
//! is, never the token.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use serde::Deserialize;

use crate::client::{Target, Token, Way};
use crate::cmdlet::nearest;
use crate::error::{Result, Severity, ShellError};

/// Names another file.
const FILE_VARIABLE: &str = "USHER_PROFILES";
const FILE: &str = "profiles.toml";
/// The profile that counts where nothing else is said.
pub(crate) const DEFAULT: &str = "default";

/// One way to a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Profile {
    /// Address of the server.
    server: Option<String>,
    /// Instead of a server: the folder of the service in this process.
    data: Option<PathBuf>,
    /// The authority that signed the server's certificate, PEM.
    ca: Option<PathBuf>,
    /// The organisation, for who acts in several.
    tenant: Option<String>,
    /// A file with the token, which nobody else may read.
    token_file: Option<PathBuf>,
    /// The variable of the environment that holds the token.
    token_variable: Option<String>,
    /// The token is in the system's keyring.
    #[serde(default)]
    token_keyring: bool,
    /// The token may go over a network without TLS.
    #[serde(default)]
    allow_cleartext: bool,
    /// Refuses every change.
    #[serde(default)]
    pub(crate) read_only: bool,
    /// Users that one command may change without being asked.
    pub(crate) people: Option<usize>,
}

/// The profiles of a person.
#[derive(Debug, Default)]
pub(crate) struct Profiles {
    all: BTreeMap<String, Profile>,
    file: PathBuf,
}

/// The file of this person's profiles.
pub(crate) fn usual_file() -> PathBuf {
    let named = std::env::var_os(FILE_VARIABLE).filter(|name| !name.is_empty());
    let folders = ProjectDirs::from("", "", "usher");
    named
        .map(PathBuf::from)
        .or_else(|| Some(folders?.config_dir().join(FILE)))
        .unwrap_or_else(|| FILE.into())
}

impl Profiles {
    /// Those in this file; none where there is no file.
    pub(crate) fn read(file: &Path) -> Result<Self> {
        let text = match fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                let message = format!("The profiles in {} cannot be read: {error}", file.display());
                return Err(unusable(message));
            }
        };
        let all = toml::from_str(&text).map_err(|error| wrong(file, &text, &error))?;
        Ok(Self {
            all,
            file: file.to_owned(),
        })
    }

    /// The profile with this name.
    pub(crate) fn named(&self, name: &str) -> Result<&Profile> {
        self.all.get(name).ok_or_else(|| {
            let message = format!("There is no profile `{name}` in {}", self.file.display());
            let near = nearest(name, self.all.keys().map(String::as_str));
            let fix = match near.first() {
                Some(near) => format!("Did you mean {near}?"),
                None if self.all.is_empty() => {
                    format!(
                        "Write it there: [{name}] and server = \"https://usher.contoso.com:50443\""
                    )
                }
                None => {
                    let names: Vec<&str> = self.all.keys().map(String::as_str).collect();
                    format!("The profiles are {}", names.join(", "))
                }
            };
            unusable(message).fix(fix)
        })
    }

    /// The profile that counts where nothing else is said, if there is one.
    pub(crate) fn usual(&self) -> Option<&Profile> {
        self.all.get(DEFAULT)
    }

    /// The names of all.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.all.keys().map(String::as_str)
    }
}

impl Profile {
    /// The way that it stands for.
    pub(crate) fn way(&self, name: &str) -> Result<Way> {
        let target = match (&self.server, &self.data) {
            (Some(server), None) => Target::Server(server.clone()),
            (None, Some(folder)) if folder == Path::new(":memory:") => Target::Memory,
            (None, Some(folder)) => Target::Folder(folder.clone()),
            _ => {
                let message = format!("The profile `{name}` names no service, or two");
                return Err(unusable(message).fix("Give it server or data, one of them"));
            }
        };
        let token = match (&self.token_file, &self.token_variable, self.token_keyring) {
            (Some(file), None, false) => Some(Token::from_file(file)?),
            (None, Some(variable), false) => Some(held_by(variable, name)?),
            (None, None, _) => None,
            _ => {
                let message = format!("The profile `{name}` has its token in two places");
                return Err(unusable(message)
                    .fix("Give it token_file, token_variable or token_keyring, one of them"));
            }
        };
        Ok(Way {
            token,
            tenant: self.tenant.clone(),
            authority: self.ca.clone(),
            cleartext: self.allow_cleartext,
            profile: Some(name.to_owned()),
            keyring: self.token_keyring,
            ..Way::from(target)
        })
    }
}

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
    toml::from_str::<BTreeMap<String, Profile>>(&text)
        .map_err(|error| wrong(file, &text, &error))?;
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

fn section(name: &str, way: &Way, token: &Kept) -> String {
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

fn held_by(variable: &str, profile: &str) -> Result<Token> {
    let said = std::env::var(variable)
        .ok()
        .filter(|said| !said.trim().is_empty());
    said.map(|said| Token::new(&said)).ok_or_else(|| {
        let message =
            format!("The profile `{profile}` takes its token from {variable}, which is empty");
        unusable(message).fix(format!(
            "export {variable}=…, or give the profile a token_file"
        ))
    })
}

fn unusable(message: String) -> ShellError {
    ShellError::new("PROFILE", message).severity(Severity::Usage)
}

/// Only the place of what is wrong is told, never the line: somebody may have written a token there.
fn wrong(file: &Path, text: &str, error: &toml::de::Error) -> ShellError {
    let at = error.span().map_or(0, |span| span.start);
    let line = text.get(..at).unwrap_or(text).matches('\n').count() + 1;
    let place = format!("{} line {line}", file.display());
    if error.message().contains("unknown field `token`") {
        return unusable(format!("{place} holds a token"))
            .fix("Put it into a file that only you may read, and name that: token_file = \"…\"");
    }
    let message = format!("{place} is not a profile: {}", error.message());
    unusable(message).fix(
        "A profile has server or data, ca, tenant, token_file, token_variable or token_keyring, allow_cleartext, read_only, people",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profiles(text: &str) -> Result<Profiles> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("profiles.toml");
        fs::write(&file, text).unwrap();
        Profiles::read(&file)
    }

    #[test]
    fn a_profile_is_a_way() {
        let profiles = profiles(
            "[default]\nserver = \"https://usher.contoso.com:50443\"\ntenant = \"Contoso\"\nread_only = true\npeople = 5\n\
             [here]\ndata = \"/srv/usher\"",
        )
        .unwrap();
        let usual = profiles.usual().unwrap();
        let way = usual.way(DEFAULT).unwrap();
        let address = "https://usher.contoso.com:50443".to_owned();
        assert_eq!(way.target, Target::Server(address));
        assert_eq!(
            (way.tenant.as_deref(), usual.people),
            (Some("Contoso"), Some(5))
        );
        assert!(usual.read_only);
        let here = profiles.named("here").unwrap().way("here").unwrap();
        assert_eq!(here.target, Target::Folder("/srv/usher".into()));
        let missing = profiles.named("her").unwrap_err();
        assert!(missing.fix.unwrap().contains("here"));
    }

    #[test]
    fn a_token_in_the_file_is_refused_and_not_shown() {
        let error = profiles("[a]\nserver = \"x\"\ntoken = \"usher_secret\"").unwrap_err();
        assert!(
            error.message.ends_with("line 3 holds a token"),
            "{}",
            error.message
        );
        let error = profiles("[a]\nserver = \"x\"\nsecret = \"usher_secret\"").unwrap_err();
        assert!(!format!("{error:?}").contains("usher_secret"), "{error:?}");
        assert!(profiles("[a\n").is_err());
    }

    #[test]
    fn what_is_saved_is_read_back() {
        let mut way = Way::from(Target::Server("https://usher.contoso.com:50443".into()));
        way.tenant = Some("A \"quoted\" Müller\\".to_owned());
        way.authority = Some("/etc/ca.pem".into());
        way.cleartext = true;
        let text = section("new", &way, &Kept::Keyring);
        let read = profiles(&text)
            .unwrap()
            .named("new")
            .unwrap()
            .way("new")
            .unwrap();
        way.profile = Some("new".to_owned());
        way.keyring = true;
        assert_eq!(read, way);
        let folder = Way::from(Target::Folder("/srv/usher".into()));
        let text = format!("{text}{}", section("here", &folder, &Kept::Nowhere));
        let all = profiles(&text).unwrap();
        assert_eq!(all.names().collect::<Vec<_>>(), ["here", "new"]);
        assert!(savable(&all, "here").is_err());
        assert!(savable(&all, "a b").is_err());
        assert!(savable(&all, "far").is_ok());
    }

    #[test]
    fn a_profile_says_one_thing_of_a_kind() {
        let profiles = profiles(
            "[none]\n[two]\nserver = \"a\"\ndata = \"b\"\n[empty]\nserver = \"a\"\ntoken_variable = \"USHER_NO_SUCH_VARIABLE\"",
        )
        .unwrap();
        for name in ["none", "two", "empty"] {
            let error = profiles.named(name).unwrap().way(name).unwrap_err();
            assert_eq!(
                (error.code.as_str(), error.exit_code()),
                ("PROFILE", 2),
                "{name}"
            );
        }
    }
}
