//! `RenewSubscription`: the next term

use usher::v1::{RenewSubscriptionRequest, RenewSubscriptionResponse};
use usher_domain::command::Command;

use super::super::Api;
use super::super::status::Refusal;
use super::changed;
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;

pub(super) async fn renew(
    api: &Api,
    caller: &Caller,
    request: RenewSubscriptionRequest,
) -> Result<RenewSubscriptionResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let (subscription, intent) = changed::read(&request.subscription, said, &mut fields);
    fields.check()?;

    let command = Command::RenewSubscription {
        subscription,
        quantity: request.quantity,
        months: request.term_months.map(i64::from),
    };
    let asked = Asked::OfSubscription;
    let changed = changed::change(api, caller, &intent, (asked, command)).await?;
    let (pool_before, pool_after) = changed.pools.unzip();
    Ok(RenewSubscriptionResponse {
        subscription: changed.subscription,
        outcome: Some(changed.outcome),
        pool_before,
        pool_after,
    })
}

#[cfg(test)]
mod tests {
    use tonic::{Code, Status};
    use usher::v1::{Subscription, SubscriptionStatus, UpdateSubscriptionRequest};

    use super::super::super::testing::{World, fields_in, refused};
    use super::*;

    async fn renew(
        world: &World,
        request: RenewSubscriptionRequest,
    ) -> Result<RenewSubscriptionResponse, Status> {
        let answer = world.subscriptions().renew_subscription(request).await?;
        Ok(answer.into_inner())
    }

    fn of(subscription: &str) -> RenewSubscriptionRequest {
        RenewSubscriptionRequest {
            subscription: subscription.into(),
            ..RenewSubscriptionRequest::default()
        }
    }

    #[tokio::test]
    async fn a_trial_that_is_renewed_was_bought() {
        let world = World::new().await;
        let trial = Subscription {
            product: "SPE_E3".into(),
            quantity: 5,
            trial: true,
            term_months: 1,
            ..Subscription::default()
        };
        let trial = world.bought(trial).await.unwrap().subscription.unwrap();
        assert_eq!(trial.next_status(), SubscriptionStatus::Expired);
        let longer = RenewSubscriptionRequest {
            term_months: Some(12),
            quantity: Some(7),
            ..of("SPE_E3")
        };
        let bought = renew(&world, longer).await.unwrap().subscription.unwrap();
        assert!(!bought.trial);
        assert_eq!((bought.quantity, bought.term_months), (7, 12));
        let more = bought.end_time.unwrap().seconds - trial.end_time.unwrap().seconds;
        assert_eq!(more, 365 * 86_400);
        assert_eq!(world.pool("SPE_E3").await.total, 7);
    }

    #[tokio::test]
    async fn fewer_seats_than_are_in_use_over_allocate_the_pool_until_a_day() {
        let world = World::new().await;
        world.buy("SPE_E3", 2).await;
        for upn in ["a@contoso.com", "b@contoso.com"] {
            world.user(upn).await;
            world.assign(upn, "SPE_E3").await.unwrap();
        }
        let fewer = RenewSubscriptionRequest {
            quantity: Some(1),
            ..of("SPE_E3")
        };
        let refusal = renew(&world, fewer).await;
        refused(refusal, Code::FailedPrecondition, "QUANTITY_BELOW_CONSUMED");
        let at_the_end = UpdateSubscriptionRequest {
            subscription: Some(Subscription {
                product: "SPE_E3".into(),
                renewal_quantity: Some(1),
                ..Subscription::default()
            }),
            update_mask: Some(prost_types::FieldMask {
                paths: vec!["renewal_quantity".into()],
            }),
            ..UpdateSubscriptionRequest::default()
        };
        let said = world.subscriptions().update_subscription(at_the_end).await;
        let said = said.unwrap().into_inner();
        assert!(said.outcome.unwrap().notes[0].contains("SPE_E3"));
        world.days(366).await;
        let pool = world.pool("SPE_E3").await;
        assert_eq!((pool.total, pool.available, pool.overdue), (1, -1, false));
        let [since, deadline] = [pool.over_allocated_time, pool.deadline_time].map(Option::unwrap);
        assert_eq!(deadline.seconds - since.seconds, 90 * 86_400);
        world.days(91).await;
        let pool = world.pool("SPE_E3").await;
        assert_eq!((pool.available, pool.overdue), (-1, true));
    }

    #[tokio::test]
    async fn a_term_that_makes_no_sense_is_named() {
        let world = World::new().await;
        world.buy("SPE_E3", 2).await;
        let wrong = RenewSubscriptionRequest {
            term_months: Some(0),
            quantity: Some(0),
            ..of("SPE_E3")
        };
        let status = renew(&world, wrong).await;
        let status = refused(status, Code::InvalidArgument, "INVALID_ARGUMENT");
        let mut fields = fields_in(&status);
        fields.sort();
        assert_eq!(fields, ["quantity", "term_months"]);
    }
}
