//! Many commands of one call: written chunk by chunk, or judged one after another as one plan of
//! which nothing is written.

use usher_domain::command::Request;
use usher_domain::plan::Outcome;

use super::Api;
use super::status::Refusal;
use crate::storage::{MAX_BATCH, PreviewSession, Store};

/// Where chunks of commands go.
pub(super) enum Chunks {
    /// Each chunk is one transaction, durable when it is answered.
    Written(Store),
    /// Nothing is written.
    Judged(Box<PreviewSession>),
}

impl Chunks {
    pub(super) async fn open(api: &Api, validate_only: bool) -> Result<Self, Refusal> {
        if validate_only {
            let preview = api.store.preview(api.tenant()).await?;
            return Ok(Self::Judged(Box::new(preview)));
        }
        Ok(Self::Written(api.store.clone()))
    }

    /// The outcomes of one chunk, of at most [`MAX_BATCH`] commands, in its order.
    pub(super) async fn run(&mut self, chunk: Vec<Request>) -> Result<Vec<Outcome>, Refusal> {
        match self {
            Self::Written(store) => Ok(store.write_chunk(chunk).await?),
            Self::Judged(preview) => {
                let mut outcomes = preview.plan(&chunk).await?;
                for outcome in &mut outcomes {
                    outcome.revision = None;
                }
                Ok(outcomes)
            }
        }
    }

    /// The outcomes of any number of commands, in their order.
    pub(super) async fn run_all(&mut self, all: Vec<Request>) -> Result<Vec<Outcome>, Refusal> {
        let mut outcomes = Vec::with_capacity(all.len());
        let mut all = all.into_iter();
        loop {
            let chunk: Vec<Request> = all.by_ref().take(MAX_BATCH).collect();
            if chunk.is_empty() {
                return Ok(outcomes);
            }
            outcomes.extend(self.run(chunk).await?);
        }
    }
}
