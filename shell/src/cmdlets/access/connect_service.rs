//! Connect-Service: goes to another service, or to the same one as somebody else.

use std::path::PathBuf;

use super::{enter, session_of};
use crate::client::{Target, Token, Way};
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

/// The way that is asked for, and where its token is from.
fn way(call: &Call<'_>) -> Result<(Way, Kept)> {
    let args = &call.args;
    let session = call.host.session;
    if args.has("Profile") && (args.has("Server") || args.has("Data")) {
        return Err(
            ShellError::new("ARGUMENT_INVALID", "-Profile names a service already")
                .fix("Leave -Server and -Data out"),
        );
    }
    let mut kept = Kept::Nowhere;
    let mut way = match (args.text("Server"), args.text("Data")) {
        (Some(_), Some(_)) => {
            return Err(
                ShellError::new("ARGUMENT_INVALID", "-Server and -Data name two services")
                    .fix("Give one of them"),
            );
        }
        (Some(server), None) => {
            let mut way = Way::from(Target::Server(server.to_owned()));
            (way.token, kept) = token(call, &way.target)?;
            way
        }
        (None, Some(":memory:")) => Way::from(Target::Memory),
        (None, Some(folder)) => Way::from(Target::Folder(reach(session, folder)?)),
        (None, None) => {
            let mut way = match args.text("Profile") {
                Some(name) => session.profiles()?.named(name)?.way(name)?,
                None => session.connection.way(),
            };
            if args.has("TokenFile") {
                (way.token, kept) = token(call, &way.target)?;
                way.keyring = false;
            }
            way
        }
    };
    if let Some(tenant) = args.text("Tenant") {
        way.tenant = Some(tenant.to_owned());
    }
    if let Some(authority) = args.text("CaFile") {
        way.authority = Some(reach(session, authority)?);
    }
    way.cleartext |= args.switch("AllowCleartext");
    Ok((way, kept))
}

/// From the file, else the environment, else the person at the prompt. A server without a lock needs none.
fn token(call: &Call<'_>, target: &Target) -> Result<(Option<Token>, Kept)> {
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
    let said = session.console.secret("Token: ");
    let token = said
        .filter(|said| !said.trim().is_empty())
        .map(|said| Token::new(&said));
    let kept = match token {
        Some(_) => Kept::Keyring,
        None => Kept::Nowhere,
    };
    Ok((token, kept))
}

fn absolute(path: PathBuf) -> PathBuf {
    std::path::absolute(&path).unwrap_or(path)
}
