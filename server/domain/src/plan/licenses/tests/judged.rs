//! What is judged: seats, locations, exclusion, prerequisites, and what is held off.

use super::{fixes, note, refused};
use crate::command::{Command, LicenseChange, Role, SwitchTo};
use crate::fixture::{World, group, guest, of_user, plan_id, product_id};
use crate::ids::Instant;
use crate::plan::NoteKind;
use crate::plan::OutcomeKind::{self, Applied, Unchanged};
use crate::refusal::Code;
use crate::snapshot::{Assignment, AssignmentState, Pool, Waiting};

#[test]
fn exclusion_names_plans_products_and_fixes_that_work() {
    let mut world = World::new(1, 5);
    world.change(of_user(0).adding("FULL"));
    let plan = world.change(of_user(0).adding("BASIC"));
    refused(&plan, &[Code::MutuallyExclusivePlans]);
    let message = &plan.outcome.causes[0].message;
    for named in ["MAIL_1", "MAIL_2", "SITE_1", "SITE_2", "BASIC", "FULL"] {
        assert!(message.contains(named), "{message}");
    }
    let fixes = fixes(&plan);
    assert_eq!(fixes.len(), 3, "{fixes:?}");
    assert!(
        fixes
            .iter()
            .any(|fix| fix.remove.iter().any(|gone| gone.product == "FULL"))
    );
    for fix in fixes {
        let mut world = World::new(1, 5);
        world.change(of_user(0).adding("FULL"));
        assert_eq!(world.change(fix).outcome.result, Applied);
    }
    let off = of_user(0)
        .adding("BASIC")
        .switching(Some("BASIC"), "MAIL_1", SwitchTo::Off)
        .switching(Some("FULL"), "SITE_2", SwitchTo::Off);
    assert_eq!(world.change(off).outcome.result, Applied);
}

#[test]
fn beside_a_missing_seat_the_fixes_of_an_exclusion_are_those_that_work_with_it() {
    let mut world = World::new(1, 5);
    world.change(of_user(0).adding("FULL"));
    let free = world.clone();
    world.set_pool("BASIC", Pool::default());
    let plan = world.change(of_user(0).adding("BASIC"));
    refused(
        &plan,
        &[Code::MutuallyExclusivePlans, Code::NoAvailableSeats],
    );
    let fixes = fixes(&plan);
    assert!(!fixes.is_empty());
    for fix in fixes {
        refused(
            &world.clone().change(fix.clone()),
            &[Code::NoAvailableSeats],
        );
        assert_eq!(free.clone().change(fix).outcome.result, Applied);
    }
}

#[test]
fn the_same_plan_in_two_products_does_not_conflict() {
    let mut world = World::new(1, 5);
    world.change(of_user(0).adding("FULL"));
    assert_eq!(
        world.change(of_user(0).adding("PROJECTS")).outcome.result,
        Applied
    );
}

#[test]
fn a_prerequisite_is_asked_for_and_kept() {
    let mut world = World::new(1, 5);
    let alone = world.change(of_user(0).adding("MEETING"));
    refused(&alone, &[Code::MissingPrerequisitePlan]);
    assert!(
        alone.outcome.causes[0].message.contains("CHAT"),
        "{:?}",
        alone.outcome.causes
    );
    assert!(
        fixes(&alone)
            .iter()
            .any(|fix| fix.add.iter().any(|add| add.product == "TALK"))
    );
    let both = of_user(0).adding("MEETING").adding("TALK");
    assert_eq!(world.change(both).outcome.result, Applied);
    let plan = world.change(of_user(0).removing("TALK"));
    refused(&plan, &[Code::PrerequisiteInUse]);
    assert!(!fixes(&plan).is_empty());
    for fix in fixes(&plan) {
        assert_eq!(
            world
                .look(Command::ModifyLicenses(Box::new(fix)))
                .outcome
                .result,
            Applied
        );
    }
    let swap = of_user(0).swapping("TALK", "FULL");
    assert_eq!(world.change(swap).outcome.result, Applied);
}

#[test]
fn a_swap_needs_one_free_seat_of_the_new_product_only() {
    let mut world = World::new(2, 1);
    world.change(of_user(0).adding("BASIC"));
    let swap = of_user(0).swapping("BASIC", "FULL");
    let plan = world.change(swap.clone());
    assert_eq!(plan.outcome.result, Applied);
    assert_eq!(
        (world.pool("BASIC").consumed, world.pool("FULL").consumed),
        (0, 1)
    );
    assert_eq!(plan.outcome.lost, [product_id("BASIC")]);
    assert_eq!(world.change(swap).outcome.result, Unchanged);
    refused(
        &world.change(of_user(1).swapping("BASIC", "TALK")),
        &[Code::ProductNotHeld],
    );
}

#[test]
fn a_holder_needs_no_free_seat_even_in_an_over_allocated_pool() {
    let mut world = World::new(2, 5);
    world.give(0, "FULL", group(1), AssignmentState::Active);
    world.set_pool(
        "FULL",
        Pool {
            enabled: 0,
            suspended: 3,
            consumed: 1,
            ..Pool::default()
        },
    );
    assert_eq!(
        world.change(of_user(0).adding("FULL")).outcome.result,
        Applied
    );
    refused(
        &world.change(of_user(1).adding("FULL")),
        &[Code::SubscriptionSuspended],
    );
    assert_eq!(
        world.change(of_user(0).removing("FULL")).outcome.result,
        Applied
    );
}

#[test]
fn a_seat_gained_by_one_path_serves_those_that_wait() {
    let mut world = World::new(1, 1);
    let waiting = Waiting {
        priority: 0,
        since: Instant(5),
    };
    world.give(0, "FULL", group(1), AssignmentState::Waiting(waiting));
    let plan = world.change(of_user(0).adding("FULL"));
    assert_eq!(plan.outcome.result, Applied);
    assert_eq!(world.pool("FULL").consumed, 1);
    assert!(world.user(0).paths.iter().all(Assignment::is_active));
    assert_eq!(world.snapshot.waiting(product_id("FULL")).count(), 0);
}

#[test]
fn a_change_waits_for_a_seat_only_when_asked_and_served_in_turn() {
    let mut world = World::new(3, 1);
    world.change(of_user(0).adding("FULL"));
    refused(
        &world.change(of_user(1).adding("FULL")),
        &[Code::NoAvailableSeats],
    );
    let patient = |n| LicenseChange {
        wait_for_seat: true,
        ..of_user(n).adding("FULL")
    };
    for n in [1, 2] {
        let plan = world.change(patient(n));
        assert_eq!(
            (plan.outcome.result, plan.outcome.seats.len()),
            (OutcomeKind::Waiting, 0)
        );
        assert_eq!(world.change(patient(n)).outcome.result, Unchanged);
    }
    let swap = LicenseChange {
        wait_for_seat: true,
        ..of_user(1).removing("FULL").adding("BASIC")
    };
    assert_eq!(
        world
            .look(Command::ModifyLicenses(Box::new(swap)))
            .outcome
            .result,
        Applied
    );
    world.change(of_user(0).removing("FULL"));
    let serve = Command::ServeQueue {
        product: product_id("FULL"),
    };
    assert_eq!(world.run(serve.clone()).outcome.result, Applied);
    assert!(world.user(1).has_seat(product_id("FULL")));
    assert_eq!(world.pool("FULL").available(), 0);
    assert_eq!(world.run(serve).outcome.result, Unchanged);
}

#[test]
fn guests_need_a_global_admin_and_self_service_is_left_alone() {
    let mut world = World::new(2, 5);
    world.edit_user(0, guest);
    world.roles = vec![Role::LicenseAdmin];
    refused(
        &world.change(of_user(0).adding("FULL")),
        &[Code::GuestNeedsGlobalAdmin],
    );
    world.roles = vec![Role::GlobalAdmin];
    assert_eq!(
        world.change(of_user(0).adding("FULL")).outcome.result,
        Applied
    );
    world.change(of_user(1).adding("FULL"));
    let mut user = world.user(1).clone();
    user.paths[0].self_service = true;
    world.snapshot.insert_user(user);
    refused(
        &world.change(of_user(1).removing("FULL")),
        &[Code::SelfServiceSubscription],
    );
    let beside = world.change(of_user(1).adding("FULL"));
    assert_eq!(beside.outcome.seats, [(product_id("FULL"), 1)]);
}

#[test]
fn without_a_location_plans_go_off_but_not_on() {
    let mut world = World::new(1, 5);
    world.change(of_user(0).adding("FULL"));
    world.edit_user(0, |profile| profile.usage_location = None);
    let off = of_user(0).switching(Some("FULL"), "FORMS", SwitchTo::Off);
    assert_eq!(world.change(off).outcome.result, Applied);
    let on = of_user(0).switching(Some("FULL"), "FORMS", SwitchTo::On);
    refused(&world.change(on), &[Code::UsageLocationMissing]);
    assert_eq!(
        world.change(of_user(0).removing("FULL")).outcome.result,
        Applied
    );
}

#[test]
fn what_is_not_offered_in_the_country_is_refused_unless_it_is_off() {
    let mut world = World::new(1, 5);
    world.edit_user(0, |profile| {
        profile.usage_location = Some("CN".parse().unwrap())
    });
    let plan = world.change(of_user(0).adding("TALK"));
    refused(&plan, &[Code::ProhibitedInLocation]);
    assert_eq!(fixes(&plan).len(), 1);
    assert_eq!(world.change(fixes(&plan).remove(0)).outcome.result, Applied);
}

#[test]
fn the_stuck_leaver_is_held_off_and_comes_back() {
    let mut world = World::new(1, 5);
    world.give(0, "FULL", group(1), AssignmentState::Active);
    let own = of_user(0)
        .adding("PROJECTS")
        .switching(None, "SITE_2", SwitchTo::Off);
    assert_eq!(world.change(own).outcome.result, Applied);
    let left = world.leave(0, group(1));
    assert_eq!(
        note(&left, NoteKind::HeldOff).plan,
        Some(plan_id("PROJECT"))
    );
    assert_eq!(world.pool("FULL").consumed, 0);
    let held = &world.user(0).paths[0].held_off[0];
    assert_eq!(held.code, Code::MissingPrerequisitePlan);
    let since = held.since;
    let plan = world.change(of_user(0).adding("TALK"));
    assert_eq!(
        plan.outcome.result, Applied,
        "a standing breach blocks nothing"
    );
    assert_eq!(
        note(&plan, NoteKind::StandingBreach).plan,
        Some(plan_id("PROJECT"))
    );
    let mut paths = world.user(0).paths.iter();
    assert!(paths.any(|path| path.held_off.iter().any(|held| held.since == since)));
    let plan = world.change(of_user(0).adding("SITES"));
    assert_eq!(
        note(&plan, NoteKind::CameBack).plan,
        Some(plan_id("PROJECT"))
    );
    assert!(world.effective(0).contains(&"PROJECT".to_owned()));
}
