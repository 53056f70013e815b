//! Pools that shrink below what is in use (R8), and what may be asked of a purchase when (R43, R45).

use super::*;
use crate::ids::Path;
use crate::plan::Outcome;
use crate::refusal::{Cause, Fix, SubscriptionStep};
use crate::snapshot::{AssignmentState, Waiting};

fn over(world: &World) -> Option<Instant> {
    world.snapshot.over_since(product_id("FULL"))
}

fn holders(world: &World) -> usize {
    let users = world.snapshot.users();
    users
        .filter(|user| user.has_seat(product_id("FULL")))
        .count()
}

fn told(outcome: &Outcome) -> String {
    let notes = outcome.notes.iter();
    notes
        .filter(|note| note.kind == NoteKind::OverAllocated)
        .map(|note| note.message.clone())
        .collect()
}

/// Four seats in three purchases, all in use.
fn used_up() -> (World, [SubscriptionId; 3]) {
    let mut world = world(6);
    let bought = [2, 1, 1].map(|seats| buy(&mut world, new("FULL", seats)));
    for n in 0..4 {
        world.change(of_user(n).adding("FULL"));
    }
    (world, bought)
}

#[test]
fn the_deadline_counts_from_the_first_missing_seat_and_anew_after_it_was_healed() {
    let (mut world, [two, one, last]) = used_up();
    world.at(day(1));
    let first = world.run(cancel(one));
    assert!(
        told(&first.outcome).contains(&day(91).date()),
        "{:?}",
        first.outcome.notes
    );
    assert_eq!((over(&world), holders(&world)), (Some(day(1)), 4));
    // More seats go: the days that have passed count.
    world.at(day(3));
    let more = world.run(cancel(last));
    assert_eq!(told(&more.outcome), "");
    assert_eq!((over(&world), holders(&world)), (Some(day(1)), 4));
    assert_eq!(world.pool("FULL").available(), -2);
    // Half of it bought heals nothing; all of it does.
    world.at(day(4));
    buy(&mut world, new("FULL", 1));
    assert_eq!(over(&world), Some(day(1)));
    buy(&mut world, new("FULL", 1));
    assert_eq!((over(&world), world.pool("FULL").available()), (None, 0));
    world.at(day(5));
    world.run(cancel(two));
    assert_eq!((over(&world), holders(&world)), (Some(day(5)), 4));
}

#[test]
fn the_queue_stands_still_until_more_is_free_than_is_missing() {
    let (mut world, [_, one, _]) = used_up();
    let place = Waiting {
        priority: 0,
        since: START,
    };
    world.give(5, "FULL", Path::Direct, AssignmentState::Waiting(place));
    world.run(cancel(one));
    let product = product_id("FULL");
    let serve = |world: &mut World| world.run(Command::ServeQueue { product }).outcome.result;
    assert_eq!(serve(&mut world), OutcomeKind::Unchanged);
    world.change(of_user(0).removing("FULL"));
    assert_eq!(over(&world), None);
    assert_eq!(serve(&mut world), OutcomeKind::Unchanged);
    world.change(of_user(1).removing("FULL"));
    assert_eq!(serve(&mut world), OutcomeKind::Applied);
    assert!(world.user(5).has_seat(product));
}

#[test]
fn time_alone_takes_no_licence_from_anybody() {
    let (mut world, [_, one, _]) = used_up();
    world.at(day(1));
    world.run(cancel(one));
    // Past the deadline, and past the end of the cancelled purchase.
    let recorded = advance(&mut world, day(200));
    assert_eq!(recorded, ["subscription.delete"]);
    assert_eq!((over(&world), holders(&world)), (Some(day(1)), 4));
    assert_eq!(world.pool("FULL").available(), -1);
}

fn closed(world: &mut World, id: SubscriptionId) -> Cause {
    let mut refused = world.run(cancel(id));
    assert_eq!(codes(&refused), [Code::CancelWindowClosed]);
    refused.outcome.causes.remove(0)
}

#[test]
fn past_the_window_the_answer_says_how_each_one_ends() {
    let mut world = world(1);
    let renewed = buy(&mut world, new("FULL", 1));
    let ending = buy(
        &mut world,
        NewSubscription {
            recurring_billing: false,
            months: Some(1),
            ..new("BASIC", 1)
        },
    );
    let perpetual = buy(&mut world, new("TALK", 1));
    let longer = NewSubscription {
        cancel_days: Some(20),
        ..new("SITES", 1)
    };
    let longer = buy(&mut world, longer);
    world.at(Instant(day(7).0 + 1));
    let cause = closed(&mut world, renewed);
    assert_eq!(
        cause.fixes,
        [Fix::ChangeSubscription {
            subscription: renewed,
            step: SubscriptionStep::LetEnd,
        }]
    );
    let cause = closed(&mut world, ending);
    let ends = START.plus_months(1).date();
    assert!(cause.next.unwrap().contains(&ends) && cause.fixes.is_empty());
    let cause = closed(&mut world, perpetual);
    assert!(cause.message.contains(&day(7).date()), "{}", cause.message);
    assert!(cause.next.unwrap().contains("perpetual"));
    // The window is the purchase's own.
    assert_eq!(
        world.run(cancel(longer)).outcome.result,
        OutcomeKind::Applied
    );
    advance(&mut world, START.plus_months(1).plus_days(1));
    let cause = closed(&mut world, ending);
    assert!(cause.next.unwrap().contains("goes by itself"));
}

#[test]
fn what_is_offered_past_the_window_ends_it_at_the_end_of_its_term() {
    let mut world = world(1);
    let id = buy(&mut world, new("FULL", 3));
    world.at(day(30));
    closed(&mut world, id);
    let let_end = SubscriptionChange {
        recurring_billing: Some(false),
        ..change(id)
    };
    update(&mut world, let_end);
    assert_eq!(world.pool("FULL").enabled, 3);
    let end = one(&world, id).ends_at.unwrap();
    assert!(advance(&mut world, Instant(end.0 - 1)).is_empty());
    assert_eq!(advance(&mut world, end), ["subscription.expire"]);
    assert_eq!(
        (world.pool("FULL").enabled, world.pool("FULL").warning),
        (0, 3)
    );
}

#[test]
fn seats_renewal_and_billing_of_what_a_partner_sold_are_the_partners() {
    let mut world = world(1);
    let partnered = NewSubscription {
        partner: Some("tenants/9/identities/kim".to_owned()),
        ..new("FULL", 5)
    };
    let id = buy(&mut world, partnered);
    let asked = [
        SubscriptionChange {
            quantity: Some(4),
            ..change(id)
        },
        SubscriptionChange {
            renewal_quantity: Some(4),
            ..change(id)
        },
        SubscriptionChange {
            recurring_billing: Some(false),
            ..change(id)
        },
    ];
    for change in &asked {
        let refused = update(&mut world, change.clone());
        assert_eq!(codes(&refused), [Code::PartnerManaged], "{change:?}");
    }
    // Assigning them is the organisation's own affair.
    assert_eq!(
        world.change(of_user(0).adding("FULL")).outcome.result,
        OutcomeKind::Applied
    );
    world.actor = "TENANTS/9/identities/Kim".to_owned();
    for change in asked {
        assert_eq!(
            update(&mut world, change).outcome.result,
            OutcomeKind::Applied
        );
    }
}
