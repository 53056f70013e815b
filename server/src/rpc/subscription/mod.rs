//! `usher.v1.SubscriptionService`.

mod cancel;
mod changed;
mod create;
mod get;
mod list;
mod reactivate;
mod renew;
mod take_over;
mod update;

use std::collections::HashMap;

use tonic::{Request, Response, Status};
use usher::v1::subscription_service_server::SubscriptionService;
use usher::v1::{
    CancelSubscriptionRequest, CancelSubscriptionResponse, CreateSubscriptionRequest,
    CreateSubscriptionResponse, GetSubscriptionRequest, GetSubscriptionResponse,
    ListSubscriptionsRequest, ListSubscriptionsResponse, ReactivateSubscriptionRequest,
    ReactivateSubscriptionResponse, RenewSubscriptionRequest, RenewSubscriptionResponse,
    TakeOverSubscriptionRequest, TakeOverSubscriptionResponse, UpdateSubscriptionRequest,
    UpdateSubscriptionResponse,
};
use usher_domain::ids::UserId;
use usher_domain::subscription::Subscription;

use super::status::Refusal;
use super::{Services, answered, names};
use crate::storage::ReadTx;

#[tonic::async_trait]
impl SubscriptionService for Services {
    async fn create_subscription(
        &self,
        request: Request<CreateSubscriptionRequest>,
    ) -> Result<Response<CreateSubscriptionResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(create::create(&api, &caller, request).await)
    }

    async fn get_subscription(
        &self,
        request: Request<GetSubscriptionRequest>,
    ) -> Result<Response<GetSubscriptionResponse>, Status> {
        let (api, _, request) = self.opened(request)?;
        answered(get::get(&api, request).await)
    }

    async fn list_subscriptions(
        &self,
        request: Request<ListSubscriptionsRequest>,
    ) -> Result<Response<ListSubscriptionsResponse>, Status> {
        let (api, _, request) = self.opened(request)?;
        answered(list::list(&api, request).await)
    }

    async fn update_subscription(
        &self,
        request: Request<UpdateSubscriptionRequest>,
    ) -> Result<Response<UpdateSubscriptionResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(update::update(&api, &caller, request).await)
    }

    async fn renew_subscription(
        &self,
        request: Request<RenewSubscriptionRequest>,
    ) -> Result<Response<RenewSubscriptionResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(renew::renew(&api, &caller, request).await)
    }

    async fn cancel_subscription(
        &self,
        request: Request<CancelSubscriptionRequest>,
    ) -> Result<Response<CancelSubscriptionResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(cancel::cancel(&api, &caller, request).await)
    }

    async fn reactivate_subscription(
        &self,
        request: Request<ReactivateSubscriptionRequest>,
    ) -> Result<Response<ReactivateSubscriptionResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(reactivate::reactivate(&api, &caller, request).await)
    }

    async fn take_over_subscription(
        &self,
        request: Request<TakeOverSubscriptionRequest>,
    ) -> Result<Response<TakeOverSubscriptionResponse>, Status> {
        let (api, caller, request) = self.opened(request)?;
        answered(take_over::take_over(&api, &caller, request).await)
    }
}

/// The user principal names of those who bought some of these for themselves.
async fn purchasers<'s>(
    read: &ReadTx,
    subscriptions: impl IntoIterator<Item = &'s Subscription>,
) -> Result<HashMap<UserId, String>, Refusal> {
    let ids = subscriptions.into_iter().filter_map(|one| one.purchaser);
    let profiles = names::profiles(read, ids.collect()).await?;
    Ok(profiles
        .into_iter()
        .map(|(id, user)| (id, user.upn))
        .collect())
}
