//! `CancelSubscription`: at once, inside its window

use usher::v1::{CancelSubscriptionRequest, CancelSubscriptionResponse};
use usher_domain::command::Command;

use super::super::Api;
use super::super::status::Refusal;
use super::changed;
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;

pub(super) async fn cancel(
    api: &Api,
    caller: &Caller,
    request: CancelSubscriptionRequest,
) -> Result<CancelSubscriptionResponse, Refusal> {
    let mut fields = Fields::default();
    let said = (request.reason, request.request_id, request.validate_only);
    let (subscription, intent) = changed::read(&request.subscription, said, &mut fields);
    fields.check()?;

    let command = Command::CancelSubscription { subscription };
    let asked = Asked::OfSubscription;
    let changed = changed::change(api, caller, &intent, (asked, command)).await?;
    let (pool_before, pool_after) = changed.pools.unzip();
    Ok(CancelSubscriptionResponse {
        subscription: changed.subscription,
        outcome: Some(changed.outcome),
        pool_before,
        pool_after,
    })
}

#[cfg(test)]
mod tests {
    use tonic::{Code, Status};
    use usher::v1::fix::Action;
    use usher::v1::{
        Fix, LicenseState, ListUserLicensesRequest, SubscriptionStatus, SubscriptionStep,
    };

    use super::super::super::status::outcome_in;
    use super::super::super::testing::{World, refused};
    use super::*;

    async fn cancel(world: &World, name: &str) -> Result<CancelSubscriptionResponse, Status> {
        let request = CancelSubscriptionRequest {
            subscription: name.into(),
            ..CancelSubscriptionRequest::default()
        };
        let answer = world.subscriptions().cancel_subscription(request).await?;
        Ok(answer.into_inner())
    }

    fn steps(fixes: &[Fix]) -> Vec<(SubscriptionStep, String)> {
        let step = |fix: &Fix| match &fix.action {
            Some(Action::ChangeSubscription(fix)) => Some((fix.step(), fix.subscription.clone())),
            _ => None,
        };
        fixes.iter().filter_map(step).collect()
    }

    #[tokio::test]
    async fn inside_the_window_it_ends_at_once_and_its_licences_stay_without_benefit() {
        let world = World::new().await;
        world.user("a@contoso.com").await;
        world.user("b@contoso.com").await;
        let bought = world.buy("SPE_E3", 5).await;
        world.assign("a@contoso.com", "SPE_E3").await.unwrap();
        world.days(6).await;
        let cancelled = cancel(&world, &bought.name).await.unwrap();
        let subscription = cancelled.subscription.unwrap();
        assert_eq!(subscription.status(), SubscriptionStatus::Disabled);
        assert_eq!(subscription.next_status(), SubscriptionStatus::Deleted);
        assert!(subscription.cancel_time.is_some());
        let pool = world.pool("SPE_E3").await;
        assert_eq!(
            (pool.total, pool.locked_out, pool.consumed, pool.available),
            (0, 5, 1, -1)
        );
        assert!(pool.over_allocated_time.is_some() && !pool.overdue);

        let request = ListUserLicensesRequest {
            parent: "a@contoso.com".into(),
            ..ListUserLicensesRequest::default()
        };
        let held = world.licenses().list_user_licenses(request).await.unwrap();
        let held = held.into_inner().user_licenses;
        assert_eq!(held[0].state(), LicenseState::Suspended);

        let status = world.assign("b@contoso.com", "SPE_E3").await;
        let status = refused(status, Code::FailedPrecondition, "SUBSCRIPTION_SUSPENDED");
        assert_eq!(
            steps(&outcome_in(&status).causes[0].fixes),
            [(SubscriptionStep::Reactivate, "SPE_E3".to_owned())]
        );
    }

    #[tokio::test]
    async fn past_the_window_it_says_until_when_it_was_and_what_to_do() {
        let world = World::new().await;
        let bought = world.buy("SPE_E3", 5).await;
        world.days(8).await;
        let status = cancel(&world, "SPE_E3").await;
        let status = refused(status, Code::FailedPrecondition, "CANCEL_WINDOW_CLOSED");
        assert!(
            status.message().contains("2026-11-25"),
            "{}",
            status.message()
        );
        assert_eq!(
            steps(&outcome_in(&status).causes[0].fixes),
            [(SubscriptionStep::LetEnd, bought.id)]
        );
        assert_eq!(world.pool("SPE_E3").await.total, 5);
    }

    #[tokio::test]
    async fn a_judgement_leaves_it_and_an_unknown_one_is_refused() {
        let world = World::new().await;
        world.buy("SPE_E3", 5).await;
        let request = CancelSubscriptionRequest {
            subscription: "SPE_E3".into(),
            validate_only: true,
            ..CancelSubscriptionRequest::default()
        };
        let answer = world.subscriptions().cancel_subscription(request).await;
        let judged = answer.unwrap().into_inner();
        let totals = [judged.pool_before, judged.pool_after].map(|pool| pool.unwrap().total);
        assert_eq!(totals, [5, 0]);
        assert_eq!(world.pool("SPE_E3").await.total, 5);
        let status = cancel(&world, "SPE_E5").await;
        refused(status, Code::NotFound, "SUBSCRIPTION_NOT_FOUND");
        let status = cancel(&world, " ").await;
        refused(status, Code::InvalidArgument, "INVALID_ARGUMENT");
    }
}
