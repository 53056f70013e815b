//! Decisions on deleting, restoring, purging and offboarding people (R5, R48, R49).

use crate::command::{Command, Role, SwitchTo, Undelete, UserFields};
use crate::fixture::{World, group, of_user, product_id, user_id};
use crate::ids::Instant;
use crate::plan::OutcomeKind::{Applied, Failed, Unchanged, Waiting};
use crate::plan::{Action, Change, NoteKind, Outcome, Plan};
use crate::refusal::{Code, Fix};
use crate::snapshot::{AssignmentState, Pool, Waiting as Place, etag};

fn delete(n: u128) -> Command {
    Command::DeleteUser {
        user: format!("user{n}@contoso.com"),
        expect: None,
    }
}

fn restore(user: &str) -> Command {
    Command::UndeleteUser(Box::new(Undelete {
        user: user.to_owned(),
        upn: None,
        restore_licenses: true,
    }))
}

fn restore_as(n: u128, upn: &str) -> Command {
    Command::UndeleteUser(Box::new(Undelete {
        user: user_id(n).to_string(),
        upn: Some(upn.to_owned()),
        restore_licenses: true,
    }))
}

fn purge(user: &str) -> Command {
    let user = user.to_owned();
    Command::PurgeUser { user }
}

fn offboard(n: u128) -> Command {
    Command::OffboardUser {
        user: user_id(n).to_string(),
        expect: None,
    }
}

fn set(user: &str, patch: UserFields) -> Command {
    Command::UpdateUser {
        user: user.to_owned(),
        patch: Box::new(patch),
        expect: None,
    }
}

fn hold(reason: &str) -> UserFields {
    UserFields {
        retention_hold: Some(reason.to_owned()),
        ..UserFields::default()
    }
}

fn results(plan: &Plan) -> Vec<(String, crate::plan::OutcomeKind, Option<Code>)> {
    let part = |part: &Outcome| {
        let product = part.subject.as_ref().map(|subject| subject.id());
        (product.unwrap_or_default(), part.result, part.code())
    };
    plan.outcome.parts.iter().map(part).collect()
}

#[test]
fn a_deleted_user_frees_seats_once_and_has_no_path_left() {
    let mut world = World::new(2, 3);
    world.change(of_user(0).adding("FULL"));
    world.change(of_user(0).adding("TALK"));
    world.give(0, "FULL", group(1), AssignmentState::Active);
    let place = Place {
        priority: 0,
        since: Instant(5),
    };
    world.give(0, "MEETING", group(1), AssignmentState::Waiting(place));
    let plan = world.run(delete(0));
    let outcome = &plan.outcome;
    assert_eq!(outcome.result, Applied);
    let mut lost = [product_id("FULL"), product_id("TALK")];
    lost.sort_unstable();
    assert_eq!(outcome.lost, lost);
    assert_eq!(outcome.seats.iter().map(|(_, net)| net).sum::<i64>(), -2);
    assert_eq!(outcome.notes[0].kind, NoteKind::PlaceGivenUp);
    assert_eq!(outcome.notes[0].product, Some(product_id("MEETING")));
    assert_eq!(
        (world.pool("FULL").consumed, world.pool("TALK").consumed),
        (0, 0)
    );
    assert!(world.user(0).paths.is_empty());
    assert_eq!(world.snapshot.waiting(product_id("MEETING")).count(), 0);
    let closed = |change: &&Change| matches!(change, Change::CloseWaiting { .. });
    assert_eq!(plan.changes().filter(closed).count(), 1);
    assert_eq!(plan.steps[0].record.action, Action::DeleteUser);
    assert!(!plan.steps[0].record.before.contains("contoso"));
    assert_eq!(world.run(delete(0)).outcome.result, Unchanged);
    let missing = world.change(of_user(0).adding("SITES"));
    assert_eq!(missing.outcome.code(), Some(Code::UserNotFound));
}

#[test]
fn a_user_who_changed_since_it_was_read_is_not_deleted() {
    let mut world = World::new(1, 3);
    let read = etag(world.user(0).from_rev, &world.user(0).paths);
    world.change(of_user(0).adding("FULL"));
    for command in [
        Command::DeleteUser {
            user: user_id(0).to_string(),
            expect: Some(read.clone()),
        },
        Command::OffboardUser {
            user: user_id(0).to_string(),
            expect: Some(read),
        },
    ] {
        let refused = world.run(command).outcome;
        assert_eq!(refused.code(), Some(Code::ConcurrentChange));
    }
    assert_eq!(world.pool("FULL").consumed, 1);
}

#[test]
fn each_former_licence_comes_back_by_itself_with_its_switches() {
    let mut world = World::new(2, 1);
    let full = of_user(0).adding("FULL");
    world.change(full.switching(Some("FULL"), "YAMMER", SwitchTo::Off));
    world.change(of_user(0).adding("TALK"));
    let had = world.effective(0);
    world.run(delete(0));
    world.change(of_user(1).adding("TALK"));
    let plan = world.run(restore("user0@contoso.com"));
    assert_eq!(plan.outcome.result, Applied);
    assert_eq!(
        results(&plan),
        [
            (product_id("FULL").to_string(), Applied, None),
            (
                product_id("TALK").to_string(),
                Failed,
                Some(Code::NoAvailableSeats)
            ),
        ]
    );
    assert_eq!(plan.outcome.gained, [product_id("FULL")]);
    // The account, and one change for the licence that came back.
    let actions: Vec<Action> = plan.steps.iter().map(|step| step.record.action).collect();
    assert_eq!(actions, [Action::UndeleteUser, Action::ModifyLicenses]);
    assert_eq!(world.user(0).paths[0].from_rev, world.snapshot.revision);
    let expected: Vec<String> = had.into_iter().filter(|plan| plan != "CRYPTO").collect();
    assert_eq!(world.effective(0), expected);
    assert!(!expected.contains(&"YAMMER".to_owned()));
    assert_eq!(world.pool("FULL").consumed, 1);
    assert_eq!(
        world.run(restore("user0@contoso.com")).outcome.result,
        Unchanged
    );
    let by_id = user_id(0).to_string();
    assert_eq!(world.run(restore(&by_id)).outcome.result, Unchanged);
}

#[test]
fn a_licence_that_needs_another_comes_back_after_it() {
    let mut world = World::new(1, 5);
    // CHAT comes with BASIC, then with TALK, so that MEETING is older than what it needs.
    world.change(of_user(0).adding("BASIC"));
    world.change(of_user(0).adding("MEETING"));
    world.change(of_user(0).adding("TALK").removing("BASIC"));
    world.run(delete(0));
    let plan = world.run(restore("user0@contoso.com"));
    let expected = ["MEETING", "TALK"].map(|name| (product_id(name).to_string(), Applied, None));
    assert_eq!(results(&plan), expected);
    assert_eq!(world.user(0).paths.len(), 2);
}

#[test]
fn who_waited_waits_anew_and_a_group_does_not_come_back_by_itself() {
    let mut world = World::new(2, 1);
    world.change(of_user(1).adding("FULL"));
    let mut asked = of_user(0).adding("FULL");
    asked.wait_for_seat = true;
    assert_eq!(world.change(asked).outcome.result, Waiting);
    world.give(0, "TALK", group(1), AssignmentState::Active);
    world.run(delete(0));
    let plan = world.run(restore("user0@contoso.com"));
    assert_eq!(plan.outcome.parts.len(), 1);
    assert_eq!(plan.outcome.parts[0].result, Waiting);
    assert_eq!(world.snapshot.waiting(product_id("FULL")).count(), 1);
    assert_eq!(world.pool("TALK").consumed, 0);
}

#[test]
fn without_licences_the_account_alone_comes_back() {
    let mut world = World::new(1, 1);
    world.change(of_user(0).adding("FULL"));
    world.run(delete(0));
    let plan = world.run(Command::UndeleteUser(Box::new(Undelete {
        user: user_id(0).to_string(),
        upn: None,
        restore_licenses: false,
    })));
    assert_eq!(
        (plan.outcome.result, plan.outcome.parts.len()),
        (Applied, 0)
    );
    assert!(world.user(0).paths.is_empty());
}

#[test]
fn a_name_that_was_given_away_is_refused_with_a_way_out_that_works() {
    let mut world = World::new(2, 1);
    world.run(delete(0));
    let renamed = UserFields {
        upn: Some("USER0@contoso.com".to_owned()),
        ..UserFields::default()
    };
    world.run(set("user1@contoso.com", renamed));
    let refused = world.run(restore(&user_id(0).to_string())).outcome;
    assert_eq!(refused.code(), Some(Code::UpnInUse));
    let Some(Fix::RestoreAs { user, upn }) = refused.causes[0].fixes.first() else {
        panic!("{refused:?}")
    };
    assert_eq!(*user, user_id(0));
    let upn = upn.clone();
    assert_eq!(world.run(restore_as(0, &upn)).outcome.result, Applied);
    assert_eq!(world.user(0).profile.upn, upn);
}

#[test]
fn of_several_with_one_name_nobody_is_guessed() {
    let mut world = World::new(2, 1);
    world.run(delete(0));
    let renamed = UserFields {
        upn: Some("user0@contoso.com".to_owned()),
        ..UserFields::default()
    };
    world.run(set("user1@contoso.com", renamed));
    world.run(Command::DeleteUser {
        user: user_id(1).to_string(),
        expect: None,
    });
    for command in [restore("user0@contoso.com"), purge("user0@contoso.com")] {
        let refused = world.run(command).outcome;
        assert_eq!(refused.code(), Some(Code::AmbiguousName));
        let message = &refused.causes[0].message;
        for n in [0, 1] {
            assert!(message.contains(&user_id(n).to_string()), "{message}");
        }
        assert!(
            message.contains("deleted 1970-01-01T00:00:00Z ("),
            "{message}"
        );
    }
    assert_eq!(
        world.run(restore(&user_id(1).to_string())).outcome.result,
        Applied
    );
}

#[test]
fn what_is_purged_is_gone_and_a_hold_keeps_it() {
    let mut world = World::new(2, 1);
    let refused = world.run(purge("user0@contoso.com")).outcome;
    assert_eq!(refused.code(), Some(Code::UserNotDeleted));
    assert_eq!(
        refused.causes[0].fixes,
        [Fix::DeleteUser { user: user_id(0) }]
    );
    world.run(delete(0));
    let due = world.user(0).profile.purge_at().unwrap();
    assert_eq!(due, world.user(0).profile.deleted_at.unwrap().plus_days(30));
    // A hold is set on the deleted too, and on nothing else of them.
    assert_eq!(
        world
            .run(set(&user_id(0).to_string(), hold("Case 7")))
            .outcome
            .result,
        Applied
    );
    let city = UserFields {
        city: Some("Bonn".to_owned()),
        ..hold("Case 7")
    };
    let refused = world.run(set(&user_id(0).to_string(), city)).outcome;
    assert_eq!(refused.code(), Some(Code::UserNotFound));
    assert_eq!(world.user(0).profile.purge_at(), None);
    let refused = world.run(purge(&user_id(0).to_string())).outcome;
    assert_eq!(refused.code(), Some(Code::RetentionHold));
    assert_eq!(
        refused.causes[0].fixes,
        [Fix::ReleaseHold { user: user_id(0) }]
    );
    world.run(set(&user_id(0).to_string(), hold("")));
    let plan = world.run(purge("user0@contoso.com"));
    assert_eq!(plan.outcome.result, Applied);
    let record = &plan.steps[0].record;
    assert!(!format!("{record:?}").contains("contoso"), "{record:?}");
    assert!(world.snapshot.user(user_id(0)).is_none());
    let gone = world.run(restore(&user_id(0).to_string())).outcome;
    assert_eq!(gone.code(), Some(Code::UserNotFound));
}

#[test]
fn offboarding_is_one_change_that_says_what_was_held() {
    let mut world = World::new(1, 2);
    world.change(of_user(0).adding("FULL"));
    world.give(0, "FULL", group(1), AssignmentState::Active);
    world.give(0, "TALK", group(2), AssignmentState::Active);
    world.give(0, "SITES", group(3), AssignmentState::Active);
    let mut user = world.user(0).clone();
    user.paths[3].path = crate::ids::Path::Direct;
    user.paths[3].self_service = true;
    world.snapshot.insert_user(user);
    world.set_pool(
        "SITES",
        Pool {
            enabled: 2,
            ..Pool::default()
        },
    );
    let plan = world.run(offboard(0));
    assert_eq!((plan.outcome.result, plan.steps.len()), (Applied, 1));
    assert!(!world.user(0).profile.account_enabled);
    let mut lost = [product_id("FULL"), product_id("TALK")];
    lost.sort_unstable();
    assert_eq!(plan.outcome.lost, lost);
    assert_eq!(plan.outcome.licenses, [product_id("SITES")]);
    assert_eq!(world.pool("FULL").consumed + world.pool("TALK").consumed, 0);
    let notes: Vec<NoteKind> = plan.outcome.notes.iter().map(|note| note.kind).collect();
    assert_eq!(
        notes,
        [
            NoteKind::GroupsLeft,
            NoteKind::GroupsLeft,
            NoteKind::StillHeld
        ]
    );
    assert_eq!(world.user(0).paths.len(), 1);
    assert_eq!(world.run(offboard(0)).outcome.result, Unchanged);
}

#[test]
fn guests_keep_their_licences_when_they_become_guests_and_only_a_global_admin_takes_them() {
    let mut world = World::new(1, 2);
    world.change(of_user(0).adding("FULL"));
    let to_guest = UserFields {
        user_type: Some("Guest".to_owned()),
        account_enabled: Some(false),
        ..UserFields::default()
    };
    // R22, R49: neither the type nor sign-in changes a licence.
    let changed = world.run(set("user0@contoso.com", to_guest));
    assert!(
        changed
            .changes()
            .all(|change| { matches!(change, Change::CloseUser { .. } | Change::OpenUser(_)) })
    );
    assert_eq!(world.user(0).paths.len(), 1);
    assert_eq!(world.pool("FULL").consumed, 1);
    world.roles = vec![Role::UserAdmin];
    for change in [of_user(0).adding("TALK"), of_user(0).removing("FULL")] {
        let refused = world.change(change).outcome;
        assert_eq!(refused.code(), Some(Code::GuestNeedsGlobalAdmin));
    }
    for ends in [offboard(0), delete(0)] {
        let refused = world.run(ends).outcome;
        assert_eq!(refused.code(), Some(Code::GuestNeedsGlobalAdmin));
    }
    assert_eq!(world.pool("FULL").consumed, 1);
    world.roles = vec![Role::GlobalAdmin];
    // Blocked sign-in keeps nobody from being licensed.
    assert_eq!(
        world.change(of_user(0).adding("TALK")).outcome.result,
        Applied
    );
    world.run(delete(0));
    world.roles = vec![Role::UserAdmin];
    let back = world.run(restore("user0@contoso.com"));
    assert_eq!(back.outcome.result, Applied);
    let refused = |part: &Outcome| part.code() == Some(Code::GuestNeedsGlobalAdmin);
    assert!(back.outcome.parts.len() == 2 && back.outcome.parts.iter().all(refused));
}
