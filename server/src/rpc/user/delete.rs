//! `DeleteUser`: seats are free at once, the account can be restored (R48)

use usher::name::Collection;
use usher::v1::{DeleteUserRequest, DeleteUserResponse};
use usher_domain::command::Command;

use super::super::Api;
use super::super::change::{Intent, shown};
use super::super::status::Refusal;
use super::left_by;
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;

pub(super) async fn delete(
    api: &Api,
    caller: &Caller,
    request: DeleteUserRequest,
) -> Result<DeleteUserResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let intent = Intent::read("", said, &mut fields);
    fields.required_name("user", &request.user);
    fields.check()?;

    let command = Command::DeleteUser {
        user: Collection::Users.strip(request.user.trim()).to_owned(),
        expect: Some(request.etag).filter(|etag| !etag.is_empty()),
    };
    let outcome = api
        .change_or_refuse(caller, &intent, (Asked::Named, command))
        .await?;
    let told = api.told(&outcome, Asked::Named);
    Ok(DeleteUserResponse {
        user: shown(left_by(api, &outcome, intent.validate_only).await).flatten(),
        outcome: Some(told),
    })
}
