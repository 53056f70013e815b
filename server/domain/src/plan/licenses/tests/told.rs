//! Which plans a change tells that come on and go off.

use crate::command::SwitchTo::{Follow, Off};
use crate::fixture::{World, group, of_user, plan_id, product_id};
use crate::plan::{Plan, PlanChange};
use crate::snapshot::AssignmentState;

fn change(product: &str, on: &[&str], off: &[&str]) -> PlanChange {
    let ids = |plans: &[&str]| plans.iter().map(|plan| plan_id(plan)).collect();
    PlanChange {
        product: product_id(product),
        on: ids(on),
        off: ids(off),
    }
}

#[track_caller]
fn tells(plan: &Plan, changes: &[PlanChange]) {
    assert_eq!(plan.outcome.plans, changes);
}

#[test]
fn a_new_product_tells_what_differs_from_its_defaults() {
    let mut world = World::new(1, 5);
    tells(&world.change(of_user(0).adding("TALK")), &[]);
    let added = world.change(
        of_user(0)
            .adding("FULL")
            .switching(Some("FULL"), "YAMMER", Off)
            .switching(Some("FULL"), "FORMS", Off),
    );
    tells(&added, &[change("FULL", &[], &["FORMS", "YAMMER"])]);
}

#[test]
fn a_product_that_is_kept_tells_what_differs_from_before() {
    let mut world = World::new(1, 5);
    world.change(
        of_user(0)
            .adding("FULL")
            .switching(Some("FULL"), "YAMMER", Off),
    );
    let switched = world.change(
        of_user(0)
            .switching(Some("FULL"), "YAMMER", Follow)
            .switching(Some("FULL"), "FORMS", Off),
    );
    tells(&switched, &[change("FULL", &["YAMMER"], &["FORMS"])]);
    let again = world.change(of_user(0).switching(Some("FULL"), "FORMS", Off));
    tells(&again, &[]);
    tells(&world.change(of_user(0).removing("FULL")), &[]);
}

#[test]
fn what_stays_on_by_another_path_is_not_told_as_off() {
    let mut world = World::new(1, 5);
    world.change(of_user(0).adding("FULL"));
    world.give(0, "FULL", group(1), AssignmentState::Active);
    let switched = world.change(of_user(0).switching(Some("FULL"), "FORMS", Off));
    tells(&switched, &[]);
}
