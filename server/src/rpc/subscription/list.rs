//! `ListSubscriptions`

use usher::v1::{ListSubscriptionsRequest, ListSubscriptionsResponse, SubscriptionStatus};
use usher_domain::ids::{Instant, ProductId};
use usher_domain::subscription::{Subscription, TransitionKind};

use super::super::status::Refusal;
use super::super::{Api, names, paging};
use super::purchasers;
use crate::convert::fields::Fields;
use crate::convert::subscription;

/// Days ahead that can be asked for.
const MOST_DAYS: i32 = 3_650;

/// Which purchases are wanted.
struct Wanted {
    product: Option<ProductId>,
    statuses: Vec<SubscriptionStatus>,
    self_service: Option<bool>,
    /// What goes on to a worse status before then.
    expiring_before: Option<Instant>,
}

pub(super) async fn list(
    api: &Api,
    request: ListSubscriptionsRequest,
) -> Result<ListSubscriptionsResponse, Refusal> {
    let mut fields = Fields::default();
    let page = fields.page(request.page_size, request.page_token);
    fields.name("product", &request.product);
    let time = fields.instant("read_time", request.read_time);
    let before = fields.instant("expiring_before", request.expiring_before);
    let within = within(request.expiring_within_days, &mut fields);
    let statuses = statuses(&request.statuses, &mut fields);
    fields.check()?;

    let read = api.read_page(time, &page).await?;
    let catalogue = read.catalogue().await?;
    let product = match request.product.trim() {
        "" => None,
        name => Some(names::product(&catalogue, "product", name)?),
    };
    let asked = (product, &statuses, request.self_service, before, within);
    let from = time.unwrap_or_else(|| api.env.clock.now());
    let within = within.map(|days| from.plus_days(days.into()));
    let wanted = Wanted {
        product,
        statuses: statuses.clone(),
        self_service: request.self_service,
        expiring_before: before.into_iter().chain(within).min(),
    };
    let all = read.subscriptions().await?;
    let found = paging::page_of(
        ("subscriptions", &asked),
        read.place(),
        &page,
        all.iter().filter(|one| wanted.has(one)),
        |one| vec![one.id.to_string()],
    )?;
    let purchasers = purchasers(&read, found.items.iter().copied()).await?;
    Ok(ListSubscriptionsResponse {
        subscriptions: found
            .items
            .into_iter()
            .map(|one| subscription::to_wire(one, &catalogue, &purchasers))
            .collect(),
        next_page_token: found.next,
    })
}

impl Wanted {
    fn has(&self, one: &Subscription) -> bool {
        self.product.is_none_or(|product| one.product == product)
            && self
                .self_service
                .is_none_or(|wanted| one.is_self_service() == wanted)
            && self.has_status(one)
            && self.expiring_before.is_none_or(|end| {
                one.next_transition()
                    .is_some_and(|next| next.kind != TransitionKind::Renew && next.at < end)
            })
    }

    fn has_status(&self, one: &Subscription) -> bool {
        if self.statuses.is_empty() {
            return !one.is_deleted();
        }
        self.statuses.contains(&subscription::status(one.status))
    }
}

fn within(days: Option<i32>, fields: &mut Fields) -> Option<i32> {
    if let Some(wrong) = days.filter(|days| !(0..=MOST_DAYS).contains(days)) {
        fields.fault(
            "expiring_within_days",
            format!("{wrong} days are not between 0 and {MOST_DAYS}."),
        );
    }
    days
}

fn statuses(statuses: &[i32], fields: &mut Fields) -> Vec<SubscriptionStatus> {
    let known = |status: &i32| {
        SubscriptionStatus::try_from(*status)
            .ok()
            .filter(|status| *status != SubscriptionStatus::Unspecified)
    };
    let found: Vec<_> = statuses.iter().filter_map(known).collect();
    if found.len() < statuses.len() {
        fields.fault("statuses", "One of the statuses is not known.");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{World, fields_in, refused};
    use super::*;
    use crate::env::Clock;

    #[tokio::test]
    async fn subscriptions_come_in_the_order_of_purchase() {
        let world = World::new().await;
        for (product, quantity) in [("SPE_E5", 1), ("SPE_E3", 2), ("SPE_E5", 3)] {
            world.tick();
            world.buy(product, quantity).await;
        }
        for (product, expected) in [("", vec![1, 2, 3]), ("SPE_E5", vec![1, 3])] {
            let request = ListSubscriptionsRequest {
                product: product.into(),
                ..ListSubscriptionsRequest::default()
            };
            let page = world
                .subscriptions()
                .list_subscriptions(request)
                .await
                .unwrap()
                .into_inner();
            let quantities: Vec<_> = page.subscriptions.iter().map(|one| one.quantity).collect();
            assert_eq!(quantities, expected);
        }
    }

    async fn listed(world: &World, request: ListSubscriptionsRequest) -> Vec<i64> {
        let answer = world.subscriptions().list_subscriptions(request).await;
        let page = answer.unwrap().into_inner();
        page.subscriptions.iter().map(|one| one.quantity).collect()
    }

    fn in_status(status: SubscriptionStatus) -> ListSubscriptionsRequest {
        ListSubscriptionsRequest {
            statuses: vec![status.into()],
            ..ListSubscriptionsRequest::default()
        }
    }

    #[tokio::test]
    async fn what_ends_soon_is_found_and_what_renews_is_not() {
        let world = World::new().await;
        for (quantity, billing) in [(1, true), (2, false)] {
            let monthly = usher::v1::Subscription {
                product: "SPE_E3".into(),
                quantity,
                term_months: 1,
                recurring_billing: Some(billing),
                ..usher::v1::Subscription::default()
            };
            world.bought(monthly).await.unwrap();
            world.tick();
        }
        world.buy("SPE_E5", 3).await;
        let within = |days| ListSubscriptionsRequest {
            expiring_within_days: Some(days),
            ..ListSubscriptionsRequest::default()
        };
        assert_eq!(listed(&world, within(30)).await, [2]);
        assert_eq!(listed(&world, within(20)).await, [] as [i64; 0]);
        let end = world.clock.now().plus_days(30);
        let before = ListSubscriptionsRequest {
            expiring_before: Some(crate::convert::time::to_wire(end)),
            ..ListSubscriptionsRequest::default()
        };
        assert_eq!(listed(&world, before).await, [2]);

        world.days(35).await;
        assert_eq!(
            listed(&world, in_status(SubscriptionStatus::Expired)).await,
            [2]
        );
        assert_eq!(
            listed(&world, in_status(SubscriptionStatus::Active)).await,
            [1, 3]
        );
        let pool = world.pool("SPE_E3").await;
        assert_eq!((pool.enabled, pool.warning, pool.total), (1, 2, 3));
        let lapse = pool.next_lapse.unwrap();
        assert_eq!(
            (lapse.status(), lapse.quantity),
            (SubscriptionStatus::Disabled, 2)
        );
        world.days(200).await;
        let all = ListSubscriptionsRequest::default();
        assert_eq!(listed(&world, all).await, [1, 3]);
        assert_eq!(
            listed(&world, in_status(SubscriptionStatus::Deleted)).await,
            [2]
        );
    }

    #[tokio::test]
    async fn what_users_bought_is_told_apart() {
        let world = World::new().await;
        world.user("a@contoso.com").await;
        world.buy("SPE_E3", 5).await;
        world.tick();
        world.bought_by("a@contoso.com", "SPE_E3").await;
        for (wanted, expected) in [(None, &[5, 1][..]), (Some(true), &[1]), (Some(false), &[5])] {
            let request = ListSubscriptionsRequest {
                self_service: wanted,
                ..ListSubscriptionsRequest::default()
            };
            assert_eq!(listed(&world, request).await, expected, "{wanted:?}");
        }
    }

    #[tokio::test]
    async fn filters_that_make_no_sense_are_named() {
        let world = World::new().await;
        let wrong = ListSubscriptionsRequest {
            statuses: vec![0],
            expiring_within_days: Some(-1),
            ..ListSubscriptionsRequest::default()
        };
        let status = world.subscriptions().list_subscriptions(wrong).await;
        let status = refused(status, tonic::Code::InvalidArgument, "INVALID_ARGUMENT");
        assert_eq!(fields_in(&status), ["expiring_within_days", "statuses"]);
    }
}
