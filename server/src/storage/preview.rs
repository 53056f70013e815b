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

/// The state that commands would leave, growing as they come.
pub struct PreviewSession {
    workplace: Workplace,
    tenant: TenantId,
    snapshot: Snapshot,
    revision: Revision,
    now: Instant,
}

impl PreviewSession {
    pub(crate) async fn open(
        workplace: Workplace,
        tenant: TenantId,
        at: ReadAt<'_>,
    ) -> Result<Self, StoreError> {
        let read = ReadTx::begin(workplace.clone(), tenant, at).await?;
        let snapshot = read.snapshot().await?;
        Ok(Self {
            now: workplace.env.clock.now(),
            revision: read.revision(),
            workplace,
            tenant,
            snapshot,
        })
    }

    /// What these commands would come to after those before them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn plan(&mut self, requests: &[Request]) -> Result<Vec<Outcome>, StoreError> {
        let at = ReadAt::Revision(self.revision);
        let read = ReadTx::begin(self.workplace.clone(), self.tenant, at).await?;
        read.extend(&mut self.snapshot, requests).await?;
        requests
            .iter()
            .map(|request| {
                let env = &self.workplace.env;
                judge(&mut self.snapshot, request, self.now, env, &mut Nowhere)
            })
            .collect()
    }
}
