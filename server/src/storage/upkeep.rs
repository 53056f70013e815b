//! What a writer does once an hour between two batches: it logs the end of the chain, to be compared
//! with a copy outside, and forgets old answers to request ids.

use std::time::Duration;

use sea_orm::ConnectionTrait;
use tokio::time::Instant;
use usher_domain::ids::{self, TenantId};

use super::batch::Workplace;
use super::error::StoreError;
use super::lock::lock_tenant;
use super::page::hex;
use super::requests::{forget_before, tenants_with_answers_before};

pub(crate) const INTERVAL: Duration = Duration::from_secs(3_600);
/// Twice as long as answers are promised to be kept.
const KEPT_MICROS: i64 = 48 * 3_600 * 1_000_000;
/// How many answers are forgotten while others wait for the lock.
const AT_ONCE: u64 = 5_000;

/// When a writer did its upkeep last.
#[derive(Default)]
pub(crate) struct Upkeep {
    done_at: Option<Instant>,
}

impl Upkeep {
    /// Does what is due. A failure is only logged: nobody waits for the upkeep.
    pub(crate) async fn run_if_due(&mut self, workplace: &Workplace, tenant: TenantId) {
        if self.done_at.is_some_and(|at| at.elapsed() < INTERVAL) {
            return;
        }
        match keep_up(workplace, tenant).await {
            // More is left to forget: the next batch goes on with it.
            Ok(AT_ONCE..) => return,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, %tenant, "the hourly upkeep failed"),
        }
        self.done_at = Some(Instant::now());
    }
}

/// Answers given before this moment are forgotten.
fn forgotten_before(now: ids::Instant) -> ids::Instant {
    ids::Instant(now.0.saturating_sub(KEPT_MICROS))
}

/// The tenants whose writer has something to forget. A writer begins with the first command for its tenant: where none
/// comes after a start, nobody would.
pub(crate) async fn tenants_to_keep_up(
    connection: &impl ConnectionTrait,
    now: ids::Instant,
) -> Result<Vec<TenantId>, StoreError> {
    tenants_with_answers_before(connection, forgotten_before(now)).await
}

async fn keep_up(workplace: &Workplace, tenant: TenantId) -> Result<u64, StoreError> {
    let (transaction, head) = lock_tenant(&workplace.database, tenant).await?;
    let before = forgotten_before(workplace.env.clock.now());
    let forgotten = forget_before(&transaction, tenant, before, AT_ONCE).await?;
    if forgotten > 0 {
        transaction.commit().await?;
    } else {
        transaction.rollback().await?;
    }
    tracing::info!(
        %tenant,
        revision = head.revision.0,
        hash = hex(&head.chain_hash),
        "the end of the chain"
    );
    Ok(forgotten)
}
