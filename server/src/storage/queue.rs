//! The line of requests in front of a tenant's writer: single requests before chunks of bulk work,
//! but one chunk between two batches, so that neither waits for ever.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};

use tokio::sync::{Notify, oneshot};
use usher_domain::command::Request;
use usher_domain::plan::Outcome;

use super::error::StoreError;

/// The most commands that go into one transaction.
pub const MAX_BATCH: usize = 1_000;

/// Who goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// Somebody waits for the answer.
    Interactive,
    /// A part of something large.
    Bulk,
}

pub(crate) type Answer = Result<Vec<Outcome>, StoreError>;

/// Requests that belong together, and where their outcomes go.
pub(crate) struct Job {
    pub(crate) requests: Vec<Request>,
    pub(crate) answer: oneshot::Sender<Answer>,
}

#[derive(Default)]
struct Lines {
    interactive: VecDeque<Job>,
    bulk: VecDeque<Job>,
    bulk_is_next: bool,
    closed: bool,
}

/// The line in front of one writer.
#[derive(Default)]
pub(crate) struct Queue {
    lines: Mutex<Lines>,
    arrived: Notify,
}

impl Queue {
    pub(crate) fn push(&self, job: Job, priority: Priority) -> Result<(), StoreError> {
        let mut lines = self.lines();
        if lines.closed {
            return Err(StoreError::Closed);
        }
        match priority {
            Priority::Interactive => lines.interactive.push_back(job),
            Priority::Bulk => lines.bulk.push_back(job),
        }
        drop(lines);
        self.arrived.notify_one();
        Ok(())
    }

    /// Lets the writer finish what waits and end.
    pub(crate) fn close(&self) {
        self.lines().closed = true;
        self.arrived.notify_one();
    }

    /// The jobs of the next transaction, in order; none when the line is closed and empty.
    pub(crate) async fn next_batch(&self) -> Option<Vec<Job>> {
        loop {
            {
                let mut lines = self.lines();
                let batch = lines.take();
                if !batch.is_empty() {
                    return Some(batch);
                }
                if lines.closed {
                    return None;
                }
            }
            self.arrived.notified().await;
        }
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        match self.lines.lock() {
            Ok(lines) => lines,
            Err(poisoned) => poisoned.into_inner(),
        }
    }
}

impl Lines {
    fn take(&mut self) -> Vec<Job> {
        let bulk_first = self.bulk_is_next || self.interactive.is_empty();
        if bulk_first && let Some(chunk) = self.bulk.pop_front() {
            self.bulk_is_next = false;
            return vec![chunk];
        }
        self.bulk_is_next = true;
        let mut batch = Vec::new();
        let mut commands = 0;
        while let Some(job) = self.interactive.front() {
            commands += job.requests.len();
            if commands > MAX_BATCH && !batch.is_empty() {
                break;
            }
            batch.extend(self.interactive.pop_front());
        }
        batch
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use usher_domain::command::{Actor, Command};
    use usher_domain::ids::ProductId;

    use super::*;

    fn job(number: u128) -> Job {
        let request = Request {
            tenant: super::super::DEFAULT_TENANT,
            actor: Actor {
                identity: Arc::from("tester"),
                roles: Vec::new(),
            },
            reason: None,
            request_key: None,
            batch: None,
            command: Command::ServeQueue {
                product: ProductId(uuid::Uuid::from_u128(number)),
            },
        };
        Job {
            requests: vec![request],
            answer: oneshot::channel().0,
        }
    }

    fn number(job: &Job) -> u128 {
        match job.requests[0].command {
            Command::ServeQueue { product } => product.as_uuid().as_u128(),
            _ => 0,
        }
    }

    #[tokio::test]
    async fn single_requests_go_together_and_one_chunk_goes_between() {
        let queue = Queue::default();
        for chunk in [100, 101] {
            queue.push(job(chunk), Priority::Bulk).unwrap();
        }
        for single in [1, 2] {
            queue.push(job(single), Priority::Interactive).unwrap();
        }
        let mut order = Vec::new();
        for more in [3, 4, 5] {
            let batch = queue.next_batch().await.unwrap();
            order.push(batch.iter().map(number).collect::<Vec<_>>());
            queue.push(job(more), Priority::Interactive).unwrap();
        }
        assert_eq!(order, [vec![1, 2], vec![100], vec![3, 4]]);
        queue.close();
        assert_eq!(queue.push(job(9), Priority::Bulk), Err(StoreError::Closed));
        assert_eq!(number(&queue.next_batch().await.unwrap()[0]), 101);
        assert_eq!(number(&queue.next_batch().await.unwrap()[0]), 5);
        assert!(queue.next_batch().await.is_none());
    }

    #[test]
    fn a_batch_has_a_limit() {
        let mut lines = Lines::default();
        for number in 0..1_500 {
            lines.interactive.push_back(job(number));
        }
        assert_eq!(lines.take().len(), MAX_BATCH);
        assert_eq!(lines.take().len(), 500);
    }
}
