//! `CreateUser`, with licences in the same transaction (R47)

use usher::v1::{CreateUserRequest, CreateUserResponse, OutcomeResult, User};
use usher_domain::command::{Command, NewUser};
use usher_domain::ids::UserId;
use uuid::Uuid;

use super::super::change::Intent;
use super::super::status::Refusal;
use super::super::{Api, names};
use super::one_with_licenses;
use crate::authn::Caller;
use crate::convert::fields::Fields;
use crate::convert::license_change::{self, Whose};
use crate::convert::user_fields;

pub(super) async fn create(
    api: &Api,
    caller: &Caller,
    request: CreateUserRequest,
) -> Result<CreateUserResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let intent = Intent::read("", said, &mut fields);
    let user = fields.required("user", request.user).unwrap_or_default();
    let licenses = request
        .license_change
        .map(|change| license_change::from_wire(change, "license_change", Whose::Given, &mut fields));
    let new = NewUser {
        id: wished_id(&user, &mut fields),
        fields: user_fields::whole(&user, &mut fields),
        licenses,
    };
    fields.check()?;

    let asked_licenses = new.licenses.is_some();
    let outcome = api.change_or_refuse(caller, &intent, Command::CreateUser(Box::new(new))).await?;
    let mut told = api.told(&outcome);
    if !told.causes.is_empty() {
        told.set_result(OutcomeResult::Failed);
    }
    let user = if intent.validate_only {
        User { id: String::new(), ..user }
    } else {
        let read = api.read(None).await?;
        let created = names::user(&read, "user", &told.subject_id).await?;
        one_with_licenses(&read, created).await?
    };
    Ok(CreateUserResponse { user: Some(user), license_outcome: asked_licenses.then_some(told) })
}

fn wished_id(user: &User, fields: &mut Fields) -> Option<UserId> {
    if user.id.is_empty() {
        return None;
    }
    let id = Uuid::try_parse(&user.id).ok().filter(|id| !id.is_nil());
    if id.is_none() {
        fields.fault("user.id", format!("\"{}\" is not a UUID.", user.id));
    }
    id.map(UserId)
}
