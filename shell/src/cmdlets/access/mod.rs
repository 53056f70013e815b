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
pub use set_tenant::SET_TENANT;

use usher::v1::WhoAmIResponse;
use usher_object::Value;

use crate::client::{Target, Way};
use crate::cmdlet::Host;
use crate::types::{self, SessionInfo};

/// The session as the service knows it.
fn session_of(host: Host<'_>, caller: WhoAmIResponse) -> Value {
    types::SESSION.object(&SessionInfo {
        caller,
        server: place(&host.session.connection.way()),
        read_only: host.session.read_only.get(),
        people_limit: host.session.limits.people,
        write_limit: host.session.limits.writes,
    })
}

fn place(way: &Way) -> String {
    match &way.target {
        Target::Server(address) => address.clone(),
        Target::Folder(folder) => folder.display().to_string(),
        Target::Memory => ":memory:".to_owned(),
    }
}
