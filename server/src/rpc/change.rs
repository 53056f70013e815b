//! What every changing call has in common: why, the request id, and whether it is only judged.

use usher::v1 as wire;
use usher_domain::command::{Command, Request, RequestKey};
use usher_domain::ids::BatchId;
use usher_domain::plan::{Outcome, OutcomeKind};

use super::Api;
use super::status::Refusal;
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;
use crate::convert::outcome::{Names, outcome as to_wire};
use crate::storage::{PreviewSession, Priority, ReadAt, ReadTx};

/// Why a change is made, by which request, and whether for real.
#[derive(Clone, Debug, Default)]
pub(super) struct Intent {
    pub(super) reason: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) validate_only: bool,
}

impl Intent {
    /// Reads the fields that every changing request has, below `at`.
    pub(super) fn read(
        at: &str,
        (reason, request_id, validate_only): (String, String, bool),
        fields: &mut Fields,
    ) -> Self {
        Self {
            reason: fields.reason(&format!("{at}reason"), &reason),
            request_id: fields.request_id(&format!("{at}request_id"), request_id),
            validate_only,
        }
    }

    /// The command as one request; `row` counts within a stream.
    pub(super) fn request(
        &self,
        api: &Api,
        caller: &Caller,
        (row, batch): (i64, Option<BatchId>),
        command: Command,
    ) -> Request {
        let identity = &caller.actor.identity;
        Request {
            tenant: api.tenant(),
            actor: caller.actor.clone(),
            reason: self.reason.clone(),
            request_key: self.request_id.as_ref().map(|id| RequestKey {
                identity: identity.clone(),
                id: id.clone(),
                row,
            }),
            batch,
            command,
        }
    }
}

impl Api {
    /// Judges one command, and makes it so unless it is only to be judged. A refusal by a rule is
    /// an outcome here.
    pub(super) async fn change(
        &self,
        caller: &Caller,
        intent: &Intent,
        command: Command,
    ) -> Result<Outcome, Refusal> {
        if !intent.validate_only {
            let request = intent.request(self, caller, (0, None), command);
            let written = self.store.write(request, Priority::Interactive).await;
            return written.map_err(Refusal::of_write);
        }
        let mut preview = self.store.preview(self.tenant()).await?;
        self.judge(&mut preview, caller, intent, command).await
    }

    /// Judges one command in a preview, which afterwards is as the command would leave things.
    pub(super) async fn judge(
        &self,
        preview: &mut PreviewSession,
        caller: &Caller,
        intent: &Intent,
        command: Command,
    ) -> Result<Outcome, Refusal> {
        let request = intent.request(self, caller, (0, None), command);
        let mut outcomes = preview.plan(&[request]).await?;
        let mut outcome = outcomes
            .pop()
            .ok_or_else(|| Refusal::internal("a preview without an outcome"))?;
        outcome.revision = None;
        Ok(outcome)
    }

    /// The same, where a refusal by a rule refuses the call.
    pub(super) async fn change_or_refuse(
        &self,
        caller: &Caller,
        intent: &Intent,
        (asked, command): (Asked<'_>, Command),
    ) -> Result<Outcome, Refusal> {
        let outcome = self.change(caller, intent, command).await?;
        if outcome.result == OutcomeKind::Failed {
            return Err(self.told(&outcome, asked).into());
        }
        Ok(outcome)
    }

    /// An outcome in the words of the wire, with the names that this process knows and the fields
    /// as they are called where it was asked for.
    pub(super) fn told(&self, outcome: &Outcome, asked: Asked<'_>) -> wire::Outcome {
        let catalogue = self.store.catalogue_seen(self.tenant());
        let mut told = to_wire(outcome, Names::of(catalogue.as_deref()));
        for cause in &mut told.causes {
            cause.field = asked.path(&cause.field);
        }
        told
    }

    /// Begins a read of what a change left, so that a repeated request shows what the first one did.
    pub(super) async fn read_after(&self, outcome: &Outcome) -> Result<ReadTx, Refusal> {
        let at = outcome.revision.map_or(ReadAt::Now, ReadAt::Revision);
        Ok(self.store.read(self.tenant(), at).await?)
    }
}

/// What is shown beside the outcome of a change that is stored: when it cannot be read, that must
/// not make the change look refused.
pub(super) fn shown<T>(read: Result<T, Refusal>) -> Option<T> {
    read.inspect_err(|refusal| {
        tracing::warn!(
            cause = refusal.message(),
            "what a change left was not shown"
        );
    })
    .ok()
}
