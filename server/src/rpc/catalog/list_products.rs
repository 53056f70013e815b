//! `ListProducts`

use usher::v1::{ListProductsRequest, ListProductsResponse};
use usher_domain::NameKey;

use super::super::status::Refusal;
use super::super::{Api, paging};
use super::found_in;
use crate::convert::fields::Fields;
use crate::convert::product;

pub(super) async fn list(
    api: &Api,
    request: ListProductsRequest,
) -> Result<ListProductsResponse, Refusal> {
    let mut fields = Fields::default();
    let page = fields.page(request.page_size, request.page_token);
    fields.name("search", &request.search);
    let time = fields.instant("read_time", request.read_time);
    fields.check()?;

    let read = api.read_page(time, &page).await?;
    let catalogue = read.catalogue().await?;
    let search = NameKey::new(&request.search);
    let wanted = catalogue.products().filter(|product| {
        found_in(&search, [&product.part_number, &product.name].into_iter().chain(&product.aliases))
    });
    let asked = ("products", &search);
    let found = paging::page_of(asked, read.revision(), &page, wanted, |product| {
        vec![product.part_number.clone(), product.id.to_string()]
    })?;
    Ok(ListProductsResponse {
        products: found.items.into_iter().map(|found| product::product(found, &catalogue)).collect(),
        next_page_token: found.next,
    })
}
