//! Changes of many people, all or nothing.

use super::*;
use crate::command::{Command, CopyFrom, Mode, SwitchTo};
use crate::fixture::{World, group, of_user, product_id, user_id};
use crate::plan::OutcomeKind::{Applied, Failed, Unchanged};
use crate::refusal::Fix;
use crate::snapshot::AssignmentState;

fn together(world: &mut World, changes: Vec<LicenseChange>) -> Plan {
    world.run(Command::ModifyLicensesTogether(changes))
}

fn codes(plan: &Plan) -> Vec<Option<Code>> {
    plan.outcome.parts.iter().map(Outcome::code).collect()
}

/// A leaver's licences onto a successor.
fn hand_over(from: u128, to: u128) -> Vec<LicenseChange> {
    let successor = LicenseChange {
        copy_from: Some(CopyFrom {
            user: user_id(from).to_string(),
            products: Vec::new(),
        }),
        ..of_user(to)
    };
    let leaver = LicenseChange {
        mode: Mode::UnassignAll,
        ..of_user(from)
    };
    vec![successor, leaver]
}

#[test]
fn seats_are_net_over_all_rows_in_any_order() {
    let mut world = World::new(2, 1);
    let own = of_user(0)
        .adding("FULL")
        .switching(None, "YAMMER", SwitchTo::Off);
    world.change(own);
    for turned in [false, true] {
        let mut rows = hand_over(0, 1);
        if turned {
            rows.reverse();
        }
        let mut world = world.clone();
        let plan = together(&mut world, rows);
        assert_eq!(plan.outcome.result, Applied, "{:?}", plan.outcome);
        assert_eq!(plan.outcome.seats, []);
        assert!(world.user(0).paths.is_empty());
        assert!(!world.effective(1).contains(&"YAMMER".to_owned()));
        assert_eq!(world.pool("FULL").consumed, 1);
    }
}

#[test]
fn each_person_is_a_revision_and_a_record_of_their_own() {
    let mut world = World::new(3, 5);
    let before = world.snapshot.revision;
    let rows = (0..3).map(|n| of_user(n).adding("FULL")).collect();
    let plan = together(&mut world, rows);
    assert_eq!(plan.steps.len(), 3);
    for n in 0..3 {
        let revision = Revision(before.0 + 1 + i64::try_from(n).unwrap());
        let place = usize::try_from(n).unwrap();
        let path = &world.user(n).paths[0];
        assert_eq!((path.from_rev, path.began_rev), (revision, revision));
        assert_eq!(plan.outcome.parts[place].revision, Some(revision));
        let subject = &plan.steps[place].record.subject;
        assert_eq!(*subject, Subject::User(user_id(n)));
    }
    assert_eq!(plan.outcome.seats, [(product_id("FULL"), 3)]);
}

#[test]
fn one_refused_row_refuses_all_and_every_cause_is_told() {
    let mut world = World::new(3, 5);
    world.change(of_user(0).adding("FULL"));
    world.edit_user(2, |profile| profile.usage_location = None);
    let rows = vec![
        of_user(1).adding("FULL"),
        of_user(0).adding("BASIC"),
        of_user(0).adding("BASIC"),
        of_user(2).adding("FULL"),
        of_user(9).adding("FULL"),
    ];
    let plan = together(&mut world, rows);
    assert_eq!(plan.outcome.result, Failed);
    assert!(plan.steps.is_empty());
    assert_eq!(
        codes(&plan),
        [
            Some(Code::OtherRowRefused),
            Some(Code::MutuallyExclusivePlans),
            Some(Code::MutuallyExclusivePlans),
            Some(Code::UsageLocationMissing),
            Some(Code::UserNotFound),
        ]
    );
    assert!(!plan.outcome.parts[1].causes[0].fixes.is_empty());
    let cause = &plan.outcome.causes[0];
    assert_eq!(cause.code, Code::OtherRowRefused);
    assert!(cause.message.contains("4 of 5 rows"), "{}", cause.message);
}

#[test]
fn a_short_pool_refuses_every_row_that_takes_from_it_with_what_all_lack() {
    let mut world = World::new(5, 2);
    let mut rows: Vec<LicenseChange> = (0..4).map(|n| of_user(n).adding("FULL")).collect();
    rows.push(of_user(4).adding("BASIC"));
    let plan = together(&mut world, rows);
    let short = Some(Code::NoAvailableSeats);
    let other = Some(Code::OtherRowRefused);
    assert_eq!(codes(&plan), [short, short, short, short, other]);
    let buy = Fix::BuySeats {
        product: product_id("FULL"),
        more: 2,
    };
    for part in &plan.outcome.parts[..4] {
        assert_eq!(part.causes[0].fixes, std::slice::from_ref(&buy));
    }
    assert!(
        plan.outcome
            .causes
            .iter()
            .any(|cause| cause.fixes == [buy.clone()])
    );
}

#[test]
fn a_person_named_twice_must_be_named_for_the_same() {
    let mut world = World::new(1, 5);
    let by_id = LicenseChange {
        user: user_id(0).to_string(),
        ..of_user(0).adding("FULL")
    };
    let plan = together(&mut world, vec![of_user(0).adding("FULL"), by_id]);
    let results: Vec<_> = plan.outcome.parts.iter().map(|part| part.result).collect();
    assert_eq!(results, [Applied, Unchanged]);
    assert_eq!(world.pool("FULL").consumed, 1);

    let rows = vec![of_user(0).adding("TALK"), of_user(0).removing("FULL")];
    let plan = together(&mut world, rows);
    let causes = &plan.outcome.parts[1].causes;
    assert_eq!(causes[0].code, Code::InvalidArgument);
    assert!(causes[0].message.contains("rows 1 and 2"), "{causes:?}");
    assert_eq!(plan.outcome.result, Failed);
}

#[test]
fn what_depends_on_an_order_is_refused() {
    let mut world = World::new(2, 5);
    let wait = LicenseChange {
        wait_for_seat: true,
        ..of_user(0).adding("FULL")
    };
    let first = LicenseChange {
        add_first: vec!["FULL".to_owned()],
        ..of_user(1)
    };
    let plan = together(&mut world, vec![wait, first]);
    assert_eq!(codes(&plan), [Some(Code::InvalidArgument); 2]);
}

#[test]
fn what_a_leaver_has_through_a_group_stays_and_is_named() {
    let mut world = World::new(2, 2);
    world.change(of_user(0).adding("FULL"));
    world.give(0, "TALK", group(1), AssignmentState::Active);
    let plan = together(&mut world, hand_over(0, 1));
    assert_eq!(plan.outcome.result, Applied);
    for part in &plan.outcome.parts {
        let about_talk = |note: &crate::plan::Note| note.product == Some(product_id("TALK"));
        assert!(part.notes.iter().any(about_talk), "{part:?}");
    }
    assert_eq!(world.user(0).paths.len(), 1);
    assert!(!world.user(1).has_seat(product_id("TALK")));
}

#[test]
fn too_many_people_are_refused_with_the_limit() {
    let mut world = World::new(1, 1);
    let plan = together(&mut world, vec![of_user(0); MAX_TOGETHER + 1]);
    assert_eq!(plan.outcome.code(), Some(Code::LimitExceeded));
    let message = &plan.outcome.causes[0].message;
    assert!(message.contains("10000"), "{message}");
}
