//! What an operator says of products, plans and rules, and what it makes of licences that stand.

use crate::catalogue::{AppliesTo, CountrySubject, DataKind, RuleKey, etag};
use crate::command::{Command, PlanPatch, ProductPatch, RuleImport, RulePatch, SwitchTo};
use crate::fixture::{World, group, of_user, plan_id, product_id};
use crate::ids::Instant;
use crate::plan::OutcomeKind::{Applied, Failed, Unchanged};
use crate::plan::Plan;
use crate::refusal::Code;
use crate::snapshot::{AssignmentState, Waiting};

fn product(name: &str, edit: impl FnOnce(&mut ProductPatch)) -> Command {
    let mut patch = ProductPatch::default();
    edit(&mut patch);
    Command::UpdateProduct {
        product: product_id(name),
        patch,
        expect: None,
    }
}

fn default_of(product_name: &str, plan: &str, on: bool) -> Command {
    product(product_name, |patch| {
        patch.plans = vec![(plan_id(plan), on)]
    })
}

fn plan(name: &str, automatic: Option<bool>, services: Option<&[&str]>) -> Command {
    Command::UpdatePlan {
        plan: plan_id(name),
        patch: PlanPatch {
            automatic,
            services: services.map(|ids| ids.iter().map(ToString::to_string).collect()),
        },
        expect: None,
    }
}

fn rule(patch: RulePatch) -> Command {
    Command::UpdateRule {
        patch,
        allow_missing: false,
        expect: None,
    }
}

fn mail(plans: &[&str]) -> RulePatch {
    RulePatch::Exclusion {
        id: "mail".to_owned(),
        service: None,
        plans: Some(plans.iter().map(|plan| plan_id(plan)).collect()),
    }
}

fn remove(key: RuleKey) -> Command {
    Command::DeleteRule { key, expect: None }
}

fn notes(plan: &Plan) -> Vec<&str> {
    let notes = plan.outcome.notes.iter();
    notes.map(|note| note.message.as_str()).collect()
}

fn actions(plan: &Plan) -> Vec<&str> {
    let steps = plan.steps.iter();
    steps.map(|step| step.record.action.as_str()).collect()
}

#[test]
fn who_follows_a_default_follows_the_new_one_and_who_switched_does_not() {
    let mut world = World::new(3, 5);
    world.change(of_user(0).adding("FULL"));
    world.change(
        of_user(1)
            .adding("FULL")
            .switching(None, "YAMMER", SwitchTo::On),
    );
    world.change(
        of_user(2)
            .adding("FULL")
            .switching(None, "YAMMER", SwitchTo::Off),
    );
    let off = world.run(default_of("FULL", "YAMMER", false));
    assert_eq!((off.outcome.result, off.outcome.people), (Applied, 1));
    assert_eq!(notes(&off), ["YAMMER goes off for 1 person"]);
    assert_eq!(actions(&off), ["product.update"]);
    let on = |world: &World, n| world.effective(n).contains(&"YAMMER".to_owned());
    assert_eq!([0, 1, 2].map(|n| on(&world, n)), [false, true, false]);
    assert_eq!(world.pool("FULL").consumed, 3);
    let again = world.run(default_of("FULL", "YAMMER", false));
    assert_eq!((again.outcome.result, again.steps.len()), (Unchanged, 0));
    world.run(default_of("FULL", "YAMMER", true));
    assert_eq!([0, 1, 2].map(|n| on(&world, n)), [true, true, false]);
}

#[test]
fn a_default_that_takes_a_prerequisite_away_holds_the_dependant_off_and_fails_nobody() {
    let mut world = World::new(1, 5);
    world.change(of_user(0).adding("PROJECTS"));
    let off = world.run(default_of("PROJECTS", "SITE_2", false));
    assert_eq!((off.outcome.result, off.outcome.people), (Applied, 1));
    assert_eq!(actions(&off), ["product.update", "product.rejudge"]);
    assert_eq!(world.effective(0), Vec::<String>::new());
    let held = &world.user(0).paths[0].held_off;
    assert_eq!(held[0].code, Code::MissingPrerequisitePlan);
    world.run(default_of("PROJECTS", "SITE_2", true));
    assert_eq!(world.effective(0), ["SITE_2", "PROJECT"]);
}

#[test]
fn a_product_that_becomes_the_companys_is_kept_by_who_has_it_and_given_to_nobody() {
    let mut world = World::new(3, 2);
    world.change(of_user(0).adding("FULL"));
    let place = AssignmentState::Waiting(Waiting {
        priority: 0,
        since: Instant(1),
    });
    world.give(1, "FULL", group(1), place);
    let company = product("FULL", |patch| patch.applies_to = Some(AppliesTo::Company));
    let made = world.run(company);
    assert_eq!(made.outcome.result, Applied);
    assert!(notes(&made)[0].contains("keeps it"), "{:?}", notes(&made));
    let served = world.run(Command::ServeQueue {
        product: product_id("FULL"),
    });
    assert_eq!(served.outcome.result, Unchanged);
    let refused = world.change(of_user(2).adding("FULL"));
    assert_eq!(refused.outcome.code(), Some(Code::NotAssignableToUser));
    let kept = world.change(of_user(0).switching(Some("FULL"), "YAMMER", SwitchTo::Off));
    assert_eq!(kept.outcome.result, Applied);
    assert_eq!(world.pool("FULL").consumed, 1);
    world.run(product("FULL", |patch| {
        patch.applies_to = Some(AppliesTo::User)
    }));
    world.run(Command::ServeQueue {
        product: product_id("FULL"),
    });
    assert_eq!(world.pool("FULL").consumed, 2);
}

#[test]
fn a_plan_of_another_product_an_old_tag_and_contradictions_are_refused() {
    let mut world = World::new(0, 0);
    let refused = |plan: Plan| {
        assert_eq!((plan.outcome.result, plan.steps.len()), (Failed, 0));
        plan.outcome.code().unwrap()
    };
    let foreign = world.run(default_of("FULL", "CRYPTO", false));
    assert_eq!(refused(foreign), Code::PlanNotInProduct);
    let both = product("FULL", |patch| {
        patch.plans = vec![(plan_id("CHAT"), true), (plan_id("CHAT"), false)];
    });
    assert_eq!(refused(world.run(both)), Code::InvalidArgument);
    let tag = etag(
        world
            .snapshot
            .catalogue
            .product(product_id("FULL"))
            .unwrap(),
    );
    let tagged = |perpetual| Command::UpdateProduct {
        product: product_id("FULL"),
        patch: ProductPatch {
            perpetual: Some(perpetual),
            ..ProductPatch::default()
        },
        expect: Some(tag.clone()),
    };
    assert_eq!(world.run(tagged(true)).outcome.result, Applied);
    assert_eq!(refused(world.run(tagged(false))), Code::ConcurrentChange);
}

#[test]
fn an_automatic_plan_is_on_for_every_holder_and_switches_stay_as_intent() {
    let mut world = World::new(2, 5);
    world.change(
        of_user(0)
            .adding("FULL")
            .switching(None, "CHAT", SwitchTo::Off),
    );
    world.change(of_user(1).adding("FULL"));
    let on = |world: &World| world.effective(0).contains(&"CHAT".to_owned());
    assert!(!on(&world));
    let made = world.run(plan("CHAT", Some(true), None));
    assert_eq!((made.outcome.result, made.outcome.people), (Applied, 1));
    assert_eq!(notes(&made), ["CHAT comes on for 1 person"]);
    assert!(on(&world));
    for to in [SwitchTo::Off, SwitchTo::On] {
        let switched = world.change(of_user(1).switching(Some("FULL"), "CHAT", to));
        assert_eq!(switched.outcome.code(), Some(Code::AutomaticService));
    }
    world.run(plan("CHAT", Some(false), None));
    assert!(!on(&world));
}

#[test]
fn an_automatic_plan_that_excludes_another_is_held_off_where_it_came_later() {
    let mut world = World::new(1, 5);
    world.change(of_user(0).adding("FULL"));
    world.change(
        of_user(0)
            .adding("BASIC")
            .switching(Some("BASIC"), "MAIL_1", SwitchTo::Off)
            .switching(Some("BASIC"), "SITE_1", SwitchTo::Off),
    );
    let made = world.run(plan("MAIL_1", Some(true), None));
    assert_eq!(made.outcome.result, Applied);
    assert_eq!(actions(&made), ["plan.update", "plan.rejudge"]);
    let held = world.user(0).paths.iter().flat_map(|path| &path.held_off);
    let held: Vec<_> = held.map(|held| (held.plan, held.code)).collect();
    assert_eq!(held, [(plan_id("MAIL_1"), Code::MutuallyExclusivePlans)]);
}

#[test]
fn a_plan_is_put_into_services_and_taken_out_of_them() {
    let mut world = World::new(0, 0);
    let service = |id: &str, plans: &[&str], kind, days| RuleImport::Service {
        id: id.to_owned(),
        plans: plans.iter().map(|plan| plan_id(plan)).collect(),
        kind,
        days,
    };
    let made = world.run(Command::ImportRules(vec![
        service("mail", &["MAIL_1", "MAIL_2"], DataKind::Mail, Some(30)),
        service("sites", &["SITE_1"], DataKind::Files, None),
        service("sites", &["SITE_1"], DataKind::Files, Some(30)),
        service("chat", &[], DataKind::Other, Some(1)),
        service("chat", &["CHAT"], DataKind::Other, Some(36_501)),
    ]));
    let codes: Vec<_> = made
        .outcome
        .parts
        .iter()
        .map(crate::plan::Outcome::code)
        .collect();
    let bad = Some(Code::BadRule);
    assert_eq!(codes, [None, None, bad, bad, bad]);

    let moved = world.run(plan("MAIL_2", None, Some(&["sites"])));
    assert_eq!(moved.outcome.result, Applied);
    assert_eq!(actions(&moved), ["rule.update", "rule.update"]);
    let of = |world: &World, name| {
        let rules = world.snapshot.catalogue.rules();
        let ids = rules
            .services_of(plan_id(name))
            .map(|service| service.id.clone());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(of(&world, "MAIL_2"), ["sites"]);
    let again = world.run(plan("MAIL_2", None, Some(&["sites"])));
    assert_eq!(again.outcome.result, Unchanged);
    let unknown = world.run(plan("MAIL_2", None, Some(&["paper"])));
    assert_eq!(unknown.outcome.code(), Some(Code::RuleNotFound));
    let last = world.run(plan("MAIL_1", None, Some(&[])));
    assert_eq!(last.outcome.code(), Some(Code::BadRule));
    assert_eq!(of(&world, "MAIL_1"), ["mail"]);
}

#[test]
fn what_a_rule_held_off_comes_back_in_the_same_change_that_lifts_it() {
    let mut world = World::new(1, 5);
    world.change(of_user(0).adding("FULL"));
    world.change(of_user(0).adding("TALK"));
    let denied = RulePatch::Country {
        subject: CountrySubject::Plan(plan_id("CRYPTO")),
        mode: None,
        countries: Some(vec!["DE".parse().unwrap()]),
    };
    let held = world.run(rule(denied));
    assert_eq!(actions(&held), ["rule.update", "rule.rejudge"]);
    assert_eq!(held.outcome.people, 1);
    assert!(!world.effective(0).contains(&"CRYPTO".to_owned()));
    let key = RuleKey::Country(CountrySubject::Plan(plan_id("CRYPTO")));
    let lifted = world.run(remove(key.clone()));
    assert_eq!(actions(&lifted), ["rule.delete", "rule.rejudge"]);
    assert_eq!(notes(&lifted)[0], "CRYPTO comes on for 1 person");
    assert_eq!(lifted.steps[0].record.after, "null");
    assert!(lifted.steps[0].record.before.contains("\"DE\""));
    assert!(world.effective(0).contains(&"CRYPTO".to_owned()));
    let gone = world.run(remove(key));
    assert_eq!(gone.outcome.code(), Some(Code::RuleNotFound));
}

#[test]
fn a_rule_that_is_edited_concerns_who_holds_what_it_lets_go() {
    let mut world = World::new(1, 5);
    world.change(of_user(0).adding("FULL"));
    world.run(rule(mail(&["MAIL_1", "YAMMER", "CHAT"])));
    world.give(0, "BASIC", group(1), AssignmentState::Active);
    world.judge_again(0);
    let on = |world: &World| world.effective(0).contains(&"MAIL_1".to_owned());
    assert!(!on(&world), "MAIL_1 came after YAMMER");
    let made = world.run(rule(mail(&["YAMMER", "CHAT"])));
    assert_eq!(made.outcome.result, Applied);
    assert!(on(&world));
    let same = world.run(rule(mail(&["CHAT", "YAMMER"])));
    assert_eq!(same.outcome.result, Unchanged);
}

#[test]
fn a_rule_is_made_only_when_asked_for_and_only_whole() {
    let mut world = World::new(0, 0);
    let service = |plans: &[&str], kind| RulePatch::Service {
        id: "mail".to_owned(),
        kind,
        days: None,
        plans: Some(plans.iter().map(|plan| plan_id(plan)).collect()),
    };
    let put = |patch| Command::UpdateRule {
        patch,
        allow_missing: true,
        expect: None,
    };
    let code = |plan: Plan| plan.outcome.code();
    let missing = world.run(rule(service(&["MAIL_1"], Some(DataKind::Mail))));
    assert_eq!(code(missing), Some(Code::RuleNotFound));
    let kindless = world.run(put(service(&["MAIL_1"], None)));
    assert_eq!(code(kindless), Some(Code::BadRule));
    let empty = world.run(put(service(&[], Some(DataKind::Mail))));
    assert_eq!(code(empty), Some(Code::BadRule));
    let itself = world.run(put(RulePatch::Prerequisite {
        plan: plan_id("CHAT"),
        any_of: Some(vec![plan_id("CHAT")]),
        evidence: None,
    }));
    assert_eq!(code(itself), Some(Code::BadRule));
    let made = world.run(put(service(&["MAIL_1"], Some(DataKind::Mail))));
    assert_eq!(made.outcome.result, Applied);
    let key = RuleKey::Service("mail".to_owned());
    let tag = etag(world.snapshot.catalogue.rules().get(&key).unwrap());
    world.run(put(service(&["MAIL_2"], None)));
    let stale = world.run(Command::DeleteRule {
        key,
        expect: Some(tag),
    });
    assert_eq!(code(stale), Some(Code::ConcurrentChange));
}
