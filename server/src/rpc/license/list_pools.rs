//! `ListLicensePools`: the Licenses page

use std::collections::{BTreeMap, HashSet};

use usher::v1::{ListLicensePoolsRequest, ListLicensePoolsResponse};
use usher_domain::ids::{ProductId, UserId};
use usher_domain::subscription::Subscription;

use super::super::status::Refusal;
use super::super::{Api, names, paging};
use crate::convert::fields::Fields;
use crate::convert::pool::{self, Beside};
use crate::storage::ReadTx;

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
    let now = time.unwrap_or_else(|| api.env.clock.now());
    let catalogue = read.catalogue().await?;
    let product = match request.product.trim() {
        "" => None,
        name => Some(names::product(&catalogue, "product", name)?),
    };
    let subscriptions = read.subscriptions().await?;
    let beside = beside(&read, &subscriptions).await?;
    let mut pools = read.pools().await?;
    // What people bought for themselves is shown where the organisation has no seat, too.
    for product in beside.keys() {
        pools.entry(*product).or_default();
    }
    let wanted = pools
        .into_iter()
        .filter(|(id, _)| product.is_none_or(|product| *id == product));
    let asked = ("pools", &product);
    let found = paging::page_of(asked, read.place(), &page, wanted, |(id, _)| {
        vec![catalogue.product_name(*id), id.to_string()]
    })?;
    let none = Beside::default();
    Ok(ListLicensePoolsResponse {
        license_pools: found
            .items
            .into_iter()
            .map(|(id, figures)| {
                let beside = beside.get(&id).unwrap_or(&none);
                pool::line((id, figures), beside, &catalogue, now)
            })
            .collect(),
        next_page_token: found.next,
    })
}

/// What is said of each product beside its figures.
async fn beside<'s>(
    read: &ReadTx,
    subscriptions: &'s [Subscription],
) -> Result<BTreeMap<ProductId, Beside<'s>>, Refusal> {
    let mut beside: BTreeMap<ProductId, Beside<'s>> = BTreeMap::new();
    for one in subscriptions.iter().filter(|one| !one.is_deleted()) {
        let of_product = beside.entry(one.product).or_default();
        of_product.subscriptions.push(one);
    }
    for (product, since) in read.over_allocations().await? {
        beside.entry(product).or_default().over_since = Some(since);
    }
    for (product, people) in read.waiting_by_product().await? {
        beside.entry(product).or_default().waiting = people;
    }
    for (_, product) in own_holders(read, subscriptions).await? {
        let consumed = &mut beside.entry(product).or_default().self_service_consumed;
        *consumed = consumed.saturating_add(1);
    }
    Ok(beside)
}

/// Who has a product by a purchase of their own.
async fn own_holders(
    read: &ReadTx,
    subscriptions: &[Subscription],
) -> Result<HashSet<(UserId, ProductId)>, Refusal> {
    let purchasers: HashSet<UserId> = subscriptions
        .iter()
        .filter_map(|one| one.purchaser)
        .collect();
    if purchasers.is_empty() {
        return Ok(HashSet::new());
    }
    let paths = read.assignments_of(purchasers).await?;
    let own = paths
        .into_iter()
        .filter(|path| path.self_service && path.is_active());
    Ok(own.map(|path| (path.user, path.product)).collect())
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use usher::v1::{LicenseChange, Subscription, SubscriptionStatus};

    use super::super::super::testing::{World, add, refused};
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

    #[tokio::test]
    async fn who_waits_and_what_comes_next_stand_beside_the_figures() {
        let world = World::new().await;
        let monthly = Subscription {
            product: "SPE_E3".into(),
            quantity: 1,
            term_months: 1,
            ..Subscription::default()
        };
        let bought = world.bought(monthly).await.unwrap().subscription.unwrap();
        for upn in ["a@contoso.com", "b@contoso.com"] {
            world.user(upn).await;
            let change = LicenseChange {
                wait_for_seat: true,
                ..add(upn, "SPE_E3")
            };
            world.modify(change).await.unwrap();
        }
        let pool = world.pool("SPE_E3").await;
        assert_eq!((pool.consumed, pool.waiting), (1, 1));
        assert_eq!((pool.subscriptions, pool.next_lapse), (1, None));

        world
            .bought(Subscription {
                product: "SPE_E3".into(),
                quantity: 4,
                recurring_billing: Some(false),
                ..Subscription::default()
            })
            .await
            .unwrap();
        let pool = world.pool("SPE_E3").await;
        assert_eq!((pool.consumed, pool.waiting, pool.subscriptions), (2, 0, 2));
        let lapse = pool.next_lapse.unwrap();
        assert_eq!(
            (lapse.status(), lapse.quantity),
            (SubscriptionStatus::Expired, 4)
        );
        assert_ne!(lapse.subscription_id, bought.id);
    }
}
