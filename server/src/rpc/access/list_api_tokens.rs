//! `ListApiTokens`

use usher::v1::{ListApiTokensRequest, ListApiTokensResponse};
use usher_domain::NameKey;

use super::super::status::Refusal;
use super::super::{Api, paging};
use crate::convert::access::token_to_wire;
use crate::convert::fields::Fields;

pub(super) async fn list(
    api: &Api,
    request: ListApiTokensRequest,
) -> Result<ListApiTokensResponse, Refusal> {
    let mut fields = Fields::default();
    let page = fields.page(request.page_size, request.page_token);
    fields.name("identity", &request.identity);
    let time = fields.instant("read_time", request.read_time);
    fields.check()?;

    let read = api.read_page(time, &page).await?;
    let of = NameKey::new(&request.identity);
    let mut tokens = read.tokens(time).await?;
    tokens.retain(|token| of.is_empty() || token.identity == of.as_str());
    let asked = (of.as_str(), time);
    let page = paging::page_of(
        ("api tokens", &asked),
        read.place(),
        &page,
        tokens,
        |token| vec![token.id.to_string()],
    )?;
    Ok(ListApiTokensResponse {
        api_tokens: page.items.iter().map(token_to_wire).collect(),
        next_page_token: page.next,
    })
}
