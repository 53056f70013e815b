//! `UpdateSubscription`: the fields that the mask names

use usher::v1::{UpdateSubscriptionRequest, UpdateSubscriptionResponse};
use usher_domain::command::Command;

use super::super::Api;
use super::super::change::Intent;
use super::super::status::Refusal;
use super::changed;
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;
use crate::convert::subscription;

pub(super) async fn update(
    api: &Api,
    caller: &Caller,
    request: UpdateSubscriptionRequest,
) -> Result<UpdateSubscriptionResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let intent = Intent::read("", said, &mut fields);
    let named = fields
        .required("subscription", request.subscription)
        .unwrap_or_default();
    let mask = fields
        .required("update_mask", request.update_mask)
        .unwrap_or_default();
    let (field, _) = subscription::target(&named);
    let change = subscription::masked(&named, &mask, &mut fields);
    fields.check()?;

    let command = Command::UpdateSubscription(Box::new(change));
    let command = (Asked::NamedSubscription(field), command);
    let changed = changed::change(api, caller, &intent, command).await?;
    let (pool_before, pool_after) = changed.pools.unzip();
    Ok(UpdateSubscriptionResponse {
        subscription: changed.subscription,
        outcome: Some(changed.outcome),
        pool_before,
        pool_after,
    })
}

#[cfg(test)]
mod tests {
    use prost_types::FieldMask;
    use tonic::Code;
    use usher::v1::fix::Action;
    use usher::v1::{OutcomeResult, Subscription, SubscriptionStep};

    use super::super::super::status::outcome_in;
    use super::super::super::testing::{World, fields_in, refused};
    use super::*;

    fn change(fields: Subscription, paths: &[&str]) -> UpdateSubscriptionRequest {
        UpdateSubscriptionRequest {
            subscription: Some(fields),
            update_mask: Some(FieldMask {
                paths: paths.iter().map(ToString::to_string).collect(),
            }),
            ..UpdateSubscriptionRequest::default()
        }
    }

    fn seats(product: &str, quantity: i64) -> UpdateSubscriptionRequest {
        let fields = Subscription {
            product: product.into(),
            quantity,
            ..Subscription::default()
        };
        change(fields, &["quantity"])
    }

    async fn update(
        world: &World,
        request: UpdateSubscriptionRequest,
    ) -> Result<UpdateSubscriptionResponse, tonic::Status> {
        let answer = world.subscriptions().update_subscription(request).await?;
        Ok(answer.into_inner())
    }

    #[tokio::test]
    async fn a_quantity_is_a_total_and_never_below_what_is_in_use() {
        let world = World::new().await;
        let bought = world.buy("SPE_E3", 5).await;
        for upn in ["a@contoso.com", "b@contoso.com", "c@contoso.com"] {
            world.user(upn).await;
            world.assign(upn, "SPE_E3").await.unwrap();
        }
        let status = update(&world, seats("SPE_E3", 2)).await;
        let status = refused(status, Code::FailedPrecondition, "QUANTITY_BELOW_CONSUMED");
        let outcome = outcome_in(&status);
        assert_eq!(outcome.causes[0].field, "subscription.quantity");
        let fixes = outcome.causes[0].fixes.iter();
        let fixes: Vec<_> = fixes.filter_map(|fix| fix.action.clone()).collect();
        let [
            Action::UnassignSeats(unassign),
            Action::ChangeSubscription(smaller),
        ] = &fixes[..]
        else {
            panic!("{fixes:?}");
        };
        assert_eq!(
            (unassign.product.as_str(), unassign.quantity),
            ("SPE_E3", 1)
        );
        assert_eq!(
            (smaller.step(), smaller.quantity, &smaller.subscription),
            (SubscriptionStep::RenewSmaller, 2, &bought.id)
        );

        let fewer = update(&world, seats(&bought.id, 3)).await.unwrap();
        assert_eq!(fewer.subscription.unwrap().quantity, 3);
        let pool = world.pool("SPE_E3").await;
        assert_eq!((pool.total, pool.available), (3, 0));
        let again = update(&world, seats("SPE_E3", 3)).await.unwrap();
        assert_eq!(again.outcome.unwrap().result(), OutcomeResult::Unchanged);
        let more = update(&world, seats("SPE_E3", 30)).await.unwrap();
        assert_eq!(more.subscription.unwrap().quantity, 30);
    }

    #[tokio::test]
    async fn a_judgement_shows_seats_before_and_after_and_changes_nothing() {
        let world = World::new().await;
        let bought = world.buy("SPE_E3", 5).await;
        let only = UpdateSubscriptionRequest {
            validate_only: true,
            ..seats("SPE_E3", 8)
        };
        let judged = update(&world, only).await.unwrap();
        let (before, after) = (judged.pool_before.unwrap(), judged.pool_after.unwrap());
        assert_eq!((before.total, after.total), (5, 8));
        let planned = judged.subscription.unwrap();
        assert_eq!((&planned.id, planned.quantity), (&bought.id, 8));
        assert_eq!(judged.outcome.unwrap().revision, 0);
        assert_eq!(world.subscription("SPE_E3").await, bought);
    }

    #[tokio::test]
    async fn only_masked_fields_change_and_an_old_etag_is_refused() {
        let world = World::new().await;
        let bought = world.buy("SPE_E3", 5).await;
        let fields = Subscription {
            display_name: "Branch in Köln".into(),
            renewal_quantity: Some(4),
            recurring_billing: Some(false),
            grace_days: Some(3),
            quantity: 9,
            ..bought.clone()
        };
        let paths = ["display_name", "renewal_quantity", "grace_days"];
        let changed = update(&world, change(fields.clone(), &paths))
            .await
            .unwrap();
        let after = changed.subscription.unwrap();
        assert_eq!(
            (
                after.display_name.as_str(),
                after.renewal_quantity,
                after.grace_days
            ),
            ("Branch in Köln", Some(4), Some(3))
        );
        assert_eq!((after.quantity, after.recurring_billing), (5, Some(true)));
        assert_ne!(after.etag, bought.etag);
        let stale = update(&world, change(fields, &["quantity"])).await;
        refused(stale, Code::Aborted, "CONCURRENT_CHANGE");

        let cleared = Subscription {
            renewal_quantity: None,
            ..after
        };
        let changed = update(&world, change(cleared, &["renewal_quantity"])).await;
        assert_eq!(
            changed.unwrap().subscription.unwrap().renewal_quantity,
            None
        );
    }

    #[tokio::test]
    async fn what_cannot_change_or_is_not_said_is_named() {
        let world = World::new().await;
        let bought = world.buy("SPE_E3", 5).await;
        for (paths, field) in [
            (&["partner"][..], "update_mask"),
            (&[], "update_mask"),
            (&["grace_days"], "subscription.grace_days"),
        ] {
            let request = Subscription {
                id: bought.id.clone(),
                ..Subscription::default()
            };
            let status = update(&world, change(request, paths)).await;
            let status = refused(status, Code::InvalidArgument, "INVALID_ARGUMENT");
            assert_eq!(fields_in(&status), [field]);
        }
        let unnamed = update(&world, change(Subscription::default(), &["quantity"])).await;
        let status = refused(unnamed, Code::InvalidArgument, "INVALID_ARGUMENT");
        assert_eq!(fields_in(&status), ["subscription.name"]);
        let unknown = update(&world, seats("SPE_E5", 3)).await;
        refused(unknown, Code::NotFound, "SUBSCRIPTION_NOT_FOUND");
        world.buy("SPE_E3", 1).await;
        let ambiguous = update(&world, seats("SPE_E3", 3)).await;
        let status = refused(ambiguous, Code::FailedPrecondition, "AMBIGUOUS_NAME");
        let cause = &outcome_in(&status).causes[0];
        assert_eq!(cause.field, "subscription.product");
        assert!(cause.message.contains(&bought.id), "{}", cause.message);
    }

    #[tokio::test]
    async fn a_request_id_changes_once() {
        let world = World::new().await;
        world.buy("SPE_E3", 5).await;
        let once = |quantity| UpdateSubscriptionRequest {
            request_id: "more".into(),
            ..seats("SPE_E3", quantity)
        };
        let first = update(&world, once(6)).await.unwrap();
        update(&world, seats("SPE_E3", 9)).await.unwrap();
        let again = update(&world, once(6)).await.unwrap();
        assert!(again.outcome.unwrap().replayed);
        assert_eq!(again.subscription, first.subscription);
        assert_eq!(world.pool("SPE_E3").await.total, 9);
        let status = update(&world, once(7)).await;
        refused(status, Code::InvalidArgument, "REQUEST_ID_REUSED");
    }

    #[tokio::test]
    async fn what_a_partner_sold_or_a_user_bought_is_not_the_admins_to_change() {
        let world = World::new().await;
        let sold = Subscription {
            product: "SPE_E3".into(),
            quantity: 5,
            partner: "fabrikam".into(),
            ..Subscription::default()
        };
        world.bought(sold).await.unwrap();
        let status = update(&world, seats("SPE_E3", 6)).await;
        let status = refused(status, Code::PermissionDenied, "PARTNER_MANAGED");
        assert!(status.message().contains("fabrikam"), "{status:?}");

        world.user("a@contoso.com").await;
        let own = world.bought_by("a@contoso.com", "SPE_E5").await;
        let status = update(&world, seats("SPE_E5", 6)).await;
        let status = refused(
            status,
            Code::FailedPrecondition,
            "SELF_SERVICE_SUBSCRIPTION",
        );
        let outcome = outcome_in(&status);
        let Some(Action::ChangeSubscription(fix)) = &outcome.causes[0].fixes[0].action else {
            panic!("{outcome:?}");
        };
        assert_eq!(
            (fix.step(), &fix.subscription),
            (SubscriptionStep::TakeOver, &own.id)
        );
    }
}
