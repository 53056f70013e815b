//! One user's change, rule by rule, with the answers that a person would read.

use crate::command::{LicenseChange, Mode, OnlyPlans, Role, SwitchTo};
use crate::fixture::{World, group, guest, of_user, plan_id, product_id};
use crate::ids::Instant;
use crate::plan::{Note, NoteKind, OutcomeKind, Plan};
use crate::refusal::{Code, Fix};
use crate::snapshot::{AssignmentState, NewPlans, Pool, Waiting};

use OutcomeKind::{Applied, Failed, Unchanged};

#[track_caller]
fn refused(plan: &Plan, codes: &[Code]) {
    assert_eq!(plan.outcome.result, Failed);
    let found: Vec<Code> = plan.outcome.causes.iter().map(|cause| cause.code).collect();
    assert_eq!(found, codes, "{:?}", plan.outcome.causes);
    assert!(plan.changes.is_empty() && plan.record.is_none());
}

fn note(plan: &Plan, kind: NoteKind) -> &Note {
    plan.outcome
        .notes
        .iter()
        .find(|note| note.kind == kind)
        .unwrap()
}

fn fixes(plan: &Plan) -> Vec<LicenseChange> {
    let fixes = plan.outcome.causes.iter().flat_map(|cause| &cause.fixes);
    fixes
        .filter_map(|fix| match fix {
            Fix::ChangeLicenses(change) => Some((**change).clone()),
            _ => None,
        })
        .collect()
}

#[test]
fn a_product_is_found_by_any_of_its_names_and_takes_one_seat() {
    for name in [
        "FULL",
        " full ",
        "Full licence",
        &product_id("FULL").to_string(),
    ] {
        let mut world = World::new(1, 1);
        let plan = world.change(of_user(0).adding(name));
        assert_eq!(plan.outcome.result, Applied, "{name}");
        assert_eq!(plan.outcome.seats, [(product_id("FULL"), 1)]);
        assert_eq!(plan.outcome.gained, [product_id("FULL")]);
        assert_eq!(world.pool("FULL").consumed, 1);
        assert_eq!(
            world.change(of_user(0).adding(name)).outcome.result,
            Unchanged
        );
    }
}

#[test]
fn all_causes_are_listed_and_seats_come_last() {
    let mut world = World::new(1, 0);
    world.edit_user(0, |profile| profile.usage_location = None);
    let plan = world.change(of_user(0).adding("FULL").adding("TENANTWIDE"));
    refused(
        &plan,
        &[
            Code::NotAssignableToUser,
            Code::UsageLocationMissing,
            Code::NoAvailableSeats,
            Code::NoAvailableSeats,
        ],
    );
    let seats = &plan.outcome.causes[2];
    assert_eq!(seats.next.as_deref(), Some("Buy 1 more seat of FULL"));
    assert!(seats.fixes.contains(&Fix::BuySeats {
        product: product_id("FULL"),
        more: 1
    }));
}

#[test]
fn an_unknown_name_ends_the_judging() {
    let mut world = World::new(1, 0);
    let plan = world.change(of_user(0).adding("FUL").adding("FULL"));
    refused(&plan, &[Code::ProductNotFound]);
    let cause = &plan.outcome.causes[0];
    assert_eq!(cause.field.as_deref(), Some("add[0].product"));
    assert!(
        cause.message.contains("\"FUL\"") && cause.message.contains("FULL"),
        "{}",
        cause.message
    );
    let plan = world.change(
        of_user(0)
            .adding("FULL")
            .switching(None, "NOPE", SwitchTo::Off),
    );
    refused(&plan, &[Code::PlanNotFound]);
    refused(
        &world.change(of_user(7).adding("FULL")),
        &[Code::UserNotFound],
    );
}

#[test]
fn a_display_name_of_two_people_is_ambiguous_and_names_both() {
    let mut world = World::new(3, 5);
    for n in [0, 1] {
        world.edit_user(n, |profile| profile.display_name = "Pat Doe".to_owned());
    }
    let by_name = |name: &str| LicenseChange {
        user: name.to_owned(),
        ..of_user(0).adding("FULL")
    };
    let plan = world.change(by_name("pat  doe"));
    refused(&plan, &[Code::AmbiguousName]);
    assert!(
        plan.outcome.causes[0]
            .message
            .contains("user0@contoso.com, user1@contoso.com")
    );
    assert_eq!(world.change(by_name("User 2")).outcome.result, Applied);
}

#[test]
fn switches_merge_and_full_replacement_is_its_own_option() {
    let mut world = World::new(1, 5);
    world.change(
        of_user(0)
            .adding("FULL")
            .switching(None, "YAMMER", SwitchTo::Off),
    );
    let plan = world.change(of_user(0).switching(Some("FULL"), "FORMS", SwitchTo::Off));
    assert_eq!(plan.outcome.result, Applied);
    assert_eq!(world.effective(0), ["MAIL_2", "SITE_2", "CHAT"]);
    let full = LicenseChange {
        full_switches: true,
        ..of_user(0).adding("FULL")
    };
    let full = full.switching(Some("FULL"), "CHAT", SwitchTo::Off);
    assert_eq!(world.change(full.clone()).outcome.result, Applied);
    assert_eq!(world.effective(0), ["MAIL_2", "SITE_2", "FORMS", "YAMMER"]);
    assert_eq!(world.change(full).outcome.result, Unchanged);
    world.change(of_user(0).switching(None, "CHAT", SwitchTo::Follow));
    assert!(world.user(0).paths[0].switches.is_empty());
}

#[test]
fn an_allow_list_turns_all_others_off_now_and_later() {
    let mut world = World::new(1, 5);
    let only = OnlyPlans {
        product: None,
        plans: vec!["CHAT".to_owned()],
    };
    let change = LicenseChange {
        only_plans: Some(only),
        ..of_user(0).adding("FULL")
    };
    assert_eq!(world.change(change.clone()).outcome.result, Applied);
    assert_eq!(world.effective(0), ["CHAT"]);
    assert_eq!(world.user(0).paths[0].new_plans, NewPlans::Off);
    assert_eq!(world.change(change).outcome.result, Unchanged);
}

#[test]
fn a_plan_that_the_product_lacks_is_refused_with_the_plans_it_has() {
    let mut world = World::new(1, 5);
    world.change(of_user(0).adding("FULL"));
    let plan = world.change(of_user(0).switching(Some("FULL"), "MEET", SwitchTo::Off));
    refused(&plan, &[Code::PlanNotInProduct]);
    let cause = &plan.outcome.causes[0];
    assert_eq!(
        cause.message,
        "FULL has no service plan MEET; its plans are CHAT, FORMS, MAIL_2, SITE_2, YAMMER"
    );
    assert_eq!(cause.metadata["plans"], "CHAT,FORMS,MAIL_2,SITE_2,YAMMER");
}

#[test]
fn one_change_cannot_say_two_things() {
    let mut world = World::new(1, 5);
    let both = of_user(0).adding("FULL").removing("full licence");
    refused(&world.change(both), &[Code::ProductInBothLists]);
    let twice = of_user(0)
        .adding("FULL")
        .switching(None, "CHAT", SwitchTo::Off)
        .switching(Some("FULL"), "CHAT", SwitchTo::On);
    refused(&world.change(twice), &[Code::InvalidArgument]);
    let replace = LicenseChange {
        mode: Mode::Replace,
        ..of_user(0)
    };
    refused(&world.change(replace), &[Code::InvalidArgument]);
    let none = world.change(of_user(0));
    assert_eq!(none.outcome.result, Unchanged);
}

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
                .look(crate::command::Command::ModifyLicenses(Box::new(fix)))
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
fn switches_are_carried_to_counterparts_and_the_rest_is_named() {
    let mut world = World::new(1, 5);
    let full = of_user(0)
        .adding("FULL")
        .switching(None, "FORMS", SwitchTo::Off)
        .switching(None, "YAMMER", SwitchTo::Off)
        .switching(None, "MAIL_2", SwitchTo::Off);
    world.change(full);
    let map = [("MAIL_2".to_owned(), "MAIL_1".to_owned())];
    let swap = LicenseChange {
        carry_switches: Some(map.into_iter().collect()),
        ..of_user(0).swapping("FULL", "BASIC")
    };
    let plan = world.change(swap);
    assert_eq!(plan.outcome.result, Applied);
    assert_eq!(world.effective(0), ["SITE_1", "CHAT"]);
    assert_eq!(
        note(&plan, NoteKind::NotCarried).plan,
        Some(plan_id("YAMMER"))
    );
}

#[test]
fn replacing_and_unassigning_leave_inherited_licences_and_name_them() {
    let mut world = World::new(1, 5);
    world.give(0, "TALK", group(1), AssignmentState::Active);
    world.change(
        of_user(0)
            .adding("BASIC")
            .switching(None, "FORMS", SwitchTo::Off),
    );
    let replace = LicenseChange {
        mode: Mode::Replace,
        ..of_user(0).adding("BASIC").adding("MEETING")
    };
    let plan = world.change(replace);
    assert_eq!(plan.outcome.result, Applied);
    assert_eq!(
        note(&plan, NoteKind::InheritedKept).product,
        Some(product_id("TALK"))
    );
    assert!(!world.effective(0).contains(&"FORMS".to_owned()));
    let none = LicenseChange {
        mode: Mode::UnassignAll,
        ..of_user(0)
    };
    assert_eq!(world.change(none).outcome.result, Applied);
    assert_eq!(world.user(0).paths.len(), 1);
}

#[test]
fn an_inherited_licence_is_changed_on_its_group() {
    let mut world = World::new(1, 5);
    world.give(0, "FULL", group(1), AssignmentState::Active);
    let plan = world.change(of_user(0).removing("FULL"));
    refused(&plan, &[Code::InheritedFromGroup]);
    assert!(
        plan.outcome.causes[0]
            .message
            .contains(&group(1).as_uuid().to_string())
    );
    let switch = of_user(0).switching(Some("FULL"), "FORMS", SwitchTo::Off);
    refused(&world.change(switch), &[Code::InheritedFromGroup]);
    let beside = world.change(
        of_user(0)
            .adding("FULL")
            .switching(None, "FORMS", SwitchTo::Off),
    );
    assert_eq!(
        (beside.outcome.result, beside.outcome.seats.len()),
        (Applied, 0)
    );
    assert_eq!(
        note(&beside, NoteKind::StaysOn).plan,
        Some(plan_id("FORMS"))
    );
    let ended = world.change(of_user(0).removing("FULL"));
    assert_eq!(
        (ended.outcome.result, ended.outcome.seats.len()),
        (Applied, 0)
    );
    assert_eq!(
        note(&ended, NoteKind::StillHeld).groups,
        [group(1).as_uuid()]
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
    assert!(
        world
            .user(0)
            .paths
            .iter()
            .all(crate::snapshot::Assignment::is_active)
    );
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
            .look(crate::command::Command::ModifyLicenses(Box::new(swap)))
            .outcome
            .result,
        Applied
    );
    world.change(of_user(0).removing("FULL"));
    let serve = crate::command::Command::ServeQueue {
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

#[test]
fn too_long_a_list_names_the_limit() {
    let mut world = World::new(1, 5);
    let mut change = of_user(0);
    for _ in 0..201 {
        change = change.adding("FULL");
    }
    let plan = world.change(change);
    refused(&plan, &[Code::LimitExceeded]);
    assert!(plan.outcome.causes[0].message.contains("200"));
}
