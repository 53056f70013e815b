//! Changes of licences against the service, in this process and in memory.

use usher_object::{TypeCache, Value};

use super::stock::{ADELE, example, int, sales, stocked, stocked_with, text};
use crate::session::Limits;

#[test]
fn seats_run_out_and_the_row_says_what_to_buy() {
    let fixture = stocked();
    let rows = fixture
        .run(
            "Set-UserLicense",
            &[("Add", "SPE_E3".into())],
            Some(sales(&fixture)),
        )
        .unwrap();
    let of = |outcome: &str| {
        rows.iter()
            .filter(|row| text(row, "Outcome") == outcome)
            .count()
    };
    assert_eq!((rows.len(), of("applied"), of("failed")), (20, 10, 10));
    let refused = rows
        .iter()
        .find(|row| text(row, "Code") == "NO_AVAILABLE_SEATS")
        .unwrap();
    assert!(text(refused, "Fix").starts_with("New-Subscription SPE_E3 -Quantity "));
    assert_eq!(
        (
            fixture.session.failed_rows(),
            fixture.session.errors().len()
        ),
        (10, 10)
    );
    let told = fixture.told.lines.borrow().join("\n");
    assert!(told.contains("in all: New-Subscription SPE_E3 -Quantity 10, then"));
    let pool = fixture
        .run("Get-License", &[("", "SPE_E3".into())], None)
        .unwrap();
    assert_eq!(
        (int(&pool[0], "Consumed"), int(&pool[0], "Available")),
        (10, 0)
    );
    let again = fixture
        .run(
            "Set-UserLicense",
            &[("Add", "SPE_E3".into())],
            Some(sales(&fixture)),
        )
        .unwrap();
    assert_eq!(
        again
            .iter()
            .filter(|row| text(row, "Outcome") == "unchanged")
            .count(),
        10
    );
}

#[test]
fn a_preview_answers_the_same_and_changes_nothing() {
    let fixture = stocked();
    let args = [("Add", "SPE_E3".into()), ("WhatIf", Value::Null)];
    let rows = fixture
        .run("Set-UserLicense", &args, Some(sales(&fixture)))
        .unwrap();
    assert_eq!(
        rows.iter()
            .filter(|row| text(row, "Outcome") == "applied")
            .count(),
        10
    );
    assert_eq!(fixture.session.failed_rows(), 0);
    let told = fixture.told.lines.borrow().join("\n");
    assert!(
        told.contains("SPE_E3 would go from 0 to 10 of 10 seats"),
        "{told}"
    );
    let pool = fixture
        .run("Get-License", &[("", "SPE_E3".into())], None)
        .unwrap();
    assert_eq!(int(&pool[0], "Consumed"), 0);
    assert_eq!(
        fixture
            .run(
                "Get-AuditLog",
                &[("Action", "licenses.modify".into())],
                None
            )
            .unwrap()
            .len(),
        0
    );
}

#[test]
fn switches_merge() {
    let fixture = stocked();
    let user = ("", Value::from(ADELE));
    let args = [
        user.clone(),
        ("Add", "SPE_E3".into()),
        ("Disable", "YAMMER_ENTERPRISE".into()),
    ];
    fixture.run("Set-UserLicense", &args, None).unwrap();
    let args = [
        user.clone(),
        ("Product", "SPE_E3".into()),
        ("Disable", "FORMS_PLAN_E3".into()),
    ];
    fixture.run("Set-UserLicense", &args, None).unwrap();
    let held = fixture
        .run("Get-UserLicense", std::slice::from_ref(&user), None)
        .unwrap();
    assert_eq!(
        text(&held[0], "PlansOff"),
        "FORMS_PLAN_E3, YAMMER_ENTERPRISE"
    );
    assert_eq!(text(&held[0], "AssignedBy"), "direct");
    let plans = fixture
        .run(
            "Get-UserLicense",
            &[user.clone(), ("ServicePlans", Value::Null)],
            None,
        )
        .unwrap();
    assert_eq!(
        plans
            .iter()
            .filter(|plan| text(plan, "Status") == "off")
            .count(),
        2
    );
    let paths = fixture
        .run(
            "Get-UserLicense",
            &[user.clone(), ("Paths", Value::Null)],
            None,
        )
        .unwrap();
    assert_eq!(
        (paths.len(), text(&paths[0], "State")),
        (1, "active".to_owned())
    );
    let wrong = [
        user,
        ("Product", "SPE_E3".into()),
        ("Disable", "SHAREPOINTSTANDARD".into()),
    ];
    let refused = fixture.run("Set-UserLicense", &wrong, None).unwrap();
    assert_eq!(text(&refused[0], "Code"), "PLAN_NOT_IN_PRODUCT");
    assert!(
        text(&refused[0], "Message").contains("SHAREPOINTENTERPRISE"),
        "{}",
        text(&refused[0], "Message")
    );
}

#[test]
fn what_excludes_each_other_is_refused_with_a_fix_that_works() {
    let fixture = stocked();
    fixture
        .run(
            "Set-UserLicense",
            &[("", ADELE.into()), ("Add", "STANDARDPACK".into())],
            None,
        )
        .unwrap();
    let refused = fixture
        .run(
            "Set-UserLicense",
            &[("", ADELE.into()), ("Add", "SPE_E3".into())],
            None,
        )
        .unwrap();
    assert_eq!(text(&refused[0], "Code"), "MUTUALLY_EXCLUSIVE_PLANS");
    assert!(
        text(&refused[0], "Fix").starts_with("Set-UserLicense adele.vance@contoso.com"),
        "{}",
        text(&refused[0], "Fix")
    );
    let args = [
        ("", ADELE.into()),
        ("Add", "SPE_E3".into()),
        ("Disable", "SHAREPOINTENTERPRISE".into()),
    ];
    assert_eq!(
        text(
            &fixture.run("Set-UserLicense", &args, None).unwrap()[0],
            "Outcome"
        ),
        "applied"
    );
}

#[test]
fn a_swap_carries_switches_and_removing_frees_the_seat() {
    let fixture = stocked();
    let args = [
        ("", ADELE.into()),
        ("Add", "SPE_E3".into()),
        ("Disable", "YAMMER_ENTERPRISE".into()),
    ];
    fixture.run("Set-UserLicense", &args, None).unwrap();
    let swap = [
        ("", ADELE.into()),
        ("From", "SPE_E3".into()),
        ("To", "SPE_E5".into()),
        ("CarrySwitches", Value::Null),
    ];
    let swapped = fixture.run("Switch-UserLicense", &swap, None).unwrap();
    assert_eq!(
        (text(&swapped[0], "Gained"), text(&swapped[0], "Lost")),
        ("SPE_E5".into(), "SPE_E3".into())
    );
    let held = fixture
        .run("Get-UserLicense", &[("", ADELE.into())], None)
        .unwrap();
    assert_eq!(
        (held.len(), text(&held[0], "PlansOff")),
        (1, "YAMMER_ENTERPRISE".to_owned())
    );
    let again = fixture.run("Switch-UserLicense", &swap, None).unwrap();
    assert_eq!(text(&again[0], "Outcome"), "unchanged");
    let removed = fixture
        .run(
            "Remove-UserLicense",
            &[("", ADELE.into()), ("All", Value::Null)],
            None,
        )
        .unwrap();
    assert_eq!(text(&removed[0], "Lost"), "SPE_E5");
    assert!(
        fixture
            .run("Get-UserLicense", &[("", ADELE.into())], None)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_single_target_that_is_not_there_throws_and_so_does_a_wrong_product() {
    let fixture = stocked();
    let nobody = [("", "nobody@contoso.com".into()), ("Add", "SPE_E3".into())];
    assert_eq!(
        fixture
            .run("Set-UserLicense", &nobody, None)
            .unwrap_err()
            .code,
        "USER_NOT_FOUND"
    );
    let wrong = fixture
        .run(
            "Set-UserLicense",
            &[("Add", "SPE_E33".into())],
            Some(sales(&fixture)),
        )
        .unwrap_err();
    assert_eq!(wrong.code, "PRODUCT_NOT_FOUND");
    assert_eq!(fixture.session.failed_rows(), 0);
}

#[test]
fn stop_throws_at_the_first_refused_row() {
    let fixture = stocked();
    let args = [("Add", "SPE_E3".into()), ("ErrorAction", "Stop".into())];
    let mut rows = fixture
        .start("Set-UserLicense", &args, Some(sales(&fixture)))
        .unwrap();
    let error = rows.find_map(Result::err).unwrap();
    assert!(
        error.message.contains("applied before"),
        "{}",
        error.message
    );
}

#[test]
fn more_people_than_the_limit_need_a_yes() {
    let fixture = stocked_with(Limits {
        people: 5,
        ..Limits::default()
    });
    let people = || Some(sales(&fixture));
    let add = ("Add", Value::from("SPE_E3"));
    let nobody = fixture
        .run("Set-UserLicense", std::slice::from_ref(&add), people())
        .unwrap_err();
    assert_eq!(nobody.code, "CONFIRMATION_NEEDED");
    fixture.told.answer.set(Some(false));
    assert_eq!(
        fixture
            .run("Set-UserLicense", std::slice::from_ref(&add), people())
            .unwrap_err()
            .code,
        "NOT_CONFIRMED"
    );
    assert_eq!(
        int(
            &fixture
                .run("Get-License", &[("", "SPE_E3".into())], None)
                .unwrap()[0],
            "Consumed"
        ),
        0
    );
    let asked = fixture.told.questions.borrow().len();
    let question = fixture.told.questions.borrow()[0].clone();
    assert!(
        question.contains("more than 5 users") && question.contains("-WhatIf"),
        "{question}"
    );
    fixture
        .run(
            "Set-UserLicense",
            &[add.clone(), ("WhatIf", Value::Null)],
            people(),
        )
        .unwrap();
    fixture
        .run(
            "Set-UserLicense",
            &[add.clone(), ("Force", Value::Null)],
            people(),
        )
        .unwrap();
    assert_eq!(fixture.told.questions.borrow().len(), asked);
    fixture.told.answer.set(Some(true));
    assert_eq!(
        fixture
            .run("Set-UserLicense", &[add], people())
            .unwrap()
            .len(),
        20
    );
    // Creating people asks nobody; changing as many as came in does.
    assert!(
        fixture
            .run("Import-User", &[("", example("staff.csv"))], None)
            .is_ok()
    );
}

#[test]
fn a_read_only_session_refuses_changes_but_not_previews() {
    let fixture = stocked();
    fixture.session.read_only.set(true);
    let args = [("", ADELE.into()), ("Add", "SPE_E3".into())];
    assert_eq!(
        fixture
            .run("Set-UserLicense", &args, None)
            .unwrap_err()
            .code,
        "READ_ONLY"
    );
    let [user, add] = args;
    let rows = fixture
        .run(
            "Set-UserLicense",
            &[user, add, ("WhatIf", Value::Null)],
            None,
        )
        .unwrap();
    assert_eq!(text(&rows[0], "Outcome"), "applied");
    let buy = [("", "SPE_E3".into()), ("", 5.into())];
    assert_eq!(
        fixture
            .run("New-Subscription", &buy, None)
            .unwrap_err()
            .code,
        "READ_ONLY"
    );
}

#[test]
fn all_input_is_changed_whatever_follows() {
    let fixture = stocked();
    let rows = fixture
        .start(
            "Set-UserLicense",
            &[("Add", "SPE_E3".into())],
            Some(sales(&fixture)),
        )
        .unwrap();
    assert_eq!(rows.take(1).count(), 1);
    assert_eq!(
        int(
            &fixture
                .run("Get-License", &[("", "SPE_E3".into())], None)
                .unwrap()[0],
            "Consumed"
        ),
        10
    );
}

fn nameless() -> Value {
    let row = TypeCache::new("Row", true).record(&["Other"], vec![1.into()]);
    row.unwrap().into()
}

#[test]
fn what_names_nobody_is_one_refused_row_in_its_place() {
    let fixture = stocked();
    let mut people = sales(&fixture);
    people.truncate(3);
    people.insert(0, "".into());
    people.insert(2, nameless());
    people.push(" ".into());
    let add = ("Add", Value::from("SPE_E3"));
    let rows = fixture
        .run("Set-UserLicense", std::slice::from_ref(&add), Some(people))
        .unwrap();
    let outcomes: Vec<String> = rows.iter().map(|row| text(row, "Outcome")).collect();
    assert_eq!(
        outcomes,
        [
            "failed", "applied", "failed", "applied", "applied", "failed"
        ]
    );
    assert_eq!(text(&rows[2], "Code"), "INPUT_WITHOUT_VALUE");
    assert!(!text(&rows[0], "Fix").is_empty());
    let places: Vec<i64> = rows.iter().map(|row| int(row, "Row")).collect();
    assert_eq!(places, [1, 2, 3, 4, 5, 6]);
    assert_eq!(text(&rows[0], "UserPrincipalName"), "object 1");
    assert_eq!(text(&rows[2], "UserPrincipalName"), "object 3");
    assert_eq!(fixture.session.failed_rows(), 3);
    let stop = [add, ("ErrorAction", "Stop".into())];
    let people = Some(vec![ADELE.into(), nameless()]);
    let thrown = fixture.run("Set-UserLicense", &stop, people).unwrap_err();
    assert_eq!(thrown.code, "INPUT_WITHOUT_VALUE");
    let told = &thrown.message;
    assert!(told.starts_with("object 2: "), "{told}");
}

#[test]
fn who_is_not_there_alone_ends_it_unless_it_is_to_go_on() {
    let fixture = stocked();
    let user = ("", Value::from("nobody@contoso.com"));
    let changes = [
        ("Set-UserLicense", ("Add", Value::from("SPE_E3"))),
        ("Set-User", ("City", Value::from("Ulm"))),
        ("Restore-User", ("NoLicenses", Value::Null)),
    ];
    for (command, what) in changes {
        let args = [user.clone(), what.clone()];
        let error = fixture.run(command, &args, None).unwrap_err();
        let fix = error.fix.unwrap();
        let on = format!(
            "In a loop -ErrorAction Continue goes on after it, and a list does so by itself: … | {command}"
        );
        assert!(fix.lines().count() == 2 && fix.ends_with(&on), "{fix}");
        let args = [user.clone(), what, ("ErrorAction", "Continue".into())];
        let rows = fixture.run(command, &args, None).unwrap();
        assert_eq!(text(&rows[0], "Code"), "USER_NOT_FOUND", "{command}");
        assert!(!text(&rows[0], "Fix").contains("In a loop"), "{command}");
    }
    assert_eq!(fixture.session.failed_rows(), 3);
    // A person at the prompt sees one line after the other.
    fixture.session.at_prompt.set(true);
    let args = [user, ("Add", "SPE_E3".into())];
    let error = fixture.run("Set-UserLicense", &args, None).unwrap_err();
    assert!(!error.fix.unwrap().contains("In a loop"));
}

#[test]
fn other_commands_refuse_such_a_row_and_go_on() {
    let fixture = stocked();
    let people = || Some(vec![ADELE.into(), "".into(), nameless(), ADELE.into()]);
    let set = [("Department", Value::from("Sales"))];
    let rows = fixture.run("Set-User", &set, people()).unwrap();
    let codes: Vec<String> = rows.iter().map(|row| text(row, "Code")).collect();
    assert_eq!(codes, ["", "ARGUMENT_INVALID", "INPUT_WITHOUT_VALUE", ""]);
    assert_eq!(text(&rows[2], "UserPrincipalName"), "object 3");
    let stop = [
        ("Department", Value::from("Sales")),
        ("ErrorAction", "Stop".into()),
    ];
    let thrown = fixture.run("Set-User", &stop, people()).unwrap_err();
    assert_eq!(thrown.message, "object 2: -User is empty");
    for command in ["Get-User", "Get-UserLicense"] {
        let before = fixture.session.failed_rows();
        fixture.run(command, &[], people()).unwrap();
        assert_eq!(fixture.session.failed_rows(), before + 2, "{command}");
    }
    assert_eq!(fixture.run("Get-User", &[], people()).unwrap().len(), 2);
}

#[test]
fn every_entry_of_the_error_list_has_the_same_columns() {
    let fixture = stocked();
    let add = [("Add", Value::from("SPE_E3"))];
    fixture
        .run("Set-UserLicense", &add, Some(sales(&fixture)))
        .unwrap();
    let rows = vec!["nobody@contoso.com".into(), ADELE.into()];
    let set = [("Department", Value::from("Sales"))];
    fixture.run("Set-User", &set, Some(rows.clone())).unwrap();
    fixture.run("Get-User", &[], Some(rows)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("staff.csv");
    std::fs::write(&file, "userPrincipalName,displayName\nno-address,Nobody\n").unwrap();
    let file = Value::from(file.to_str().unwrap());
    fixture.run("Import-User", &[("", file)], None).unwrap();
    fixture
        .session
        .remember_error(crate::script::to_record(&crate::error::ShellError::new(
            "THROWN", "Thrown",
        )));
    let errors = fixture.session.errors();
    assert_eq!(errors.len(), 14);
    let kinds: std::collections::BTreeSet<String> = errors
        .iter()
        .map(|error| error.as_record().unwrap().record_type().name().to_owned())
        .collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["Error"]);
    for error in errors.iter().skip(1) {
        assert!(!text(error, "Target").is_empty() && !text(error, "Code").is_empty());
        assert!(!text(error, "Fix").is_empty(), "{error}");
    }
    let seat = &errors[13];
    let object = seat.property("Object").unwrap();
    assert_eq!(text(&object, "UserPrincipalName"), text(seat, "Target"));
    assert_eq!(text(&object, "Outcome"), "failed");
}

#[test]
fn nobody_with_this_name_says_how_to_search() {
    let fixture = stocked();
    let error = fixture
        .run("Get-User", &[("", "adele".into())], None)
        .unwrap_err();
    assert_eq!(error.fix.as_deref(), Some("Get-User -Search adele"));
    let found = fixture.run("Get-User", &[("Search", "adele".into())], None);
    assert_eq!(text(&found.unwrap()[0], "UserPrincipalName"), ADELE);
}
