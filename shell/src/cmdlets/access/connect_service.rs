//! Connect-Service: goes to another service, or to the same one as somebody else.

use std::path::PathBuf;

use super::{enter, session_of};
use crate::client::{CallerCertificate, Target, Token, Way};
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::error::{Result, ShellError};
use crate::files::reach;
use crate::keyring;
use crate::profiles::{self, Kept};
use crate::session::FileAccess;

const TOKEN_VARIABLE: &str = "USHER_TOKEN";

/// Connect-Service.
pub static CONNECT_SERVICE: Cmdlet = Cmdlet {
    name: "Connect-Service",
    synopsis: "Connects to a server, or to the service in this process",
    description: "The token comes from -TokenFile, from the variable USHER_TOKEN, or is asked for at the prompt without \
        being shown; it is never a word of a command, so it gets into no history. Without -Server and -Data the way \
        stays and only what is named changes. Where the service does not take the token, the connection before stays.",
    params: &[
        Param::new(
            "Server",
            Kind::Text,
            "Its address: https://usher.contoso.com:50443, or 127.0.0.1:50443 on this machine",
        )
        .at(0),
        Param::new(
            "Profile",
            Kind::Text,
            "A named way of profiles.toml; what else is given goes before what it says",
        )
        .values(Values::Profiles),
        Param::new(
            "TokenFile",
            Kind::Text,
            "A file with the token, which nobody else may read",
        )
        .values(Values::Files),
        Param::new(
            "Tenant",
            Kind::Text,
            "Id or name of the organisation, for who acts in several",
        ),
        Param::new(
            "CaFile",
            Kind::Text,
            "The certificate of the authority that signed the server's, PEM",
        )
        .values(Values::Files),
        Param::new(
            "ClientCertFile",
            Kind::Text,
            "Your own certificate, PEM, for a server that asks for one",
        )
        .values(Values::Files),
        Param::new(
            "ClientKeyFile",
            Kind::Text,
            "Its key, PEM, which nobody else may read",
        )
        .values(Values::Files),
        Param::new(
            "SaveAs",
            Kind::Text,
            "Keeps the way in profiles.toml under this name; a token that is typed goes into the system's keyring",
        ),
        Param::new(
            "AllowCleartext",
            Kind::Switch,
            "Sends the token over a network without TLS: something else protects the way",
        ),
        Param::new(
            "Data",
            Kind::Text,
            "Instead of a server: the folder of the service in this process, or :memory:",
        )
        .values(Values::Files),
    ],
    effect: Effect::None,
    output: &["SessionInfo"],
    single: Single::Always,
    examples: &[
        Example {
            line: "Connect-Service https://usher.contoso.com:50443 -TokenFile token.txt",
            says: "Goes to a server with the token in a file.",
        },
        Example {
            line: "Connect-Service https://usher.contoso.com:50443 -TokenFile token.txt -SaveAs contoso",
            says: "The same, and keeps it as a profile for another day: Connect-Service -Profile contoso.",
        },
        Example {
            line: "Connect-Service -Tenant Default",
            says: "The same service, about another organisation.",
        },
        Example {
            line: "Connect-Service -Data :memory:",
            says: "Starts a service in this process that keeps nothing, to try things.",
        },
    ],
    related: &["Disconnect-Service", "Get-Session", "New-ApiToken"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let host = call.host;
    let name = call.args.text("SaveAs");
    if let Some(name) = name {
        may_save(&call, name)?;
    }
    let (way, token) = way(&call)?;
    let saved = name.map(|name| (name.to_owned(), way.clone()));
    let caller = match call.args.text("Profile") {
        Some(profile) => enter(host, host.session.profiles()?.named(profile)?, way)?,
        None => host.session.connection.change(way)?,
    };
    if let Some((name, way)) = saved {
        if let (Kept::Keyring, Some(token)) = (&token, &way.token) {
            keyring::keep(&name, token)?;
        }
        profiles::save(&host.session.profiles.borrow(), &name, &way, &token)?;
    }
    let session = session_of(host, caller);
    Ok(Box::new(std::iter::once(Ok(session))))
}

fn may_save(call: &Call<'_>, name: &str) -> Result<()> {
    if matches!(&*call.host.session.files.borrow(), FileAccess::Below(_)) {
        return Err(ShellError::new("PROFILE", "A script file saves no profile")
            .fix("Type Connect-Service -SaveAs at the prompt, or write profiles.toml"));
    }
    if !call.args.has("Server") && !call.args.has("Data") {
        return Err(
            ShellError::new("ARGUMENT_INVALID", "-SaveAs keeps a service that is named")
                .fix(format!("Connect-Service SERVER -SaveAs {name}")),
        );
    }
    profiles::savable(&call.host.session.profiles()?, name)
}

/// The way that is asked for, and where its token is from. A person types a token only for a way that could be gone.
fn way(call: &Call<'_>) -> Result<(Way, Kept)> {
    let args = &call.args;
    let session = call.host.session;
    let mut way = without_token(call)?;
    if let Some(tenant) = args.text("Tenant") {
        way.tenant = Some(tenant.to_owned());
    }
    if let Some(authority) = args.text("CaFile") {
        way.authority = Some(reach(session, authority)?);
    }
    way.certificate = certificate(call)?.or(way.certificate);
    way.cleartext |= args.switch("AllowCleartext");
    let to_server = matches!(way.target, Target::Server(_));
    if !to_server || !(args.has("Server") || args.has("TokenFile")) {
        session.connection.judge(&way, way.token.is_some())?;
        return Ok((way, Kept::Nowhere));
    }
    let (mut token, mut kept) = known_token(call, &way.target)?;
    let asks = token.is_none() && session.console.answers();
    session.connection.judge(&way, asks || token.is_some())?;
    if asks {
        token = typed_token(call);
        if token.is_some() {
            kept = Kept::Keyring;
        }
    }
    way.keyring = false;
    way.token = token;
    Ok((way, kept))
}

fn without_token(call: &Call<'_>) -> Result<Way> {
    let args = &call.args;
    let session = call.host.session;
    if args.has("Profile") && (args.has("Server") || args.has("Data")) {
        return Err(
            ShellError::new("ARGUMENT_INVALID", "-Profile names a service already")
                .fix("Leave -Server and -Data out"),
        );
    }
    let for_a_server = ["TokenFile", "CaFile", "ClientCertFile", "ClientKeyFile"]
        .into_iter()
        .find(|name| args.has(name));
    if let (true, Some(name)) = (args.has("Data"), for_a_server) {
        return Err(ShellError::new(
            "ARGUMENT_INVALID",
            format!("-{name} is about a server, and -Data names none"),
        )
        .fix(format!(
            "Leave -{name} out, or give -Server instead of -Data"
        )));
    }
    match (args.text("Server"), args.text("Data")) {
        (Some(_), Some(_)) => Err(ShellError::new(
            "ARGUMENT_INVALID",
            "-Server and -Data name two services",
        )
        .fix("Give one of them")),
        (Some(server), None) => Ok(Way::from(Target::Server(server.to_owned()))),
        (None, Some(":memory:")) => Ok(Way::from(Target::Memory)),
        (None, Some(folder)) => Ok(Way::from(Target::Folder(reach(session, folder)?))),
        (None, None) => match args.text("Profile") {
            Some(name) => session.profiles()?.named(name)?.way(name),
            None => Ok(session.connection.way()),
        },
    }
}

/// The caller's own, if one is named.
fn certificate(call: &Call<'_>) -> Result<Option<CallerCertificate>> {
    let file = |name| {
        let path = call.args.text(name);
        path.map(|path| reach(call.host.session, path).map(absolute))
            .transpose()
    };
    match (file("ClientCertFile")?, file("ClientKeyFile")?) {
        (Some(certificate), Some(key)) => Ok(Some(CallerCertificate { certificate, key })),
        (None, None) => Ok(None),
        _ => Err(ShellError::new(
            "ARGUMENT_INVALID",
            "-ClientCertFile and -ClientKeyFile belong together, and one is missing",
        )
        .fix("Give both: -ClientCertFile FILE -ClientKeyFile FILE")),
    }
}

/// From the file, else the environment.
fn known_token(call: &Call<'_>, target: &Target) -> Result<(Option<Token>, Kept)> {
    let session = call.host.session;
    if let Some(path) = call.args.text("TokenFile") {
        let path = reach(session, path)?;
        let token = Token::from_file(&path)?;
        return Ok((Some(token), Kept::File(absolute(path))));
    }
    // A script must not take the person's token to a server of its own choice.
    let typed = matches!(&*session.files.borrow(), FileAccess::Any);
    let chosen = typed || session.connection.first_target() == target;
    if chosen
        && let Ok(token) = std::env::var(TOKEN_VARIABLE)
        && !token.trim().is_empty()
    {
        return Ok((Some(Token::new(&token)), Kept::Variable(TOKEN_VARIABLE)));
    }
    Ok((None, Kept::Nowhere))
}

/// From the person at the prompt. A server without a lock needs none.
fn typed_token(call: &Call<'_>) -> Option<Token> {
    let said = call.host.session.console.secret("Token: ")?;
    (!said.trim().is_empty()).then(|| Token::new(&said))
}

fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use usher_object::Value;

    use super::*;
    use crate::cmdlets::fixture::Fixture;

    /// What is said to a person who is at the prompt, before a token is asked for.
    fn refused(args: &[(&str, &str)]) -> ShellError {
        let fixture = Fixture::new();
        fixture.told.answer.set(Some(true));
        let args: Vec<(&str, Value)> = args
            .iter()
            .map(|(name, value)| (*name, Value::from(*value)))
            .collect();
        let error = fixture.run("Connect-Service", &args, None).unwrap_err();
        assert!(fixture.told.questions.borrow().is_empty(), "{error:?}");
        error
    }

    #[test]
    fn what_can_be_judged_is_judged_before_a_token_is_asked_for() {
        let far = "https://usher.contoso.com:50443";
        let cases: [(&[(&str, &str)], &str); 7] = [
            (
                &[("Data", "here"), ("CaFile", "ca.pem")],
                "ARGUMENT_INVALID",
            ),
            (&[("Server", "no address")], "SERVER_ADDRESS"),
            (
                &[("Server", "ftp://usher.contoso.com:50443")],
                "SERVER_ADDRESS",
            ),
            (&[("Server", "usher.contoso.com:50443")], "TOKEN_IN_CLEAR"),
            (
                &[("Server", far), ("CaFile", "no-such-file.pem")],
                "FILE_NOT_READ",
            ),
            (&[("Server", far), ("Tenant", "Müller")], "ARGUMENT_INVALID"),
            (&[("Server", far), ("Data", "here")], "ARGUMENT_INVALID"),
        ];
        for (args, code) in cases {
            assert_eq!(refused(args).code, code, "{args:?}");
        }
    }

    #[test]
    fn a_way_out_is_said_as_the_command_says_it() {
        let clear = refused(&[("Server", "usher.contoso.com:50443")]);
        let fix = clear.fix.unwrap();
        assert!(fix.ends_with("-AllowCleartext"), "{fix}");
        let fixture = Fixture::new();
        let nobody = [("Server", Value::from("127.0.0.1:1"))];
        let error = fixture.run("Connect-Service", &nobody, None).unwrap_err();
        let fix = error.fix.unwrap();
        assert!(fix.contains("(Connect-Service SERVER)"), "{fix}");
    }

    #[test]
    fn a_token_is_asked_for_a_way_that_can_be_gone() {
        let fixture = Fixture::new();
        fixture.told.answer.set(Some(true));
        let here = [("Server", Value::from("127.0.0.1:1"))];
        let error = fixture.run("Connect-Service", &here, None).unwrap_err();
        assert_eq!(error.code, "UNAVAILABLE");
        assert_eq!(*fixture.told.questions.borrow(), ["Token: "]);
    }
}
