//! What happens to a subscription by itself when its time has come (R41): planned as of the instant
//! at which it fell due, however late that is noticed. With the last subscription of a product all
//! its licences end; group paths go on without a seat.

use super::licenses::{Draft, end_self_service, lapse};
use super::purchase::Recorded;
use super::rejudge::Group;
use super::{Action, Context, Outcome, OutcomeKind, Plan, Step, Subject};
use crate::ids::{Revision, SubscriptionId};
use crate::snapshot::User;
use crate::subscription::{Subscription, Transition, TransitionKind};

pub(super) fn plan(context: &Context<'_>, id: SubscriptionId) -> Plan {
    let subject = Subject::Subscription(id);
    let Some(old) = context.snapshot.subscription(id) else {
        return Plan::unchanged(subject);
    };
    let due = old.next_transition().filter(|next| next.at <= context.now);
    let Some(due) = due else {
        return Plan::unchanged(subject);
    };
    let new = old.after(due);
    let action = action(due);
    if due.kind != TransitionKind::Delete || !context.is_last_of(old) {
        return context.replace(action, old, &new);
    }
    match old.purchaser {
        Some(user) => end_purchase(context, (old, &new), context.snapshot.user(user)),
        None => end_product(context, old, &new),
    }
}

const fn action(due: Transition) -> Action {
    match due.kind {
        TransitionKind::Renew => Action::RenewSubscription,
        TransitionKind::Expire => Action::ExpireSubscription,
        TransitionKind::Disable => Action::DisableSubscription,
        TransitionKind::Delete => Action::DeleteSubscription,
    }
}

impl Context<'_> {
    /// Whether nothing else gives what a subscription gives: another one of the product in the pool,
    /// or another purchase of it by the same user.
    pub(super) fn is_last_of(&self, old: &Subscription) -> bool {
        !self.snapshot.subscriptions().any(|other| {
            other.id != old.id
                && !other.is_deleted()
                && (other.product, other.purchaser) == (old.product, old.purchaser)
        })
    }
}

/// The licence that the user bought ends with the purchase, in the same record.
fn end_purchase(
    context: &Context<'_>,
    (old, new): (&Subscription, &Subscription),
    user: Option<&User>,
) -> Plan {
    let Some(user) = user else {
        return context.replace(Action::DeleteSubscription, old, new);
    };
    let draft = end_self_service(context, user, old.product);
    let mut changes = context.next_version(old, new);
    changes.extend(draft.changes(&[]));
    let (before, after) = draft.changed();
    let recorded = |subscription, assignments| Recorded {
        subscription,
        assignments,
    };
    Plan::applied(
        Action::DeleteSubscription,
        Subject::Subscription(old.id),
        changes,
        &recorded(old, before),
        &recorded(new, after),
    )
}

/// All licences of the product end, in records that stay small enough to be read.
fn end_product(context: &Context<'_>, old: &Subscription, new: &Subscription) -> Plan {
    let subject = Subject::Subscription(old.id);
    let first = Step::new(
        (Action::DeleteSubscription, subject.clone()),
        context.next_version(old, new),
        old,
        new,
    );
    let mut steps = vec![first];
    let record = (Action::EndLicenses, &subject);
    let mut group = Group::default();
    for user in holders(context, old) {
        let revision = Revision(context.revision.0.saturating_add(count(&steps)));
        let draft: Draft<'_> = lapse(context, user, old.product, revision);
        group.add(&draft, &draft.seats());
        if group.is_full() {
            steps.push(std::mem::take(&mut group).into_step(record));
        }
    }
    if !group.is_empty() {
        steps.push(group.into_step(record));
    }
    Plan {
        outcome: Outcome::new(Some(subject), OutcomeKind::Applied),
        steps,
    }
}

fn holders<'a>(context: &Context<'a>, old: &Subscription) -> Vec<&'a User> {
    let holds = |user: &&User| user.has_seat(old.product);
    let mut users: Vec<&User> = context.snapshot.users().filter(holds).collect();
    users.sort_by_key(|user| user.profile.id);
    users
}

fn count(steps: &[Step]) -> i64 {
    i64::try_from(steps.len()).unwrap_or(i64::MAX)
}
