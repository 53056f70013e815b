//! People, imports and the record against the service, in this process and in memory.

use std::fs;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use usher_object::{TypeCache, Value};

use super::fixture::Fixture;
use super::stock::{ADELE, example, int, list, sales, stocked, text};
use crate::error::{Result, Severity};

#[test]
fn an_import_reports_and_the_second_changes_nothing() {
    let fixture = Fixture::new();
    let first = fixture
        .run("Import-Product", &[("", example("products.csv"))], None)
        .unwrap();
    assert_eq!(
        (int(&first[0], "Products"), int(&first[0], "Pairs")),
        (12, 321)
    );
    assert!(int(&first[0], "Created") > 0);
    let second = fixture
        .run("Import-Product", &[("", example("products.csv"))], None)
        .unwrap();
    assert_eq!(
        (int(&second[0], "Created"), int(&second[0], "Updated")),
        (0, 0)
    );
    let products = fixture.run("Get-Product", &[], None).unwrap();
    assert_eq!(products.len(), 12);
    let plans = fixture
        .run("Get-ServicePlan", &[("", "SPE_E3".into())], None)
        .unwrap();
    assert_eq!(plans.len(), 50);
    assert_eq!(fixture.session.failed_rows(), 0);
}

#[test]
fn a_bad_row_is_refused_with_its_place_and_the_others_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("products.csv");
    let good = fs::read_to_string(example("products.csv").as_str().unwrap()).unwrap();
    let bad = good.replacen("05e9a617-0261-4cee-bb44-138d3ef5d965", "no-guid", 1);
    fs::write(&file, bad).unwrap();
    let fixture = Fixture::new();
    let report = fixture
        .run(
            "Import-Product",
            &[("", file.to_str().unwrap().into())],
            None,
        )
        .unwrap();
    assert_eq!(
        (int(&report[0], "Refused"), int(&report[0], "Products")),
        (1, 12)
    );
    let errors = fixture.session.errors();
    assert_eq!((errors.len(), fixture.session.failed_rows()), (1, 1));
    let row = errors[0].property("Object").unwrap();
    assert!(int(&row, "Line") > 1);
    assert_eq!(text(&row, "Column"), "GUID");
    assert!(
        fixture
            .told
            .lines
            .borrow()
            .iter()
            .any(|line| line.contains("line"))
    );
}

#[test]
fn a_file_that_cannot_be_imported_is_one_clear_error() {
    let fixture = Fixture::new();
    let missing = fixture
        .run("Import-User", &[("", "no-such.csv".into())], None)
        .unwrap_err();
    assert_eq!(
        (missing.code.as_str(), missing.exit_code()),
        ("FILE_NOT_READ", 1)
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("odd.csv");
    fs::write(&file, "a,b\n1,2\n").unwrap();
    let odd = fixture
        .run("Import-User", &[("", file.to_str().unwrap().into())], None)
        .unwrap_err();
    assert_eq!(odd.code, "INVALID_ARGUMENT");
}

#[test]
fn one_person_by_any_name_or_an_error() {
    let fixture = stocked();
    for name in [ADELE, "Adele Vance", "f517aa7e-da04-5595-a60f-58230c6bd3ce"] {
        let found = fixture.run("Get-User", &[("", name.into())], None).unwrap();
        assert_eq!(text(&found[0], "UserPrincipalName"), ADELE, "{name}");
    }
    let error = fixture
        .run("Get-User", &[("", "nobody@contoso.com".into())], None)
        .unwrap_err();
    assert_eq!(error.code, "USER_NOT_FOUND");
    assert_eq!(fixture.session.failed_rows(), 0);
}

#[test]
fn people_by_condition() {
    let fixture = stocked();
    assert_eq!(sales(&fixture).len(), 20);
    let count = |args: &[(&str, Value)]| fixture.run("Get-User", args, None).unwrap().len();
    assert_eq!(count(&[]), 62);
    assert_eq!(count(&[("Top", 5.into())]), 5);
    assert_eq!(count(&[("Top", 0.into())]), 0);
    assert_eq!(count(&[("UsageLocation", "".into())]), 4);
    assert_eq!(count(&[("AccountEnabled", false.into())]), 2);
    assert_eq!(count(&[("UserType", "guest".into())]), 1);
    assert_eq!(count(&[("Search", "Zo".into())]), 1);
    assert_eq!(count(&[("Unlicensed", Value::Null)]), 62);
    assert_eq!(
        count(&[(
            "Filter",
            "startswith(displayName,'A') and department eq 'IT'".into()
        )]),
        1
    );
    let error = fixture
        .run("Get-User", &[("Filter", "department eq".into())], None)
        .unwrap_err();
    assert_eq!(error.code, "INVALID_ARGUMENT");
}

#[test]
fn names_that_nobody_has_do_not_stop_a_pipeline() {
    let fixture = stocked();
    let names = vec![
        ADELE.into(),
        "nobody@contoso.com".into(),
        "Zoë Brandt".into(),
    ];
    let found = fixture.run("Get-User", &[], Some(names.clone())).unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(fixture.session.failed_rows(), 1);
    let stopped = fixture
        .run("Get-User", &[("ErrorAction", "Stop".into())], Some(names))
        .unwrap_err();
    assert_eq!(stopped.code, "USER_NOT_FOUND");
}

#[test]
fn people_are_made_and_changed() {
    let fixture = stocked();
    let args = [
        ("", "lee@contoso.com".into()),
        ("", "Lee Gu".into()),
        ("Department", "Sales".into()),
        ("UsageLocation", "US".into()),
        ("Add", list(&["SPE_E3"])),
    ];
    let made = fixture.run("New-User", &args, None).unwrap();
    assert_eq!(
        (text(&made[0], "DisplayName"), text(&made[0], "Licenses")),
        ("Lee Gu".into(), "SPE_E3".into())
    );
    assert_eq!(
        fixture.run("New-User", &args, None).unwrap_err().code,
        "UPN_IN_USE"
    );
    let moved = [
        ("", "lee@contoso.com".into()),
        ("Department", "IT".into()),
        ("PassThru", Value::Null),
    ];
    assert_eq!(
        text(
            &fixture.run("Set-User", &moved, None).unwrap()[0],
            "Department"
        ),
        "IT"
    );
    let rows = fixture
        .run("Set-User", &[("City", "Ulm".into())], Some(sales(&fixture)))
        .unwrap();
    assert!(rows.len() == 20 && rows.iter().all(|row| text(row, "Outcome") == "applied"));
    let unknown = vec![ADELE.into(), "nobody@contoso.com".into()];
    let rows = fixture
        .run("Set-User", &[("City", "Bonn".into())], Some(unknown))
        .unwrap();
    assert_eq!(text(&rows[1], "Code"), "USER_NOT_FOUND");
    assert_eq!(fixture.session.failed_rows(), 1);
}

#[test]
fn the_record_says_who_why_and_what() {
    let fixture = stocked();
    let args = [
        ("", ADELE.into()),
        ("Add", "SPE_E3".into()),
        ("Reason", "CHG-1042".into()),
    ];
    fixture.run("Set-UserLicense", &args, None).unwrap();
    let log = fixture
        .run(
            "Get-AuditLog",
            &[("", ADELE.into()), ("Top", 1.into())],
            None,
        )
        .unwrap();
    assert_eq!(
        (log.len(), text(&log[0], "Reason")),
        (1, "CHG-1042".to_owned())
    );
    assert!(
        text(&log[0], "After").contains("05e9a617-0261-4cee-bb44-138d3ef5d965"),
        "{}",
        text(&log[0], "After")
    );
}

#[test]
fn the_same_request_id_gives_the_first_result() {
    let fixture = stocked();
    let args = [
        ("", "SPE_E3".into()),
        ("", 7.into()),
        ("RequestId", "order-7".into()),
    ];
    let first = fixture.run("New-Subscription", &args, None).unwrap();
    let second = fixture.run("New-Subscription", &args, None).unwrap();
    assert_eq!(text(&first[0], "Id"), text(&second[0], "Id"));
    assert_eq!(
        int(
            &fixture
                .run("Get-License", &[("", "SPE_E3".into())], None)
                .unwrap()[0],
            "Total"
        ),
        17
    );
}

#[test]
fn a_server_that_is_not_there_is_named_with_the_way_out() {
    use crate::client::{Connection, Target};
    let connection = Connection::new(
        Target::Server("127.0.0.1:1".into()),
        std::sync::Arc::default(),
    );
    let error = connection.call(async |_| Ok(())).unwrap_err();
    assert_eq!((error.code.as_str(), error.exit_code()), ("UNAVAILABLE", 4));
    assert!(error.message.contains("127.0.0.1:1") && error.fix.is_some());
}

#[test]
fn ctrl_c_ends_the_waiting_at_once() {
    let fixture = Fixture::new();
    let stop = fixture.session.stop_flag();
    // The service is up before the clock runs.
    fixture.run("Get-License", &[], None).unwrap();
    let began = Instant::now();
    let pressed = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        stop.store(true, Ordering::Relaxed);
    });
    let never = fixture
        .session
        .connection
        .call(async |_| std::future::pending().await);
    let ended: Result<()> = never;
    assert_eq!(ended.unwrap_err().severity, Severity::Stopped);
    assert!(
        began.elapsed() < Duration::from_millis(150),
        "{:?}",
        began.elapsed()
    );
    pressed.join().unwrap();
}

#[test]
fn a_listing_of_many_pages_comes_whole_and_in_order() {
    let fixture = Fixture::new();
    let people = (0..2_345).map(|number| {
        let names = ["UserPrincipalName", "DisplayName"];
        let values = vec![
            format!("p{number:04}@contoso.com").into(),
            format!("Person {number}").into(),
        ];
        TypeCache::new("Person", true)
            .record(&names, values)
            .unwrap()
            .into()
    });
    let made = fixture
        .run(
            "New-User",
            &[("Force", Value::Null)],
            Some(people.collect()),
        )
        .unwrap();
    assert_eq!(made.len(), 2_345);
    let listed = fixture.run("Get-User", &[], None).unwrap();
    let names: Vec<String> = listed
        .iter()
        .map(|user| text(user, "UserPrincipalName"))
        .collect();
    assert_eq!(names.len(), 2_345);
    assert!(names.is_sorted());
    assert_eq!(
        fixture
            .run("Get-User", &[("Top", 1_001.into())], None)
            .unwrap()
            .len(),
        1_001
    );
}

#[test]
fn a_preview_says_so_and_shows_what_would_be() {
    let fixture = stocked();
    let what_if = ("WhatIf", Value::Null);
    let told = |contains: &str| {
        let lines = fixture.told.lines.take();
        assert!(
            lines
                .iter()
                .any(|line| line.contains(contains) && line.ends_with("nothing was changed")),
            "{contains}: {lines:?}"
        );
    };
    let set = [("", ADELE.into()), ("City", "Ulm".into()), what_if.clone()];
    fixture.run("Set-User", &set, None).unwrap();
    told("1 would be changed");
    let new = [
        ("UserPrincipalName", "new@contoso.com".into()),
        ("DisplayName", "New".into()),
        ("UsageLocation", "DE".into()),
        ("Add", "SPE_E3".into()),
        what_if.clone(),
    ];
    let user = fixture.run("New-User", &new, None).unwrap();
    assert_eq!(text(&user[0], "Licenses"), "SPE_E3");
    told("1 would be created");
    let buy = [
        ("", "Microsoft 365 E5".into()),
        ("", 7.into()),
        what_if.clone(),
    ];
    let bought = fixture.run("New-Subscription", &buy, None).unwrap();
    assert_eq!(
        (text(&bought[0], "PartNumber"), int(&bought[0], "Quantity")),
        ("SPE_E5".to_owned(), 7)
    );
    assert_eq!(text(&bought[0], "Status"), "Active");
    told("7 seats of SPE_E5 would be bought");
    for (command, file) in [
        ("Import-User", "staff.csv"),
        ("Import-Product", "products.csv"),
        ("Import-LicenseRule", "exclusions.csv"),
    ] {
        fixture
            .run(command, &[("", example(file)), what_if.clone()], None)
            .unwrap();
        told("0 would be created");
    }
}

#[test]
fn a_refused_row_can_be_passed_over_in_silence() {
    let fixture = stocked();
    let rows = || Some(vec!["nobody@contoso.com".into(), ADELE.into()]);
    let quiet = [("ErrorAction", Value::from("SilentlyContinue"))];
    let before = fixture.told.lines.borrow().len();
    for command in ["Get-User", "Get-UserLicense"] {
        fixture.run(command, &quiet, rows()).unwrap();
    }
    assert_eq!(fixture.told.lines.borrow().len(), before);
    assert_eq!(fixture.session.errors().len(), 2);
    let one = [quiet[0].clone(), ("", "nobody@contoso.com".into())];
    assert!(fixture.run("Get-User", &one, None).unwrap().is_empty());
    fixture.run("Get-User", &[], rows()).unwrap();
    assert_eq!(fixture.told.lines.borrow().len(), before + 1);
}

#[test]
fn a_refused_cell_is_named_as_the_header_names_it() {
    let fixture = Fixture::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("staff.csv");
    let text_of_file = "userPrincipalName,displayName,usageLocation\na@contoso.com,A,Germany\n";
    fs::write(&file, text_of_file).unwrap();
    let args = [("", file.to_str().unwrap().into())];
    fixture.run("Import-User", &args, None).unwrap();
    let row = fixture.session.errors()[0].property("Object").unwrap();
    assert_eq!(text(&row, "Column"), "usageLocation");
}

#[test]
fn a_person_who_stands_in_a_file_twice_is_told() {
    let fixture = Fixture::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("staff.csv");
    let rows = "User principal name,Display name,City\na@contoso.com,A,Ulm\nb@contoso.com,B,Ulm\nA@contoso.com,A,Bonn\n";
    fs::write(&file, rows).unwrap();
    let args = [("", file.to_str().unwrap().into())];
    fixture.run("Import-User", &args, None).unwrap();
    let told = fixture.told.lines.borrow().join("\n");
    assert!(
        told.contains("a@contoso.com stands in lines 2, 4; the last row of each decides"),
        "{told}"
    );
    let user = fixture.run("Get-User", &[("", "a@contoso.com".into())], None);
    assert_eq!(text(&user.unwrap()[0], "City"), "Bonn");
}

#[test]
fn all_licences_go_but_those_that_are_excepted() {
    let fixture = stocked();
    let run = |name: &str, args: &[(&str, Value)]| fixture.run(name, args, None);
    let both = list(&["SPE_E3", "MCOMEETADV"]);
    run("Set-UserLicense", &[("", ADELE.into()), ("Add", both)]).unwrap();
    let except = ("Except", list(&["SPE_E3", "SPE_E5"]));
    let wrong = run("Remove-UserLicense", &[("", ADELE.into()), except.clone()]).unwrap_err();
    assert!(wrong.message.contains("-Except"), "{}", wrong.message);
    let all = [("", ADELE.into()), ("All", Value::Null), except];
    let gone = run("Remove-UserLicense", &all).unwrap();
    assert_eq!(text(&gone[0], "Lost"), "MCOMEETADV");
    let again = run("Remove-UserLicense", &all).unwrap();
    assert_eq!(text(&again[0], "Outcome"), "unchanged");
}
