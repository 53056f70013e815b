//! Lapse and deletion: what becomes of seats and licences.

use super::*;
use crate::command::SwitchTo;
use crate::fixture::{group, plan_id};
use crate::snapshot::AssignmentState;

fn ending(product: &str, quantity: i64) -> NewSubscription {
    NewSubscription {
        recurring_billing: false,
        months: Some(1),
        ..new(product, quantity)
    }
}

#[test]
fn seats_work_in_grace_and_the_outcome_says_until_when() {
    let mut world = world(3);
    buy(&mut world, ending("FULL", 2));
    assert!(
        world
            .change(of_user(0).adding("FULL"))
            .outcome
            .notes
            .is_empty()
    );
    let end = START.plus_months(1);
    assert_eq!(advance(&mut world, end), ["subscription.expire"]);
    let added = world.change(of_user(1).adding("FULL"));
    assert_eq!(added.outcome.result, OutcomeKind::Applied);
    let note = &added.outcome.notes[0];
    assert_eq!(note.kind, NoteKind::InGrace);
    assert!(
        note.message.contains(&end.plus_days(30).date()),
        "{}",
        note.message
    );

    assert_eq!(
        advance(&mut world, end.plus_days(30)),
        ["subscription.disable"]
    );
    let pool = world.pool("FULL");
    assert_eq!(
        (pool.total(), pool.suspended, pool.is_suspended()),
        (0, 2, true)
    );
    // Nobody lost anything, and nobody new gets in.
    assert!(world.user(0).has_seat(product_id("FULL")));
    assert_eq!(
        world.snapshot.over_since(product_id("FULL")),
        Some(end.plus_days(30))
    );
    let refused = world.change(of_user(2).adding("FULL"));
    assert_eq!(codes(&refused), [Code::SubscriptionSuspended]);
    // Seats of another purchase work for everybody again.
    buy(&mut world, new("FULL", 3));
    assert!(!world.pool("FULL").is_suspended());
    assert_eq!(world.snapshot.over_since(product_id("FULL")), None);
    assert_eq!(
        world.change(of_user(2).adding("FULL")).outcome.result,
        OutcomeKind::Applied
    );
}

#[test]
fn with_the_last_subscription_licences_end_and_groups_wait_on() {
    let mut world = world(3);
    for product in ["FULL", "PROJECTS"] {
        let seats = if product == "FULL" {
            ending(product, 3)
        } else {
            new(product, 3)
        };
        buy(&mut world, seats);
    }
    let of_first = of_user(0).adding("FULL").adding("PROJECTS");
    let off = of_first.switching(Some("PROJECTS"), "SITE_2", SwitchTo::Off);
    assert_eq!(world.change(off).outcome.result, OutcomeKind::Applied);
    world.give(1, "FULL", group(1), AssignmentState::Active);
    world.change(of_user(2).adding("FULL"));
    world.give(2, "FULL", group(1), AssignmentState::Active);
    assert_eq!(world.pool("FULL").consumed, 3);

    let end = START.plus_months(1);
    let recorded = advance(&mut world, end.plus_days(120));
    let expected = ["expire", "disable", "delete", "end_licenses"];
    assert_eq!(
        recorded,
        expected.map(|what| format!("subscription.{what}"))
    );
    assert_eq!(world.pool("FULL"), crate::snapshot::Pool::default());
    assert_eq!(world.snapshot.over_since(product_id("FULL")), None);
    // The dependant is held off, since nobody asked for it to go.
    assert_eq!(world.user(0).paths.len(), 1);
    assert_eq!(world.user(0).paths[0].held_off[0].plan, plan_id("PROJECT"));
    assert!(world.effective(0).is_empty());
    for n in [1, 2] {
        let [path] = world.user(n).paths.as_slice() else {
            panic!("{:?}", world.user(n).paths);
        };
        assert!(matches!(path.state, AssignmentState::Waiting(_)) && !path.is_direct());
    }
    // Bought again, the queue is served.
    buy(&mut world, new("FULL", 2));
    let product = product_id("FULL");
    world.run(Command::ServeQueue { product });
    assert_eq!(world.pool("FULL").consumed, 2);
}

#[test]
fn a_deleted_subscription_among_others_ends_no_licence() {
    let mut world = world(2);
    let id = buy(&mut world, ending("FULL", 1));
    buy(&mut world, new("FULL", 1));
    for n in 0..2 {
        world.change(of_user(n).adding("FULL"));
    }
    let end = START.plus_months(1);
    assert_eq!(advance(&mut world, end.plus_days(120)).len(), 3);
    assert!(one(&world, id).is_deleted());
    assert_eq!(
        (world.pool("FULL").consumed, world.pool("FULL").available()),
        (2, -1)
    );
    assert_eq!(
        world.snapshot.over_since(product_id("FULL")),
        Some(end.plus_days(30))
    );
}

#[test]
fn very_many_licences_end_in_records_of_five_hundred_people() {
    let mut world = world(1_100);
    buy(&mut world, ending("SITES", 1_100));
    for n in 0..1_100 {
        world.give(
            n,
            "SITES",
            crate::ids::Path::Direct,
            AssignmentState::Active,
        );
    }
    let recorded = advance(&mut world, START.plus_months(1).plus_days(120));
    let ends = recorded
        .iter()
        .filter(|action| **action == "subscription.end_licenses");
    assert_eq!(ends.count(), 3);
    assert_eq!(world.pool("SITES").consumed, 0);
    assert!(world.snapshot.users().all(|user| user.paths.is_empty()));
}

#[test]
fn nothing_happens_before_its_time_or_twice() {
    let mut world = world(1);
    let subscription = buy(&mut world, ending("FULL", 1));
    let command = Command::AdvanceSubscription { subscription };
    world.at(Instant(START.plus_months(1).0 - 1));
    assert_eq!(
        world.run(command.clone()).outcome.result,
        OutcomeKind::Unchanged
    );
    world.at(START.plus_months(1));
    assert_eq!(
        world.run(command.clone()).outcome.result,
        OutcomeKind::Applied
    );
    assert_eq!(world.run(command).outcome.result, OutcomeKind::Unchanged);
}
