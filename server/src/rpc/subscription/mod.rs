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

use super::{Services, answered};

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
}
