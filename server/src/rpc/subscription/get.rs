//! `GetSubscription`

use usher::name::Collection;
use usher::v1::{GetSubscriptionRequest, GetSubscriptionResponse, Subscription};
use usher_domain::refusal::{Cause, Code};
use uuid::Uuid;

use super::super::Api;
use super::super::status::Refusal;
use crate::convert::fields::Fields;
use crate::convert::subscription;
use crate::storage::ReadTx;

pub(super) async fn get(
    api: &Api,
    request: GetSubscriptionRequest,
) -> Result<GetSubscriptionResponse, Refusal> {
    let mut fields = Fields::default();
    fields.required_name("subscription", &request.subscription);
    let time = fields.instant("read_time", request.read_time);
    fields.check()?;

    let read = api.read(time).await?;
    let id = Collection::Subscriptions.strip(request.subscription.trim());
    Ok(GetSubscriptionResponse {
        subscription: Some(by_id(&read, id).await?),
    })
}

/// The subscription of this id.
pub(super) async fn by_id(read: &ReadTx, id: &str) -> Result<Subscription, Refusal> {
    let wanted = Uuid::try_parse(id).ok();
    let all = read.subscriptions().await?;
    let found = all
        .iter()
        .find(|one| Some(one.id.as_uuid()) == wanted)
        .ok_or_else(|| {
            let message = format!("There is no subscription with the id \"{id}\".");
            Cause::new(Code::SubscriptionNotFound, message).field("subscription")
        })?;
    let catalogue = read.catalogue().await?;
    Ok(subscription::to_wire(found, &catalogue))
}

#[cfg(test)]
mod tests {
    use tonic::Code;

    use super::super::super::testing::{World, refused};
    use super::*;

    #[tokio::test]
    async fn a_subscription_is_found_by_id_and_name() {
        let world = World::new().await;
        let bought = world.buy("SPE_E3", 2).await;
        let get = async |subscription: &str| {
            let request = GetSubscriptionRequest {
                subscription: subscription.into(),
                read_time: None,
            };
            world.subscriptions().get_subscription(request).await
        };
        for name in [&bought.id, &bought.name] {
            assert_eq!(
                get(name).await.unwrap().into_inner().subscription,
                Some(bought.clone())
            );
        }
        for unknown in ["6e7b768e-07e2-4810-8459-485f84f8f204", "x"] {
            refused(get(unknown).await, Code::NotFound, "SUBSCRIPTION_NOT_FOUND");
        }
        refused(get("").await, Code::InvalidArgument, "INVALID_ARGUMENT");
    }
}
