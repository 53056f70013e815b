//! Planning a batch in memory: each command on the state that the one before left, seats that became
//! free given to those who wait before the next, request ids answered from what was answered before.
//! Nothing here touches the database, so a preview and a commit come to the same outcomes.

use std::collections::BTreeSet;

use usher_domain::command::{Command, Request};
use usher_domain::ids::{Instant, ProductId, Revision};
use usher_domain::plan::{Change, Named, Outcome, OutcomeKind, Plan, Subject, plan};
use usher_domain::snapshot::Snapshot;

use super::error::StoreError;
use crate::env::Env;

/// Where plans go: to be written, or nowhere when it is only a preview.
pub(crate) trait Sink {
    /// Takes a plan that changes something.
    fn take(&mut self, request: &Request, plan: Plan) -> Result<(), StoreError>;

    /// Says when the plans from now on are made.
    fn date(&mut self, at: Instant);
}

/// Previews throw their plans away.
pub(crate) struct Nowhere;

impl Sink for Nowhere {
    fn take(&mut self, _: &Request, _: Plan) -> Result<(), StoreError> {
        Ok(())
    }

    fn date(&mut self, _: Instant) {}
}

/// Plans one command and makes it visible to the next one. Answers the products whose queues are to
/// be served before it.
pub(crate) fn judge(
    snapshot: &mut Snapshot,
    request: &Request,
    now: Instant,
    env: &Env,
    sink: &mut impl Sink,
) -> Result<(Outcome, BTreeSet<ProductId>), StoreError> {
    let (mut outcome, touched) = step(snapshot, request, now, env, sink)?;
    outcome.named = name_of(snapshot, outcome.subject.as_ref());
    for part in &mut outcome.parts {
        part.named = name_of(snapshot, part.subject.as_ref());
    }
    let mut touched = touched.unwrap_or_default();
    if let Command::ServeQueue { product } = request.command {
        touched.insert(product);
    }
    Ok((outcome, touched))
}

/// Plans and applies one command; answers the products whose pools it changed, or none when it
/// changed nothing at all.
pub(crate) fn step(
    snapshot: &mut Snapshot,
    request: &Request,
    now: Instant,
    env: &Env,
    sink: &mut impl Sink,
) -> Result<(Outcome, Option<BTreeSet<ProductId>>), StoreError> {
    let first = Revision(snapshot.revision.0 + 1);
    let mut made = plan(snapshot, request, now, first, &mut || env.ids.next());
    let mut outcome = std::mem::replace(
        &mut made.outcome,
        Outcome::new(None, OutcomeKind::Unchanged),
    );
    if made.steps.is_empty() {
        return Ok((outcome, None));
    }
    let touched = made
        .changes()
        .filter_map(|change| match change {
            Change::PoolDelta { product, .. } => Some(*product),
            _ => None,
        })
        .collect();
    snapshot.apply(&made);
    outcome.revision = Some(snapshot.revision);
    outcome.created =
        made.changes().any(Change::opens_subject) && !made.changes().any(Change::closes_subject);
    // The planner knows of people whose plans change without a change of their rows.
    outcome.people = outcome.people.max(people_in(&made));
    sink.take(request, made)?;
    Ok((outcome, Some(touched)))
}

fn people_in(plan: &Plan) -> i64 {
    let people: BTreeSet<_> = plan
        .changes()
        .filter_map(|change| match change {
            Change::CloseAssignment { user, .. } => Some(*user),
            Change::OpenAssignment(path) => Some(path.user),
            _ => None,
        })
        .collect();
    i64::try_from(people.len()).unwrap_or(i64::MAX)
}

fn name_of(snapshot: &Snapshot, subject: Option<&Subject>) -> Option<Named> {
    let Some(Subject::User(id)) = subject else {
        return None;
    };
    snapshot.user(*id).map(|user| Named {
        upn: user.profile.upn.clone(),
        display_name: user.profile.display_name.clone(),
    })
}
