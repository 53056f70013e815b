//! Connect-Service: goes to another service, or to the same one as somebody else.

use super::session_of;
use crate::client::{Target, Token, Way};
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::error::{Result, ShellError};
use crate::files::reach;
use crate::profiles::Profiles;
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
    let way = way(&call)?;
    let caller = call.host.session.connection.change(way)?;
    // What a profile refuses stays refused for the rest of the session.
    if let Some(name) = call.args.text("Profile")
        && Profiles::load()?.named(name)?.read_only
    {
        call.host.session.read_only.set(true);
    }
    let session = session_of(call.host, caller);
    Ok(Box::new(std::iter::once(Ok(session))))
}

fn way(call: &Call<'_>) -> Result<Way> {
    let args = &call.args;
    let session = call.host.session;
    if args.has("Profile") && (args.has("Server") || args.has("Data")) {
        return Err(
            ShellError::new("ARGUMENT_INVALID", "-Profile names a service already")
                .fix("Leave -Server and -Data out"),
        );
    }
    let mut way = match (args.text("Server"), args.text("Data")) {
        (Some(_), Some(_)) => {
            return Err(
                ShellError::new("ARGUMENT_INVALID", "-Server and -Data name two services")
                    .fix("Give one of them"),
            );
        }
        (Some(server), None) => {
            let target = Target::Server(server.to_owned());
            Way {
                token: token(call, &target)?,
                ..Way::from(target)
            }
        }
        (None, Some(":memory:")) => Way::from(Target::Memory),
        (None, Some(folder)) => Way::from(Target::Folder(reach(session, folder)?)),
        (None, None) if args.has("Profile") => {
            let name = args.text("Profile").unwrap_or_default();
            let mut way = Profiles::load()?.named(name)?.way(name)?;
            if args.has("TokenFile") {
                way.token = token(call, &way.target)?;
            }
            way
        }
        (None, None) => {
            let mut way = session.connection.way();
            if args.has("TokenFile") {
                way.token = token(call, &way.target)?;
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
    Ok(way)
}

/// From the file, else the environment, else the person at the prompt. A server without a lock needs none.
fn token(call: &Call<'_>, target: &Target) -> Result<Option<Token>> {
    let session = call.host.session;
    if let Some(path) = call.args.text("TokenFile") {
        return Token::from_file(&reach(session, path)?).map(Some);
    }
    // A script must not take the person's token to a server of its own choice.
    let typed = matches!(&*session.files.borrow(), FileAccess::Any);
    let chosen = typed || session.connection.first_target() == target;
    if chosen
        && let Ok(token) = std::env::var(TOKEN_VARIABLE)
        && !token.trim().is_empty()
    {
        return Ok(Some(Token::new(&token)));
    }
    let said = session.console.secret("Token: ");
    Ok(said
        .filter(|said| !said.trim().is_empty())
        .map(|said| Token::new(&said)))
}
