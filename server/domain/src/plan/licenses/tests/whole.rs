//! A change is one thing: applied whole or not at all, with nobody's other licences touched (R6, R7, R10-R12).

use super::{note, refused};
use crate::command::{Command, LicenseChange, Mode, SwitchTo};
use crate::fixture::{World, group, of_user, product_id};
use crate::plan::OutcomeKind::{Applied, Unchanged};
use crate::plan::{Action, NoteKind};
use crate::refusal::Code;
use crate::snapshot::{AssignmentState, Pool};

fn in_mode(mode: Mode) -> LicenseChange {
    LicenseChange { mode, ..of_user(0) }
}

#[test]
fn one_short_pool_refuses_the_whole_change() {
    let mut world = World::new(1, 5);
    world.change(of_user(0).adding("BASIC"));
    world.set_pool("FULL", Pool::default());
    let before = world.user(0).clone();
    let change = of_user(0)
        .swapping("BASIC", "FULL")
        .adding("TALK")
        .switching(Some("TALK"), "CHAT", SwitchTo::Off);
    let plan = world.change(change);
    refused(&plan, &[Code::NoAvailableSeats]);
    assert_eq!(world.user(0), &before);
    let consumed = ["BASIC", "FULL", "TALK"].map(|product| world.pool(product).consumed);
    assert_eq!(consumed, [1, 0, 0]);
}

#[test]
fn what_is_not_mentioned_stays() {
    let mut world = World::new(2, 5);
    for n in [0, 1] {
        let own = of_user(n)
            .adding("FULL")
            .switching(None, "YAMMER", SwitchTo::Off);
        world.change(own);
    }
    let (full, other) = (world.user(0).paths[0].clone(), world.user(1).clone());
    for change in [
        of_user(0).adding("TALK"),
        of_user(0).switching(Some("TALK"), "CHAT", SwitchTo::Off),
        of_user(0).removing("TALK"),
    ] {
        assert_eq!(world.change(change).outcome.result, Applied);
        assert_eq!(world.user(0).paths[0], full);
    }
    assert_eq!(world.user(1), &other);
}

#[test]
fn a_swap_is_one_record_in_one_revision() {
    let mut world = World::new(1, 1);
    world.change(of_user(0).adding("BASIC"));
    let before = world.snapshot.revision;
    let plan = world.change(of_user(0).swapping("BASIC", "FULL"));
    let [step] = plan.steps.as_slice() else {
        panic!("{:?}", plan.steps);
    };
    assert_eq!(step.record.action, Action::ModifyLicenses);
    assert_eq!(world.snapshot.revision.0, before.0 + 1);
    // The seat of the old product does not serve for the new one.
    let mut world = World::new(2, 1);
    world.change(of_user(0).adding("BASIC"));
    world.change(of_user(1).adding("FULL"));
    let swap = world.change(of_user(0).swapping("BASIC", "FULL"));
    refused(&swap, &[Code::NoAvailableSeats]);
    assert!(world.user(0).has_seat(product_id("BASIC")));
}

#[test]
fn a_holder_in_an_over_allocated_pool_is_unchanged_and_may_be_switched() {
    let mut world = World::new(1, 5);
    world.change(of_user(0).adding("FULL"));
    let short = Pool {
        enabled: 1,
        consumed: 3,
        ..Pool::default()
    };
    world.set_pool("FULL", short);
    world.give(0, "FULL", group(1), AssignmentState::Active);
    let again = world.change(of_user(0).adding("FULL"));
    assert_eq!((again.outcome.result, again.steps.len()), (Unchanged, 0));
    let off = of_user(0).switching(Some("FULL"), "YAMMER", SwitchTo::Off);
    for change in [off, of_user(0).removing("FULL"), of_user(0).adding("FULL")] {
        let plan = world.change(change);
        assert_eq!(
            (plan.outcome.result, plan.outcome.seats.len()),
            (Applied, 0)
        );
        assert_eq!(world.pool("FULL"), short);
    }
}

#[test]
fn a_replacement_ends_with_exactly_these_and_the_kept_ones_are_as_they_were() {
    let mut world = World::new(1, 5);
    let own = of_user(0)
        .adding("FULL")
        .switching(None, "YAMMER", SwitchTo::Off);
    world.change(own);
    world.change(of_user(0).adding("TALK"));
    let kept = world.user(0).direct(product_id("FULL")).unwrap().clone();
    let only = in_mode(Mode::Replace).adding("FULL").adding("SITES");
    let plan = world.change(only.clone());
    assert_eq!(plan.outcome.lost, [product_id("TALK")]);
    assert_eq!(plan.outcome.gained, [product_id("SITES")]);
    assert_eq!(world.user(0).direct(product_id("FULL")), Some(&kept));
    assert_eq!(world.user(0).paths.len(), 2);
    assert_eq!(world.change(only).outcome.result, Unchanged);
}

#[test]
fn what_a_group_brings_too_stays_with_the_group_and_is_named() {
    let mut world = World::new(1, 5);
    world.change(of_user(0).adding("FULL"));
    world.give(0, "FULL", group(1), AssignmentState::Active);
    world.give(0, "TALK", group(2), AssignmentState::Active);
    let all = Command::ModifyLicenses(Box::new(in_mode(Mode::UnassignAll)));
    let other = Command::ModifyLicenses(Box::new(in_mode(Mode::Replace).adding("SITES")));
    for command in [all, other] {
        let mut world = world.clone();
        let inherited = world.user(0).paths[1..].to_vec();
        let plan = world.run(command);
        assert_eq!(plan.outcome.result, Applied);
        assert_eq!(world.pool("FULL").consumed, 1);
        let left: Vec<_> = world
            .user(0)
            .paths
            .iter()
            .filter(|path| !path.is_direct())
            .collect();
        assert_eq!(left, inherited.iter().collect::<Vec<_>>());
        let still = note(&plan, NoteKind::StillHeld);
        assert_eq!(
            (still.product, still.groups.as_slice()),
            (Some(product_id("FULL")), &[group(1).as_uuid()][..])
        );
        let kept = note(&plan, NoteKind::InheritedKept);
        assert_eq!(
            (kept.product, kept.groups.as_slice()),
            (Some(product_id("TALK")), &[group(2).as_uuid()][..])
        );
    }
}
