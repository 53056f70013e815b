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
    let wanted = pools
        .into_iter()
        .filter(|(id, _)| product.is_none_or(|product| *id == product));
    let asked = ("pools", &product);
    let found = paging::page_of(asked, read.place(), &page, wanted, |(id, _)| {
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

#[cfg(test)]
mod tests {
    use tonic::Code;

    use super::super::super::testing::{World, refused};
    use super::*;
    use crate::convert::time;
    use crate::env::Clock;

    #[tokio::test]
    async fn seats_add_up_over_subscriptions_and_people() {
        let world = World::new().await;
        world.user("a@contoso.com").await;
        world.buy("SPE_E3", 5).await;
        world.buy("SPE_E3", 8).await;
        world.tick();
        let before = world.clock.now();
        world.tick();
        world.assign("a@contoso.com", "SPE_E3").await.unwrap();
        let request = ListLicensePoolsRequest::default();
        let pools = world
            .licenses()
            .list_license_pools(request)
            .await
            .unwrap()
            .into_inner();
        assert_eq!(pools.license_pools.len(), 1);
        let pool = &pools.license_pools[0];
        assert_eq!(
            (pool.part_number.as_str(), pool.display_name.as_str()),
            ("SPE_E3", "Microsoft 365 E3")
        );
        assert_eq!(
            (pool.enabled, pool.total, pool.consumed, pool.available),
            (13, 13, 1, 12)
        );

        let past = ListLicensePoolsRequest {
            read_time: Some(time::to_wire(before)),
            ..ListLicensePoolsRequest::default()
        };
        let pools = world
            .licenses()
            .list_license_pools(past)
            .await
            .unwrap()
            .into_inner();
        assert_eq!(
            (
                pools.license_pools[0].total,
                pools.license_pools[0].consumed
            ),
            (13, 0)
        );
    }

    #[tokio::test]
    async fn an_unknown_product_is_refused() {
        let world = World::new().await;
        let request = ListLicensePoolsRequest {
            product: "NOPE".into(),
            ..ListLicensePoolsRequest::default()
        };
        let answer = world.licenses().list_license_pools(request).await;
        refused(answer, Code::NotFound, "PRODUCT_NOT_FOUND");
    }
}
