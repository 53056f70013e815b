//! Commands against the service, in this process and in memory.

use std::fs;
use std::path::PathBuf;

use usher_object::Value;

use super::fixture::Fixture;
use crate::session::Limits;

fn example(name: &str) -> Value {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../examples/data");
    folder.join(name).to_str().unwrap().into()
}

fn text(row: &Value, name: &str) -> String {
    row.property(name).unwrap().to_string()
}

fn int(row: &Value, name: &str) -> i64 {
    match row.property(name).unwrap() {
        Value::Int(number) => number,
        other => panic!("{name} is {other:?}"),
    }
}

fn list(items: &[&str]) -> Value {
    Value::list(items.iter().map(|item| Value::from(*item)))
}

/// A service with the catalogue, the rules, the staff of the quickstart, and some seats.
fn stocked_with(limits: Limits) -> Fixture {
    let fixture = Fixture::with(limits);
    fixture.run("Import-Product", &[("", example("products.csv"))], None).unwrap();
    fixture.run("Import-LicenseRule", &[("", example("exclusions.csv"))], None).unwrap();
    fixture.run("Import-LicenseRule", &[("", example("prerequisites.csv"))], None).unwrap();
    fixture.run("Import-User", &[("", example("staff.csv"))], None).unwrap();
    for (product, seats) in [("SPE_E3", 10), ("SPE_E5", 10), ("STANDARDPACK", 10), ("MCOMEETADV", 10)] {
        fixture.run("New-Subscription", &[("", product.into()), ("Quantity", seats.into())], None).unwrap();
    }
    fixture
}

fn stocked() -> Fixture {
    stocked_with(Limits::default())
}

fn sales(fixture: &Fixture) -> Vec<Value> {
    fixture.run("Get-User", &[("Department", "Sales".into())], None).unwrap()
}

const ADELE: &str = "adele.vance@contoso.com";

#[test]
fn an_import_reports_and_the_second_changes_nothing() {
    let fixture = Fixture::new();
    let first = fixture.run("Import-Product", &[("", example("products.csv"))], None).unwrap();
    assert_eq!((int(&first[0], "Products"), int(&first[0], "Pairs")), (12, 321));
    assert!(int(&first[0], "Created") > 0);
    let second = fixture.run("Import-Product", &[("", example("products.csv"))], None).unwrap();
    assert_eq!((int(&second[0], "Created"), int(&second[0], "Updated")), (0, 0));
    let products = fixture.run("Get-Product", &[], None).unwrap();
    assert_eq!(products.len(), 12);
    let plans = fixture.run("Get-ServicePlan", &[("", "SPE_E3".into())], None).unwrap();
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
    let report = fixture.run("Import-Product", &[("", file.to_str().unwrap().into())], None).unwrap();
    assert_eq!((int(&report[0], "Refused"), int(&report[0], "Products")), (1, 12));
    let errors = fixture.session.errors();
    assert_eq!((errors.len(), fixture.session.failed_rows()), (1, 1));
    assert!(int(&errors[0], "Line") > 1);
    assert_eq!(text(&errors[0], "Column"), "GUID");
    assert!(fixture.told.lines.borrow().iter().any(|line| line.contains("line")));
}

#[test]
fn a_file_that_cannot_be_imported_is_one_clear_error() {
    let fixture = Fixture::new();
    let missing = fixture.run("Import-User", &[("", "no-such.csv".into())], None).unwrap_err();
    assert_eq!((missing.code.as_str(), missing.exit_code()), ("FILE_NOT_READ", 1));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("odd.csv");
    fs::write(&file, "a,b\n1,2\n").unwrap();
    let odd = fixture.run("Import-User", &[("", file.to_str().unwrap().into())], None).unwrap_err();
    assert_eq!(odd.code, "INVALID_ARGUMENT");
}

#[test]
fn one_person_by_any_name_or_an_error() {
    let fixture = stocked();
    for name in [ADELE, "Adele Vance", "f517aa7e-da04-5595-a60f-58230c6bd3ce"] {
        let found = fixture.run("Get-User", &[("", name.into())], None).unwrap();
        assert_eq!(text(&found[0], "UserPrincipalName"), ADELE, "{name}");
    }
    let error = fixture.run("Get-User", &[("", "nobody@contoso.com".into())], None).unwrap_err();
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
    assert_eq!(count(&[("Filter", "startswith(displayName,'A') and department eq 'IT'".into())]), 1);
    let error = fixture.run("Get-User", &[("Filter", "department eq".into())], None).unwrap_err();
    assert_eq!(error.code, "INVALID_ARGUMENT");
}

#[test]
fn names_that_nobody_has_do_not_stop_a_pipeline() {
    let fixture = stocked();
    let names = vec![ADELE.into(), "nobody@contoso.com".into(), "Zoë Brandt".into()];
    let found = fixture.run("Get-User", &[], Some(names.clone())).unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(fixture.session.failed_rows(), 1);
    let stopped = fixture.run("Get-User", &[("ErrorAction", "Stop".into())], Some(names)).unwrap_err();
    assert_eq!(stopped.code, "USER_NOT_FOUND");
}

#[test]
fn seats_run_out_and_the_row_says_what_to_buy() {
    let fixture = stocked();
    let rows = fixture.run("Set-UserLicense", &[("Add", "SPE_E3".into())], Some(sales(&fixture))).unwrap();
    let of = |outcome: &str| rows.iter().filter(|row| text(row, "Outcome") == outcome).count();
    assert_eq!((rows.len(), of("applied"), of("failed")), (20, 10, 10));
    let refused = rows.iter().find(|row| text(row, "Code") == "NO_AVAILABLE_SEATS").unwrap();
    assert!(text(refused, "Fix").starts_with("New-Subscription SPE_E3 -Quantity "));
    assert_eq!((fixture.session.failed_rows(), fixture.session.errors().len()), (10, 10));
    let pool = fixture.run("Get-License", &[("", "SPE_E3".into())], None).unwrap();
    assert_eq!((int(&pool[0], "Consumed"), int(&pool[0], "Available")), (10, 0));
    let again = fixture.run("Set-UserLicense", &[("Add", "SPE_E3".into())], Some(sales(&fixture))).unwrap();
    assert_eq!(again.iter().filter(|row| text(row, "Outcome") == "unchanged").count(), 10);
}

#[test]
fn a_preview_answers_the_same_and_changes_nothing() {
    let fixture = stocked();
    let args = [("Add", "SPE_E3".into()), ("WhatIf", Value::Null)];
    let rows = fixture.run("Set-UserLicense", &args, Some(sales(&fixture))).unwrap();
    assert_eq!(rows.iter().filter(|row| text(row, "Outcome") == "applied").count(), 10);
    assert_eq!(fixture.session.failed_rows(), 0);
    let told = fixture.told.lines.borrow().join("\n");
    assert!(told.contains("SPE_E3 would go from 0 to 10 of 10 seats"), "{told}");
    let pool = fixture.run("Get-License", &[("", "SPE_E3".into())], None).unwrap();
    assert_eq!(int(&pool[0], "Consumed"), 0);
    assert_eq!(fixture.run("Get-AuditLog", &[("Action", "licenses.modify".into())], None).unwrap().len(), 0);
}

#[test]
fn switches_merge() {
    let fixture = stocked();
    let user = ("", Value::from(ADELE));
    let args = [user.clone(), ("Add", "SPE_E3".into()), ("Disable", "YAMMER_ENTERPRISE".into())];
    fixture.run("Set-UserLicense", &args, None).unwrap();
    let args = [user.clone(), ("Product", "SPE_E3".into()), ("Disable", "FORMS_PLAN_E3".into())];
    fixture.run("Set-UserLicense", &args, None).unwrap();
    let held = fixture.run("Get-UserLicense", std::slice::from_ref(&user), None).unwrap();
    assert_eq!(text(&held[0], "PlansOff"), "FORMS_PLAN_E3, YAMMER_ENTERPRISE");
    assert_eq!(text(&held[0], "AssignedBy"), "direct");
    let plans = fixture.run("Get-UserLicense", &[user.clone(), ("ServicePlans", Value::Null)], None).unwrap();
    assert_eq!(plans.iter().filter(|plan| text(plan, "Status") == "off").count(), 2);
    let paths = fixture.run("Get-UserLicense", &[user.clone(), ("Paths", Value::Null)], None).unwrap();
    assert_eq!((paths.len(), text(&paths[0], "State")), (1, "active".to_owned()));
    let wrong = [user, ("Product", "SPE_E3".into()), ("Disable", "SHAREPOINTSTANDARD".into())];
    let refused = fixture.run("Set-UserLicense", &wrong, None).unwrap();
    assert_eq!(text(&refused[0], "Code"), "PLAN_NOT_IN_PRODUCT");
    assert!(text(&refused[0], "Message").contains("YAMMER_ENTERPRISE"), "{}", text(&refused[0], "Message"));
}

#[test]
fn what_excludes_each_other_is_refused_with_a_fix_that_works() {
    let fixture = stocked();
    fixture.run("Set-UserLicense", &[("", ADELE.into()), ("Add", "STANDARDPACK".into())], None).unwrap();
    let refused = fixture.run("Set-UserLicense", &[("", ADELE.into()), ("Add", "SPE_E3".into())], None).unwrap();
    assert_eq!(text(&refused[0], "Code"), "MUTUALLY_EXCLUSIVE_PLANS");
    assert!(text(&refused[0], "Fix").starts_with("Set-UserLicense adele.vance@contoso.com"), "{}", text(&refused[0], "Fix"));
    let args = [("", ADELE.into()), ("Add", "SPE_E3".into()), ("Disable", "SHAREPOINTENTERPRISE".into())];
    assert_eq!(text(&fixture.run("Set-UserLicense", &args, None).unwrap()[0], "Outcome"), "applied");
}

#[test]
fn a_swap_carries_switches_and_removing_frees_the_seat() {
    let fixture = stocked();
    let args = [("", ADELE.into()), ("Add", "SPE_E3".into()), ("Disable", "YAMMER_ENTERPRISE".into())];
    fixture.run("Set-UserLicense", &args, None).unwrap();
    let swap =
        [("", ADELE.into()), ("From", "SPE_E3".into()), ("To", "SPE_E5".into()), ("CarrySwitches", Value::Null)];
    let swapped = fixture.run("Switch-UserLicense", &swap, None).unwrap();
    assert_eq!((text(&swapped[0], "Gained"), text(&swapped[0], "Lost")), ("SPE_E5".into(), "SPE_E3".into()));
    let held = fixture.run("Get-UserLicense", &[("", ADELE.into())], None).unwrap();
    assert_eq!((held.len(), text(&held[0], "PlansOff")), (1, "YAMMER_ENTERPRISE".to_owned()));
    let again = fixture.run("Switch-UserLicense", &swap, None).unwrap();
    assert_eq!(text(&again[0], "Outcome"), "unchanged");
    let removed = fixture.run("Remove-UserLicense", &[("", ADELE.into()), ("All", Value::Null)], None).unwrap();
    assert_eq!(text(&removed[0], "Lost"), "SPE_E5");
    assert!(fixture.run("Get-UserLicense", &[("", ADELE.into())], None).unwrap().is_empty());
}

#[test]
fn a_single_target_that_is_not_there_throws_and_so_does_a_wrong_product() {
    let fixture = stocked();
    let nobody = [("", "nobody@contoso.com".into()), ("Add", "SPE_E3".into())];
    assert_eq!(fixture.run("Set-UserLicense", &nobody, None).unwrap_err().code, "USER_NOT_FOUND");
    let wrong = fixture.run("Set-UserLicense", &[("Add", "SPE_E33".into())], Some(sales(&fixture))).unwrap_err();
    assert_eq!(wrong.code, "PRODUCT_NOT_FOUND");
    assert_eq!(fixture.session.failed_rows(), 0);
}

#[test]
fn stop_throws_at_the_first_refused_row() {
    let fixture = stocked();
    let args = [("Add", "SPE_E3".into()), ("ErrorAction", "Stop".into())];
    let mut rows = fixture.start("Set-UserLicense", &args, Some(sales(&fixture))).unwrap();
    let error = rows.find_map(Result::err).unwrap();
    assert!(error.message.contains("applied before"), "{}", error.message);
}

#[test]
fn more_people_than_the_limit_need_a_yes() {
    let fixture = stocked_with(Limits { people: 5, ..Limits::default() });
    let people = || Some(sales(&fixture));
    let add = ("Add", Value::from("SPE_E3"));
    let nobody = fixture.run("Set-UserLicense", std::slice::from_ref(&add), people()).unwrap_err();
    assert_eq!(nobody.code, "CONFIRMATION_NEEDED");
    fixture.told.answer.set(Some(false));
    assert_eq!(fixture.run("Set-UserLicense", std::slice::from_ref(&add), people()).unwrap_err().code, "NOT_CONFIRMED");
    assert_eq!(int(&fixture.run("Get-License", &[("", "SPE_E3".into())], None).unwrap()[0], "Consumed"), 0);
    let asked = fixture.told.questions.borrow().len();
    fixture.run("Set-UserLicense", &[add.clone(), ("WhatIf", Value::Null)], people()).unwrap();
    fixture.run("Set-UserLicense", &[add.clone(), ("Force", Value::Null)], people()).unwrap();
    assert_eq!(fixture.told.questions.borrow().len(), asked);
    fixture.told.answer.set(Some(true));
    assert_eq!(fixture.run("Set-UserLicense", &[add], people()).unwrap().len(), 20);
    // Creating people asks nobody; changing as many as came in does.
    assert!(fixture.run("Import-User", &[("", example("staff.csv"))], None).is_ok());
}

#[test]
fn a_read_only_session_refuses_changes_but_not_previews() {
    let fixture = stocked();
    fixture.session.read_only.set(true);
    let args = [("", ADELE.into()), ("Add", "SPE_E3".into())];
    assert_eq!(fixture.run("Set-UserLicense", &args, None).unwrap_err().code, "READ_ONLY");
    let [user, add] = args;
    let rows = fixture.run("Set-UserLicense", &[user, add, ("WhatIf", Value::Null)], None).unwrap();
    assert_eq!(text(&rows[0], "Outcome"), "applied");
    let buy = [("", "SPE_E3".into()), ("", 5.into())];
    assert_eq!(fixture.run("New-Subscription", &buy, None).unwrap_err().code, "READ_ONLY");
}

#[test]
fn all_input_is_changed_whatever_follows() {
    let fixture = stocked();
    let rows = fixture.start("Set-UserLicense", &[("Add", "SPE_E3".into())], Some(sales(&fixture))).unwrap();
    assert_eq!(rows.take(1).count(), 1);
    assert_eq!(int(&fixture.run("Get-License", &[("", "SPE_E3".into())], None).unwrap()[0], "Consumed"), 10);
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
    assert_eq!((text(&made[0], "DisplayName"), text(&made[0], "Licenses")), ("Lee Gu".into(), "SPE_E3".into()));
    assert_eq!(fixture.run("New-User", &args, None).unwrap_err().code, "UPN_IN_USE");
    let moved = [("", "lee@contoso.com".into()), ("Department", "IT".into()), ("PassThru", Value::Null)];
    assert_eq!(text(&fixture.run("Set-User", &moved, None).unwrap()[0], "Department"), "IT");
    let rows = fixture.run("Set-User", &[("City", "Ulm".into())], Some(sales(&fixture))).unwrap();
    assert!(rows.len() == 20 && rows.iter().all(|row| text(row, "Outcome") == "applied"));
    let unknown = vec![ADELE.into(), "nobody@contoso.com".into()];
    let rows = fixture.run("Set-User", &[("City", "Bonn".into())], Some(unknown)).unwrap();
    assert_eq!(text(&rows[1], "Code"), "USER_NOT_FOUND");
    assert_eq!(fixture.session.failed_rows(), 1);
}

#[test]
fn the_record_says_who_why_and_what() {
    let fixture = stocked();
    let args = [("", ADELE.into()), ("Add", "SPE_E3".into()), ("Reason", "CHG-1042".into())];
    fixture.run("Set-UserLicense", &args, None).unwrap();
    let log = fixture.run("Get-AuditLog", &[("", ADELE.into()), ("Top", 1.into())], None).unwrap();
    assert_eq!((log.len(), text(&log[0], "Reason")), (1, "CHG-1042".to_owned()));
    assert!(text(&log[0], "After").contains("05e9a617-0261-4cee-bb44-138d3ef5d965"), "{}", text(&log[0], "After"));
}

#[test]
fn the_same_request_id_gives_the_first_result() {
    let fixture = stocked();
    let args = [("", "SPE_E3".into()), ("", 7.into()), ("RequestId", "order-7".into())];
    let first = fixture.run("New-Subscription", &args, None).unwrap();
    let second = fixture.run("New-Subscription", &args, None).unwrap();
    assert_eq!(text(&first[0], "Id"), text(&second[0], "Id"));
    assert_eq!(int(&fixture.run("Get-License", &[("", "SPE_E3".into())], None).unwrap()[0], "Total"), 17);
}

#[test]
fn a_server_that_is_not_there_is_named_with_the_way_out() {
    use crate::client::{Connection, Target};
    let connection = Connection::new(Target::Server("127.0.0.1:1".into()), std::sync::Arc::default());
    let error = connection.call(async |_| Ok(())).unwrap_err();
    assert_eq!((error.code.as_str(), error.exit_code()), ("UNAVAILABLE", 4));
    assert!(error.message.contains("127.0.0.1:1") && error.fix.is_some());
}
