//! The task of each process that looks after the time: it wakes the writers of the tenants for which
//! something has fallen due or is to be forgotten. A late one does no harm, since every writer does what is due first.

use std::sync::Weak;
use std::time::Duration;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use tokio::time::{self, sleep};
use usher_domain::ids::{Instant, TenantId};

use super::entity::heads::{Column, Entity};
use super::error::StoreError;
use super::store::{Inner, Store};
use super::upkeep::INTERVAL;

/// The longest sleep: what another process makes fall due sooner is noticed after it.
const LONGEST: Duration = Duration::from_secs(60);
/// The shortest: what is due and fails is not tried without a pause.
const SHORTEST: Duration = Duration::from_secs(1);

/// Wakes writers for as long as the store is open.
pub(crate) fn start(store: Weak<Inner>) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut pause = SHORTEST;
        let mut kept_up: Option<time::Instant> = None;
        loop {
            sleep(pause).await;
            let Some(inner) = store.upgrade() else {
                return;
            };
            let store = Store::from_inner(inner);
            pause = match store.catch_up().await {
                Ok(next) => until(next, store.now()),
                Err(error) => {
                    tracing::warn!(%error, "what has fallen due could not be looked for");
                    LONGEST
                }
            };
            if kept_up.is_none_or(|at| at.elapsed() >= INTERVAL) {
                kept_up = Some(time::Instant::now());
                if let Err(error) = store.keep_up().await {
                    tracing::warn!(%error, "what is to be forgotten could not be looked for");
                }
            }
        }
    })
}

fn until(next: Option<Instant>, now: Instant) -> Duration {
    let micros = next.map_or(i64::MAX, |next| next.0.saturating_sub(now.0));
    Duration::from_micros(u64::try_from(micros).unwrap_or_default()).clamp(SHORTEST, LONGEST)
}

/// The tenants for which something falls due some time, the next one first.
pub(crate) async fn due_tenants(
    connection: &impl ConnectionTrait,
) -> Result<Vec<(TenantId, Instant)>, StoreError> {
    let heads = Entity::find()
        .filter(Column::NextDue.is_not_null())
        .order_by_asc(Column::NextDue)
        .all(connection)
        .await?;
    let due = heads
        .into_iter()
        .filter_map(|head| Some((TenantId(head.tenant), Instant(head.next_due?))));
    Ok(due.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_sleeps_until_the_next_moment_and_never_long() {
        let second = 1_000_000;
        assert_eq!(
            until(Some(Instant(5 * second)), Instant(0)),
            Duration::from_secs(5)
        );
        assert_eq!(until(Some(Instant(0)), Instant(9 * second)), SHORTEST);
        assert_eq!(until(Some(Instant(999 * second)), Instant(0)), LONGEST);
        assert_eq!(until(None, Instant(0)), LONGEST);
    }
}
