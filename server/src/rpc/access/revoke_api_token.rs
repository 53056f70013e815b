//! `RevokeApiToken`

use usher::name::Collection;
use usher::v1::{RevokeApiTokenRequest, RevokeApiTokenResponse};
use usher_domain::command::Command;

use super::super::Api;
use super::super::change::{Intent, shown};
use super::super::status::Refusal;
use super::token_of;
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;

pub(super) async fn revoke(
    api: &Api,
    caller: &Caller,
    request: RevokeApiTokenRequest,
) -> Result<RevokeApiTokenResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let intent = Intent::read("", said, &mut fields);
    fields.required_name("api_token", &request.api_token);
    fields.check()?;

    let token = Collection::ApiTokens.strip(request.api_token.trim());
    let command = Command::RevokeToken {
        token: token.to_owned(),
    };
    let outcome = api
        .change_or_refuse(caller, &intent, (Asked::RevokedToken, command))
        .await?;
    Ok(RevokeApiTokenResponse {
        api_token: shown(token_of(api, &outcome).await),
        outcome: Some(api.told(&outcome, Asked::RevokedToken)),
    })
}
