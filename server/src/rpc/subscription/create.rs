//! `CreateSubscription`

use usher::v1::{CreateSubscriptionRequest, CreateSubscriptionResponse, Subscription};
use usher_domain::command::Command;

use super::super::Api;
use super::super::change::Intent;
use super::super::status::Refusal;
use super::get;
use crate::authn::Caller;
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
    let asked = fields.required("subscription", request.subscription).unwrap_or_default();
    let new = subscription::from_wire(&asked, &mut fields);
    fields.check()?;

    let command = Command::CreateSubscription(Box::new(new));
    let outcome = api.change_or_refuse(caller, &intent, command).await?;
    let created = if intent.validate_only {
        Subscription { id: String::new(), name: String::new(), ..asked }
    } else {
        let id = outcome.subject.map(|subject| subject.id()).unwrap_or_default();
        get::by_id(&api.read(None).await?, &id).await?
    };
    Ok(CreateSubscriptionResponse { subscription: Some(created) })
}
