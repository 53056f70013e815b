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
    Ok(GetSubscriptionResponse { subscription: Some(by_id(&read, id).await?) })
}

/// The subscription of this id.
pub(super) async fn by_id(read: &ReadTx, id: &str) -> Result<Subscription, Refusal> {
    let wanted = Uuid::try_parse(id).ok();
    let all = read.subscriptions().await?;
    let found = all.iter().find(|one| Some(one.id.as_uuid()) == wanted).ok_or_else(|| {
        let message = format!("There is no subscription with the id \"{id}\".");
        Cause::new(Code::SubscriptionNotFound, message).field("subscription")
    })?;
    let catalogue = read.catalogue().await?;
    Ok(subscription::to_wire(found, &catalogue))
}
