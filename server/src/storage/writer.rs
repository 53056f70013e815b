//! The task that writes for one tenant: it drains the queue into transactions and tells each caller
//! its outcome only after the commit (write-protocol 4 and 6).

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};
use usher_domain::command::Request;
use usher_domain::ids::TenantId;
use usher_domain::plan::{Outcome, OutcomeKind};
use usher_domain::refusal::{Cause, Code};

use super::batch::{KnownPools, Workplace, run};
use super::error::StoreError;
use super::queue::{Job, Queue};
use super::statistics::Statistics;
use super::upkeep::{INTERVAL, Upkeep};

/// How long the lock is left alone after a batch while another process writes too: SQLite has no
/// line in front of its lock, so whoever lets go and comes back at once would always win.
const GIVE_WAY: Duration = Duration::from_millis(5);

/// Starts the writer of a tenant. Should it die of a defect, those who waited in its batch are told
/// that nothing is known, and a new one goes on with the rest of the queue.
pub(crate) fn start(
    workplace: Workplace,
    tenant: TenantId,
    queue: Arc<Queue>,
) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            let work = work(workplace.clone(), tenant, Arc::clone(&queue));
            match tokio::spawn(work).await {
                Ok(()) => return,
                Err(error) if error.is_panic() => {
                    tracing::error!(%error, %tenant, "the writer died of a defect; starting it again");
                }
                Err(_) => return,
            }
        }
    })
}

async fn work(workplace: Workplace, tenant: TenantId, queue: Arc<Queue>) {
    let mut known_pools = KnownPools::default();
    let mut upkeep = Upkeep::default();
    let mut statistics = Statistics::default();
    loop {
        let mut jobs = match timeout(INTERVAL, queue.next_batch()).await {
            Ok(Some(jobs)) => jobs,
            Ok(None) => return,
            Err(_) => {
                upkeep.run_if_due(&workplace, tenant).await;
                continue;
            }
        };
        let waiting = &mut jobs;
        let batch = run(&workplace, tenant, &mut known_pools, move || pick(waiting));
        match Box::pin(batch).await {
            Ok(outcomes) => {
                let changed = |outcome: &&Outcome| outcome.revision.is_some();
                let changes = outcomes.iter().filter(changed).count();
                answer(jobs, outcomes);
                statistics.note(changes, &workplace.database);
            }
            Err(StoreError::Corrupt(what)) => {
                tracing::error!(what, "a batch failed; its commands are tried one by one");
                Box::pin(one_by_one(&workplace, tenant, jobs)).await;
            }
            Err(error) => {
                for job in jobs {
                    tell(job, Err(error.clone()));
                }
            }
        }
        if known_pools.contended {
            sleep(GIVE_WAY).await;
        }
        upkeep.run_if_due(&workplace, tenant).await;
    }
}

/// Leaves out whose caller has gone: nobody would learn what became of it.
fn pick(jobs: &mut Vec<Job>) -> Vec<&Request> {
    jobs.retain(|job| !job.answer.is_closed());
    jobs.iter().flat_map(|job| &job.requests).collect()
}

fn answer(jobs: Vec<Job>, outcomes: Vec<Outcome>) {
    let mut outcomes = outcomes.into_iter();
    for job in jobs {
        let own = outcomes.by_ref().take(job.requests.len()).collect();
        tell(job, Ok(own));
    }
}

fn tell(job: Job, answer: Result<Vec<Outcome>, StoreError>) {
    if job.answer.send(answer).is_err() {
        tracing::debug!("a caller left before its answer");
    }
}

/// Runs each command of a failed batch alone, so that only the guilty one fails. What keeps the
/// database from taking any command ends it: the rest is told so and not tried.
async fn one_by_one(workplace: &Workplace, tenant: TenantId, jobs: Vec<Job>) {
    let mut known_pools = KnownPools::default();
    let mut stopped = None;
    for job in jobs {
        match &stopped {
            Some(error) => tell(job, Err(StoreError::clone(error))),
            None => {
                stopped = Box::pin(alone(workplace, tenant, &mut known_pools, job)).await;
            }
        }
    }
}

/// Runs the commands of one job, and answers what keeps further ones from being tried.
async fn alone(
    workplace: &Workplace,
    tenant: TenantId,
    known_pools: &mut KnownPools,
    job: Job,
) -> Option<StoreError> {
    let mut outcomes = Vec::with_capacity(job.requests.len());
    for request in &job.requests {
        if job.answer.is_closed() {
            return None;
        }
        let run = Box::pin(run(workplace, tenant, known_pools, || vec![request]));
        let error = match run.await {
            Ok(outcome) => {
                outcomes.extend(outcome);
                continue;
            }
            Err(error) => error,
        };
        *known_pools = KnownPools::default();
        if job.requests.len() == 1 {
            let stopped = (!matches!(error, StoreError::Corrupt(_))).then(|| untried(&error));
            tell(job, Err(error));
            return stopped;
        }
        if matches!(error, StoreError::Corrupt(_)) {
            outcomes.push(not_stored());
            continue;
        }
        let stopped = untried(&error);
        if outcomes.is_empty() {
            tell(job, Err(error));
        } else {
            outcomes.push(failed(&error));
            outcomes.resize(job.requests.len(), failed(&stopped));
            tell(job, Ok(outcomes));
        }
        return Some(stopped);
    }
    tell(job, Ok(outcomes));
    None
}

/// What those are told who come after a command that failed so. Nothing of theirs was tried.
fn untried(error: &StoreError) -> StoreError {
    match error {
        StoreError::OutcomeUnknown => StoreError::Unavailable,
        known => known.clone(),
    }
}

fn failed(error: &StoreError) -> Outcome {
    let code = match error {
        StoreError::Busy => Code::DatabaseBusy,
        _ => Code::Unavailable,
    };
    refused(code, error.to_string())
}

fn not_stored() -> Outcome {
    refused(
        Code::Unavailable,
        "The change could not be stored, and nothing of it was. Try again; if it fails again, the server's log says why.".to_owned(),
    )
}

fn refused(code: Code, message: String) -> Outcome {
    let mut outcome = Outcome::new(None, OutcomeKind::Failed);
    outcome.causes = vec![Cause::new(code, message)];
    outcome
}
