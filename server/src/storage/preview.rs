//! A preview (validate_only): the same load and the same planning over any number of commands, of
//! which nothing is written. It reads at one revision and holds no transaction between chunks.

use usher_domain::command::Request;
use usher_domain::ids::{Instant, Revision, TenantId};
use usher_domain::plan::Outcome;
use usher_domain::snapshot::Snapshot;

use super::batch::Workplace;
use super::error::StoreError;
use super::judge::{Nowhere, judge};
use super::read::{ReadAt, ReadTx};
use super::waiting::Queues;

/// A preview keeps everybody whom it judged, as the commands before would leave them.
const MOST_PEOPLE: usize = 200_000;

/// The state that commands would leave, growing as they come.
pub struct PreviewSession {
    workplace: Workplace,
    tenant: TenantId,
    snapshot: Snapshot,
    revision: Revision,
    now: Instant,
    queues: Queues,
}

impl PreviewSession {
    pub(crate) async fn open(
        workplace: Workplace,
        tenant: TenantId,
        at: ReadAt<'_>,
    ) -> Result<Self, StoreError> {
        let read = ReadTx::begin(workplace.clone(), tenant, at).await?;
        let mut snapshot = read.snapshot().await?;
        let now = read.head().next_instant(workplace.env.clock.as_ref());
        if read.head().is_due(now) {
            read.advance(&mut snapshot, now).await?;
        }
        Ok(Self {
            now,
            queues: Queues::new(tenant, now, workplace.env.clone()),
            revision: read.revision(),
            workplace,
            tenant,
            snapshot,
        })
    }

    /// Things as the commands so far would leave them: all pools, and what the commands needed.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// What these commands would come to after those before them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn plan(&mut self, requests: &[Request]) -> Result<Vec<Outcome>, StoreError> {
        let at = ReadAt::Revision(self.revision);
        let read = ReadTx::begin(self.workplace.clone(), self.tenant, at).await?;
        read.extend(&mut self.snapshot, requests).await?;
        bounded(self.snapshot.users().count())?;
        let mut outcomes = Vec::with_capacity(requests.len());
        for request in requests {
            let env = &self.workplace.env;
            let (outcome, touched) =
                judge(&mut self.snapshot, request, self.now, env, &mut Nowhere)?;
            outcomes.push(outcome);
            read.serve(&mut self.queues, &mut self.snapshot, request, touched)
                .await?;
        }
        Ok(outcomes)
    }
}

fn bounded(people: usize) -> Result<(), StoreError> {
    if people > MOST_PEOPLE {
        return Err(StoreError::PreviewTooLarge { most: MOST_PEOPLE });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_is_not_of_everybody_there_is() {
        assert_eq!(bounded(MOST_PEOPLE), Ok(()));
        let refused = bounded(MOST_PEOPLE + 1).unwrap_err();
        assert!(refused.to_string().contains("200000"), "{refused}");
    }
}
