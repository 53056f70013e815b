//! One transaction of the writer: lock, load, plan, write, commit (write-protocol 5 and 6).
//! Who is told what, and what is tried again, is the writer's business.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::block_in_place;
use tokio::time::Instant;
use usher_domain::command::{Command, Request};
use usher_domain::ids::TenantId;
use usher_domain::plan::{Outcome, OutcomeKind, Plan, permitted};
use usher_domain::refusal::Cause;
use usher_domain::snapshot::Snapshot;

use super::advance::lock_up_to_date;
use super::catalogue::{Catalogues, Ground};
use super::change_set::ChangeSet;
use super::connect::Database;
use super::error::StoreError;
use super::judge::{Sink, judge};
use super::lock::{Head, lock_tenant};
use super::moment::Moment;
use super::over_allocations::{OverAllocations, load_over_allocations};
use super::pools::{Pools, load_pools};
use super::requests::load_answered;
use super::waiting::Queues;
use super::{load, records};
use crate::env::Env;

/// How long the database may hear nothing while commands are planned: it ends transactions that
/// are silent for some seconds, since they keep the lock.
const SILENCE: Duration = Duration::from_secs(1);

/// What a tenant's writer works with.
#[derive(Clone)]
pub(crate) struct Workplace {
    pub(crate) database: Database,
    pub(crate) env: Env,
    pub(crate) catalogues: std::sync::Arc<Catalogues>,
}

/// The counters as a writer left them, good for as long as nobody else wrote: a database that was
/// put back to an earlier copy may come to the same revision by another way.
#[derive(Default)]
pub(crate) struct KnownPools {
    left: Option<(Head, Pools, OverAllocations)>,
    /// Another process wrote to the SQLite file since this one did last.
    pub(crate) contended: bool,
}

impl Sink for ChangeSet {
    fn take(&mut self, request: &Request, plan: Plan) -> Result<(), StoreError> {
        self.add(request, plan)
    }

    fn date(&mut self, at: usher_domain::ids::Instant) {
        ChangeSet::date(self, at);
    }
}

/// Runs requests as one transaction and answers their outcomes once they are durable. `pick` says
/// which requests are still wanted, and is asked under the lock.
pub(crate) async fn run<'a>(
    workplace: &Workplace,
    tenant: TenantId,
    known_pools: &mut KnownPools,
    pick: impl FnOnce() -> Vec<&'a Request> + Send,
) -> Result<Vec<Outcome>, StoreError> {
    let (transaction, head, now) = lock_up_to_date(workplace, tenant, known_pools).await?;
    let requests = pick();
    let mut answered = load_answered(&transaction, tenant, requests.iter().copied()).await?;
    let mut snapshot = snapshot_under(workplace, &transaction, tenant, &head, known_pools).await?;
    let commands = requests.iter().map(|request| &request.command);
    load::extend(&transaction, tenant, Moment::Live, &mut snapshot, commands).await?;

    let mut changes = ChangeSet::new(tenant, head.clone(), now);
    let mut queues = Queues::new(tenant, now, workplace.env.clone());
    let mut outcomes = Vec::with_capacity(requests.len());
    let mut spoke = Instant::now();
    for request in requests {
        if let Some(outcome) = answered.to(request)? {
            let allowed = permitted(&snapshot, request);
            outcomes.push(allowed.map_or_else(refused, |()| outcome));
            continue;
        }
        let mut judging = || judge(&mut snapshot, request, now, &workplace.env, &mut changes);
        let (outcome, touched) = if takes_long(&request.command) {
            aside(judging)?
        } else {
            judging()?
        };
        if let Some(row) = answered.note(request, &outcome, outcome.revision, now)? {
            changes.add_request(row);
        }
        outcomes.push(outcome);
        queues
            .serve(
                &transaction,
                Moment::Live,
                &mut snapshot,
                request,
                touched,
                &mut changes,
            )
            .await?;
        if spoke.elapsed() > SILENCE {
            transaction.execute_unprepared("SELECT 1").await?;
            spoke = Instant::now();
        }
    }
    let parts = (transaction, head, changes, snapshot);
    finish(workplace, tenant, known_pools, parts).await?;
    Ok(outcomes)
}

/// A snapshot under the lock, with its catalogue, settings and pools.
pub(crate) async fn snapshot_under(
    workplace: &Workplace,
    transaction: &DatabaseTransaction,
    tenant: TenantId,
    head: &Head,
    known_pools: &mut KnownPools,
) -> Result<Snapshot, StoreError> {
    let ground = workplace
        .catalogues
        .current(transaction, tenant, head.catalogue_rev)
        .await?;
    let mut snapshot = ground.snapshot(head.revision);
    known_pools
        .put_into(&mut snapshot, transaction, tenant, head)
        .await?;
    Ok(snapshot)
}

/// Writes what a transaction changes, if it does, and ends it.
pub(crate) async fn finish(
    workplace: &Workplace,
    tenant: TenantId,
    known_pools: &mut KnownPools,
    (transaction, head, changes, snapshot): (DatabaseTransaction, Head, ChangeSet, Snapshot),
) -> Result<(), StoreError> {
    if changes.is_empty() {
        transaction.rollback().await?;
        return Ok(());
    }
    let after = changes.head().clone();
    changes.write(&transaction).await?;
    commit(workplace, tenant, transaction, &head, &after).await?;
    keep(workplace, tenant, known_pools, &head, &after, snapshot);
    Ok(())
}

/// What the actor of an earlier request is told who may not ask for it any more.
fn refused(cause: Cause) -> Outcome {
    let mut outcome = Outcome::new(None, OutcomeKind::Failed);
    outcome.causes = vec![cause];
    outcome
}

/// Everybody who holds a product is judged again, or very many people are changed at once.
const fn takes_long(command: &Command) -> bool {
    matches!(
        command,
        Command::ImportRules(_)
            | Command::ImportProduct(_)
            | Command::UpdateProduct { .. }
            | Command::UpdatePlan { .. }
            | Command::UpdateRule { .. }
            | Command::DeleteRule { .. }
            | Command::ModifyLicensesTogether(_)
    )
}

/// Computes for long without holding up what else waits for this thread.
pub(crate) fn aside<T>(compute: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => block_in_place(compute),
        _ => compute(),
    }
}

/// Commits; where the answer to COMMIT does not arrive, looks on a new connection, under the lock
/// that the lost transaction must have given back, whether its last link is in the chain.
async fn commit(
    workplace: &Workplace,
    tenant: TenantId,
    transaction: DatabaseTransaction,
    before: &Head,
    after: &Head,
) -> Result<(), StoreError> {
    let Err(error) = transaction.commit().await else {
        return Ok(());
    };
    tracing::warn!(%error, revision = after.revision.0, "a commit was not confirmed");
    if before.revision == after.revision {
        // Only answers to request ids were in it: planning them again changes nothing.
        return Err(error.into());
    }
    match was_committed(workplace, tenant, after).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(not_committed(error)),
        Err(_) => Err(StoreError::OutcomeUnknown),
    }
}

fn not_committed(error: DbErr) -> StoreError {
    match StoreError::from(error) {
        StoreError::Busy => StoreError::Busy,
        _ => StoreError::Unavailable,
    }
}

async fn was_committed(
    workplace: &Workplace,
    tenant: TenantId,
    after: &Head,
) -> Result<bool, StoreError> {
    let (transaction, _) = lock_tenant(&workplace.database, tenant).await?;
    let there = records::has_link(&transaction, tenant, after).await?;
    transaction.rollback().await?;
    Ok(there)
}

fn keep(
    workplace: &Workplace,
    tenant: TenantId,
    known_pools: &mut KnownPools,
    before: &Head,
    after: &Head,
    snapshot: Snapshot,
) {
    known_pools.left = Some((
        after.clone(),
        snapshot.pools().collect(),
        snapshot.over_allocations().collect(),
    ));
    if before.catalogue_rev != after.catalogue_rev {
        let ground = Ground {
            settings: snapshot.tenant,
            organisation: snapshot.organisation,
            catalogue: snapshot.catalogue,
        };
        workplace
            .catalogues
            .keep(tenant, after.catalogue_rev, ground);
    }
}

impl KnownPools {
    async fn put_into(
        &mut self,
        snapshot: &mut Snapshot,
        transaction: &DatabaseTransaction,
        tenant: TenantId,
        head: &Head,
    ) -> Result<(), StoreError> {
        let left = self.left.take();
        self.contended = transaction.get_database_backend() == DbBackend::Sqlite
            && left.as_ref().is_some_and(|(known, ..)| known != head);
        let (pools, over) = match left {
            Some((known, pools, over)) if known == *head => (pools, over),
            _ => (
                load_pools(transaction, tenant, Moment::Live).await?,
                load_over_allocations(transaction, tenant, Moment::Live).await?,
            ),
        };
        for (product, pool) in &pools {
            snapshot.insert_pool(*product, *pool);
        }
        for (product, since) in &over {
            snapshot.insert_over_allocation(*product, *since);
        }
        self.left = Some((head.clone(), pools, over));
        Ok(())
    }
}
