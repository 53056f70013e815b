//! The seats of a product, from the store to the wire.

use usher::name::Collection;
use usher::v1 as wire;
use usher_domain::catalogue::Catalogue;
use usher_domain::ids::{Instant, ProductId, SubscriptionId};
use usher_domain::snapshot::{OVER_DAYS, Pool};
use usher_domain::subscription::{Subscription, TransitionKind};

use super::{subscription, time};

/// What the Licenses page says of a product beside the figures of its pool.
#[derive(Clone, Debug, Default)]
pub(crate) struct Beside<'s> {
    /// Purchases that are not deleted.
    pub(crate) subscriptions: Vec<&'s Subscription>,
    /// People whose own purchase gives them the product.
    pub(crate) self_service_consumed: i64,
    /// Since when more is in use than there is.
    pub(crate) over_since: Option<Instant>,
    /// People who wait for a seat.
    pub(crate) waiting: i64,
}

/// The figures of a pool.
pub(crate) fn figures(product: ProductId, pool: Pool, catalogue: &Catalogue) -> wire::LicensePool {
    let known = catalogue.product(product);
    wire::LicensePool {
        name: Collection::LicensePools.name(product),
        product_id: product.to_string(),
        part_number: catalogue.product_name(product),
        display_name: known
            .map(|product| product.name.clone())
            .unwrap_or_default(),
        enabled: pool.enabled,
        warning: pool.warning,
        suspended: pool.suspended,
        locked_out: pool.locked_out,
        total: pool.total(),
        consumed: pool.consumed,
        available: pool.available(),
        ..wire::LicensePool::default()
    }
}

/// The line of a product on the Licenses page at a moment.
pub(crate) fn line(
    (product, pool): (ProductId, Pool),
    beside: &Beside<'_>,
    catalogue: &Catalogue,
    now: Instant,
) -> wire::LicensePool {
    let own = beside
        .subscriptions
        .iter()
        .filter(|one| one.is_self_service());
    let seats = own.filter(|one| one.works()).map(|one| one.quantity);
    let deadline = beside.over_since.map(|since| since.plus_days(OVER_DAYS));
    let lapses = beside.subscriptions.iter().filter_map(|one| lapse(one));
    wire::LicensePool {
        subscriptions: i64::try_from(beside.subscriptions.len()).unwrap_or(i64::MAX),
        self_service_seats: seats.fold(0, i64::saturating_add),
        self_service_consumed: beside.self_service_consumed,
        over_allocated_time: beside.over_since.map(time::to_wire),
        deadline_time: deadline.map(time::to_wire),
        overdue: deadline.is_some_and(|deadline| deadline <= now),
        waiting: beside.waiting,
        next_lapse: lapses
            .min_by_key(|lapse| (lapse.at, lapse.subscription))
            .map(Lapse::into_wire),
        ..figures(product, pool, catalogue)
    }
}

/// A loss of seats of the pool that comes by itself.
struct Lapse {
    at: Instant,
    kind: TransitionKind,
    seats: i64,
    subscription: SubscriptionId,
}

impl Lapse {
    fn into_wire(self) -> wire::NextLapse {
        wire::NextLapse {
            lapse_time: Some(time::to_wire(self.at)),
            status: subscription::status_after(self.kind).into(),
            quantity: self.seats,
            subscription_id: self.subscription.to_string(),
        }
    }
}

/// What a purchase whose seats work comes to by itself, where that means fewer of them.
fn lapse(one: &Subscription) -> Option<Lapse> {
    if !one.works() || one.is_self_service() {
        return None;
    }
    let next = one.next_transition()?;
    let seats = match next.kind {
        TransitionKind::Renew => one.quantity.saturating_sub(one.renewal_quantity?),
        TransitionKind::Expire | TransitionKind::Disable | TransitionKind::Delete => one.quantity,
    };
    (seats > 0).then_some(Lapse {
        at: next.at,
        kind: next.kind,
        seats,
        subscription: one.id,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_is_overdue_from_its_deadline_on_and_only_while_seats_are_missing() {
        let product = ProductId(uuid::Uuid::from_u128(1));
        let pool = Pool {
            enabled: 1,
            consumed: 3,
            ..Pool::default()
        };
        let catalogue = Catalogue::default();
        let at = |over_since, now| {
            let beside = Beside {
                over_since,
                ..Beside::default()
            };
            line((product, pool), &beside, &catalogue, now)
        };
        let since = Instant(7);
        let deadline = since.plus_days(90);
        for (now, overdue) in [
            (since, false),
            (Instant(deadline.0 - 1), false),
            (deadline, true),
            (deadline.plus_days(400), true),
        ] {
            let line = at(Some(since), now);
            assert_eq!(line.overdue, overdue, "{now:?}");
            assert_eq!(line.deadline_time, Some(time::to_wire(deadline)));
            assert_eq!((line.total, line.available), (1, -2));
        }
        let healed = at(None, deadline.plus_days(400));
        assert_eq!((healed.overdue, healed.deadline_time), (false, None));
    }
}
