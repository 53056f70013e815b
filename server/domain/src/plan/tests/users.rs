//! Decisions about users.

use uuid::Uuid;

use crate::command::{Command, LicenseChange, NewUser, UserFields, UserRow};
use crate::fixture::{World, group, of_user, user_id};
use crate::ids::{Instant, Revision, UserId};
use crate::plan::OutcomeKind::{Applied, Failed, Unchanged};
use crate::plan::{Action, NoteKind, Plan, plan};
use crate::refusal::Code;
use crate::snapshot::{AssignmentState, etag};

fn fields(upn: &str) -> UserFields {
    UserFields {
        upn: Some(upn.to_owned()),
        display_name: Some("New Person".to_owned()),
        usage_location: Some("de".to_owned()),
        ..UserFields::default()
    }
}

fn create(fields: UserFields, licenses: Option<LicenseChange>) -> Command {
    let id = None;
    Command::CreateUser(Box::new(NewUser {
        id,
        fields,
        licenses,
    }))
}

fn update(n: u128, patch: UserFields) -> Command {
    let user = user_id(n).to_string();
    Command::UpdateUser {
        user,
        patch: Box::new(patch),
        expect: None,
    }
}

fn wrong_fields(plan: &Plan) -> Vec<(Code, &str)> {
    let causes = plan.outcome.causes.iter();
    causes
        .map(|cause| (cause.code, cause.field.as_deref().unwrap_or_default()))
        .collect()
}

#[test]
fn every_wrong_field_of_a_user_is_named_and_nothing_is_created() {
    let mut world = World::new(1, 5);
    let bad = UserFields {
        upn: Some("no-at-sign".to_owned()),
        display_name: Some(String::new()),
        department: Some("x".repeat(65)),
        user_type: Some("Robot".to_owned()),
        usage_location: Some("Germany".to_owned()),
        mail: Some("nobody".to_owned()),
        ..UserFields::default()
    };
    let plan = world.run(create(bad, None));
    let expected = [
        "upn",
        "display_name",
        "mail",
        "department",
        "user_type",
        "usage_location",
    ];
    assert_eq!(
        wrong_fields(&plan),
        expected.map(|field| (Code::InvalidArgument, field))
    );
    for upn in [
        "a@",
        "@b",
        "a@b@c",
        "a b@c",
        "a@b..c",
        &format!("{}@b.c", "x".repeat(65)),
    ] {
        assert_eq!(
            world.run(create(fields(upn), None)).outcome.result,
            Failed,
            "{upn}"
        );
    }
    let taken = world.run(create(fields("USER0@contoso.com"), None));
    assert_eq!(wrong_fields(&taken), [(Code::UpnInUse, "upn")]);
    assert_eq!(world.snapshot.users().count(), 1);
}

#[test]
fn a_user_is_created_with_licences_or_without_those_refused() {
    let mut world = World::new(0, 1);
    let with = |product: &str| Some(LicenseChange::default().adding(product));
    let plan = world.run(create(fields("a@contoso.com"), with("FULL")));
    assert_eq!(
        (plan.outcome.result, plan.outcome.gained.len()),
        (Applied, 1)
    );
    assert_eq!(world.pool("FULL").consumed, 1);
    let record = plan.steps[0].record.clone();
    assert_eq!(
        (record.action, record.before.as_str()),
        (Action::CreateUser, "null")
    );
    assert!(
        record
            .after
            .contains("\"texts\":[\"upn\",\"display_name\"]")
            && record.after.contains("\"switches\"")
    );
    let plan = world.run(create(fields("b@contoso.com"), with("FULL")));
    assert_eq!(plan.outcome.result, Applied);
    assert_eq!(plan.outcome.code(), Some(Code::NoAvailableSeats));
    assert_eq!(world.snapshot.users().count(), 2);
    let plan = world.run(create(fields("c@contoso.com"), with("NOPE")));
    assert_eq!((plan.outcome.result, plan.steps.len()), (Failed, 0));
    assert_eq!(world.snapshot.users().count(), 2);
}

#[test]
fn an_update_says_what_it_changes_and_a_location_is_never_cleared() {
    let mut world = World::new(2, 5);
    let patch = UserFields {
        department: Some(" Sales ".to_owned()),
        ..UserFields::default()
    };
    assert_eq!(world.run(update(0, patch.clone())).outcome.result, Applied);
    assert_eq!(world.user(0).profile.department.as_deref(), Some("Sales"));
    assert_eq!(world.run(update(0, patch)).outcome.result, Unchanged);
    let clear = UserFields {
        department: Some(String::new()),
        ..UserFields::default()
    };
    assert_eq!(world.run(update(0, clear)).outcome.result, Applied);
    assert_eq!(world.user(0).profile.department, None);
    let clear = UserFields {
        usage_location: Some(String::new()),
        ..UserFields::default()
    };
    assert_eq!(
        wrong_fields(&world.run(update(0, clear))),
        [(Code::InvalidArgument, "usage_location")]
    );
    let upn = |upn: &str| UserFields {
        upn: Some(upn.to_owned()),
        ..UserFields::default()
    };
    assert_eq!(
        world
            .run(update(0, upn("user1@contoso.com")))
            .outcome
            .code(),
        Some(Code::UpnInUse)
    );
    assert_eq!(
        world
            .run(update(0, upn("fresh@contoso.com")))
            .outcome
            .result,
        Applied
    );
    assert_eq!(
        world.snapshot.user_with_upn("FRESH@contoso.com"),
        Some(user_id(0))
    );
    assert_eq!(world.snapshot.user_with_upn("user0@contoso.com"), None);
}

#[test]
fn a_new_location_holds_off_and_the_old_one_brings_back() {
    let mut world = World::new(1, 5);
    world.change(of_user(0).adding("TALK"));
    let to = |country: &str| {
        update(
            0,
            UserFields {
                usage_location: Some(country.to_owned()),
                ..UserFields::default()
            },
        )
    };
    let plan = world.run(to("CN"));
    assert_eq!(plan.outcome.notes[0].kind, NoteKind::HeldOff);
    assert_eq!(world.effective(0), ["CHAT"]);
    let plan = world.run(to("DE"));
    assert_eq!(plan.outcome.notes[0].kind, NoteKind::CameBack);
    assert_eq!(world.effective(0), ["CHAT", "CRYPTO"]);
}

#[test]
fn an_imported_row_creates_once_and_updates_by_id_or_upn() {
    let mut world = World::new(1, 5);
    let id = Some(UserId(Uuid::from_u128(0x999)));
    let row = |id, fields| Command::ImportUser(Box::new(UserRow { id, fields }));
    assert_eq!(
        world.run(row(id, fields("a@contoso.com"))).outcome.result,
        Applied
    );
    assert_eq!(
        world.run(row(id, fields("a@contoso.com"))).outcome.result,
        Unchanged
    );
    let renamed = world.run(row(id, fields("b@contoso.com")));
    assert_eq!(renamed.outcome.result, Applied);
    assert_eq!(
        world.run(row(None, fields("B@contoso.com"))).outcome.result,
        Applied
    );
    assert_eq!(world.snapshot.users().count(), 2);
    let clash = world.run(row(id, fields("user0@contoso.com")));
    assert_eq!(clash.outcome.code(), Some(Code::UpnInUse));
    let other = Some(UserId(Uuid::from_u128(0x998)));
    let clash = world.run(row(other, fields("user0@contoso.com")));
    assert_eq!(clash.outcome.code(), Some(Code::UpnInUse));
}

#[test]
fn a_reason_has_its_limit_and_a_refusal_uses_no_revision() {
    let mut world = World::new(1, 0);
    let mut request = world.request(Command::ModifyLicenses(Box::new(of_user(0).adding("FULL"))));
    request.reason = Some("x".repeat(1_025));
    let mut ids = Uuid::nil;
    let plan = plan(
        &world.snapshot,
        &request,
        Instant(1),
        Revision(11),
        &mut ids,
    );
    assert_eq!(plan.outcome.code(), Some(Code::LimitExceeded));
    world.change(of_user(0).adding("FULL"));
    assert_eq!(world.snapshot.revision, Revision(10));
}

#[test]
fn a_user_who_changed_since_it_was_read_is_left_alone() {
    let mut world = World::new(1, 5);
    let read = etag(world.user(0).from_rev, &world.user(0).paths);
    let expecting = |tag: &str, city: &str| {
        let mut command = update(0, UserFields::default());
        if let Command::UpdateUser { patch, expect, .. } = &mut command {
            patch.city = Some(city.to_owned());
            *expect = Some(tag.to_owned());
        }
        command
    };
    let first = world.run(expecting(&read, "Bonn")).outcome;
    assert_eq!(first.result, Applied);
    let stale = world.run(expecting(&read, "Ulm")).outcome;
    assert_eq!(
        (stale.result, stale.code()),
        (Failed, Some(Code::ConcurrentChange))
    );
    let read = etag(world.user(0).from_rev, &world.user(0).paths);
    world.change(of_user(0).adding("TALK"));
    let stale = world.run(expecting(&read, "Ulm")).outcome;
    assert_eq!(stale.code(), Some(Code::ConcurrentChange));
    assert_eq!(world.user(0).profile.city.as_deref(), Some("Bonn"));
}

#[test]
fn the_record_names_no_person() {
    let mut world = World::new(1, 5);
    world.change(of_user(0).adding("TALK"));
    let patch = UserFields {
        usage_location: Some("CN".to_owned()),
        surname: Some("Pölitz".to_owned()),
        ..UserFields::default()
    };
    let record = world.run(update(0, patch)).steps.remove(0).record;
    for side in [&record.before, &record.after] {
        assert!(
            !side.contains("contoso") && !side.contains("Pölitz"),
            "{side}"
        );
        assert!(side.contains("\"texts\":[\"surname\"]"), "{side}");
    }
    assert!(record.before.contains("\"held_off\":[]"));
    assert!(
        record.after.contains("\"usage_location\":\"CN\"")
            && record.after.contains("PROHIBITED_IN_LOCATION")
    );
    let licensed = world.change(of_user(0).adding("SITES"));
    let licensed = &licensed.steps[0].record;
    assert!(
        !licensed.after.contains("contoso") && licensed.after.contains(&user_id(0).to_string())
    );
}

/// R49: blocking says who may sign in, and nothing of seats or licences.
#[test]
fn blocking_sign_in_changes_no_licence_and_keeps_nobody_from_one() {
    let mut world = World::new(1, 5);
    world.change(of_user(0).adding("FULL"));
    world.give(0, "SITES", group(1), AssignmentState::Active);
    let (paths, full) = (world.user(0).paths.clone(), world.pool("FULL"));
    for enabled in [false, true, false] {
        let patch = UserFields {
            account_enabled: Some(enabled),
            ..UserFields::default()
        };
        let plan = world.run(update(0, patch));
        assert_eq!(plan.outcome.result, Applied);
        assert_eq!(plan.outcome.seats, []);
        assert_eq!(world.user(0).paths, paths);
        assert_eq!(
            (world.pool("FULL"), world.pool("SITES").consumed),
            (full, 1)
        );
    }
    assert!(!world.user(0).profile.account_enabled);
    let given = world.change(of_user(0).adding("TALK")).outcome;
    assert_eq!((given.result, world.pool("TALK").consumed), (Applied, 1));
    let taken = world.change(of_user(0).removing("FULL")).outcome;
    assert_eq!((taken.result, world.pool("FULL").consumed), (Applied, 0));
}
