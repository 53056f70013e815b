//! Profiles: named ways to services, in `profiles.toml` of the user's configuration folder. A profile says where a token
//! is, never the token.

mod read;
mod save;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

pub(crate) use save::{Kept, savable, save};

use crate::client::{CallerCertificate, Target, Token, Way};
use crate::cmdlet::nearest;
use crate::error::{Result, Severity, ShellError};

/// Names another file.
const FILE_VARIABLE: &str = "USHER_PROFILES";
const FILE: &str = "profiles.toml";
/// The profile that counts where nothing else is said.
pub(crate) const DEFAULT: &str = "default";

/// One way to a service, and limits on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Profile {
    /// Address of the server.
    server: Option<String>,
    /// Instead of a server: the folder of the service in this process.
    data: Option<String>,
    /// The authority that signed the server's certificate, PEM.
    ca: Option<String>,
    /// The caller's own certificate, PEM, for a server that asks for one.
    client_cert: Option<String>,
    /// Its key, PEM, which nobody else may read.
    client_key: Option<String>,
    /// The organisation, for who acts in several.
    tenant: Option<String>,
    /// A file with the token, which nobody else may read.
    token_file: Option<String>,
    /// The variable of the environment that holds the token.
    token_variable: Option<String>,
    /// The token is in the system's keyring.
    token_keyring: bool,
    /// The token may go over a network without TLS.
    allow_cleartext: bool,
    /// Refuses every change.
    pub(crate) read_only: bool,
    /// Users that one command may change without being asked.
    pub(crate) people: Option<usize>,
}

/// The profiles of a person. One with a fault fails where it is used; the others are not held up by it.
#[derive(Debug, Default)]
pub(crate) struct Profiles {
    all: BTreeMap<String, Result<Profile>>,
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
        Ok(Self {
            all: read::profiles(file, &text)?,
            file: file.to_owned(),
        })
    }

    /// The profile with this name.
    pub(crate) fn named(&self, name: &str) -> Result<&Profile> {
        if let Some(profile) = self.all.get(name) {
            return profile.as_ref().map_err(Clone::clone);
        }
        let message = format!("There is no profile `{name}` in {}", self.file.display());
        let near = nearest(name, self.names());
        let fix = match near.first() {
            Some(near) => format!("Did you mean {near}?"),
            None if self.all.is_empty() => {
                format!("Write it there: [{name}] and server = \"https://usher.contoso.com:50443\"")
            }
            None => {
                let names: Vec<&str> = self.names().collect();
                format!("The profiles are {}", names.join(", "))
            }
        };
        Err(unusable(message).fix(fix))
    }

    /// The profile that counts where nothing else is said, if there is one.
    pub(crate) fn usual(&self) -> Result<Option<&Profile>> {
        let usual = self.all.contains_key(DEFAULT);
        usual.then(|| self.named(DEFAULT)).transpose()
    }

    /// The names of all.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.all.keys().map(String::as_str)
    }
}

impl Profile {
    /// The way that it stands for: without a server or a folder the service in this process, on the usual one.
    pub(crate) fn way(&self, name: &str) -> Result<Way> {
        let target = match (&self.server, &self.data) {
            (Some(server), None) => Target::Server(server.clone()),
            (None, Some(folder)) if folder == ":memory:" => Target::Memory,
            (None, Some(folder)) => Target::Folder(folder.into()),
            (None, None) => Target::usual_folder()?,
            (Some(_), Some(_)) => {
                let message = format!("The profile `{name}` names two services");
                return Err(unusable(message).fix("Give it server or data, one of them"));
            }
        };
        if let (None, Some(key)) = (&self.server, self.for_a_server()) {
            let message = format!("The profile `{name}` has {key} and names no server");
            return Err(unusable(message).fix(format!(
                "Give it server = \"https://usher.contoso.com:50443\", or leave {key} out"
            )));
        }
        let token = match (&self.token_file, &self.token_variable, self.token_keyring) {
            (Some(file), None, false) => Some(Token::from_file(Path::new(file))?),
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
            authority: self.ca.as_ref().map(PathBuf::from),
            certificate: self.certificate(name)?,
            cleartext: self.allow_cleartext,
            profile: Some(name.to_owned()),
            keyring: self.token_keyring,
            ..Way::from(target)
        })
    }

    fn certificate(&self, name: &str) -> Result<Option<CallerCertificate>> {
        match (&self.client_cert, &self.client_key) {
            (None, None) => Ok(None),
            (Some(certificate), Some(key)) => Ok(Some(CallerCertificate {
                certificate: certificate.into(),
                key: key.into(),
            })),
            _ => {
                let message = format!("The profile `{name}` has half of a certificate");
                Err(unusable(message).fix("Give it client_cert and client_key, both"))
            }
        }
    }

    /// A key that means nothing without a server.
    fn for_a_server(&self) -> Option<&'static str> {
        let texts = [
            ("ca", &self.ca),
            ("client_cert", &self.client_cert),
            ("client_key", &self.client_key),
            ("token_file", &self.token_file),
            ("token_variable", &self.token_variable),
        ];
        let mut given = texts.iter().filter(|(_, text)| text.is_some());
        let flag = self.token_keyring.then_some("token_keyring");
        given.next().map(|(key, _)| *key).or(flag)
    }
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

#[cfg(test)]
mod tests {
    use super::save::section;
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
        let usual = profiles.usual().unwrap().unwrap();
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
        let refused = |text: &str| match profiles(text) {
            Ok(profiles) => profiles.named("a").unwrap_err(),
            Err(error) => error,
        };
        let error = refused("[a]\nserver = \"x\"\ntoken = \"usher_secret\"");
        assert!(
            error.message.ends_with("line 3 holds a token"),
            "{}",
            error.message
        );
        for text in [
            "[a]\nserver = \"x\"\nsecret = \"usher_secret\"",
            "[a]\nserver = \"x\"\npeople = \"usher_secret\"",
            "token = \"usher_secret\"",
            "[a]\ntoken = usher_secret",
        ] {
            let error = refused(text);
            assert_eq!(error.code, "PROFILE");
            assert!(error.message.contains(" line "), "{}", error.message);
            assert!(!format!("{error:?}").contains("usher_secret"), "{error:?}");
        }
        assert!(profiles("[a\n").is_err());
    }

    #[test]
    fn a_fault_holds_up_its_own_profile_only() {
        let text = "[far]\nserver = \"https://usher.contoso.com\"\n[bad]\nread_olny = true\n\
                    [odd]\ncolour = 'red'\n[few]\npeople = -1\n[default]\nread_only = 'no'";
        let profiles = profiles(text).unwrap();
        profiles.named("far").unwrap();
        let refused = |name: &str| {
            let error = profiles.named(name).unwrap_err();
            (error.message, error.fix.unwrap())
        };
        let (message, fix) = refused("bad");
        assert!(
            message.contains("line 4: a profile has no `read_olny`"),
            "{message}"
        );
        assert_eq!(fix, "Did you mean read_only?");
        let (message, fix) = refused("odd");
        assert!(!message.contains("token_variable"), "{message}");
        assert!(fix.starts_with("A profile has server, data, ca"), "{fix}");
        assert_eq!(refused("few").1, "Give it a number from 0 on");
        assert_eq!(refused("default").1, "Give it true or false");
        assert!(profiles.usual().is_err());
        assert_eq!(profiles.names().count(), 5);
        assert!(savable(&profiles, "bad").is_err());
        assert!(savable(&profiles, "new").is_ok());
    }

    #[test]
    fn a_profile_of_limits_is_about_the_service_in_this_process() {
        let profiles =
            profiles("[safe]\nread_only = true\npeople = 5\n[lost]\ntoken_keyring = true").unwrap();
        let safe = profiles.named("safe").unwrap();
        let way = safe.way("safe").unwrap();
        assert_eq!(way.target, Target::usual_folder().unwrap());
        assert_eq!((safe.read_only, safe.people), (true, Some(5)));
        // Who forgot the server must not land in other data.
        let lost = profiles.named("lost").unwrap().way("lost").unwrap_err();
        assert!(
            lost.message
                .ends_with("has token_keyring and names no server")
        );
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
            "[two]\nserver = \"a\"\ndata = \"b\"\n[empty]\nserver = \"a\"\ntoken_variable = \"USHER_NO_SUCH_VARIABLE\"",
        )
        .unwrap();
        for name in ["two", "empty"] {
            let error = profiles.named(name).unwrap().way(name).unwrap_err();
            assert_eq!(
                (error.code.as_str(), error.exit_code()),
                ("PROFILE", 2),
                "{name}"
            );
        }
    }
}
