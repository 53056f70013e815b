//! `DeleteRoleAssignment`

use usher::v1::{DeleteRoleAssignmentRequest, DeleteRoleAssignmentResponse};
use usher_domain::access::Role;
use usher_domain::command::Command;

use super::super::Api;
use super::super::change::Intent;
use super::super::status::Refusal;
use crate::authn::Caller;
use crate::convert::access;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;

pub(super) async fn delete(
    api: &Api,
    caller: &Caller,
    request: DeleteRoleAssignmentRequest,
) -> Result<DeleteRoleAssignmentResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let intent = Intent::read("", said, &mut fields);
    let asked = fields
        .required("role_assignment", request.role_assignment)
        .unwrap_or_default();
    fields.required_name("role_assignment.identity", &asked.identity);
    let role = access::role("role_assignment.role", asked.role, &mut fields);
    fields.check()?;

    let command = Command::RemoveRole {
        identity: asked.identity,
        role: role.unwrap_or(Role::GlobalReader),
    };
    let asked = Asked::RoleAssignment;
    let outcome = api
        .change_or_refuse(caller, &intent, (asked, command))
        .await?;
    Ok(DeleteRoleAssignmentResponse {
        outcome: Some(api.told(&outcome, asked)),
    })
}
