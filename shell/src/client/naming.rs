//! How a person says where the service is: the fixes of a connection that failed name what there is for it.

use super::Way;

/// Where the way was said: in a profile, by options at the start, or by Connect-Service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Naming {
    profile: Option<String>,
    by_command: bool,
}

impl Naming {
    /// How this way was said: by a command, or by options at the start.
    pub(super) fn of(way: &Way, by_command: bool) -> Self {
        Self {
            profile: way.profile.clone(),
            by_command,
        }
    }

    /// The address of the server.
    pub(super) fn address(&self) -> String {
        self.said("server", "--server, USHER_SERVER", "Connect-Service SERVER")
    }

    /// The certificate of the authority that signed the server's.
    pub(super) fn authority(&self) -> String {
        self.said("ca", "--ca FILE", "-CaFile FILE of Connect-Service")
    }

    /// The caller's own certificate.
    pub(super) fn certificate(&self) -> String {
        self.said(
            "client_cert and client_key",
            "--client-cert FILE --client-key FILE",
            "-ClientCertFile FILE -ClientKeyFile FILE of Connect-Service",
        )
    }

    /// That a token may go in clear.
    pub(super) fn cleartext(&self) -> String {
        self.said(
            "allow_cleartext = true",
            "--allow-cleartext",
            "-AllowCleartext",
        )
    }

    /// The folder of the service in this process.
    pub(crate) fn folder(&self) -> String {
        self.said(
            "data",
            "usher --data FOLDER",
            "Connect-Service -Data FOLDER",
        )
    }

    fn said(&self, key: &str, option: &str, command: &str) -> String {
        match (&self.profile, self.by_command) {
            (Some(profile), _) => format!("{key} of the profile {profile}"),
            (None, true) => command.to_owned(),
            (None, false) => option.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Target;
    use super::*;

    #[test]
    fn what_there_is_to_say_it_by_is_named() {
        let mut way = Way::from(Target::Memory);
        let options = Naming::of(&way, false);
        let command = Naming::of(&way, true);
        way.profile = Some("far".to_owned());
        let profile = Naming::of(&way, true);
        let all = [options, command, profile];
        assert_eq!(
            all.clone().map(|naming| naming.address()),
            [
                "--server, USHER_SERVER",
                "Connect-Service SERVER",
                "server of the profile far"
            ]
        );
        assert_eq!(
            all.map(|naming| naming.folder()),
            [
                "usher --data FOLDER",
                "Connect-Service -Data FOLDER",
                "data of the profile far"
            ]
        );
    }
}
