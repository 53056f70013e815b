//! `TakeOverSubscription`: what a user bought by self-service

use usher::v1::{TakeOverMode, TakeOverSubscriptionRequest, TakeOverSubscriptionResponse};
use usher_domain::command::{Command, TakeOver};

use super::super::Api;
use super::super::status::Refusal;
use super::changed;
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;

pub(super) async fn take_over(
    api: &Api,
    caller: &Caller,
    request: TakeOverSubscriptionRequest,
) -> Result<TakeOverSubscriptionResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let (subscription, intent) = changed::read(&request.subscription, said, &mut fields);
    let how = how(request.mode, &mut fields);
    fields.check()?;

    let command = Command::TakeOverSubscription { subscription, how };
    let asked = Asked::OfSubscription;
    let changed = changed::change(api, caller, &intent, (asked, command)).await?;
    let (pool_before, pool_after) = changed.pools.unzip();
    Ok(TakeOverSubscriptionResponse {
        subscription: changed.subscription,
        outcome: Some(changed.outcome),
        pool_before,
        pool_after,
    })
}

fn how(mode: i32, fields: &mut Fields) -> TakeOver {
    match TakeOverMode::try_from(mode) {
        Ok(TakeOverMode::Move) => TakeOver::Move,
        Ok(TakeOverMode::Cancel) => TakeOver::Cancel,
        Ok(TakeOverMode::Unspecified) | Err(_) => {
            fields.fault(
                "mode",
                "Say whether the licence moves to the pool or ends with the purchase.",
            );
            TakeOver::Move
        }
    }
}

#[cfg(test)]
mod tests {
    use tonic::{Code, Status};
    use usher::v1::{LicenseState, ListUserLicensesRequest, SubscriptionStatus, UserLicense};

    use super::super::super::testing::{World, fields_in, refused};
    use super::*;

    async fn take_over(
        world: &World,
        name: &str,
        mode: TakeOverMode,
    ) -> Result<TakeOverSubscriptionResponse, Status> {
        let request = TakeOverSubscriptionRequest {
            subscription: name.into(),
            mode: mode.into(),
            ..TakeOverSubscriptionRequest::default()
        };
        let mut client = world.subscriptions();
        Ok(client.take_over_subscription(request).await?.into_inner())
    }

    async fn held(world: &World) -> Vec<UserLicense> {
        let request = ListUserLicensesRequest {
            parent: "a@contoso.com".into(),
            ..ListUserLicensesRequest::default()
        };
        let answer = world.licenses().list_user_licenses(request).await.unwrap();
        answer.into_inner().user_licenses
    }

    #[tokio::test]
    async fn a_purchase_of_a_user_stands_beside_the_pool_until_it_is_moved_into_it() {
        let world = World::new().await;
        world.user("a@contoso.com").await;
        let own = world.bought_by("a@contoso.com", "SPE_E3").await;
        assert_eq!(
            (own.purchaser.as_str(), own.self_service),
            ("a@contoso.com", true)
        );
        let pool = world.pool("SPE_E3").await;
        assert_eq!((pool.total, pool.consumed), (0, 0));
        assert_eq!(
            (pool.self_service_seats, pool.self_service_consumed),
            (1, 1)
        );
        assert_eq!((pool.subscriptions, pool.next_lapse), (1, None));
        let path = &held(&world).await[0].paths[0];
        assert!(path.self_service && path.state() == LicenseState::Active);

        let status = take_over(&world, "SPE_E3", TakeOverMode::Move).await;
        refused(status, Code::ResourceExhausted, "NO_AVAILABLE_SEATS");
        world.buy("SPE_E3", 1).await;
        // Only what users bought can be taken over, so that the product is name enough.
        let moved = take_over(&world, "SPE_E3", TakeOverMode::Move).await;
        let moved = moved.unwrap().subscription.unwrap();
        assert_eq!(moved.id, own.id);
        assert_eq!(moved.status(), SubscriptionStatus::Deleted);
        let pool = world.pool("SPE_E3").await;
        assert_eq!(
            (pool.total, pool.consumed, pool.self_service_seats),
            (1, 1, 0)
        );
        let licenses = held(&world).await;
        assert_eq!((licenses.len(), licenses[0].paths.len()), (1, 1));
        assert!(!licenses[0].paths[0].self_service);
    }

    #[tokio::test]
    async fn cancelling_ends_the_benefit_without_a_seat() {
        let world = World::new().await;
        world.user("a@contoso.com").await;
        let own = world.bought_by("a@contoso.com", "SPE_E3").await;
        let cancelled = take_over(&world, &own.id, TakeOverMode::Cancel).await;
        let cancelled = cancelled.unwrap().subscription.unwrap();
        assert_eq!(cancelled.status(), SubscriptionStatus::Disabled);
        assert_eq!(held(&world).await[0].state(), LicenseState::Suspended);
        assert_eq!(world.pool("SPE_E3").await.self_service_seats, 0);
    }

    #[tokio::test]
    async fn what_becomes_of_the_licence_has_to_be_said() {
        let world = World::new().await;
        let status = take_over(&world, "x", TakeOverMode::Unspecified).await;
        let status = refused(status, Code::InvalidArgument, "INVALID_ARGUMENT");
        assert_eq!(fields_in(&status), ["mode"]);
        world.buy("SPE_E3", 1).await;
        let status = take_over(&world, "SPE_E3", TakeOverMode::Move).await;
        refused(status, Code::InvalidArgument, "INVALID_ARGUMENT");
    }
}
