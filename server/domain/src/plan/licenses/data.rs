//! R50: which data is no longer used after a change, and until when it is kept.

use super::Context;
use crate::catalogue::{Catalogue, DataKind, Service};
use crate::plan::{DataClock, Outcome};
use crate::plan_set::PlanSet;
use crate::rules::switches::switched_on;
use crate::service_data::kept_until;
use crate::snapshot::{Assignment, UserProfile};

/// Says of each service that worked before and no longer does what becomes of its data; `profile` is
/// the person after the change.
pub(in crate::plan) fn note_data<'b, 'a>(
    context: &Context<'_>,
    profile: &UserProfile,
    before: impl IntoIterator<Item = &'b Assignment>,
    after: impl IntoIterator<Item = &'a Assignment>,
    outcome: &mut Outcome,
) {
    let (catalogue, now) = (context.catalogue(), context.now);
    let mut services = catalogue.rules().services().peekable();
    if services.peek().is_none() {
        return;
    }
    let (was, is) = (effective(catalogue, before), effective(catalogue, after));
    let works = |service: &Service, plans: &PlanSet| {
        let mut numbers = service
            .plans
            .iter()
            .filter_map(|plan| catalogue.number(*plan));
        numbers.any(|plan| plans.contains(plan))
    };
    for service in services {
        if works(service, &was) && !works(service, &is) {
            outcome.data_clocks.push(DataClock {
                service: service.id.clone(),
                kind: service.kind,
                until: [kept_until(service, now), profile.purge_at()]
                    .into_iter()
                    .flatten()
                    .min(),
                held: profile.hold.is_some(),
            });
        }
    }
}

fn effective<'p>(
    catalogue: &Catalogue,
    paths: impl IntoIterator<Item = &'p Assignment>,
) -> PlanSet {
    let mut all = PlanSet::default();
    for path in paths.into_iter().filter(|path| path.is_active()) {
        let on = switched_on(catalogue, path);
        let held_off = |plan| {
            let mut held = path.held_off.iter();
            held.any(|held| catalogue.number(held.plan) == Some(plan))
        };
        for plan in on.iter().filter(|plan| !held_off(*plan)) {
            all.insert(plan);
        }
    }
    all
}

impl DataClock {
    /// The same in words.
    #[must_use]
    pub fn in_words(&self) -> String {
        let what = match self.kind {
            DataKind::Mail => "mailbox",
            DataKind::Files => "files",
            DataKind::Other => "data",
        };
        let kept = match self.until {
            Some(until) if self.held => {
                format!("kept until {} and then on hold", until.date())
            }
            Some(until) => format!("kept until {}", until.date()),
            None => "kept until the user is purged".to_owned(),
        };
        format!(
            "{}: no plan is on, and the {what} cannot be searched; {kept}, or in use again as soon as a plan is on",
            self.service
        )
    }
}
