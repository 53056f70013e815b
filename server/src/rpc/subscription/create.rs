//! `CreateSubscription`

use usher::name::Collection;
use usher::v1::{CreateSubscriptionRequest, CreateSubscriptionResponse, Subscription};
use usher_domain::command::Command;

use super::super::Api;
use super::super::change::Intent;
use super::super::status::Refusal;
use super::changed;
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;
use crate::convert::subscription;

pub(super) async fn create(
    api: &Api,
    caller: &Caller,
    request: CreateSubscriptionRequest,
) -> Result<CreateSubscriptionResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let intent = Intent::read("", said, &mut fields);
    let asked = fields
        .required("subscription", request.subscription)
        .unwrap_or_default();
    let new = subscription::from_wire(&asked, &mut fields);
    fields.check()?;

    let command = Command::CreateSubscription(Box::new(new));
    let command = (Asked::Subscription, command);
    let changed = changed::change(api, caller, &intent, command).await?;
    let id = &changed.outcome.subject_id;
    let (pool_before, pool_after) = changed.pools.unzip();
    Ok(CreateSubscriptionResponse {
        subscription: changed.subscription.or_else(|| {
            Some(Subscription {
                name: Collection::Subscriptions.name(id),
                id: id.clone(),
                ..asked
            })
        }),
        outcome: Some(changed.outcome),
        pool_before,
        pool_after,
    })
}

#[cfg(test)]
mod tests {
    use tonic::Code;
    use usher::v1::SubscriptionStatus;
    use usher_domain::ids::Instant;

    use super::super::super::testing::{World, fields_in, refused};
    use super::*;
    use crate::convert::time;

    fn request(subscription: Subscription) -> CreateSubscriptionRequest {
        CreateSubscriptionRequest {
            subscription: Some(subscription),
            ..CreateSubscriptionRequest::default()
        }
    }

    #[tokio::test]
    async fn a_purchase_has_the_defaults_that_the_contract_names() {
        let world = World::new().await;
        let bought = world.buy("Microsoft 365 E3", 25).await;
        assert_eq!(
            (bought.part_number.as_str(), bought.quantity),
            ("SPE_E3", 25)
        );
        assert_eq!(bought.status(), SubscriptionStatus::Active);
        assert_eq!(
            (bought.grace_days, bought.disabled_days),
            (Some(30), Some(90))
        );
        assert_eq!(bought.recurring_billing, Some(true));
        let (start, end) = (bought.start_time.unwrap(), bought.end_time.unwrap());
        assert_eq!(end.seconds - start.seconds, 365 * 86_400);
        assert_eq!(bought.name, format!("subscriptions/{}", bought.id));
    }

    #[tokio::test]
    async fn a_purchase_that_makes_no_sense_is_refused() {
        let world = World::new().await;
        let e3 = Subscription {
            product: "SPE_E3".into(),
            quantity: 1,
            ..Subscription::default()
        };
        let past = Some(time::to_wire(Instant(0)));
        for (subscription, field) in [
            (
                Subscription {
                    quantity: 0,
                    ..e3.clone()
                },
                "subscription.quantity",
            ),
            (
                Subscription {
                    quantity: i64::MAX,
                    ..e3.clone()
                },
                "subscription.quantity",
            ),
            (
                Subscription {
                    grace_days: Some(-1),
                    ..e3.clone()
                },
                "subscription.grace_days",
            ),
            (
                Subscription {
                    end_time: past,
                    ..e3.clone()
                },
                "subscription.end_time",
            ),
            (
                Subscription {
                    product: String::new(),
                    ..e3.clone()
                },
                "subscription.product",
            ),
        ] {
            let answer = world
                .subscriptions()
                .create_subscription(request(subscription))
                .await;
            let status = refused(answer, Code::InvalidArgument, "INVALID_ARGUMENT");
            assert_eq!(fields_in(&status), [field]);
        }
        let unknown = Subscription {
            product: "NOPE".into(),
            ..e3
        };
        let answer = world
            .subscriptions()
            .create_subscription(request(unknown))
            .await;
        refused(answer, Code::NotFound, "PRODUCT_NOT_FOUND");
    }

    #[tokio::test]
    async fn a_purchase_that_is_stored_is_answered_even_when_unreadable() {
        let world = World::new().await;
        world
            .meddle("CREATE TRIGGER spoil AFTER INSERT ON subscriptions BEGIN UPDATE subscriptions SET status = 99; END")
            .await;
        let bought = world.buy("SPE_E3", 4).await;
        assert_eq!((bought.product.as_str(), bought.quantity), ("SPE_E3", 4));
        assert_eq!(bought.name, format!("subscriptions/{}", bought.id));
    }

    #[tokio::test]
    async fn a_request_id_buys_once() {
        let world = World::new().await;
        let e3 = Subscription {
            product: "SPE_E3".into(),
            quantity: 3,
            ..Subscription::default()
        };
        let once = CreateSubscriptionRequest {
            request_id: "buy".into(),
            ..request(e3.clone())
        };
        let mut made = Vec::new();
        for _ in 0..2 {
            let answer = world
                .subscriptions()
                .create_subscription(once.clone())
                .await
                .unwrap();
            made.push(answer.into_inner().subscription.unwrap().id);
        }
        assert_eq!(made[0], made[1]);
        let only = CreateSubscriptionRequest {
            validate_only: true,
            ..request(e3)
        };
        let judged = world
            .subscriptions()
            .create_subscription(only)
            .await
            .unwrap()
            .into_inner();
        assert_eq!(judged.subscription.unwrap().id, "");
        let pool = world.pool("SPE_E3").await;
        assert_eq!((pool.total, pool.consumed), (3, 0));
    }
}
