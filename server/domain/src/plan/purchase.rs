//! What the decisions on subscriptions share: which one is meant, who may change it, what is a
//! sensible term, and the rows of its next version.

use serde::Serialize;

use super::limits::{MAX_QUANTITY, check_text};
use super::names::{ambiguous, shown};
use super::{Action, Change, Context, Plan, Subject};
use crate::catalogue::Resolution;
use crate::ids::{Instant, ProductId, SubscriptionId};
use crate::name_key::NameKey;
use crate::refusal::{Cause, Code, Fix, SubscriptionStep};
use crate::rules::self_service;
use crate::snapshot::{Assignment, Pool};
use crate::subscription::{Subscription, SubscriptionStatus};

const MOST_MONTHS: i64 = 120;
const MOST_DAYS: i32 = 3_650;
const MAX_NAME: usize = 256;

/// A purchase as the record has it, with the paths that came or went with it.
#[derive(Serialize)]
pub(super) struct Recorded<'a> {
    #[serde(flatten)]
    pub(super) subscription: &'a Subscription,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) assignments: Vec<&'a Assignment>,
}

impl<'a> Context<'a> {
    /// R1: the subscription that an id, a name or a product stands for. Where a name stands for
    /// several, the one that `fits` what is asked for is meant.
    pub(super) fn find_subscription(
        &self,
        text: &str,
        fits: impl Fn(&Subscription) -> bool,
    ) -> Result<&'a Subscription, Cause> {
        let text = text.trim();
        let id = uuid::Uuid::try_parse(text).ok().map(SubscriptionId);
        if let Some(found) = id.and_then(|id| self.snapshot.subscription(id)) {
            return Ok(found);
        }
        let key = NameKey::new(text);
        let mut found = self.living(|one| NameKey::new(&one.name) == key);
        if found.is_empty()
            && let Resolution::Found(product) = self.catalogue().resolve_product(text)
        {
            found = self.living(|one| one.product == product);
        }
        let fitting: Vec<_> = found.iter().copied().filter(|one| fits(one)).collect();
        match (found.as_slice(), fitting.as_slice()) {
            ([one], _) | (_, [one]) => Ok(one),
            ([], _) => {
                let message = format!(
                    "There is no subscription with the id, name or product \"{}\"",
                    shown(text)
                );
                Err(Cause::new(Code::SubscriptionNotFound, message).field("subscription"))
            }
            (several, _) => {
                let ids = several.iter().map(|one| self.told(one)).collect();
                Err(ambiguous("subscriptions", text, ids).field("subscription"))
            }
        }
    }

    fn living(&self, fits: impl Fn(&Subscription) -> bool) -> Vec<&'a Subscription> {
        let all = self.snapshot.subscriptions();
        let mut found: Vec<_> = all.filter(|one| !one.is_deleted() && fits(one)).collect();
        found.sort_by_key(|one| one.id);
        found
    }

    fn told(&self, one: &Subscription) -> String {
        let seats = counted(one.quantity);
        match one.ends_at {
            Some(end) => format!("{} ({seats} until {})", one.id, end.date()),
            None => format!("{} ({seats})", one.id),
        }
    }

    /// R45: what was bought through a partner is renewed, resized and cancelled by the partner alone.
    pub(super) fn refuse_others_than_partner(&self, one: &Subscription) -> Option<Cause> {
        let partner = one.partner.as_deref()?;
        let actor = &self.request.actor.identity;
        if NameKey::new(partner) == NameKey::new(actor) {
            return None;
        }
        let message = format!(
            "\"{}\" was bought through {partner}, who alone changes its quantity, renews it and cancels it",
            one.name
        );
        let cause = Cause::new(Code::PartnerManaged, message)
            .with("subscription", one.id)
            .with("partner", partner)
            .next(format!("Ask {partner} for the change"));
        Some(cause)
    }

    /// R21: what a user bought is not an admin's to change before it is taken over.
    pub(super) fn refuse_self_service(&self, one: &Subscription) -> Option<Cause> {
        one.is_self_service().then(|| {
            self_service::refusal(self.catalogue(), one.product)
                .with("subscription", one.id)
                .fix(Fix::ChangeSubscription {
                    subscription: one.id,
                    step: SubscriptionStep::TakeOver,
                })
        })
    }

    /// The rows of the next version, with what its seats change in the pool.
    pub(super) fn next_version(&self, old: &Subscription, new: &Subscription) -> Vec<Change> {
        let mut changes = vec![
            Change::CloseSubscription { id: old.id },
            Change::OpenSubscription(Box::new(new.clone())),
        ];
        changes.extend(seats(old.product, new.seats() - old.seats()));
        changes
    }

    /// The plan that makes a subscription its next version, or nothing where it is that already.
    pub(super) fn replace(&self, action: Action, old: &Subscription, new: &Subscription) -> Plan {
        let subject = Subject::Subscription(old.id);
        if old == new {
            return Plan::unchanged(subject);
        }
        Plan::applied(action, subject, self.next_version(old, new), old, new)
    }

    /// R42: fewer seats than are in use cannot be had by asking for them.
    pub(super) fn refuse_below_consumed(
        &self,
        old: &Subscription,
        new: &Subscription,
    ) -> Option<Cause> {
        let pool = self.snapshot.pool(old.product);
        let change = new.seats() - old.seats();
        let total = pool.total() + change.total();
        let missing = pool.consumed - total;
        if change.total() >= 0 || missing <= 0 {
            return None;
        }
        let name = self.catalogue().product_name(old.product);
        let quantity = new.quantity;
        let least = quantity + missing;
        let consumed = pool.consumed;
        let message = format!(
            "With {} in \"{}\", {name} would have {} and {consumed} are in use",
            counted(quantity),
            old.name,
            counted(total)
        );
        let cause = Cause::new(Code::QuantityBelowConsumed, message)
            .field("quantity")
            .with("product", old.product)
            .with("subscription", old.id)
            .with("total", total)
            .with("consumed", consumed)
            .with("unassign", missing)
            .with("least", least)
            .next(format!(
                "Unassign {missing} first, or keep at least {}; a smaller number can be set for the renewal",
                counted(least)
            ))
            .fix(Fix::UnassignSeats {
                product: old.product,
                seats: missing,
            });
        if old.ends_at.is_none() || !old.renews() {
            return Some(cause);
        }
        Some(cause.fix(Fix::ChangeSubscription {
            subscription: old.id,
            step: SubscriptionStep::RenewSmaller(quantity),
        }))
    }
}

pub(super) fn counted(seats: i64) -> String {
    match seats {
        1 => "1 seat".to_owned(),
        seats => format!("{seats} seats"),
    }
}

/// R41: a subscription that is past what is asked of it.
pub(super) fn ended(one: &Subscription, wanted: &str) -> Cause {
    let (how, next) = match one.status {
        SubscriptionStatus::Deleted => ("deleted", "Buy seats anew"),
        SubscriptionStatus::Cancelled => ("cancelled", "Reactivate it, or buy seats anew"),
        _ => ("suspended", "Reactivate it, or buy seats anew"),
    };
    let message = format!(
        "\"{}\" was {how} on {}, so it cannot be {wanted}",
        one.name,
        one.status_since.date()
    );
    let cause = Cause::new(Code::SubscriptionEnded, message)
        .field("subscription")
        .with("subscription", one.id)
        .with("product", one.product)
        .with("status", how)
        .next(next);
    cause.fix(if one.is_deleted() {
        Fix::BuySeats {
            product: one.product,
            more: one.quantity,
        }
    } else {
        Fix::ChangeSubscription {
            subscription: one.id,
            step: SubscriptionStep::Reactivate,
        }
    })
}

pub(super) fn wrong(field: &str, message: impl Into<String>) -> Cause {
    Cause::new(Code::InvalidArgument, message).field(field)
}

pub(super) fn check_name(name: Option<&str>) -> Option<Cause> {
    check_text("name", name?.trim(), MAX_NAME)
}

pub(super) fn check_quantity(field: &str, quantity: Option<i64>, least: i64) -> Option<Cause> {
    let quantity = quantity.filter(|seats| !(least..=MAX_QUANTITY).contains(seats))?;
    Some(wrong(
        field,
        format!("{quantity} seats cannot be bought; from {least} to {MAX_QUANTITY} can"),
    ))
}

pub(super) fn check_months(months: Option<i64>) -> Option<Cause> {
    let months = months.filter(|months| !(1..=MOST_MONTHS).contains(months))?;
    Some(wrong(
        "months",
        format!("A term of {months} months is not between 1 and {MOST_MONTHS}"),
    ))
}

pub(super) fn check_days(field: &str, days: Option<i32>) -> Option<Cause> {
    let days = days.filter(|days| !(0..=MOST_DAYS).contains(days))?;
    Some(wrong(
        field,
        format!("{days} days are not between 0 and {MOST_DAYS}"),
    ))
}

/// What is asked must not lie in the past of the subscription: nothing may fall due unseen.
pub(super) fn check_not_due(new: &Subscription, field: &str, now: Instant) -> Option<Cause> {
    let next = new.next_transition().filter(|next| next.at <= now)?;
    Some(wrong(
        field,
        format!(
            "With so few days its next status would have begun on {}",
            next.at.date()
        ),
    ))
}

/// The change of a product's pool, where there is one.
pub(super) fn seats(product: ProductId, delta: Pool) -> Option<Change> {
    (delta != Pool::default()).then_some(Change::PoolDelta { product, delta })
}
