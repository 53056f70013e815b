//! Doing what has fallen due before anything else is done for a tenant (write-protocol 5b): in the
//! order of its instants, each recorded as of its own, and each in one process only, since it happens
//! under the tenant's lock. A preview goes the same way and writes nothing.
//!
//! Reads show what is recorded. What is due and not yet recorded is at most as old as the longest
//! sleep of the clock task; nothing is assigned from it, since every writer comes by here first.

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DatabaseTransaction};
use usher_domain::access::SYSTEM;
use usher_domain::command::{Actor, Command, Request, Role};
use usher_domain::ids::{BatchId, Instant, TenantId};
use usher_domain::snapshot::Snapshot;

use super::batch::{KnownPools, Workplace, aside, finish, snapshot_under};
use super::change_set::ChangeSet;
use super::due::{first, load_due};
use super::error::StoreError;
use super::judge::{Sink, judge};
use super::load;
use super::lock::{Head, lock_tenant};
use super::moment::Moment;
use super::waiting::Queues;

/// How much is done at once.
#[derive(Clone, Copy)]
pub(crate) struct AtMost {
    changes: usize,
    people: usize,
}

impl AtMost {
    /// In one transaction, so that others get their turn.
    const IN_ONE: Self = Self {
        changes: 100,
        people: 5_000,
    };
    /// A preview keeps no lock.
    pub(crate) const ALL: Self = Self {
        changes: usize::MAX,
        people: usize::MAX,
    };
}

/// Takes the tenant's lock, with everything done that has fallen due until the moment it answers.
pub(crate) async fn lock_up_to_date(
    workplace: &Workplace,
    tenant: TenantId,
    known_pools: &mut KnownPools,
) -> Result<(DatabaseTransaction, Head, Instant), StoreError> {
    loop {
        let (transaction, head) = lock_tenant(&workplace.database, tenant).await?;
        let now = head.next_instant(workplace.env.clock.as_ref());
        if !head.is_due(now) {
            return Ok((transaction, head, now));
        }
        advance_some(workplace, tenant, (transaction, head, now), known_pools).await?;
    }
}

async fn advance_some(
    workplace: &Workplace,
    tenant: TenantId,
    (transaction, head, now): (DatabaseTransaction, Head, Instant),
    known_pools: &mut KnownPools,
) -> Result<(), StoreError> {
    let mut snapshot = snapshot_under(workplace, &transaction, tenant, &head, known_pools).await?;
    let mut changes = ChangeSet::new(tenant, head.clone(), now);
    let mut walk = Walk {
        tenant,
        moment: Moment::Live,
        workplace,
        queues: Queues::new(tenant, now, workplace.env.clone()),
        last_at: head.last_at,
    };
    let next = walk
        .advance(
            &transaction,
            &mut snapshot,
            now,
            &mut changes,
            AtMost::IN_ONE,
        )
        .await?;
    changes.set_next_due(next);
    let parts = (transaction, head, changes, snapshot);
    finish(workplace, tenant, known_pools, parts).await
}

/// The way through what is due.
pub(crate) struct Walk<'a> {
    pub(crate) tenant: TenantId,
    pub(crate) moment: Moment,
    pub(crate) workplace: &'a Workplace,
    pub(crate) queues: Queues,
    /// When the last change was made.
    pub(crate) last_at: Instant,
}

impl Walk<'_> {
    /// Does what is due at `now`, at most so much; answers when the next thing falls due.
    pub(crate) async fn advance(
        &mut self,
        connection: &impl ConnectionTrait,
        snapshot: &mut Snapshot,
        now: Instant,
        sink: &mut impl Sink,
        at_most: AtMost,
    ) -> Result<Option<Instant>, StoreError> {
        let (tenant, moment) = (self.tenant, self.moment);
        let left_out = load_due(connection, (tenant, moment), snapshot, now).await?;
        // No change is dated before or with the one that was recorded last.
        let mut at = Instant(self.last_at.0.saturating_add(1));
        for _ in 0..at_most.changes {
            let Some(due) = first(snapshot).filter(|due| due.at <= now) else {
                break;
            };
            at = at.max(due.at);
            sink.date(at);
            self.queues.date(at);
            let request = by_itself(tenant, None, due.command);
            let command = std::iter::once(&request.command);
            load::extend(connection, tenant, moment, snapshot, command).await?;
            let env = &self.workplace.env;
            let judged = aside(|| judge(snapshot, &request, at, env, sink))?;
            if judged.0.revision.is_none() {
                let what = format!("what fell due and changed nothing: {:?}", request.command);
                return Err(StoreError::Corrupt(what));
            }
            let touched = judged.1;
            self.queues
                .serve(connection, moment, snapshot, &request, touched, sink)
                .await?;
            if snapshot.users().count() > at_most.people {
                break;
            }
        }
        Ok(first(snapshot)
            .map(|due| due.at)
            .into_iter()
            .chain(left_out)
            .min())
    }
}

/// What the service asks of itself.
pub(crate) fn by_itself(tenant: TenantId, batch: Option<BatchId>, command: Command) -> Request {
    Request {
        tenant,
        actor: Actor {
            identity: Arc::from(SYSTEM),
            roles: vec![Role::GlobalAdmin],
        },
        reason: None,
        request_key: None,
        batch,
        command,
    }
}
