//! Commands about who may call and as what: the session, roles, tokens, organisations.

mod connect_service;
mod disconnect_service;
mod get_api_token;
mod get_role_assignment;
mod get_session;
mod get_tenant;
mod new_api_token;
mod new_role_assignment;
mod new_tenant;
mod remove_role_assignment;
mod revoke_api_token;
mod set_session;
mod set_tenant;

pub use connect_service::CONNECT_SERVICE;
pub use disconnect_service::DISCONNECT_SERVICE;
pub use get_api_token::GET_API_TOKEN;
pub use get_role_assignment::GET_ROLE_ASSIGNMENT;
pub use get_session::GET_SESSION;
pub use get_tenant::GET_TENANT;
pub use new_api_token::NEW_API_TOKEN;
pub use new_role_assignment::NEW_ROLE_ASSIGNMENT;
pub use new_tenant::NEW_TENANT;
pub use remove_role_assignment::REMOVE_ROLE_ASSIGNMENT;
pub use revoke_api_token::REVOKE_API_TOKEN;
pub use set_session::SET_SESSION;
pub use set_tenant::SET_TENANT;

use usher::v1::WhoAmIResponse;
use usher_object::Value;

use crate::client::Way;
use crate::cmdlet::Host;
use crate::error::Result;
use crate::profiles::Profile;
use crate::types::{self, SessionInfo};

/// The session as the service knows it.
fn session_of(host: Host<'_>, caller: WhoAmIResponse) -> Value {
    let way = host.session.connection.way();
    types::SESSION.object(&SessionInfo {
        caller,
        server: way.place(),
        profile: way.profile.clone(),
        output: host.session.format.get().name(),
        read_only: host.session.read_only.get(),
        people_limit: host.session.people_limit.get(),
        write_limit: host.session.limits.writes,
    })
}

/// Goes the way of a profile, within its limits. They are tightened, and loosened by a person at the prompt only.
fn enter(host: Host<'_>, profile: &Profile, way: Way) -> Result<WhoAmIResponse> {
    let session = host.session;
    let caller = session.connection.change(way)?;
    session
        .read_only
        .set(session.read_only.get() || profile.read_only);
    if let Some(people) = profile.people
        && (session.at_prompt.get() || people < session.people_limit.get())
    {
        session.people_limit.set(people);
    }
    Ok(caller)
}
