//! New-RoleAssignment: gives an identity a role.

use tonic::Request;
use usher::v1::access_service_client::AccessServiceClient;
use usher::v1::{CreateRoleAssignmentRequest, RoleAssignment};

use crate::cmdlet::{
    Call, ChangeOptions, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values,
};
use crate::cmdlets::would;
use crate::error::Result;
use crate::types::{self, ROLES, role_of};

/// New-RoleAssignment.
pub static NEW_ROLE_ASSIGNMENT: Cmdlet = Cmdlet {
    name: "New-RoleAssignment",
    synopsis: "Gives an identity a role",
    description: "It counts from the next call on. An identity of another organisation, a partner's, is \
        tenants/ID/identities/NAME, with the id of its own organisation.",
    params: &[
        Param::new("Identity", Kind::Text, "Who, such as a user principal name")
            .at(0)
            .mandatory()
            .values(Values::Users),
        Param::new("Role", Kind::Text, "Which")
            .at(1)
            .mandatory()
            .values(Values::OneOf(ROLES)),
    ],
    effect: Effect::Changes,
    output: &["RoleAssignment"],
    single: Single::Always,
    examples: &[
        Example {
            line: "New-RoleAssignment kim@contoso.com LicenseAdmin -Reason CHG-1042",
            says: "Kim may assign licences, with the ticket in the record.",
        },
        Example {
            line: "New-RoleAssignment kim@contoso.com GlobalReader -WhatIf",
            says: "Asks whether it could be done.",
        },
    ],
    related: &[
        "Get-RoleAssignment",
        "Remove-RoleAssignment",
        "New-ApiToken",
    ],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let options = ChangeOptions::of(&call);
    let identity = call.args.text("Identity").unwrap_or_default().to_owned();
    let role = call.args.text("Role").unwrap_or_default().to_owned();
    options.ask_once(call.host, &format!("give {identity} the role {role}"))?;
    if options.what_if {
        let what = format!("{identity} would get the role {role}");
        would(call.host, &options, &what);
    } else {
        call.host.session.count_writes(1)?;
    }
    let asked = RoleAssignment {
        identity,
        role: role_of(&role).into(),
    };
    let request = CreateRoleAssignmentRequest {
        role_assignment: Some(asked.clone()),
        reason: options.reason.clone(),
        request_id: options.request_id.clone(),
        validate_only: options.what_if,
    };
    let answer = call.host.session.connection.call(|service| async move {
        let mut client = AccessServiceClient::new(service);
        Ok(client
            .create_role_assignment(Request::new(request))
            .await?
            .into_inner())
    })?;
    let given = answer.role_assignment.unwrap_or(asked);
    let shown = types::ROLE_ASSIGNMENT.object(&given);
    Ok(Box::new(std::iter::once(Ok(shown))))
}
