//! R8: a pool in which more is used than there is, because capacity shrank. Marked when a plan makes
//! it so and taken off when a plan heals it, whatever the plan was for.

use std::collections::BTreeMap;

use super::purchase::counted;
use super::{Change, Context, Note, NoteKind, Plan};
use crate::ids::ProductId;
use crate::snapshot::{OVER_DAYS, Pool};

/// A plan is made whole or not at all, so only what it leaves counts, not what is between its steps.
pub(super) fn mark(context: &Context<'_>, plan: &mut Plan) {
    let mut touched: BTreeMap<ProductId, (Pool, usize)> = BTreeMap::new();
    for (at, step) in plan.steps.iter().enumerate() {
        for change in &step.changes {
            if let Change::PoolDelta { product, delta } = change {
                let now = || (context.snapshot.pool(*product), at);
                let entry = touched.entry(*product).or_insert_with(now);
                entry.0 += *delta;
                entry.1 = at;
            }
        }
    }
    for (product, (pool, at)) in touched {
        let since = context.snapshot.over_since(product);
        let change = match since {
            None if pool.is_over_allocated() => {
                plan.outcome.notes.push(note(context, product, pool));
                Change::OpenOverAllocation {
                    product,
                    since: context.now,
                }
            }
            Some(_) if !pool.is_over_allocated() => Change::CloseOverAllocation { product },
            _ => continue,
        };
        if let Some(step) = plan.steps.get_mut(at) {
            step.changes.push(change);
        }
    }
}

fn note(context: &Context<'_>, product: ProductId, pool: Pool) -> Note {
    let name = context.catalogue().product_name(product);
    let missing = pool.available().saturating_neg();
    let until = context.now.plus_days(OVER_DAYS).date();
    Note {
        kind: NoteKind::OverAllocated,
        message: format!(
            "{name} lacks {}: unassign or buy that many by {until}. Nobody loses a licence",
            counted(missing)
        ),
        product: Some(product),
        plan: None,
        groups: Vec::new(),
    }
}
