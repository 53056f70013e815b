//! Disconnect-Service: ends the connection.

use crate::cmdlet::{Call, Cmdlet, Effect, Example, Objects, Single};
use crate::error::Result;

/// Disconnect-Service.
pub static DISCONNECT_SERVICE: Cmdlet = Cmdlet {
    name: "Disconnect-Service",
    synopsis: "Ends the connection, and forgets the token",
    description: "The next command connects again, to the service that the shell was started with.",
    params: &[],
    effect: Effect::None,
    output: &[],
    single: Single::Never,
    examples: &[
        Example {
            line: "Disconnect-Service",
            says: "Ends the connection.",
        },
        Example {
            line: "Disconnect-Service -Verbose",
            says: "The same, saying what was left.",
        },
    ],
    related: &["Connect-Service", "Get-Session"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let connection = &call.host.session.connection;
    if call.args.switch("Verbose") {
        let place = connection.way().place();
        call.host.session.console.note(&format!("left {place}"));
    }
    connection.end();
    Ok(Box::new(std::iter::empty()))
}
