//! `GetSubscription`: by id, or by a product of which there is one

use usher::v1::{GetSubscriptionRequest, GetSubscriptionResponse, Subscription};
use usher_domain::refusal::{Cause, Code};
use usher_domain::subscription::Subscription as Stored;
use uuid::Uuid;

use super::super::status::Refusal;
use super::super::{Api, names};
use super::purchasers;
use crate::convert::fields::Fields;
use crate::convert::subscription;
use crate::storage::ReadTx;

/// Where the request says which one.
const FIELD: &str = "subscription";

pub(super) async fn get(
    api: &Api,
    request: GetSubscriptionRequest,
) -> Result<GetSubscriptionResponse, Refusal> {
    let mut fields = Fields::default();
    fields.required_name(FIELD, &request.subscription);
    let time = fields.instant("read_time", request.read_time);
    fields.check()?;

    let read = api.read(time).await?;
    let name = subscription::named_in(&request.subscription);
    let all = read.subscriptions().await?;
    let found = match of(&all, name) {
        Some(one) => one,
        None => only_one_of_product(&read, &all, name).await?,
    };
    Ok(GetSubscriptionResponse {
        subscription: Some(show(&read, found).await?),
    })
}

/// The subscription of this id.
pub(super) async fn of_id(read: &ReadTx, id: &str) -> Result<Subscription, Refusal> {
    let all = read.subscriptions().await?;
    let found = of(&all, id).ok_or_else(|| not_found(id))?;
    show(read, found).await
}

fn of<'s>(all: &'s [Stored], id: &str) -> Option<&'s Stored> {
    let wanted = Uuid::try_parse(id).ok()?;
    all.iter().find(|one| one.id.as_uuid() == wanted)
}

async fn only_one_of_product<'s>(
    read: &ReadTx,
    all: &'s [Stored],
    name: &str,
) -> Result<&'s Stored, Refusal> {
    let catalogue = read.catalogue().await?;
    let product = match names::product(&catalogue, FIELD, name) {
        Ok(product) => product,
        Err(cause) if cause.code == Code::AmbiguousName => return Err(cause.into()),
        Err(_) => return Err(not_found(name).into()),
    };
    let fit: Vec<&Stored> = all
        .iter()
        .filter(|one| one.product == product && !one.is_deleted())
        .collect();
    match fit[..] {
        [] => Err(not_found(name).into()),
        [one] => Ok(one),
        _ => {
            let ids = fit.iter().map(|one| one.id.to_string()).collect();
            Err(names::ambiguous("subscriptions", name, ids)
                .field(FIELD)
                .into())
        }
    }
}

fn not_found(name: &str) -> Cause {
    let message = format!(
        "There is no subscription with the id \"{0}\", and none of a product \"{0}\".",
        names::shown(name)
    );
    Cause::new(Code::SubscriptionNotFound, message).field(FIELD)
}

async fn show(read: &ReadTx, found: &Stored) -> Result<Subscription, Refusal> {
    let catalogue = read.catalogue().await?;
    let purchasers = purchasers(read, [found]).await?;
    Ok(subscription::to_wire(found, &catalogue, &purchasers))
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
        for name in [&bought.id, &bought.name, "SPE_E3", "Microsoft 365 E3"] {
            assert_eq!(
                get(name).await.unwrap().into_inner().subscription,
                Some(bought.clone())
            );
        }
        for unknown in ["6e7b768e-07e2-4810-8459-485f84f8f204", "x", "SPE_E5"] {
            refused(get(unknown).await, Code::NotFound, "SUBSCRIPTION_NOT_FOUND");
        }
        refused(get("").await, Code::InvalidArgument, "INVALID_ARGUMENT");
        let second = world.buy("SPE_E3", 3).await;
        let status = refused(
            get("SPE_E3").await,
            Code::FailedPrecondition,
            "AMBIGUOUS_NAME",
        );
        assert!(status.message().contains(&second.id), "{status:?}");
    }
}
