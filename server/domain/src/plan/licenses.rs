//! One user's change of licences, whole or not at all: from what is asked to what is drafted,
//! judged and answered. Used for a user that is there, and for one that is being created.

mod answer;
mod carry;
mod copy;
mod data;
mod draft;
mod fixes;
mod judge;
mod lapse;
mod next;
mod notes;
mod plan_changes;
mod switching;
#[cfg(test)]
mod tests;
mod wish;

use uuid::Uuid;

pub(super) use self::answer::Decision;
pub(super) use self::data::note_data;
pub(super) use self::draft::{Draft, rejudge};
pub(super) use self::lapse::{end_self_service, lapse};
pub(super) use self::notes::note_held_off;
use super::{Context, limits};
use crate::command::LicenseChange;
use crate::ids::ProductId;
use crate::refusal::{Cause, Code};
use crate::rules::{company, guests, inherited, location, seats, self_service};
use crate::snapshot::{Assignment, AssignmentState, UserProfile, Waiting};

/// Whose licences are to change, with all paths.
#[derive(Clone, Copy)]
pub(super) struct Holder<'a> {
    pub(super) profile: &'a UserProfile,
    pub(super) paths: &'a [Assignment],
}

impl<'a> Holder<'a> {
    /// The direct path to a product from the pool.
    fn direct(&self, product: ProductId) -> Option<&'a Assignment> {
        self.paths
            .iter()
            .find(|path| path.product == product && path.is_direct())
    }
}

/// How far a change is judged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Depth {
    /// Whether fixes are looked for. A fix is itself decided on, without fixes of its own.
    pub(super) fixes: bool,
    /// Whether the pools are judged for this change alone; else who asks judges them for many.
    pub(super) seats: bool,
}

impl Depth {
    pub(super) const WHOLE: Self = Self {
        fixes: true,
        seats: true,
    };

    const fn as_trial(self) -> Self {
        Self {
            fixes: false,
            ..self
        }
    }
}

const TRIAL: Depth = Depth::WHOLE.as_trial();

/// Direct paths that are asked to wait for a seat go behind nobody of the same priority.
const DIRECT_PRIORITY: i32 = 0;

pub(super) fn decide<'a>(
    context: &Context<'_>,
    holder: Holder<'a>,
    change: &LicenseChange,
    ids: &mut dyn FnMut() -> Uuid,
    depth: Depth,
) -> Decision<'a> {
    let failed = |causes| Decision::failed(holder.profile.id, causes, Vec::new());
    let causes = limits::check_change(change);
    if !causes.is_empty() {
        return failed(causes);
    }
    let wish = match wish::read(context, holder, change) {
        Ok(wish) => wish,
        Err(causes) => return failed(causes),
    };
    let mut draft = Draft::new(context, holder);
    let mut causes = Vec::new();
    let policy = context.snapshot.tenant.guest_policy;
    causes.extend(guests::check(
        holder.profile,
        &context.request.actor,
        policy,
    ));
    remove(context, holder, &wish, &mut draft, &mut causes);
    add(context, &wish, &mut draft, ids, &mut causes);
    copy::put(change, &wish, &mut draft);
    let left = carry::carry(context, change, &mut draft).unwrap_or_else(|found| {
        causes.extend(found);
        Vec::new()
    });
    if let Err(found) = switching::switch(context, holder, change, &wish, &mut draft) {
        causes.extend(found);
    }
    if causes.iter().any(Cause::leaves_nothing_to_judge) {
        causes.retain(Cause::leaves_nothing_to_judge);
        return failed(causes);
    }
    if draft.turns_on(context.catalogue()) {
        causes.extend(location::check(holder.profile));
    }
    // A fix would have to cure the other causes too, so none is looked for beside them.
    let judged = if causes.is_empty() {
        depth
    } else {
        depth.as_trial()
    };
    causes.extend(judge::judge(context, holder, change, &draft, judged));
    let mut seats = draft.seats();
    if depth.seats {
        let short = seats_missing(context, &wish, &seats);
        let may_wait = change.wait_for_seat && causes.is_empty() && draft.ended().next().is_none();
        if may_wait && !short.is_empty() && wait(context, holder, change, &short, &mut draft) {
            seats = draft.seats();
        } else {
            causes.extend(short.into_iter().map(|(_, cause)| cause));
        }
    }
    if !causes.is_empty() {
        return Decision::failed(holder.profile.id, causes, seats);
    }
    if draft.is_changed() {
        draft.settle(context, &seats);
    }
    Decision::made(context, holder, change, draft, left, seats)
}

/// R15, R16: ends direct paths.
fn remove(
    context: &Context<'_>,
    holder: Holder<'_>,
    wish: &wish::Wish,
    draft: &mut Draft<'_>,
    causes: &mut Vec<Cause>,
) {
    for product in &wish.removes {
        if draft.end_direct(*product) {
            continue;
        }
        let groups = inherited::groups(holder.paths, *product);
        if !groups.is_empty() {
            causes.push(inherited::refusal(context.catalogue(), *product, groups));
        } else if holder.paths.iter().any(|path| path.product == *product) {
            causes.push(self_service::refusal(context.catalogue(), *product));
        }
    }
}

/// R9, R15: begins direct paths where there are none.
fn add(
    context: &Context<'_>,
    wish: &wish::Wish,
    draft: &mut Draft<'_>,
    ids: &mut dyn FnMut() -> Uuid,
    causes: &mut Vec<Cause>,
) {
    for (product, new_plans) in &wish.adds {
        if !draft.holds_directly(*product) {
            let of = context.catalogue().product(*product);
            causes.extend(of.and_then(company::check));
        }
        draft.begin_direct(context, *product, *new_plans, ids);
    }
}

/// R6: the products whose pools cannot take the change, with the cause.
fn seats_missing(
    context: &Context<'_>,
    wish: &wish::Wish,
    seats: &[(ProductId, i64)],
) -> Vec<(ProductId, Cause)> {
    let missing = seats.iter().filter_map(|(product, net)| {
        let pool = context.snapshot.pool(*product);
        let mut cause = seats::check(context.catalogue(), *product, pool, *net)?;
        if wish.exhausted.first() == Some(product) {
            wish::tell_exhausted(context, wish, &mut cause);
        }
        Some((*product, cause))
    });
    missing.collect()
}

/// R23: lets the paths that lack nothing but a seat wait for it, unless the rest of the change
/// needs them. A change that ends a licence does not wait: it would leave the user without.
fn wait(
    context: &Context<'_>,
    holder: Holder<'_>,
    change: &LicenseChange,
    short: &[(ProductId, Cause)],
    draft: &mut Draft<'_>,
) -> bool {
    if short
        .iter()
        .any(|(_, cause)| cause.code != Code::NoAvailableSeats)
    {
        return false;
    }
    for (product, _) in short {
        let place = Waiting {
            priority: DIRECT_PRIORITY,
            since: context.now,
        };
        draft.queue_direct(*product, AssignmentState::Waiting(place));
    }
    judge::judge(context, holder, change, draft, TRIAL).is_empty()
}
