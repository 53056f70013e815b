//! Deleting, restoring, purging, offboarding and holding people, against the service in memory.

use usher_object::Value;

use super::fixture::Fixture;
use super::stock::{ADELE, int, list, sales, stocked, stocked_with, text};
use crate::session::Limits;

fn licensed(fixture: &Fixture, user: &str, product: &str) {
    let args = [("", user.into()), ("Add", list(&[product]))];
    let rows = fixture.run("Set-UserLicense", &args, None).unwrap();
    assert_eq!(text(&rows[0], "Outcome"), "applied");
}

fn consumed(fixture: &Fixture, product: &str) -> i64 {
    let pools = fixture.run("Get-License", &[("", product.into())], None);
    int(&pools.unwrap()[0], "Consumed")
}

fn told(fixture: &Fixture, what: &str) -> bool {
    let lines = fixture.told.lines.take();
    lines.iter().any(|line| line.contains(what))
}

#[test]
fn people_are_deleted_in_bulk_and_come_back_with_their_licences() {
    let fixture = stocked();
    licensed(&fixture, ADELE, "SPE_E3");
    let what_if = [("WhatIf", Value::Null)];
    let rows = fixture.run("Remove-User", &what_if, Some(sales(&fixture)));
    assert_eq!(rows.unwrap().len(), 20);
    assert!(told(&fixture, "20 would be deleted"));
    assert_eq!(sales(&fixture).len(), 20);

    let rows = fixture
        .run("Remove-User", &[], Some(sales(&fixture)))
        .unwrap();
    assert!(rows.iter().all(|row| text(row, "Outcome") == "applied"));
    let freed: i64 = rows.iter().map(|row| int(row, "SeatsFreed")).sum();
    assert_eq!((freed, consumed(&fixture, "SPE_E3")), (1, 0));
    assert!(sales(&fixture).is_empty());
    let deleted = fixture
        .run("Get-User", &[("Deleted", Value::Null)], None)
        .unwrap();
    assert_eq!(deleted.len(), 20);
    assert!(
        deleted
            .iter()
            .all(|user| !text(user, "PurgeTime").is_empty())
    );

    let rows = fixture.run("Restore-User", &[], Some(deleted)).unwrap();
    assert!(rows.iter().all(|row| text(row, "Outcome") == "applied"));
    assert_eq!(
        (sales(&fixture).len(), consumed(&fixture, "SPE_E3")),
        (20, 1)
    );
    assert_eq!(fixture.session.failed_rows(), 0);
}

#[test]
fn a_preview_counts_the_seats() {
    let fixture = stocked();
    licensed(&fixture, ADELE, "SPE_E3");
    let args = [("", ADELE.into()), ("WhatIf", Value::Null)];
    let row = &fixture.run("Remove-User", &args, None).unwrap()[0];
    assert_eq!(
        (text(row, "Lost").as_str(), int(row, "SeatsFreed")),
        ("SPE_E3", 1)
    );
    assert!(told(
        &fixture,
        "1 seat of SPE_E3 would be free; nothing was changed"
    ));
    assert_eq!(consumed(&fixture, "SPE_E3"), 1);
}

#[test]
fn a_licence_that_does_not_come_back_is_told_beside_the_person() {
    let fixture = stocked();
    licensed(&fixture, ADELE, "SPE_E3");
    fixture
        .run("Remove-User", &[("", ADELE.into())], None)
        .unwrap();
    let others: Vec<Value> = sales(&fixture).into_iter().take(10).collect();
    let add = [("Add", list(&["SPE_E3"])), ("Force", Value::Null)];
    fixture.run("Set-UserLicense", &add, Some(others)).unwrap();
    assert_eq!(consumed(&fixture, "SPE_E3"), 10);
    let row = &fixture
        .run("Restore-User", &[("", ADELE.into())], None)
        .unwrap()[0];
    assert_eq!(text(row, "Outcome"), "applied");
    assert_eq!(text(row, "Refused"), "SPE_E3");
    assert_eq!(text(row, "Code"), "NO_AVAILABLE_SEATS");
    assert!(
        text(row, "Fix").starts_with("New-Subscription SPE_E3"),
        "{}",
        text(row, "Fix")
    );
    assert!(told(&fixture, "is back without SPE_E3"));
    assert_eq!(fixture.session.failed_rows(), 1);
    fixture
        .run("Get-User", &[("", ADELE.into())], None)
        .unwrap();
}

#[test]
fn a_name_that_is_taken_comes_with_the_command_that_helps() {
    let fixture = stocked();
    fixture
        .run("Remove-User", &[("", ADELE.into())], None)
        .unwrap();
    let new = [("", ADELE.into()), ("DisplayName", "Another".into())];
    fixture.run("New-User", &new, None).unwrap();
    let deleted = fixture
        .run("Get-User", &[("Deleted", Value::Null)], None)
        .unwrap();
    let id = text(&deleted[0], "Id");
    let error = fixture.run("Restore-User", &[("", id.as_str().into())], None);
    let error = error.unwrap_err();
    assert_eq!(error.code, "UPN_IN_USE");
    let fix = error.fix.unwrap();
    let expected = format!("Restore-User {id} -UserPrincipalName adele.vance.restored@contoso.com");
    assert!(fix.starts_with(&expected), "{fix}");
    let args = [
        ("UserPrincipalName", "adele2@contoso.com".into()),
        ("PassThru", Value::Null),
    ];
    let back = fixture.run("Restore-User", &args, Some(deleted)).unwrap();
    assert_eq!(text(&back[0], "UserPrincipalName"), "adele2@contoso.com");
    let nobody = fixture.run("Restore-User", &[("", "nobody@contoso.com".into())], None);
    let error = nobody.unwrap_err();
    assert_eq!(error.code, "USER_NOT_FOUND");
    assert_eq!(error.fix.unwrap().lines().next(), Some("Get-User -Deleted"));
}

#[test]
fn purging_asks_and_a_hold_prevents_it() {
    let fixture = stocked();
    let hold = [("", ADELE.into()), ("RetentionHold", "Case 7".into())];
    fixture.run("Set-User", &hold, None).unwrap();
    fixture
        .run("Remove-User", &[("", ADELE.into())], None)
        .unwrap();
    let deleted = || {
        fixture
            .run("Get-User", &[("Deleted", Value::Null)], None)
            .unwrap()
    };
    assert_eq!(text(&deleted()[0], "RetentionHold"), "Case 7");
    let purge = |force: bool| {
        let mut args = vec![("Purge", Value::Null)];
        if force {
            args.push(("Force", Value::Null));
        }
        fixture.run("Remove-User", &args, Some(deleted()))
    };
    // Who must stay is not asked about.
    fixture.told.answer.set(Some(false));
    assert_eq!(text(&purge(false).unwrap()[0], "Code"), "RETENTION_HOLD");
    let alone = [("", ADELE.into()), ("Purge", Value::Null)];
    let error = fixture.run("Remove-User", &alone, None).unwrap_err();
    assert_eq!(error.code, "RETENTION_HOLD");
    assert!(fixture.told.questions.borrow().is_empty());
    let row = &purge(true).unwrap()[0];
    assert_eq!(text(row, "Code"), "RETENTION_HOLD");
    let id = text(&deleted()[0], "Id");
    assert_eq!(text(row, "Fix"), format!("Set-User {id} -ReleaseHold"));
    let released = fixture.run("Set-User", &[("ReleaseHold", Value::Null)], Some(deleted()));
    assert_eq!(text(&released.unwrap()[0], "Outcome"), "applied");
    assert_eq!(purge(false).unwrap_err().code, "NOT_CONFIRMED");
    let question = "Remove-User would forget Adele Vance (adele.vance@contoso.com) for good; this cannot be undone. Go on?";
    assert_eq!(fixture.told.questions.take(), [question]);
    fixture.told.answer.set(None);
    let error = purge(false).unwrap_err();
    assert_eq!(error.code, "CONFIRMATION_NEEDED");
    assert!(
        error.message.contains("would forget Adele Vance"),
        "{}",
        error.message
    );
    assert_eq!(text(&purge(true).unwrap()[0], "Outcome"), "applied");
    assert!(deleted().is_empty());
}

#[test]
fn a_deleted_person_is_found_by_display_name_where_one_is_called_so() {
    let fixture = stocked();
    for (upn, name) in [("one@contoso.com", "Twin"), ("two@contoso.com", "Twin")] {
        let new = [("", upn.into()), ("", name.into())];
        fixture.run("New-User", &new, None).unwrap();
    }
    for user in [ADELE, "one@contoso.com", "two@contoso.com"] {
        fixture
            .run("Remove-User", &[("", user.into())], None)
            .unwrap();
    }
    let restore = |name: &str| fixture.run("Restore-User", &[("", name.into())], None);
    let several = restore("Twin").unwrap_err();
    assert_eq!(several.code, "AMBIGUOUS_NAME");
    let fix = several.fix.unwrap();
    assert!(fix.contains("(one@contoso.com) or "), "{fix}");
    let near = restore("Adele Vans").unwrap_err();
    assert_eq!(near.code, "USER_NOT_FOUND");
    let fix = near.fix.unwrap();
    assert!(fix.starts_with("Did you mean 'Adele Vance'"), "{fix}");
    let people = Some(vec!["".into(), "adele vance".into(), "Nobody".into()]);
    let rows = fixture.run("Restore-User", &[], people).unwrap();
    let outcomes: Vec<String> = rows.iter().map(|row| text(row, "Outcome")).collect();
    assert_eq!(outcomes, ["failed", "applied", "failed"]);
    assert_eq!(text(&rows[1], "UserPrincipalName"), ADELE);
}

#[test]
fn a_purge_of_many_is_asked_about_once_by_their_number() {
    let fixture = stocked_with(Limits {
        people: 5,
        ..Limits::default()
    });
    let force = [("Force", Value::Null)];
    fixture
        .run("Remove-User", &force, Some(sales(&fixture)))
        .unwrap();
    let deleted = fixture.run("Get-User", &[("Deleted", Value::Null)], None);
    fixture.told.answer.set(Some(true));
    let purge = [("Purge", Value::Null)];
    let rows = fixture.run("Remove-User", &purge, Some(deleted.unwrap()));
    assert_eq!(rows.unwrap().len(), 20);
    let questions = fixture.told.questions.take();
    assert_eq!(questions.len(), 1, "{questions:?}");
    let said = " and 17 more, 20 people in all, for good; this cannot be undone. Go on?";
    assert!(questions[0].ends_with(said), "{questions:?}");
}

#[test]
fn a_leaver_is_offboarded_in_one_step() {
    let fixture = stocked();
    licensed(&fixture, ADELE, "SPE_E3");
    let offboard = [("", ADELE.into()), ("Offboard", Value::Null)];
    let row = &fixture.run("Set-User", &offboard, None).unwrap()[0];
    assert_eq!(
        (text(row, "Lost").as_str(), int(row, "SeatsFreed")),
        ("SPE_E3", 1)
    );
    let user = &fixture
        .run("Get-User", &[("", ADELE.into())], None)
        .unwrap()[0];
    assert_eq!(text(user, "AccountEnabled"), "false");
    let unblock = [
        ("", ADELE.into()),
        ("Unblock", Value::Null),
        ("PassThru", Value::Null),
    ];
    let user = &fixture.run("Set-User", &unblock, None).unwrap()[0];
    assert_eq!(text(user, "AccountEnabled").to_lowercase(), "true");
    for wrong in [
        vec![("Offboard", Value::Null), ("City", "Ulm".into())],
        vec![("Block", Value::Null), ("Unblock", Value::Null)],
        vec![("RetentionHold", "x".into()), ("ReleaseHold", Value::Null)],
        vec![("RetentionHold", " ".into())],
    ] {
        let args: Vec<_> = [("", ADELE.into())].into_iter().chain(wrong).collect();
        let error = fixture.run("Set-User", &args, None).unwrap_err();
        assert_eq!(error.code, "ARGUMENT_INVALID", "{}", error.message);
    }
}
