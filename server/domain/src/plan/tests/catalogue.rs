//! Decisions about what is sold, its rules, and purchases.

use crate::catalogue::{CountryMode, CountrySubject, Resolution};
use crate::command::{Command, NewSubscription, PlanImport, ProductImport, RuleImport, SwitchTo};
use crate::fixture::{World, of_user, plan_id, product_id};
use crate::ids::{Instant, Revision};
use crate::plan::OutcomeKind::{Applied, Unchanged};
use crate::plan::Plan;
use crate::refusal::Code;
use crate::snapshot::{NewPlans, Pool};

#[test]
fn seats_bought_add_up_and_bad_purchases_name_their_fields() {
    let mut world = World::new(0, 0);
    let buy = |edit: &dyn Fn(&mut NewSubscription)| {
        let mut new = NewSubscription {
            product: "FULL".to_owned(),
            quantity: 5,
            ..NewSubscription::default()
        };
        edit(&mut new);
        Command::CreateSubscription(Box::new(new))
    };
    world.run(buy(&|_| {}));
    world.run(buy(&|new| new.quantity = 8));
    assert_eq!(
        world.pool("FULL"),
        Pool {
            enabled: 13,
            ..Pool::default()
        }
    );
    let field = |plan: Plan| plan.outcome.causes[0].field.clone().unwrap();
    for quantity in [0, -1, 10_000_001] {
        assert_eq!(
            field(world.run(buy(&|new| new.quantity = quantity))),
            "quantity"
        );
    }
    assert_eq!(
        field(world.run(buy(&|new| new.product = "NOPE".to_owned()))),
        "product"
    );
    assert_eq!(
        field(world.run(buy(&|new| new.ends_at = Some(Instant(1))))),
        "ends_at"
    );
    let perpetual = |new: &mut NewSubscription| {
        new.product = "TALK".to_owned();
        new.ends_at = Some(Instant(i64::MAX));
    };
    assert_eq!(field(world.run(buy(&perpetual))), "ends_at");
    assert_eq!(world.pool("FULL").enabled, 13);
}

#[test]
fn control_characters_are_refused_in_every_text_that_is_kept() {
    let mut world = World::new(1, 5);
    let bad = "a\0b".to_owned();
    let product = ProductImport {
        id: product_id("TALK"),
        part_number: bad.clone(),
        name: bad.clone(),
        aliases: vec![bad.clone()],
        plans: Vec::new(),
    };
    let plan = PlanImport {
        id: plan_id("CHAT"),
        name: bad.clone(),
        friendly_name: bad.clone(),
        aliases: vec![bad.clone()],
    };
    let subscription = NewSubscription {
        product: "FULL".to_owned(),
        quantity: 1,
        name: Some(bad.clone()),
        ..NewSubscription::default()
    };
    let rule = RuleImport::Prerequisite {
        plan: plan_id("CHAT"),
        any_of: vec![plan_id("MEET")],
        evidence: bad.clone(),
    };
    for (command, expected) in [
        (
            Command::ImportProduct(Box::new(product)),
            vec!["part_number", "name", "aliases"],
        ),
        (
            Command::ImportPlan(Box::new(plan)),
            vec!["name", "friendly_name", "aliases"],
        ),
        (
            Command::CreateSubscription(Box::new(subscription)),
            vec!["name"],
        ),
        (Command::ImportRules(vec![rule]), vec!["evidence"]),
    ] {
        let outcome = world.run(command).outcome;
        let fields: Vec<&str> = outcome
            .causes
            .iter()
            .filter_map(|cause| cause.field.as_deref())
            .collect();
        assert_eq!(
            (outcome.code(), fields),
            (Some(Code::InvalidArgument), expected)
        );
    }
    let mut request = world.request(Command::ModifyLicenses(Box::new(of_user(0).adding("FULL"))));
    for (reason, refused) in [("ticket 7", None), ("a\0b", Some(Code::InvalidArgument))] {
        request.reason = Some(reason.to_owned());
        let ids = &mut || uuid::Uuid::from_u128(9);
        let made = crate::plan::plan(&world.snapshot, &request, Instant(1), Revision(99), ids);
        assert_eq!(made.outcome.code(), refused);
    }
}

#[test]
fn a_plan_added_later_follows_the_rule_of_each_path() {
    let mut world = World::new(2, 5);
    world.change(of_user(0).adding("TALK"));
    let mut closed = of_user(1).adding("TALK");
    closed.add[0].new_plans = Some(NewPlans::Off);
    world.change(closed);
    let import = ProductImport {
        id: product_id("TALK"),
        part_number: "TALK".to_owned(),
        name: "Talk".to_owned(),
        aliases: Vec::new(),
        plans: vec![plan_id("FORMS"), plan_id("MEET")],
    };
    let plan = world.run(Command::ImportProduct(Box::new(import.clone())));
    assert_eq!(plan.outcome.result, Applied);
    assert_eq!(world.effective(0), ["CHAT", "FORMS", "MEET", "CRYPTO"]);
    assert_eq!(world.effective(1), ["CHAT", "CRYPTO"]);
    assert_eq!(
        world
            .run(Command::ImportProduct(Box::new(import)))
            .outcome
            .result,
        Unchanged
    );
    let catalogue = &world.snapshot.catalogue;
    assert_eq!(
        catalogue.resolve_product("talk licence"),
        Resolution::Found(product_id("TALK"))
    );
    world.change(of_user(1).switching(Some("TALK"), "FORMS", SwitchTo::On));
    assert_eq!(world.effective(1), ["CHAT", "FORMS", "CRYPTO"]);
}

#[test]
fn an_imported_rule_removes_nothing_but_holds_off_what_began_later() {
    let mut world = World::new(1, 5);
    world.change(of_user(0).adding("FULL"));
    world.change(of_user(0).adding("TALK"));
    let rule = RuleImport::Exclusion {
        id: "talk".to_owned(),
        service: "Talk".to_owned(),
        plans: vec![plan_id("YAMMER"), plan_id("CRYPTO")],
    };
    let plan = world.run(Command::ImportRules(vec![rule.clone()]));
    assert_eq!(
        (plan.outcome.result, plan.outcome.notes.len()),
        (Applied, 1)
    );
    assert_eq!(
        world.effective(0),
        ["MAIL_2", "SITE_2", "CHAT", "FORMS", "YAMMER"]
    );
    assert_eq!(
        world.run(Command::ImportRules(vec![rule])).outcome.result,
        Unchanged
    );
    world.change(of_user(0).switching(Some("FULL"), "YAMMER", SwitchTo::Off));
    assert!(world.effective(0).contains(&"CRYPTO".to_owned()));
    let nowhere = RuleImport::Country {
        subject: CountrySubject::Product(product_id("FULL")),
        mode: CountryMode::Allow,
        countries: vec!["FR".parse().unwrap()],
    };
    world.run(Command::ImportRules(vec![nowhere]));
    assert_eq!(world.effective(0), ["CHAT", "CRYPTO"]);
    assert_eq!(world.pool("FULL").consumed, 1);
}

#[test]
fn a_plan_that_is_renamed_is_still_found_by_its_former_names() {
    let mut world = World::new(0, 0);
    let import = PlanImport {
        id: plan_id("CHAT"),
        name: "TEAMS".to_owned(),
        friendly_name: "Teams".to_owned(),
        aliases: vec!["Chat & calls".to_owned()],
    };
    assert_eq!(
        world
            .run(Command::ImportPlan(Box::new(import.clone())))
            .outcome
            .result,
        Applied
    );
    assert_eq!(
        world
            .run(Command::ImportPlan(Box::new(import)))
            .outcome
            .result,
        Unchanged
    );
    for name in ["teams", "CHAT", "chat & calls", "The chat"] {
        let found = world
            .snapshot
            .catalogue
            .resolve_plan(&[product_id("FULL")], name);
        assert_eq!(found, Resolution::Found(plan_id("CHAT")), "{name}");
    }
}
