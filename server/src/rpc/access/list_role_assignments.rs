//! `ListRoleAssignments`

use usher::v1::{ListRoleAssignmentsRequest, ListRoleAssignmentsResponse};
use usher_domain::NameKey;

use super::super::status::Refusal;
use super::super::{Api, paging};
use crate::convert::access::assignment_to_wire;
use crate::convert::fields::Fields;

pub(super) async fn list(
    api: &Api,
    request: ListRoleAssignmentsRequest,
) -> Result<ListRoleAssignmentsResponse, Refusal> {
    let mut fields = Fields::default();
    let page = fields.page(request.page_size, request.page_token);
    fields.name("identity", &request.identity);
    let time = fields.instant("read_time", request.read_time);
    fields.check()?;

    let read = api.read_page(time, &page).await?;
    let organisation = read.organisation().await?;
    let of = NameKey::new(&request.identity);
    let roles = organisation
        .roles
        .iter()
        .filter(|(identity, _)| of.is_empty() || *identity == of.as_str());
    let asked = of.as_str();
    let page = paging::page_of(
        ("role assignments", &asked),
        read.place(),
        &page,
        roles,
        |(identity, role)| vec![(*identity).to_owned(), format!("{role:?}")],
    )?;
    Ok(ListRoleAssignmentsResponse {
        role_assignments: page
            .items
            .into_iter()
            .map(|(identity, role)| assignment_to_wire(identity, role))
            .collect(),
        next_page_token: page.next,
    })
}
