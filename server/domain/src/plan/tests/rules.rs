//! Rules imported together: each is answered by itself, and everybody concerned is judged once.

use std::collections::BTreeSet;

use crate::catalogue::{CountryMode, CountrySubject};
use crate::command::{Command, RuleImport};
use crate::fixture::{PRODUCTS, World, group, of_user, plan_id, product_id};
use crate::ids::{Revision, UserId};
use crate::plan::OutcomeKind::{self, Applied, Failed, Unchanged};
use crate::plan::{Action, Change, Outcome, Plan, Step, Subject};
use crate::refusal::Code;
use crate::snapshot::AssignmentState;

fn exclusion(id: &str, plans: &[&str]) -> RuleImport {
    RuleImport::Exclusion {
        id: id.to_owned(),
        service: String::new(),
        plans: plans.iter().map(|plan| plan_id(plan)).collect(),
    }
}

fn denied(plan: &str) -> RuleImport {
    RuleImport::Country {
        subject: CountrySubject::Plan(plan_id(plan)),
        mode: CountryMode::Deny,
        countries: vec!["DE".parse().unwrap()],
    }
}

fn import(world: &mut World, rules: Vec<RuleImport>) -> Plan {
    world.run(Command::ImportRules(rules))
}

fn answers(outcome: &Outcome) -> Vec<(OutcomeKind, bool)> {
    let parts = outcome.parts.iter();
    parts.map(|part| (part.result, part.created)).collect()
}

fn people(step: &Step) -> BTreeSet<UserId> {
    let changes = step.changes.iter();
    changes
        .filter_map(|change| match change {
            Change::OpenAssignment(path) => Some(path.user),
            _ => None,
        })
        .collect()
}

#[test]
fn each_rule_is_answered_by_itself_and_recorded_by_itself() {
    let mut world = World::new(1, 1);
    let before = world.snapshot.revision;
    let plan = import(
        &mut world,
        vec![
            exclusion("new", &["YAMMER"]),
            exclusion("mail", &["CHAT"]),
            exclusion("site", &["SITE_1"]),
            exclusion("none", &[]),
            exclusion("new", &["YAMMER", "MEET"]),
            exclusion("a\u{7}b", &["MEET"]),
        ],
    );
    assert_eq!((plan.outcome.result, plan.outcome.code()), (Applied, None));
    assert_eq!(
        answers(&plan.outcome),
        [
            (Applied, true),
            (Applied, false),
            (Unchanged, false),
            (Failed, false),
            (Applied, false),
            (Failed, false),
        ]
    );
    let codes = [3, 5].map(|at: usize| plan.outcome.parts[at].code());
    assert_eq!(codes, [Some(Code::BadRule), Some(Code::InvalidArgument)]);
    assert_eq!(plan.outcome.subject, Some(Subject::Rules));
    let subjects: Vec<String> = plan
        .steps
        .iter()
        .map(|step| step.record.subject.id())
        .collect();
    assert_eq!(
        subjects,
        ["exclusion/new", "exclusion/mail", "exclusion/new"]
    );
    assert_eq!(plan.steps[0].record.before, "null");
    assert_eq!(plan.steps[2].record.before, plan.steps[0].record.after);
    assert_eq!(world.snapshot.revision, Revision(before.0 + 3));
    assert_eq!(world.snapshot.catalogue.rules().iter().count(), 6);

    let refused = import(&mut world, vec![exclusion("none", &[])]);
    assert_eq!(
        (refused.outcome.result, refused.outcome.code()),
        (Failed, Some(Code::BadRule))
    );
    let again = import(&mut world, vec![exclusion("new", &["MEET"])]);
    assert_eq!((again.outcome.result, again.steps.len()), (Unchanged, 0));
}

#[test]
fn two_thousand_holders_are_judged_once_for_a_hundred_rules() {
    let mut world = World::new(2_010, 3_000);
    for n in 0..2_000 {
        world.change(of_user(n).adding("FULL"));
    }
    for n in 2_000..2_010 {
        world.give(n, "MEETING", group(0), AssignmentState::Active);
    }
    let (_, plans) = PRODUCTS[1];
    let mut rules: Vec<RuleImport> = plans.iter().map(|plan| denied(plan)).collect();
    rules.extend((rules.len()..100).map(|n| exclusion(&format!("set-{n}"), &["YAMMER"])));
    let first = world.snapshot.revision.0 + 1;
    let plan = import(&mut world, rules);

    let told: Vec<&str> = plan
        .outcome
        .notes
        .iter()
        .map(|note| note.message.as_str())
        .collect();
    assert_eq!(
        told,
        ["Holders judged again: 2000. Of them, with plans held off or on again: 2000"]
    );
    let (of_rules, of_people) = plan.steps.split_at(100);
    assert!(
        of_rules
            .iter()
            .all(|step| step.record.action == Action::ImportRule)
    );
    assert!(of_people.len() >= 4);
    let mut all = BTreeSet::new();
    for (at, step) in (first + 100..).zip(of_people) {
        assert_eq!(step.record.action, Action::RejudgeRule);
        let people = people(step);
        assert!(people.len() <= 500, "{}", people.len());
        all.extend(people);
        for text in [&step.record.before, &step.record.after] {
            assert!(text.len() < 1_000_000, "{}", text.len());
            let rows: serde_json::Value = serde_json::from_str(text).unwrap();
            assert_eq!(rows.as_array().map(Vec::len), Some(step.changes.len() / 2));
        }
        for change in &step.changes {
            if let Change::OpenAssignment(path) = change {
                assert_eq!(path.from_rev, Revision(at));
            }
        }
    }
    assert_eq!(all.len(), 2_000);
    assert!(world.effective(0).is_empty());
    assert_eq!(world.effective(2_000), ["MEET"]);
}

#[test]
fn a_record_tells_of_five_hundred_people_at_most() {
    let mut world = World::new(1_001, 2_000);
    for n in 0..1_001 {
        world.change(of_user(n).adding("TALK"));
    }
    let plan = import(&mut world, vec![denied("CHAT")]);
    let counts: Vec<usize> = plan.steps.iter().map(|step| people(step).len()).collect();
    assert_eq!(counts, [0, 500, 500, 1]);
    let rule = Subject::Rule(denied("CHAT").key());
    assert!(plan.steps.iter().all(|step| step.record.subject == rule));
}

#[test]
fn a_set_that_grows_concerns_the_holders_of_what_is_new_in_it() {
    let mut world = World::new(2, 5);
    world.change(of_user(0).adding("BASIC"));
    world.change(of_user(0).adding("TALK"));
    world.change(of_user(1).adding("FULL"));
    let judged = |world: &mut World, plans: &[&str]| {
        let plan = import(world, vec![exclusion("mail", plans)]);
        plan.outcome.notes.first().map(|note| note.message.clone())
    };
    assert_eq!(
        judged(&mut world, &["CRYPTO"]).as_deref(),
        Some("Holders judged again: 1. Of them, with plans held off or on again: 1")
    );
    assert_eq!(judged(&mut world, &["MAIL_1", "CRYPTO"]), None);
    assert_eq!(world.effective(0), ["MAIL_1", "SITE_1", "CHAT", "FORMS"]);
    let full = RuleImport::Country {
        subject: CountrySubject::Product(product_id("FULL")),
        mode: CountryMode::Allow,
        countries: vec!["FR".parse().unwrap()],
    };
    import(&mut world, vec![full]);
    assert!(world.effective(1).is_empty());
}
