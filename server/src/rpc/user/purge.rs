//! `PurgeUser`: a deleted user is forgotten for good

use usher::name::Collection;
use usher::v1::{PurgeUserRequest, PurgeUserResponse};
use usher_domain::command::Command;

use super::super::Api;
use super::super::change::Intent;
use super::super::status::Refusal;
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;

pub(super) async fn purge(
    api: &Api,
    caller: &Caller,
    request: PurgeUserRequest,
) -> Result<PurgeUserResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let intent = Intent::read("", said, &mut fields);
    fields.required_name("user", &request.user);
    fields.check()?;

    let command = Command::PurgeUser {
        user: Collection::Users.strip(request.user.trim()).to_owned(),
    };
    let outcome = api
        .change_or_refuse(caller, &intent, (Asked::Named, command))
        .await?;
    Ok(PurgeUserResponse {
        outcome: Some(api.told(&outcome, Asked::Named)),
    })
}
