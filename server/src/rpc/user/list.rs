//! `ListUsers`

use usher::v1::{ListUsersRequest, ListUsersResponse};

use super::super::Api;
use super::super::status::Refusal;
use super::with_licenses;
use crate::convert::fields::Fields;
use crate::filter;
use crate::storage::UserFilter;

pub(super) async fn list(
    api: &Api,
    request: ListUsersRequest,
) -> Result<ListUsersResponse, Refusal> {
    let mut fields = Fields::default();
    let page = fields.page(request.page_size, request.page_token);
    let time = fields.instant("read_time", request.read_time);
    fields.check()?;

    let read = api.read_page(time, &page).await?;
    let mut wanted = UserFilter::default();
    if !request.filter.trim().is_empty() {
        let catalogue = read.catalogue().await?;
        wanted.condition = Some(filter::parse(&request.filter, &*catalogue)?);
    }
    let found = read.list_users(&wanted, &page).await?;
    Ok(ListUsersResponse {
        users: with_licenses(&read, found.items).await?,
        next_page_token: found.next,
    })
}
