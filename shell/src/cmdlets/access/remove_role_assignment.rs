//! Remove-RoleAssignment: takes roles from identities.

use tonic::Request;
use usher::v1::access_service_client::AccessServiceClient;
use usher::v1::{DeleteRoleAssignmentRequest, RoleAssignment};

use crate::cmdlet::{
    Call, ChangeOptions, Cmdlet, Effect, Example, FromPipeline, Host, Kind, Objects, Param, Single,
    Values,
};
use crate::cmdlets::would;
use crate::error::Result;
use crate::types::{ROLES, role_of};

/// Remove-RoleAssignment.
pub static REMOVE_ROLE_ASSIGNMENT: Cmdlet = Cmdlet {
    name: "Remove-RoleAssignment",
    synopsis: "Takes a role from an identity",
    description: "It counts from the next call on, with tokens that the identity has already too. The last Global \
        admin stays.",
    params: &[
        Param::new("Identity", Kind::Text, "Who")
            .at(0)
            .mandatory()
            .from(FromPipeline::Value(&["Identity"]))
            .values(Values::Users),
        Param::new("Role", Kind::Text, "Which")
            .at(1)
            .mandatory()
            .from(FromPipeline::Property(&["Role"]))
            .values(Values::OneOf(ROLES)),
    ],
    effect: Effect::Changes,
    output: &[],
    single: Single::Never,
    examples: &[
        Example {
            line: "Remove-RoleAssignment kim@contoso.com LicenseAdmin",
            says: "Kim assigns no licences any more.",
        },
        Example {
            line: "Get-RoleAssignment kim@contoso.com | Remove-RoleAssignment -Reason 'left the company'",
            says: "Takes every role from Kim.",
        },
    ],
    related: &[
        "Get-RoleAssignment",
        "New-RoleAssignment",
        "Revoke-ApiToken",
    ],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let options = ChangeOptions::of(&call);
    if call.input.is_none() {
        let identity = call.args.text("Identity").unwrap_or_default().to_owned();
        let role = call.args.text("Role").unwrap_or_default().to_owned();
        remove(
            call.host,
            &options,
            (identity, &role),
            options.request_id.clone(),
        )?;
        return Ok(Box::new(std::iter::empty()));
    }
    for (row, item) in call.take_input().enumerate() {
        let item = item?;
        let identity = call.text_for("Identity", &item)?;
        let role = call.text_for("Role", &item)?;
        let request_id = options.row_request_id(row, false);
        remove(call.host, &options, (identity, &role), request_id)?;
    }
    Ok(Box::new(std::iter::empty()))
}

fn remove(
    host: Host<'_>,
    options: &ChangeOptions,
    (identity, role): (String, &str),
    request_id: String,
) -> Result<()> {
    options.ask_once(host, &format!("take the role {role} from {identity}"))?;
    if options.what_if {
        let what = format!("{identity} would lose the role {role}");
        would(host, options, &what);
    } else {
        host.session.count_writes(1)?;
    }
    let request = DeleteRoleAssignmentRequest {
        role_assignment: Some(RoleAssignment {
            identity,
            role: role_of(role).into(),
        }),
        reason: options.reason.clone(),
        request_id,
        validate_only: options.what_if,
    };
    host.session.connection.call(|service| async move {
        let mut client = AccessServiceClient::new(service);
        client.delete_role_assignment(Request::new(request)).await?;
        Ok(())
    })
}
