//! `usher.v1.SubscriptionService`.

mod create;
mod get;
mod list;

use tonic::{Request, Response, Status};
use usher::v1::subscription_service_server::SubscriptionService;
use usher::v1::{
    CreateSubscriptionRequest, CreateSubscriptionResponse, GetSubscriptionRequest,
    GetSubscriptionResponse, ListSubscriptionsRequest, ListSubscriptionsResponse,
};

use super::{Api, answered, opened};

#[tonic::async_trait]
impl SubscriptionService for Api {
    async fn create_subscription(
        &self,
        request: Request<CreateSubscriptionRequest>,
    ) -> Result<Response<CreateSubscriptionResponse>, Status> {
        let (caller, request) = opened(request)?;
        answered(create::create(self, &caller, request).await)
    }

    async fn get_subscription(
        &self,
        request: Request<GetSubscriptionRequest>,
    ) -> Result<Response<GetSubscriptionResponse>, Status> {
        answered(get::get(self, request.into_inner()).await)
    }

    async fn list_subscriptions(
        &self,
        request: Request<ListSubscriptionsRequest>,
    ) -> Result<Response<ListSubscriptionsResponse>, Status> {
        answered(list::list(self, request.into_inner()).await)
    }
}
