//! `ReactivateSubscription`: what lapsed or was cancelled comes back

use usher::v1::{ReactivateSubscriptionRequest, ReactivateSubscriptionResponse};
use usher_domain::command::Command;

use super::super::Api;
use super::super::status::Refusal;
use super::changed;
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;

pub(super) async fn reactivate(
    api: &Api,
    caller: &Caller,
    request: ReactivateSubscriptionRequest,
) -> Result<ReactivateSubscriptionResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let (subscription, intent) = changed::read(&request.subscription, said, &mut fields);
    fields.check()?;

    let command = Command::ReactivateSubscription {
        subscription,
        quantity: request.quantity,
        months: request.term_months.map(i64::from),
    };
    let asked = Asked::OfSubscription;
    let changed = changed::change(api, caller, &intent, (asked, command)).await?;
    let (pool_before, pool_after) = changed.pools.unzip();
    Ok(ReactivateSubscriptionResponse {
        subscription: changed.subscription,
        outcome: Some(changed.outcome),
        pool_before,
        pool_after,
    })
}

#[cfg(test)]
mod tests {
    use tonic::{Code, Status};
    use usher::v1::{CancelSubscriptionRequest, Subscription, SubscriptionStatus};

    use super::super::super::testing::{World, refused};
    use super::*;

    async fn reactivate(
        world: &World,
        name: &str,
        quantity: Option<i64>,
    ) -> Result<ReactivateSubscriptionResponse, Status> {
        let request = ReactivateSubscriptionRequest {
            subscription: name.into(),
            quantity,
            ..ReactivateSubscriptionRequest::default()
        };
        let mut client = world.subscriptions();
        Ok(client.reactivate_subscription(request).await?.into_inner())
    }

    #[tokio::test]
    async fn what_was_cancelled_comes_back_in_a_term_of_its_own() {
        let world = World::new().await;
        let bought = world.buy("SPE_E3", 5).await;
        let cancel = CancelSubscriptionRequest {
            subscription: bought.id.clone(),
            ..CancelSubscriptionRequest::default()
        };
        let mut client = world.subscriptions();
        client.cancel_subscription(cancel).await.unwrap();
        world.buy("SPE_E3", 1).await;
        world.days(20).await;
        // One of two subscriptions can come back: the product is name enough.
        let back = reactivate(&world, "SPE_E3", Some(6)).await.unwrap();
        let back = back.subscription.unwrap();
        assert_eq!((back.id.as_str(), back.quantity), (bought.id.as_str(), 6));
        assert_eq!(back.status(), SubscriptionStatus::Active);
        assert_eq!(back.cancel_time, None);
        let days = back.end_time.unwrap().seconds - bought.end_time.unwrap().seconds;
        assert_eq!(days, 20 * 86_400);
        assert_eq!(world.pool("SPE_E3").await.total, 7);
    }

    #[tokio::test]
    async fn what_is_deleted_does_not_come_back() {
        let world = World::new().await;
        let short = Subscription {
            product: "SPE_E3".into(),
            quantity: 5,
            term_months: 1,
            recurring_billing: Some(false),
            grace_days: Some(0),
            disabled_days: Some(10),
            ..Subscription::default()
        };
        let bought = world.bought(short).await.unwrap().subscription.unwrap();
        world.days(32).await;
        let lapsed = world.subscription(&bought.id).await;
        assert_eq!(lapsed.status(), SubscriptionStatus::Disabled);
        world.days(11).await;
        let status = reactivate(&world, &bought.id, None).await;
        refused(status, Code::FailedPrecondition, "SUBSCRIPTION_ENDED");
    }
}
