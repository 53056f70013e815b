//! `WhoAmI`

use usher::v1::WhoAmIResponse;

use super::super::Api;
use super::super::status::Refusal;
use crate::authn::Caller;
use crate::convert::access::{role_to_wire, token_to_wire};

pub(super) async fn tell(api: &Api, caller: &Caller) -> Result<WhoAmIResponse, Refusal> {
    let organisation = api.read(None).await?.organisation().await?;
    let roles = caller.actor.roles.iter();
    Ok(WhoAmIResponse {
        identity: caller.actor.identity.to_string(),
        roles: roles.map(|role| role_to_wire(*role).into()).collect(),
        tenant_id: caller.tenant.to_string(),
        tenant_display_name: organisation.name.clone(),
        token: caller.token.as_deref().map(token_to_wire),
        requests_per_second: number(caller.pass.requests_per_second()),
        max_message_bytes: number(usher::MAX_MESSAGE_BYTES),
        max_page_size: usher::MAX_PAGE_SIZE,
        server_version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

fn number(limit: impl TryInto<i32>) -> i32 {
    limit.try_into().unwrap_or(i32::MAX)
}
