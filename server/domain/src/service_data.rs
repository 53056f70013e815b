//! What happens to a person's data when plans end (R50): per service, from the history of paths,
//! products, holds and the deletion. Pure; nothing about it is stored.

mod spans;
mod uses;

use serde::{Deserialize, Serialize};

pub use self::spans::Span;
pub use self::uses::{PlanEntry, uses};

use self::spans::{at, merged};
use crate::catalogue::{DataKind, Service};
use crate::ids::{Instant, PlanId};
use crate::snapshot::{Assignment, RESTORABLE_DAYS};

/// Everything about one person, and about the products that the person ever had, that decides.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Versions of the ways to licences.
    pub paths: Vec<(Assignment, Span)>,
    /// Which plans were in which products.
    pub entries: Vec<(PlanEntry, Span)>,
    /// When plans were on for every holder (R20).
    pub automatic: Vec<(PlanId, Span)>,
    /// When the person was deleted.
    pub deleted: Vec<Span>,
    /// When a retention hold was set.
    pub held: Vec<Span>,
}

/// What the data of one service is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DataState {
    /// A plan of the service works.
    InUse,
    /// No plan works: it is there and cannot be searched.
    Kept,
    /// Its days are over, and a retention hold keeps it.
    Held,
    /// Its person is deleted, and a retention hold keeps it.
    Inactive,
    /// It is not there any more.
    Gone,
}

/// The data of one service of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceData {
    pub service: String,
    pub kind: DataKind,
    pub state: DataState,
    /// Since when it is in use; since when it is gone; else when the last plan ended.
    pub since: Instant,
    /// Until when it is kept; none where only a purge ends it, or a hold.
    pub until: Option<Instant>,
}

/// The data of every service that the person ever had a plan of, as of `now`.
pub fn service_data<'s>(
    services: impl IntoIterator<Item = &'s Service>,
    history: &History,
    now: Instant,
) -> Vec<ServiceData> {
    let held = merged(history.held.clone());
    services
        .into_iter()
        .filter_map(|service| {
            let uses = uses(history, service);
            let last = uses.iter().rev().find(|span| span.from <= now)?;
            let data = |state, since, until| ServiceData {
                service: service.id.clone(),
                kind: service.kind,
                state,
                since,
                until,
            };
            Some(match last.to.filter(|end| *end <= now) {
                None => data(DataState::InUse, last.from, None),
                Some(end) => {
                    let (state, since, until) = unused(service, end, history, &held, now);
                    data(state, since, until)
                }
            })
        })
        .collect()
}

/// When data that is no longer used goes by itself; none where only a purge ends it.
#[must_use]
pub fn kept_until(service: &Service, end: Instant) -> Option<Instant> {
    match (service.kind, service.days) {
        (DataKind::Files, _) | (_, None) => None,
        (_, Some(days)) => Some(end.plus_days(days.into())),
    }
}

fn unused(
    service: &Service,
    end: Instant,
    history: &History,
    held: &[Span],
    now: Instant,
) -> (DataState, Instant, Option<Instant>) {
    let goes = kept_until(service, end);
    let is_held = at(held, now).is_some();
    // What was there when its days were over stays as long as the hold that was set then.
    if let Some(over) = goes.filter(|over| *over <= now) {
        let gone = match at(held, over) {
            None => Some(over),
            Some(hold) => hold.to.filter(|released| *released <= now),
        };
        if let Some(gone) = gone {
            return (DataState::Gone, gone, None);
        }
    }
    match at(&history.deleted, now) {
        Some(_) if is_held => (DataState::Inactive, end, None),
        Some(deleted) => {
            let purged = deleted.from.plus_days(RESTORABLE_DAYS);
            let until = goes.map_or(purged, |goes| goes.min(purged));
            (DataState::Kept, end, Some(until))
        }
        None if goes.is_some_and(|over| over <= now) => (DataState::Held, end, None),
        None => (DataState::Kept, end, goes),
    }
}

#[cfg(test)]
mod tests;
