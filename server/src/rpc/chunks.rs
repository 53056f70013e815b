//! Many commands of one call: written chunk by chunk, or judged one after another as one plan of
//! which nothing is written. Says how far it came when a call ends early.

use std::sync::Arc;

use usher_domain::command::Request;
use usher_domain::plan::{Outcome, OutcomeKind};
use usher_domain::refusal::{Cause, Code};

use super::Api;
use super::status::Refusal;
use crate::authn::{Caller, Pass};
use crate::storage::{MAX_BATCH, PreviewSession, Store, StoreError};

/// How often a chunk is tried while other processes keep the database busy.
const TRIES: usize = 3;

/// The commands of one call, on their way.
pub(super) struct Chunks {
    way: Way,
    /// The caller is asked again for each chunk: a call with many takes long.
    pass: Arc<Pass>,
    /// Commands that were carried out, or found done already.
    done: usize,
    /// Whether the last chunk is stored is not known.
    in_doubt: bool,
}

/// Where chunks of commands go.
enum Way {
    /// Each chunk is one transaction, durable when it is answered.
    Written(Store),
    /// Nothing is written.
    Judged(Box<PreviewSession>),
}

impl Chunks {
    pub(super) async fn open(api: &Api, validate_only: bool) -> Result<Self, Refusal> {
        let way = if validate_only {
            let preview = api.store.preview(api.tenant()).await?;
            Way::Judged(Box::new(preview))
        } else {
            Way::Written(api.store.clone())
        };
        Ok(Self {
            way,
            pass: Arc::clone(&api.pass),
            done: 0,
            in_doubt: false,
        })
    }

    /// The outcomes of one chunk, of at most [`MAX_BATCH`] commands, in its order.
    pub(super) async fn run(&mut self, mut chunk: Vec<Request>) -> Result<Vec<Outcome>, Refusal> {
        let caller = self.pass.check().await?;
        for request in &mut chunk {
            carry(request, &caller)?;
        }
        match &mut self.way {
            Way::Written(store) => {
                let written = persistently(|| store.write_chunk(chunk.clone())).await;
                self.in_doubt = written == Err(StoreError::OutcomeUnknown);
                let outcomes = written?;
                self.done += outcomes.iter().map(things_done).sum::<usize>();
                Ok(outcomes)
            }
            Way::Judged(preview) => {
                let mut outcomes = preview.plan(&chunk).await?;
                for outcome in &mut outcomes {
                    outcome.revision = None;
                }
                Ok(outcomes)
            }
        }
    }

    /// The outcomes of any number of commands, in their order. What refuses the call on the way
    /// says what stays of it.
    pub(super) async fn run_all(&mut self, all: Vec<Request>) -> Result<Vec<Outcome>, Refusal> {
        let mut outcomes = Vec::with_capacity(all.len());
        let mut all = all.into_iter();
        loop {
            let chunk: Vec<Request> = all.by_ref().take(MAX_BATCH).collect();
            if chunk.is_empty() {
                return Ok(outcomes);
            }
            let ran = self.run(chunk).await;
            outcomes.extend(ran.map_err(|refusal| self.ended_early(refusal, "objects", AGAIN))?);
        }
    }

    /// What refuses the call, with how many `rows` were done before it and how to go on.
    pub(super) fn ended_early(&self, refusal: Refusal, rows: &str, go_on: &str) -> Refusal {
        match (&self.way, self.done) {
            (Way::Judged(_), _) => refusal,
            (Way::Written(_), 0) if self.in_doubt => refusal,
            (Way::Written(_), 0) => refusal.leaving("Nothing was changed."),
            (Way::Written(_), done) => {
                refusal.leaving(&format!("Before that, {done} {rows} were done. {go_on}"))
            }
        }
    }
}

/// Has the request judged by the roles that the caller holds now. One that has become somebody else
/// since the call was opened, or acts somewhere else, may not go on with it.
fn carry(request: &mut Request, caller: &Caller) -> Result<(), Refusal> {
    if request.tenant != caller.tenant || request.actor.identity != caller.actor.identity {
        let message = format!(
            "The call was opened by {} in another organisation than the one that it names now. Open it again, naming the organisation by its id",
            request.actor.identity
        );
        return Err(Cause::new(Code::PermissionDenied, message).into());
    }
    request.actor = caller.actor.clone();
    Ok(())
}

/// How many of the things that a command spoke of were carried out, or found done already.
fn things_done(outcome: &Outcome) -> usize {
    let is_done = |outcome: &&Outcome| outcome.result != OutcomeKind::Failed;
    match outcome.parts.as_slice() {
        [] => std::iter::once(outcome).filter(is_done).count(),
        parts => parts.iter().filter(is_done).count(),
    }
}

/// How to go on with a file.
pub(super) const AGAIN: &str = "Send the file again to go on: what is done stays as it is.";

/// Tries again while the database is busy: a chunk is as good later.
async fn persistently<T, F>(mut attempt: impl FnMut() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    for _ in 1..TRIES {
        match attempt().await {
            Err(StoreError::Busy) => tracing::warn!("the database is busy; trying the chunk again"),
            answered => return answered,
        }
    }
    attempt().await
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn tried(answers: &[Result<u8, StoreError>]) -> (Result<u8, StoreError>, usize) {
        let mut tried = 0;
        let answer = persistently(|| {
            tried += 1;
            std::future::ready(answers[tried - 1].clone())
        })
        .await;
        (answer, tried)
    }

    #[tokio::test]
    async fn only_a_busy_database_is_tried_again_and_not_forever() {
        use StoreError::{Busy, OutcomeUnknown, Unavailable};
        assert_eq!(tried(&[Err(Busy), Err(Busy), Ok(7)]).await, (Ok(7), 3));
        let busy = [Err(Busy), Err(Busy), Err(Busy), Ok(7)];
        assert_eq!(tried(&busy).await, (Err(Busy), 3));
        for other in [Unavailable, OutcomeUnknown] {
            let answers = [Err(other.clone()), Ok(7)];
            assert_eq!(tried(&answers).await, (Err(other), 1));
        }
    }
}
