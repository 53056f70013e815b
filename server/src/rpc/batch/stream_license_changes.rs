//! `StreamLicenseChanges`: any number of rows, in order, each whole, or all of them together (R25)

mod together;

use std::collections::VecDeque;

use async_stream::try_stream;
use futures_util::Stream;
use tonic::{Status, Streaming};
use usher::MAX_ROWS_PER_MESSAGE;
use usher::v1::{
    LicenseChange, Outcome, SeatSummary, StreamLicenseChangesOptions, StreamLicenseChangesRequest,
    StreamLicenseChangesResponse, StreamLicenseChangesSummary,
};
use usher_domain::command::{Command, Request};
use usher_domain::ids::BatchId;
use usher_domain::plan::OutcomeKind;

use super::super::Api;
use super::super::change::{Intent, shown};
use super::super::chunks::Chunks;
use super::super::status::Refusal;
use super::tally::Tally;
use crate::authn::Caller;
use crate::convert::field_path::Asked;
use crate::convert::fields::Fields;
use crate::convert::license_change::{self, Whose};
use crate::storage::MAX_BATCH;

/// Outcomes in one message at most: with all their causes they stay far below its limit.
const MAX_OUTCOMES: usize = 250;

/// The answers to the rows of the messages, and the summary.
pub(super) fn stream(
    api: Api,
    caller: Caller,
    messages: Streaming<StreamLicenseChangesRequest>,
) -> impl Stream<Item = Result<StreamLicenseChangesResponse, Status>> + Send {
    try_stream! {
        let mut rows = Rows::open(messages).await?;
        let options = std::mem::take(&mut rows.options);
        let all_or_nothing = options.all_or_nothing;
        let mut work = Work::open(api, caller, options).await?;
        if all_or_nothing {
            let changes = rows.all().await?;
            let outcomes = work.run_together(changes).await?;
            for outcomes in outcomes.chunks(MAX_OUTCOMES) {
                yield StreamLicenseChangesResponse { outcomes: outcomes.to_vec(), summary: None };
            }
        }
        while let Some(chunk) = work.or_told(rows.next_chunk(work.chunk_size()).await)? {
            let ran = work.run_while_arriving(chunk, &mut rows).await;
            let outcomes = work.or_told(ran)?;
            for outcomes in outcomes.chunks(MAX_OUTCOMES) {
                yield StreamLicenseChangesResponse { outcomes: outcomes.to_vec(), summary: None };
            }
            if work.stopped {
                break;
            }
        }
        let summary = Some(work.summary().await);
        yield StreamLicenseChangesResponse { outcomes: Vec::new(), summary };
    }
}

/// The rows as they arrive.
struct Rows {
    messages: Streaming<StreamLicenseChangesRequest>,
    options: StreamLicenseChangesOptions,
    waiting: VecDeque<LicenseChange>,
    ended: bool,
    /// What is wrong with a message that came while the rows before it were on their way.
    fault: Option<Refusal>,
}

impl Rows {
    async fn open(mut messages: Streaming<StreamLicenseChangesRequest>) -> Result<Self, Refusal> {
        let first = messages.message().await.map_err(Refusal::unreadable)?;
        let ended = first.is_none();
        let first = first.unwrap_or_default();
        let options = first.options.unwrap_or_default();
        let waiting = VecDeque::new();
        let mut rows = Self {
            messages,
            options,
            waiting,
            ended,
            fault: None,
        };
        rows.take(first.changes)?;
        Ok(rows)
    }

    /// Whether another message may be read before the rows of the earlier ones are on their way.
    fn has_room(&self) -> bool {
        !self.ended && self.fault.is_none() && self.waiting.len() < MAX_BATCH
    }

    /// Reads one more message.
    async fn arrive(&mut self) -> Result<(), Refusal> {
        match self.messages.message().await.map_err(Refusal::unreadable)? {
            None => self.ended = true,
            Some(message) => {
                if message.options.is_some() {
                    let mut fields = Fields::default();
                    fields.fault("options", "Only the first message carries the options.");
                    fields.check()?;
                }
                self.take(message.changes)?;
            }
        }
        Ok(())
    }

    fn take(&mut self, changes: Vec<LicenseChange>) -> Result<(), Refusal> {
        let mut fields = Fields::default();
        fields.at_most("changes", changes.len(), MAX_ROWS_PER_MESSAGE);
        fields.check()?;
        self.waiting.extend(changes);
        Ok(())
    }

    /// The rows that are there, at most `size`; waits for the first one. `None` at the end.
    async fn next_chunk(&mut self, size: usize) -> Result<Option<Vec<LicenseChange>>, Refusal> {
        while self.waiting.is_empty() {
            if let Some(fault) = self.fault.take() {
                return Err(fault);
            }
            if self.ended {
                return Ok(None);
            }
            self.arrive().await?;
        }
        let size = size.min(self.waiting.len());
        Ok(Some(self.waiting.drain(..size).collect()))
    }
}

/// What is done with the rows.
struct Work {
    api: Api,
    caller: Caller,
    intent: Intent,
    chunks: Chunks,
    batch: BatchId,
    stop_at_first_failure: bool,
    stopped: bool,
    /// Rows taken so far.
    row: i64,
    tally: Tally,
}

impl Work {
    async fn open(
        api: Api,
        caller: Caller,
        options: StreamLicenseChangesOptions,
    ) -> Result<Self, Refusal> {
        let mut fields = Fields::default();
        let said = (options.reason, options.request_id, options.validate_only);
        let intent = Intent::read("options.", said, &mut fields);
        if options.all_or_nothing && options.stop_at_first_failure {
            let message = "An all-or-nothing change stops at the first failure anyway, and tells all of them; leave this out.";
            fields.fault("options.stop_at_first_failure", message);
        }
        fields.check()?;
        Ok(Self {
            chunks: Chunks::open(&api, intent.validate_only).await?,
            batch: BatchId(api.env.ids.next()),
            api,
            caller,
            intent,
            stop_at_first_failure: options.stop_at_first_failure,
            stopped: false,
            row: 0,
            tally: Tally::default(),
        })
    }

    /// Rows are taken one by one where a failure has to keep the next one from being done.
    fn chunk_size(&self) -> usize {
        if self.stop_at_first_failure {
            1
        } else {
            MAX_BATCH
        }
    }

    /// Does the rows, and meanwhile takes in those that arrive. What is wrong with a later message
    /// is told after the rows before it.
    async fn run_while_arriving(
        &mut self,
        chunk: Vec<LicenseChange>,
        rows: &mut Rows,
    ) -> Result<Vec<Outcome>, Refusal> {
        let mut running = std::pin::pin!(self.run(chunk));
        loop {
            tokio::select! {
                outcomes = &mut running => return outcomes,
                arrived = rows.arrive(), if rows.has_room() => rows.fault = arrived.err(),
            }
        }
    }

    /// Does the rows, and answers each in its place.
    async fn run(&mut self, chunk: Vec<LicenseChange>) -> Result<Vec<Outcome>, Refusal> {
        let mut told: Vec<Outcome> = Vec::with_capacity(chunk.len());
        let mut requests = Vec::with_capacity(chunk.len());
        let mut places = Vec::with_capacity(chunk.len());
        for (place, change) in chunk.into_iter().enumerate() {
            let blank = Outcome {
                row: self.row,
                subject: change.user.clone(),
                ..Outcome::default()
            };
            match self.request(change) {
                Ok(request) => {
                    requests.push(request);
                    places.push(place);
                    told.push(blank);
                }
                Err(refusal) => {
                    self.tally.refused();
                    let refused = refusal.into_outcome();
                    told.push(Outcome {
                        row: blank.row,
                        subject: blank.subject,
                        ..refused
                    });
                }
            }
            self.row += 1;
        }
        self.stopped = self.stop_at_first_failure && places.len() < told.len();
        if !requests.is_empty() {
            let outcomes = self.chunks.run(requests).await?;
            for (place, outcome) in places.into_iter().zip(&outcomes) {
                self.tally.add(outcome);
                self.stopped |= self.stop_at_first_failure && outcome.result == OutcomeKind::Failed;
                if let Some(row) = told.get_mut(place) {
                    let given = std::mem::take(&mut row.subject);
                    *row = Outcome {
                        row: row.row,
                        ..self.api.told(outcome, Asked::Row)
                    };
                    if row.subject.is_empty() {
                        row.subject = given;
                    }
                }
            }
        }
        Ok(told)
    }

    fn request(&self, change: LicenseChange) -> Result<Request, Refusal> {
        let mut fields = Fields::default();
        let change = license_change::from_wire(change, "change", Whose::Named, &mut fields);
        fields.check()?;
        let command = Command::ModifyLicenses(Box::new(change));
        let place = (self.row, Some(self.batch));
        Ok(self.intent.request(&self.api, &self.caller, place, command))
    }

    /// What refuses the stream says how many rows were done before, and how to go on.
    fn or_told<T>(&self, result: Result<T, Refusal>) -> Result<T, Refusal> {
        let go_on = if self.intent.request_id.is_some() {
            "Send the stream again with the same request id to go on: no row is done twice."
        } else {
            "To go on, send the rows that were not answered."
        };
        result.map_err(|refusal| self.chunks.ended_early(refusal, "rows", go_on))
    }

    /// The rows are done and answered by now: where the seats cannot be read, they are left out.
    async fn summary(&self) -> StreamLicenseChangesSummary {
        let summary = self.tally.summary(self.batch);
        match shown(self.seats().await) {
            Some(seats) => StreamLicenseChangesSummary { seats, ..summary },
            None => summary,
        }
    }

    async fn seats(&self) -> Result<Vec<SeatSummary>, Refusal> {
        let read = self.api.read(None).await?;
        let (pools, catalogue) = (read.pools().await?, read.catalogue().await?);
        let written = !self.intent.validate_only;
        Ok(self.tally.seats(&pools, written, &catalogue))
    }
}

#[cfg(test)]
mod roles_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod together_tests;
