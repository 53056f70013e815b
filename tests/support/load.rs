//! Many callers at once: one request for each of many people, over any number of connections, each answer kept.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tonic::Status;
use usher::v1::{
    ErrorReason, LicenseChange, ModifyUserLicensesRequest, Outcome, OutcomeResult,
    StreamLicenseChangesOptions, StreamLicenseChangesRequest, StreamLicenseChangesSummary,
};

use crate::{client, client::Client, seed};

/// What one caller knows about its request in the end.
#[derive(Debug)]
pub enum Answer {
    /// The service says that the change is made.
    Applied(Box<Outcome>),
    /// The service refused it, and says why.
    Refused(ErrorReason),
    /// The connection went away: the change may be made or not.
    Lost(Status),
}

impl Answer {
    /// Whether the service says that the change is made.
    #[must_use]
    pub fn is_applied(&self) -> bool {
        matches!(self, Self::Applied(_))
    }

    /// Whether nothing is known about the change.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        matches!(self, Self::Lost(_))
    }
}

/// Runs `call` for every number below `count`, with so many of them on their way at any time, and gives the results in
/// the order of the numbers.
///
/// # Panics
/// If a call panics.
pub async fn spread<Call, Done, Result>(count: usize, callers: usize, call: Call) -> Vec<Result>
where
    Call: Fn(usize) -> Done + Send + Sync + 'static,
    Done: Future<Output = Result> + Send,
    Result: Send + 'static,
{
    let (next, call) = (Arc::new(AtomicUsize::new(0)), Arc::new(call));
    let workers: Vec<_> = (0..callers)
        .map(|_| {
            let (next, call) = (Arc::clone(&next), Arc::clone(&call));
            tokio::spawn(async move {
                let mut results = Vec::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return results;
                    }
                    results.push((number, call(number).await));
                }
            })
        })
        .collect();
    let mut results = Vec::with_capacity(count);
    for worker in workers {
        results.extend(worker.await.expect("a caller does not panic"));
    }
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Asks for one product for one person.
///
/// # Panics
/// If the answer is none of the three that a caller can live with.
pub async fn assign(client: &Client, user: &str, product: &str, request_id: &str) -> Answer {
    let request = ModifyUserLicensesRequest {
        change: Some(seed::add(user, product)),
        request_id: request_id.to_owned(),
        ..ModifyUserLicensesRequest::default()
    };
    match client.licenses.clone().modify_user_licenses(request).await {
        Ok(response) => {
            let outcome = response
                .into_inner()
                .outcome
                .expect("a change is answered with its outcome");
            assert_eq!(
                outcome.result(),
                OutcomeResult::Applied,
                "{user}: {outcome:?}"
            );
            Answer::Applied(Box::new(outcome))
        }
        Err(status) if client::connection_lost(&status) => Answer::Lost(status),
        Err(status) => Answer::Refused(client::refusal(&status)),
    }
}

/// Sends changes over one stream, 1,000 rows a message, and gives the outcomes in the order of the rows.
///
/// # Errors
/// What the service answers where it ends the stream.
///
/// # Panics
/// If the stream ends without a summary, or answers another number of rows.
pub async fn stream(
    client: &Client,
    options: StreamLicenseChangesOptions,
    changes: Vec<LicenseChange>,
) -> Result<(Vec<Outcome>, StreamLicenseChangesSummary), Status> {
    let mut requests = vec![StreamLicenseChangesRequest {
        options: Some(options),
        changes: Vec::new(),
    }];
    let chunks = changes.chunks(usher::MAX_ROWS_PER_MESSAGE);
    requests.extend(chunks.map(|changes| StreamLicenseChangesRequest {
        options: None,
        changes: changes.to_vec(),
    }));
    let responses = client
        .batches
        .clone()
        .stream_license_changes(tokio_stream::iter(requests))
        .await?;
    let mut responses = responses.into_inner();
    let (mut outcomes, mut summary) = (Vec::with_capacity(changes.len()), None);
    while let Some(response) = responses.message().await? {
        assert!(summary.is_none(), "the summary is not the last message");
        outcomes.extend(response.outcomes);
        summary = response.summary;
    }
    assert_eq!(outcomes.len(), changes.len(), "rows answered");
    for (row, outcome) in (0..).zip(&outcomes) {
        assert_eq!(outcome.row, row, "rows are answered in their order");
    }
    Ok((outcomes, summary.expect("a stream ends with its summary")))
}
