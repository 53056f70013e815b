//! Which licences a switch is for (R13), and adding what is there already (R15).

use super::{note, refused};
use crate::command::SwitchTo::{Follow, Off, On};
use crate::fixture::{World, group, of_user, plan_id, product_id};
use crate::plan::NoteKind;
use crate::plan::OutcomeKind::{Applied, Unchanged};
use crate::refusal::Code;
use crate::snapshot::AssignmentState;

/// The switch of a plan on somebody's direct licence.
fn switch(world: &World, n: u128, product: &str, plan: &str) -> Option<bool> {
    let direct = world.user(n).direct(product_id(product)).unwrap();
    direct.switches.get(&plan_id(plan)).copied()
}

#[test]
fn a_switch_without_a_product_is_for_every_direct_licence_that_has_the_plan() {
    let mut world = World::new(1, 5);
    for product in ["FULL", "TALK", "SITES"] {
        world.change(of_user(0).adding(product));
    }
    world.give(0, "BASIC", group(1), AssignmentState::Active);
    let plan = world.change(of_user(0).switching(None, "CHAT", Off));
    assert_eq!(plan.outcome.result, Applied);
    for product in ["FULL", "TALK"] {
        assert_eq!(switch(&world, 0, product, "CHAT"), Some(false), "{product}");
    }
    assert!(
        world
            .user(0)
            .direct(product_id("SITES"))
            .unwrap()
            .switches
            .is_empty()
    );
    // What comes through the group is not the user's to switch, and keeps the plan on.
    let inherited = world
        .user(0)
        .paths
        .iter()
        .find(|path| path.path == group(1));
    assert!(inherited.unwrap().switches.is_empty());
    let stays = note(&plan, NoteKind::StaysOn);
    assert_eq!(
        (stays.plan, stays.product, stays.groups.as_slice()),
        (
            Some(plan_id("CHAT")),
            Some(product_id("BASIC")),
            &[group(1).as_uuid()][..]
        )
    );
}

#[test]
fn beside_products_that_are_added_it_is_for_those_alone() {
    let mut world = World::new(1, 5);
    world.change(of_user(0).adding("FULL"));
    let plan = world.change(of_user(0).adding("TALK").switching(None, "CHAT", Off));
    assert_eq!(plan.outcome.result, Applied);
    assert_eq!(switch(&world, 0, "TALK", "CHAT"), Some(false));
    assert_eq!(switch(&world, 0, "FULL", "CHAT"), None);
    let stays = note(&plan, NoteKind::StaysOn);
    assert_eq!(stays.product, Some(product_id("FULL")));
    // FULL has the plan and is held, and is not what is added.
    let other = of_user(0).adding("SITES").switching(None, "YAMMER", Off);
    refused(&world.change(other), &[Code::PlanNotInProduct]);
    assert!(world.user(0).direct(product_id("SITES")).is_none());
}

#[test]
fn without_a_direct_licence_there_is_nothing_to_switch() {
    let mut world = World::new(2, 5);
    let nothing = world.change(of_user(0).switching(None, "CHAT", Off));
    refused(&nothing, &[Code::ProductNotHeld]);
    let named = world.change(of_user(0).switching(Some("FULL"), "CHAT", Off));
    refused(&named, &[Code::ProductNotHeld]);
    world.give(1, "FULL", group(1), AssignmentState::Active);
    let inherited = world.change(of_user(1).switching(None, "CHAT", Off));
    refused(&inherited, &[Code::InheritedFromGroup]);
}

#[test]
fn adding_what_is_held_sets_its_switches_and_takes_no_seat() {
    let mut world = World::new(1, 1);
    world.change(of_user(0).adding("FULL").switching(None, "YAMMER", Off));
    let path = world.user(0).paths[0].clone();
    let again = world.change(of_user(0).adding("FULL").switching(None, "FORMS", Off));
    assert_eq!(
        (again.outcome.result, again.outcome.seats.len()),
        (Applied, 0)
    );
    assert_eq!(again.outcome.gained, []);
    for plan in ["YAMMER", "FORMS"] {
        assert_eq!(switch(&world, 0, "FULL", plan), Some(false), "{plan}");
    }
    let now = &world.user(0).paths[0];
    assert_eq!((now.id, now.began_rev), (path.id, path.began_rev));
    assert_eq!(world.pool("FULL").consumed, 1);
    // On by a switch, and on because the product says so, are two things.
    world.change(of_user(0).switching(None, "YAMMER", On));
    assert_eq!(switch(&world, 0, "FULL", "YAMMER"), Some(true));
    world.change(of_user(0).switching(None, "YAMMER", Follow));
    assert_eq!(switch(&world, 0, "FULL", "YAMMER"), None);
    let same = world.change(of_user(0).adding("FULL").switching(None, "FORMS", Off));
    assert_eq!((same.outcome.result, same.steps.len()), (Unchanged, 0));
}

#[test]
fn removing_what_is_not_held_changes_nothing() {
    let mut world = World::new(1, 1);
    let plan = world.change(of_user(0).removing("FULL"));
    assert_eq!((plan.outcome.result, plan.steps.len()), (Unchanged, 0));
    assert_eq!(plan.outcome.seats, []);
    // Beside something that does change, it is no hindrance.
    let both = world.change(of_user(0).removing("FULL").adding("TALK"));
    assert_eq!(both.outcome.gained, [product_id("TALK")]);
}
