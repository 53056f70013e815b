//! What users bought, beside the rules of plans and beside the pool (R18, R19, R19a, R21, R44).

use super::bought_by_users::{own, take_over};
use super::*;
use crate::command::{LicenseChange, Mode, SwitchTo, TakeOver};
use crate::fixture::{group, plan_id};
use crate::snapshot::{AssignmentState, Waiting};

#[test]
fn its_plans_exclude_others_and_serve_what_needs_them() {
    let mut world = world(1);
    buy(&mut world, own("FULL", 0));
    for product in ["BASIC", "MEETING"] {
        buy(&mut world, new(product, 1));
    }
    let clash = world.change(of_user(0).adding("BASIC"));
    assert_eq!(codes(&clash), [Code::MutuallyExclusivePlans]);
    let served = world.change(of_user(0).adding("MEETING"));
    assert_eq!(
        served.outcome.result,
        OutcomeKind::Applied,
        "{:?}",
        served.outcome.causes
    );
}

#[test]
fn no_change_of_an_admin_reaches_it() {
    let mut world = world(1);
    buy(&mut world, own("FULL", 0));
    buy(&mut world, new("TALK", 1));
    world.change(of_user(0).adding("TALK"));
    let before = world.user(0).paths[0].clone();
    for to in [SwitchTo::Off, SwitchTo::On, SwitchTo::Follow] {
        let switched = world.change(of_user(0).switching(Some("FULL"), "YAMMER", to));
        assert_eq!(codes(&switched), [Code::SelfServiceSubscription]);
    }
    let replace = LicenseChange {
        mode: Mode::Replace,
        ..of_user(0).adding("TALK")
    };
    assert_eq!(world.change(replace).outcome.result, OutcomeKind::Unchanged);
    let none = LicenseChange {
        mode: Mode::UnassignAll,
        ..of_user(0)
    };
    let none = world.change(none);
    let kept = |note: &crate::plan::Note| {
        (note.kind, note.product) == (NoteKind::InheritedKept, Some(product_id("FULL")))
    };
    assert!(none.outcome.notes.iter().any(kept), "{:?}", none.outcome);
    assert_eq!(world.user(0).paths, [before]);
}

#[test]
fn when_it_ends_what_it_excluded_comes_back_and_what_needed_it_is_held_off() {
    let mut world = world(1);
    let month = NewSubscription {
        recurring_billing: false,
        months: Some(1),
        ..own("FULL", 0)
    };
    buy(&mut world, month);
    for product in ["PROJECTS", "MEETING"] {
        buy(&mut world, new(product, 1));
    }
    let projects = of_user(0).adding("PROJECTS").adding("MEETING");
    let projects = projects.switching(Some("PROJECTS"), "SITE_2", SwitchTo::Off);
    world.change(projects);
    world.give(0, "BASIC", group(1), AssignmentState::Active);
    world.judge_again(0);
    let on = |world: &World, plan: &str| world.effective(0).iter().any(|name| name == plan);
    assert!(on(&world, "PROJECT") && !on(&world, "MAIL_1"));
    advance(&mut world, START.plus_months(1).plus_days(120));
    assert!(on(&world, "MAIL_1") && on(&world, "MEET") && !on(&world, "PROJECT"));
    let held: Vec<_> = world
        .user(0)
        .paths
        .iter()
        .flat_map(|path| &path.held_off)
        .map(|held| (held.plan, held.code))
        .collect();
    assert_eq!(held, [(plan_id("PROJECT"), Code::MissingPrerequisitePlan)]);
}

#[test]
fn a_move_gives_its_seat_to_a_path_that_waits() {
    let mut world = world(1);
    let id = buy(&mut world, own("FULL", 0));
    let place = Waiting {
        priority: 0,
        since: START,
    };
    world.give(0, "FULL", group(1), AssignmentState::Waiting(place));
    buy(&mut world, new("FULL", 1));
    let moved = world.run(take_over(id, TakeOver::Move));
    assert_eq!(moved.outcome.seats, [(product_id("FULL"), 1)]);
    let product = product_id("FULL");
    assert_eq!(world.snapshot.waiting(product).count(), 0);
    assert!(world.user(0).paths.iter().all(|path| path.takes_seat()));
    assert_eq!(world.pool("FULL").consumed, 1);
}

#[test]
fn a_move_that_finds_no_working_seat_leaves_all_as_it_was() {
    let mut world = world(1);
    let id = buy(&mut world, own("FULL", 0));
    let pooled = buy(&mut world, new("FULL", 1));
    world.run(cancel(pooled));
    let (before, bought) = (world.user(0).clone(), one(&world, id).clone());
    let refused = world.run(take_over(id, TakeOver::Move));
    assert_eq!(codes(&refused), [Code::SubscriptionSuspended]);
    assert!(refused.steps.is_empty());
    assert_eq!((world.user(0), one(&world, id)), (&before, &bought));
}

#[test]
fn a_moved_licence_has_its_beginning_and_what_is_held_off_stays_so() {
    let mut world = world(1);
    buy(&mut world, new("BASIC", 1));
    world.change(of_user(0).adding("BASIC"));
    let id = buy(&mut world, own("FULL", 0));
    let of_full = |world: &World| {
        let mut paths = world.user(0).paths.iter();
        let path = paths.find(|path| path.product == product_id("FULL"));
        path.unwrap().clone()
    };
    let before = of_full(&world);
    assert_eq!(before.held_off.len(), 2);
    buy(&mut world, new("FULL", 1));
    world.run(take_over(id, TakeOver::Move));
    let after = of_full(&world);
    assert!(after.is_direct());
    assert_eq!(
        (after.began_rev, &after.switches, &after.held_off),
        (before.began_rev, &before.switches, &before.held_off)
    );
    assert_eq!(
        world.run(take_over(id, TakeOver::Cancel)).outcome.code(),
        Some(Code::SubscriptionEnded)
    );
}

#[test]
fn a_cancelled_purchase_can_still_be_moved_and_is_cancelled_once() {
    let mut world = world(1);
    let id = buy(&mut world, own("FULL", 0));
    world.run(take_over(id, TakeOver::Cancel));
    // The licence is there until the purchase is deleted.
    assert!(world.user(0).paths[0].self_service);
    let again = world.run(take_over(id, TakeOver::Cancel));
    assert_eq!(again.outcome.result, OutcomeKind::Unchanged);
    buy(&mut world, new("FULL", 1));
    world.run(take_over(id, TakeOver::Move));
    assert!(world.user(0).paths[0].is_direct());
    assert!(advance(&mut world, day(130)).is_empty());
    assert_eq!(world.pool("FULL").consumed, 1);
}
