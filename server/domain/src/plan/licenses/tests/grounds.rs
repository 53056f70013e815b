//! What is refused because of a country or a missing plan, what the answer names (R17, R19), and what is held off
//! instead (R19a, R20).

use super::{fixes, note, refused};
use crate::catalogue::{CountryMode, CountrySubject};
use crate::command::{Command, LicenseChange, PlanImport, PlanPatch, RuleImport, SwitchTo};
use crate::fixture::{World, group, of_user, plan_id, product_id};
use crate::plan::NoteKind;
use crate::plan::OutcomeKind::{Applied, Waiting};
use crate::refusal::Code;
use crate::snapshot::AssignmentState;

#[test]
fn a_product_that_is_not_offered_in_the_country_is_refused_by_name() {
    let mut world = World::new(2, 5);
    world.edit_user(1, |profile| profile.usage_location = "FR".parse().ok());
    let rule = RuleImport::Country {
        subject: CountrySubject::Product(product_id("SITES")),
        mode: CountryMode::Allow,
        countries: vec!["FR".parse().unwrap()],
    };
    world.run(Command::ImportRules(vec![rule]));
    let plan = world.change(of_user(0).adding("SITES"));
    refused(&plan, &[Code::ProhibitedInLocation]);
    let message = &plan.outcome.causes[0].message;
    assert!(
        message.contains("SITES") && message.contains("DE"),
        "{message}"
    );
    assert_eq!(
        world.change(of_user(1).adding("SITES")).outcome.result,
        Applied
    );
}

#[test]
fn a_move_is_foretold_with_the_plans_that_it_would_hold_off() {
    let mut world = World::new(1, 5);
    world.change(of_user(0).adding("TALK"));
    let to_china = crate::command::UserFields {
        usage_location: Some("CN".to_owned()),
        ..Default::default()
    };
    let foretold = world.look(Command::UpdateUser {
        user: "user0@contoso.com".to_owned(),
        patch: Box::new(to_china),
        expect: None,
    });
    let held = note(&foretold, NoteKind::HeldOff);
    assert_eq!(held.plan, Some(plan_id("CRYPTO")));
    assert_eq!(world.effective(0), ["CHAT", "CRYPTO"]);
}

#[test]
fn a_missing_prerequisite_names_the_dependant_and_every_alternative() {
    let mut world = World::new(1, 5);
    let alone = world.change(of_user(0).adding("MEETING"));
    refused(&alone, &[Code::MissingPrerequisitePlan]);
    let both = of_user(0).adding("MEETING").adding("TALK");
    world.change(both);
    let off = of_user(0).switching(Some("TALK"), "CHAT", SwitchTo::Off);
    let last = world.change(off);
    refused(&last, &[Code::PrerequisiteInUse]);
    for plan in [&alone, &last] {
        let message = &plan.outcome.causes[0].message;
        for named in ["MEET", "CHAT", "YAMMER"] {
            assert!(message.contains(named), "{named}: {message}");
        }
    }
    assert!(!fixes(&last).is_empty());
    // With the dependant off, or with another alternative through a group, the last one may go.
    let mut other = world.clone();
    let with_dependant = of_user(0)
        .switching(Some("TALK"), "CHAT", SwitchTo::Off)
        .switching(Some("MEETING"), "MEET", SwitchTo::Off);
    assert_eq!(other.change(with_dependant).outcome.result, Applied);
    world.give(0, "FULL", group(1), AssignmentState::Active);
    let gone = world.change(of_user(0).removing("TALK"));
    assert_eq!(gone.outcome.result, Applied);
}

#[test]
fn a_breach_that_stands_is_told_and_hinders_only_what_adds_to_it() {
    let mut world = World::new(1, 5);
    world.change(of_user(0).adding("TALK"));
    world.edit_user(0, |profile| profile.usage_location = "CN".parse().ok());
    world.judge_again(0);
    for change in [
        of_user(0).adding("SITES"),
        of_user(0).switching(Some("TALK"), "CHAT", SwitchTo::Off),
        of_user(0).removing("SITES"),
    ] {
        let plan = world.change(change);
        assert_eq!(plan.outcome.result, Applied, "{:?}", plan.outcome.causes);
        let stands = note(&plan, NoteKind::StandingBreach);
        assert_eq!(stands.plan, Some(plan_id("CRYPTO")));
    }
    // MEETING would lack CHAT, which is off by now: that is a new breach.
    let adds = world.change(of_user(0).adding("MEETING"));
    refused(&adds, &[Code::MissingPrerequisitePlan]);
}

#[test]
fn who_is_served_into_a_breach_has_the_plan_held_off_and_the_seat() {
    let mut world = World::new(2, 1);
    world.change(of_user(1).adding("FULL"));
    let patient = LicenseChange {
        wait_for_seat: true,
        ..of_user(0).adding("FULL")
    };
    assert_eq!(world.change(patient).outcome.result, Waiting);
    // While it waits nothing of it is on, so it excludes nothing.
    assert_eq!(
        world.change(of_user(0).adding("BASIC")).outcome.result,
        Applied
    );
    world.change(of_user(1).removing("FULL"));
    world.run(Command::ServeQueue {
        product: product_id("FULL"),
    });
    assert!(world.user(0).has_seat(product_id("FULL")));
    let held: Vec<_> = world
        .user(0)
        .paths
        .iter()
        .flat_map(|path| {
            path.held_off
                .iter()
                .map(|held| (path.product, held.plan, held.code))
        })
        .collect();
    // The path that waits began before the other one.
    let code = Code::MutuallyExclusivePlans;
    let expected = ["MAIL_1", "SITE_1"].map(|plan| (product_id("BASIC"), plan_id(plan), code));
    assert_eq!(held, expected);
}

#[test]
fn no_plan_is_automatic_by_default_and_an_import_leaves_the_mark_alone() {
    let mut world = World::new(0, 0);
    let import = |name: &str| {
        Command::ImportPlan(Box::new(PlanImport {
            id: plan_id("CHAT"),
            name: name.to_owned(),
            friendly_name: name.to_owned(),
            aliases: Vec::new(),
        }))
    };
    let is_automatic = |world: &World, id| world.snapshot.catalogue.plan(id).unwrap().automatic;
    let new = crate::ids::PlanId(uuid::Uuid::from_u128(0x9_999));
    world.run(Command::ImportPlan(Box::new(PlanImport {
        id: new,
        name: "NEW".to_owned(),
        friendly_name: "New".to_owned(),
        aliases: Vec::new(),
    })));
    world.run(import("ONE"));
    assert!(!is_automatic(&world, new) && !is_automatic(&world, plan_id("CHAT")));
    world.run(Command::UpdatePlan {
        plan: plan_id("CHAT"),
        patch: PlanPatch {
            automatic: Some(true),
            services: None,
        },
        expect: None,
    });
    world.run(import("OTHER"));
    assert!(is_automatic(&world, plan_id("CHAT")));
}
