//! Get-Session: who one is, where, and within which limits.

use super::session_of;
use crate::cmdlet::{Call, Cmdlet, Effect, Example, Objects, Single};
use crate::error::Result;

/// Get-Session.
pub static GET_SESSION: Cmdlet = Cmdlet {
    name: "Get-Session",
    synopsis: "Shows who you are to the service, as what, where, and your limits",
    description: "The identity is the one that the record names for your changes. RequestsPerSecond is empty where the \
        service sets no limit.",
    params: &[],
    effect: Effect::None,
    output: &["SessionInfo"],
    single: Single::Always,
    examples: &[
        Example {
            line: "Get-Session | Format-List",
            says: "Everything that is known of the session.",
        },
        Example {
            line: "(Get-Session).Roles",
            says: "The roles that count for you here.",
        },
    ],
    related: &["Connect-Service", "Get-RoleAssignment", "Get-Tenant"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let caller = call.host.session.connection.who_am_i()?;
    let session = session_of(call.host, caller);
    Ok(Box::new(std::iter::once(Ok(session))))
}
