//! Creating people from objects, against the service in memory.

use usher_object::{Record, RecordType, Value};

use super::fixture::Fixture;
use super::stock::{sales, stocked, text};

const COLUMNS: &[&str] = &["UserPrincipalName", "DisplayName", "Usage Location", "Sku"];

/// Rows of a file with these columns.
fn rows(columns: &[&str], cells: &[&[&str]]) -> Option<Vec<Value>> {
    let kind = RecordType::checked("CSV row", columns, true).unwrap();
    let row = |cells: &&[&str]| {
        let cells = cells.iter().map(|cell| Value::from(*cell)).collect();
        Record::new(&kind, cells).into()
    };
    Some(cells.iter().map(row).collect())
}

fn told(fixture: &Fixture) -> String {
    fixture.told.lines.take().join("\n")
}

#[test]
fn a_refusal_names_the_column_and_the_place_of_a_row_without_a_name() {
    let fixture = stocked();
    let people = rows(
        COLUMNS,
        &[&["", "Nobody", "DE", ""], &["a@contoso.com", "", "DE", ""]],
    );
    fixture.run("New-User", &[], people).unwrap();
    let told = told(&fixture);
    for line in [
        "object 1: UserPrincipalName is empty.",
        "a@contoso.com: DisplayName is empty.",
    ] {
        assert!(told.contains(line), "{line} is not in {told}");
    }
    let stop = [("ErrorAction", "Stop".into())];
    let odd = rows(&["UPN", "UserType"], &[&["", "Robot"]]);
    let error = fixture.run("New-User", &stop, odd).unwrap_err();
    assert!(error.message.starts_with("object 1: "), "{}", error.message);
}

#[test]
fn columns_that_are_taken_for_nothing_are_told_once() {
    let fixture = stocked();
    let columns = ["upn", "Display name", "Departmnt", "Cost centre", "Sku"];
    let people = rows(
        &columns,
        &[
            &["a@contoso.com", "A", "IT", "7", "SPE_E3"],
            &["b@contoso.com", "B", "IT", "7", "SPE_E3"],
        ],
    );
    fixture.run("New-User", &[], people).unwrap();
    assert_eq!(
        *fixture.told.lines.borrow(),
        [
            "New-User: nothing is taken from the columns Departmnt, Cost centre, Sku; a block says what for: \
             -PARAMETER { $_.Departmnt }"
        ]
    );
    fixture.told.lines.take();
    let copied: Vec<Value> = sales(&fixture).into_iter().take(1).collect();
    let _ = fixture.run("New-User", &[], Some(copied));
    assert!(!told(&fixture).contains("nothing is taken"));
}

#[test]
fn a_preview_has_a_row_for_who_would_be_refused() {
    let fixture = stocked();
    let people = rows(
        COLUMNS,
        &[
            &["a@contoso.com", "A", "DE", ""],
            &["no-address", "B", "DE", ""],
            &["", "C", "DE", ""],
            &["A@contoso.com", "D", "DE", ""],
        ],
    );
    let made = fixture
        .run("New-User", &[("WhatIf", Value::Null)], people)
        .unwrap();
    let shown: Vec<[String; 3]> = made
        .iter()
        .map(|row| ["UserPrincipalName", "Outcome", "Code"].map(|name| text(row, name)))
        .collect();
    assert_eq!(
        shown,
        [
            ["a@contoso.com", "applied", ""],
            ["no-address", "failed", "INVALID_ARGUMENT"],
            ["object 3", "failed", "INVALID_ARGUMENT"],
            ["A@contoso.com", "failed", "UPN_IN_USE"],
        ]
        .map(|row| row.map(str::to_owned))
    );
    assert_eq!(text(&made[3], "Fix"), "Take another one for one of them");
    assert!(told(&fixture).contains("1 would be created, 3 refused"));
    assert_eq!(fixture.session.failed_rows(), 0);
}

#[test]
fn a_preview_counts_the_seats_that_are_missing_from_the_first_one_on() {
    let fixture = stocked();
    let everybody = sales(&fixture).into_iter().take(9).collect();
    let add = |product: &str| ("Add", Value::from(product));
    fixture
        .run("Set-UserLicense", &[add("SPE_E3")], Some(everybody))
        .unwrap();
    fixture.told.lines.take();
    let columns = ["UserPrincipalName", "DisplayName", "UsageLocation"];
    let people = rows(
        &columns,
        &[
            &["a@contoso.com", "A", "DE"],
            &["b@contoso.com", "B", "DE"],
            &["c@contoso.com", "C", "DE"],
        ],
    );
    let what_if = |product: &str| [add(product), ("WhatIf", Value::Null)];
    fixture
        .run("New-User", &what_if("SPE_E3"), people.clone())
        .unwrap();
    let few = told(&fixture);
    assert!(
        few.contains("SPE_E3 would go from 9 to 10 of 10 seats; 2 missing"),
        "{few}"
    );
    // Of a product without any seat each would be refused, and all of them are counted all the same.
    let rest = sales(&fixture).into_iter().skip(9).take(1).collect();
    fixture
        .run("Set-UserLicense", &[add("SPE_E3")], Some(rest))
        .unwrap();
    let made = fixture.run("New-User", &what_if("SPE_E3"), people).unwrap();
    assert_eq!(text(&made[0], "Outcome"), "applied");
    assert_eq!(text(&made[0], "Code"), "NO_AVAILABLE_SEATS");
    assert_eq!(text(&made[0], "Licenses"), "");
    let none = told(&fixture);
    let line = "10 to 10 of 10 seats; 3 missing, and as many people would be created without it: \
                New-Subscription SPE_E3 -Quantity 3";
    assert!(none.contains(line), "{none}");
}
