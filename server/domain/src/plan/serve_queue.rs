//! The decision on who gets the free seats of a product: those who wait, by priority and then
//! first come (R34).

use std::collections::HashSet;

use super::licenses::Draft;
use super::rejudge::MOST_PEOPLE;
use super::{Action, Change, Context, Note, NoteKind, Plan, Subject};
use crate::catalogue::AppliesTo;
use crate::ids::ProductId;
use crate::snapshot::{Assignment, Pool};

pub(super) fn plan(context: &Context<'_>, product: ProductId) -> Plan {
    let subject = Subject::Product(product);
    // Nobody gets anew what applies to the company (R9).
    let found = context.catalogue().product(product);
    if found.is_some_and(|product| product.applies_to == AppliesTo::Company) {
        return Plan::unchanged(subject);
    }
    // More people than one record tells of are served by the next command.
    let free = context.snapshot.pool(product).available();
    let free = usize::try_from(free).unwrap_or(0).min(MOST_PEOPLE);
    let mut served: Vec<Draft<'_>> = Vec::new();
    // Several groups put a person into the queue several times; a seat serves all of them.
    let mut people = HashSet::new();
    let waiting = context.snapshot.waiting(product);
    for user in waiting
        .filter(|user| people.insert(user.profile.id))
        .take(free)
    {
        let location = user.profile.usage_location;
        let mut draft = Draft::of(user.profile.id, location, &user.paths);
        draft.give_seat(product);
        let seats = draft.seats();
        draft.settle(context, &seats);
        served.push(draft);
    }
    if served.is_empty() {
        return Plan::unchanged(subject);
    }
    let mut changes = Vec::new();
    let mut taken = 0;
    for draft in &served {
        changes.extend(draft.changes(&[]));
        taken += draft.seats().iter().map(|(_, net)| net).sum::<i64>();
    }
    if taken != 0 {
        let delta = Pool {
            consumed: taken,
            ..Pool::default()
        };
        changes.push(Change::PoolDelta { product, delta });
    }
    let rows = || {
        served
            .iter()
            .flat_map(|draft| &draft.paths)
            .filter(|path| path.is_changed())
    };
    let before: Vec<&Assignment> = rows().filter_map(|path| path.before).collect();
    let after: Vec<&Assignment> = rows().filter_map(|path| path.after.as_deref()).collect();
    let mut plan = Plan::applied(Action::ServeQueue, subject, changes, &before, &after);
    plan.outcome.seats = vec![(product, taken)];
    plan.outcome.notes = served
        .iter()
        .map(|draft| note(context, product, draft))
        .collect();
    plan
}

fn note(context: &Context<'_>, product: ProductId, draft: &Draft<'_>) -> Note {
    Note {
        kind: NoteKind::SeatGiven,
        message: format!(
            "User {} has the seat of {} that was waited for",
            draft.user(),
            context.catalogue().product_name(product)
        ),
        product: Some(product),
        plan: None,
        groups: Vec::new(),
    }
}
