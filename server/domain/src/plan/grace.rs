//! R41: seats in their days of grace may be newly assigned, and the outcome says until when they work.

use std::collections::BTreeMap;

use super::{Change, Context, Note, NoteKind, Outcome, Plan};
use crate::ids::{Instant, ProductId};
use crate::subscription::SubscriptionStatus;

/// Notes each product of which a plan takes seats that are in grace: on each part that takes one, where
/// the plan is answered part by part.
pub(super) fn note(context: &Context<'_>, plan: &mut Plan) {
    let mut taken: BTreeMap<ProductId, i64> = BTreeMap::new();
    for change in plan.changes() {
        if let Change::PoolDelta { product, delta } = change {
            *taken.entry(*product).or_default() += delta.consumed;
        }
    }
    for (product, taken) in taken.into_iter().filter(|(_, taken)| *taken > 0) {
        let Some(until) = works_until(context, product, taken) else {
            continue;
        };
        let note = in_grace(context, product, until);
        let takes_one = |part: &&mut Outcome| {
            let mut seats = part.seats.iter();
            seats.any(|(of, net)| *of == product && *net > 0)
        };
        let parts = plan.outcome.parts.iter_mut();
        let mut takers = parts.filter(takes_one).peekable();
        if takers.peek().is_none() {
            plan.outcome.notes.push(note);
        } else {
            takers.for_each(|part| part.notes.push(note.clone()));
        }
    }
}

fn in_grace(context: &Context<'_>, product: ProductId, until: Instant) -> Note {
    Note {
        kind: NoteKind::InGrace,
        message: format!(
            "The term of {} has ended; its seats work until {} unless it is renewed",
            context.catalogue().product_name(product),
            until.date()
        ),
        product: Some(product),
        plan: None,
        groups: Vec::new(),
    }
}

/// The end of the grace with which there would be fewer seats than are in use.
fn works_until(context: &Context<'_>, product: ProductId, taken: i64) -> Option<Instant> {
    let pool = context.snapshot.pool(product);
    let consumed = pool.consumed + taken;
    let all = context.snapshot.subscriptions();
    let mut ends: Vec<(Instant, i64)> = all
        .filter(|one| one.product == product && one.status == SubscriptionStatus::Expired)
        .filter_map(|one| Some((one.grace_ends_at()?, one.seats().warning)))
        .collect();
    ends.sort_unstable();
    let mut total = pool.total();
    ends.into_iter().find_map(|(end, seats)| {
        total -= seats;
        (total < consumed).then_some(end)
    })
}
