//! Get-RoleAssignment: who holds which role.

use tonic::Request;
use usher::MAX_PAGE_SIZE;
use usher::v1::ListRoleAssignmentsRequest;
use usher::v1::access_service_client::AccessServiceClient;

use crate::cmdlet::{Call, Cmdlet, Effect, Example, Kind, Objects, Param, Single, Values};
use crate::cmdlets::AS_OF;
use crate::error::Result;
use crate::types::{self, timestamp};

/// Get-RoleAssignment.
pub static GET_ROLE_ASSIGNMENT: Cmdlet = Cmdlet {
    name: "Get-RoleAssignment",
    synopsis: "Lists who holds which role",
    description: "Whoever runs the service in this process is its Global admin without being listed.",
    params: &[
        Param::new("Identity", Kind::Text, "Only roles of this identity")
            .at(0)
            .values(Values::Users),
        AS_OF,
    ],
    effect: Effect::None,
    output: &["RoleAssignment"],
    single: Single::Never,
    examples: &[
        Example {
            line: "Get-RoleAssignment",
            says: "All admins and readers.",
        },
        Example {
            line: "Get-RoleAssignment kim@contoso.com",
            says: "What one identity may do.",
        },
    ],
    related: &["New-RoleAssignment", "Remove-RoleAssignment", "Get-Session"],
    run,
};

fn run(call: Call<'_>) -> Result<Objects<'_>> {
    let identity = call.args.text("Identity").unwrap_or_default().to_owned();
    let read_time = call.args.date("AsOf").map(timestamp);
    let pages = call
        .host
        .session
        .connection
        .pages(move |service, page_token| {
            let request = ListRoleAssignmentsRequest {
                page_size: MAX_PAGE_SIZE,
                page_token,
                identity: identity.clone(),
                read_time,
            };
            async move {
                let mut client = AccessServiceClient::new(service)
                    .max_decoding_message_size(usher::MAX_MESSAGE_BYTES);
                let page = client
                    .list_role_assignments(Request::new(request))
                    .await?
                    .into_inner();
                Ok((page.role_assignments, page.next_page_token))
            }
        });
    Ok(Box::new(
        pages.map(|one| Ok(types::ROLE_ASSIGNMENT.object(&one?))),
    ))
}
