//! `ListLicensePools`: the Licenses page

use usher::v1::{ListLicensePoolsRequest, ListLicensePoolsResponse};

use super::super::status::Refusal;
use super::super::{Api, names, paging};
use crate::convert::fields::Fields;
use crate::convert::license;

pub(super) async fn list(
    api: &Api,
    request: ListLicensePoolsRequest,
) -> Result<ListLicensePoolsResponse, Refusal> {
    let mut fields = Fields::default();
    let page = fields.page(request.page_size, request.page_token);
    fields.name("product", &request.product);
    let time = fields.instant("read_time", request.read_time);
    fields.check()?;

    let read = api.read_page(time, &page).await?;
    let catalogue = read.catalogue().await?;
    let product = match request.product.trim() {
        "" => None,
        name => Some(names::product(&catalogue, "product", name)?),
    };
    let pools = read.pools().await?;
    let wanted = pools.into_iter().filter(|(id, _)| product.is_none_or(|product| *id == product));
    let asked = ("pools", &product);
    let found = paging::page_of(asked, read.revision(), &page, wanted, |(id, _)| {
        vec![catalogue.product_name(*id), id.to_string()]
    })?;
    Ok(ListLicensePoolsResponse {
        license_pools: found
            .items
            .into_iter()
            .map(|(id, pool)| license::pool(id, pool, &catalogue))
            .collect(),
        next_page_token: found.next,
    })
}
