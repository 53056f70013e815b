//! What every change of a purchase has in common: the command is made or judged, and the answer shows the purchase
//! afterwards, and for a judgement the seats of its product before and after.

use std::collections::HashMap;

use usher::v1::{LicensePool, Outcome, Subscription};
use usher_domain::command::Command;
use usher_domain::ids::SubscriptionId;
use usher_domain::plan::{self, OutcomeKind, Subject};

use super::super::Api;
use super::super::change::{Intent, shown};
use super::super::status::Refusal;
use super::{get, purchasers};
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;
use crate::convert::{pool, subscription};

/// A purchase after a change.
pub(super) struct Changed {
    pub(super) subscription: Option<Subscription>,
    pub(super) outcome: Outcome,
    /// Before and after, where the change was only judged.
    pub(super) pools: Option<(LicensePool, LicensePool)>,
}

/// Which purchase a request names, why it is to change, and whether for real.
pub(super) fn read(
    name: &str,
    said: (String, String, bool),
    fields: &mut Fields,
) -> (String, Intent) {
    let intent = Intent::read("", said, fields);
    fields.required_name("subscription", name);
    (subscription::named_in(name).to_owned(), intent)
}

/// Makes or judges the change; a refusal by a rule refuses the call.
pub(super) async fn change(
    api: &Api,
    caller: &Caller,
    intent: &Intent,
    (asked, command): (Asked<'_>, Command),
) -> Result<Changed, Refusal> {
    if intent.validate_only {
        return judge(api, caller, intent, (asked, command)).await;
    }
    let outcome = api
        .change_or_refuse(caller, intent, (asked, command))
        .await?;
    let told = api.told(&outcome, asked);
    let subscription = shown(left(api, &outcome, &told.subject_id).await);
    Ok(answer(told, subscription, None))
}

async fn left(api: &Api, outcome: &plan::Outcome, id: &str) -> Result<Subscription, Refusal> {
    get::of_id(&api.read_after(outcome).await?, id).await
}

async fn judge(
    api: &Api,
    caller: &Caller,
    intent: &Intent,
    (asked, command): (Asked<'_>, Command),
) -> Result<Changed, Refusal> {
    let mut preview = api.store.preview(api.tenant()).await?;
    let before: HashMap<_, _> = preview.snapshot().pools().collect();
    let outcome = api.judge(&mut preview, caller, intent, command).await?;
    let told = api.told(&outcome, asked);
    if outcome.result == OutcomeKind::Failed {
        return Err(told.into());
    }
    let after = preview.snapshot();
    let Some(planned) = subject(&outcome).and_then(|id| after.subscription(id)) else {
        return Ok(answer(told, None, None));
    };
    let product = planned.product;
    let was = before.get(&product).copied().unwrap_or_default();
    let pools = [was, after.pool(product)];
    let [before, after_it] = pools.map(|pool| pool::figures(product, pool, &after.catalogue));
    let purchasers = purchasers(&api.read(None).await?, [planned]).await?;
    let mut planned = subscription::to_wire(planned, &after.catalogue, &purchasers);
    if outcome.created {
        // The id is made anew when the purchase is.
        planned.id.clear();
        planned.name.clear();
    }
    Ok(answer(told, Some(planned), Some((before, after_it))))
}

fn subject(outcome: &plan::Outcome) -> Option<SubscriptionId> {
    match outcome.subject {
        Some(Subject::Subscription(id)) => Some(id),
        _ => None,
    }
}

fn answer(
    mut outcome: Outcome,
    subscription: Option<Subscription>,
    pools: Option<(LicensePool, LicensePool)>,
) -> Changed {
    if let Some(subscription) = &subscription {
        outcome.subject.clone_from(&subscription.id);
        outcome.display_name.clone_from(&subscription.display_name);
    }
    Changed {
        subscription,
        outcome,
        pools,
    }
}
