//! What is asked: names, modes, switches, and what comes through groups.

use super::{note, refused};
use crate::command::{LicenseChange, Mode, OnlyPlans, SwitchTo};
use crate::fixture::{World, group, of_user, plan_id, product_id};
use crate::plan::NoteKind;
use crate::plan::OutcomeKind::{Applied, Unchanged};
use crate::refusal::{Code, Fix};
use crate::snapshot::{AssignmentState, NewPlans};

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
fn unassigning_all_leaves_what_is_to_be_kept() {
    let mut world = World::new(1, 5);
    let three = of_user(0).adding("BASIC").adding("MEETING");
    assert_eq!(world.change(three).outcome.result, Applied);
    let keeping = |names: &[&str]| LicenseChange {
        mode: Mode::UnassignAll,
        keep: names.iter().map(|name| (*name).to_owned()).collect(),
        ..of_user(0)
    };
    let plan = world.change(keeping(&["NOPE"]));
    refused(&plan, &[Code::ProductNotFound]);
    assert_eq!(plan.outcome.causes[0].field.as_deref(), Some("keep[0]"));
    let elsewhere = LicenseChange {
        mode: Mode::Modify,
        ..keeping(&["BASIC"])
    };
    refused(&world.change(elsewhere), &[Code::InvalidArgument]);
    // What is not held does not matter.
    let plan = world.change(keeping(&["BASIC", "FULL"]));
    assert_eq!(plan.outcome.result, Applied);
    let left: Vec<_> = world
        .user(0)
        .paths
        .iter()
        .map(|path| path.product)
        .collect();
    assert_eq!(left, [product_id("BASIC")]);
    assert_eq!(world.change(keeping(&["BASIC"])).outcome.result, Unchanged);
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
