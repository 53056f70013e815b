//! The shell as its users start it: what it prints where, how it ends, and what it leaves alone.

use std::{fs, path::Path};

use serde_json::Value;
use usher_tests::{shared_data::text_path, usher::Usher};

const PRODUCTS: &str = "product-service-plans.csv";
const PEOPLE: &str = "users-entra-10k.csv";

#[test]
fn a_last_expression_is_printed() {
    let run = Usher::in_memory("1 + 1").run().expect_code(0);
    assert_eq!((run.stdout.trim_end(), run.stderr.as_str()), ("2", ""));
}

#[test]
fn commands_come_from_an_argument_a_script_or_standard_input() {
    let run = Usher::new()
        .args(["--data", ":memory:", "-"])
        .stdin("$x = 20\n$x * 2 + 2\n")
        .run()
        .expect_code(0);
    assert_eq!(run.stdout.trim_end(), "42");
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("add.usher"),
        "param(Left: number, Right: number = 40)\nLeft + Right\n",
    )
    .unwrap();
    let script = ["--data", ":memory:", "add.usher", "-Left", "2"];
    let run = Usher::new()
        .args(script)
        .within(folder.path())
        .run()
        .expect_code(0);
    assert_eq!(run.stdout.trim_end(), "42");
}

#[test]
fn the_exit_code_says_how_it_ended() {
    for (commands, code) in [
        ("exit(0)", 0),
        ("exit(42)", 42),
        ("throw \"no\"", 1),
        ("let = 1", 1),
        ("Get-Usr", 1),
    ] {
        let run = Usher::in_memory(commands).run().expect_code(code);
        assert_eq!(
            run.stderr.is_empty(),
            !matches!(code, 1),
            "{commands}: {}",
            run.stderr
        );
    }
    let run = Usher::new().args(["--no-such-option"]).run().expect_code(2);
    assert!(run.stderr.contains("--no-such-option"), "{}", run.stderr);
    let run = Usher::new()
        .args(["--server", "http://127.0.0.1:1", "-c", "Get-User"])
        .run()
        .expect_code(4);
    assert!(run.stderr.contains("127.0.0.1:1"), "{}", run.stderr);
}

#[test]
fn the_vendors_list_is_reported_with_its_figures() {
    let Some(products) = text_path(
        "shell::the_vendors_list_is_reported_with_its_figures",
        PRODUCTS,
    ) else {
        return;
    };
    let import = format!("Import-Product '{products}'");
    let run = Usher::in_memory(&format!("{import} | Format-List"))
        .run()
        .expect_code(0);
    for figure in ["569", "723", "5,448|5448", "4", "5", "72"] {
        let found = figure.split('|').any(|figure| {
            run.stdout
                .split(|letter: char| !letter.is_ascii_digit() && letter != ',')
                .any(|word| word == figure)
        });
        assert!(found, "{figure} is not in\n{}", run.stdout);
    }
    let again = format!(
        "{import} | Out-Null\n$before = (Get-AuditLog).Count\n{import} | Out-Null\n(Get-AuditLog).Count - $before"
    );
    let run = Usher::in_memory(&again).run().expect_code(0);
    assert_eq!(
        run.stdout.trim_end(),
        "0",
        "changes made by importing the same list again"
    );
}

#[test]
fn a_department_is_licensed_in_one_pipeline() {
    let test = "shell::a_department_is_licensed_in_one_pipeline";
    let (Some(products), Some(people)) = (text_path(test, PRODUCTS), text_path(test, PEOPLE))
    else {
        return;
    };
    let license = "Get-User -Department Sales | Set-UserLicense -Add SPE_E3 -Force";
    let commands = format!(
        "Import-Product '{products}' | Out-Null
        Import-User '{people}' | Out-Null
        New-Subscription SPE_E3 -Quantity 1800 | Out-Null
        {license} | Group-Object Outcome, Code | Select-Object Name, Count | ConvertTo-Json
        Write-Output $Error.Count
        {license} | Group-Object Outcome, Code | Select-Object Name, Count | ConvertTo-Json
        Get-License SPE_E3 | Select-Object Total, Consumed, Available | ConvertTo-Json"
    );
    let run = Usher::in_memory(&commands).run().expect_code(3);
    let values: Vec<Value> = serde_json::Deserializer::from_str(&run.stdout)
        .into_iter()
        .collect::<Result<_, _>>()
        .unwrap_or_else(|error| panic!("{error}\n{}\n{}", run.stdout, run.stderr));
    let [first, errors, second, pool] = values.as_slice() else {
        panic!("not four results:\n{}\n{}", run.stdout, run.stderr);
    };
    for (groups, result) in [(first, "applied"), (second, "unchanged")] {
        assert_eq!(groups.as_array().map(Vec::len), Some(3), "{groups}");
        assert_eq!(count(groups, result), 1_800, "{groups}");
        assert_eq!(count(groups, "USAGE_LOCATION_MISSING"), 17, "{groups}");
        assert_eq!(count(groups, "NO_AVAILABLE_SEATS"), 69, "{groups}");
    }
    assert_eq!(errors.as_i64(), Some(86), "entries of $Error");
    let pool = pool.as_array().map_or(pool, |pools| &pools[0]);
    assert_eq!(
        (&pool["Total"], &pool["Consumed"], &pool["Available"]),
        (&1_800.into(), &1_800.into(), &0.into())
    );
    assert!(
        run.stderr.lines().count() < 20,
        "a page of errors for failed rows:\n{}",
        run.stderr
    );
}

fn count(groups: &Value, part: &str) -> i64 {
    let groups = groups
        .as_array()
        .unwrap_or_else(|| panic!("not groups: {groups}"));
    let found: Vec<i64> = groups
        .iter()
        .filter(|group| {
            group["Name"]
                .as_str()
                .is_some_and(|name| name.contains(part))
        })
        .filter_map(|group| group["Count"].as_i64())
        .collect();
    assert_eq!(found.len(), 1, "groups with {part}");
    found[0]
}

#[test]
fn bad_input_is_explained_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    write_catalogue(folder.path());
    fs::write(
        folder.path().join("no-guid.csv"),
        "Product_Display_Name,String_Id\nDesk,DESK\n",
    )
    .unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    let usher = |commands: &str| {
        Usher::new()
            .args(["--data", data, "-c", commands])
            .within(folder.path())
            .run()
    };
    let _ = usher("Import-Product products.csv | Out-Null\nNew-User adele@example.com -DisplayName Adele -UsageLocation US | Out-Null\nNew-Subscription TWIN_1 -Quantity 5 | Out-Null").expect_code(0);
    let before = usher("(Get-AuditLog).Count").expect_code(0).stdout;
    for (commands, parts) in [
        ("Get-Usr", &["Get-Usr", "Get-User", "1:1"][..]),
        (
            "Get-User | Where-Object { $_.Department -eq 'Sales'",
            &["1:25"],
        ),
        ("Import-Product no-guid.csv", &["no-guid.csv", "GUID"]),
        (
            "Set-UserLicense adele@example.com -Add Twin",
            &["Twin", "TWIN_1", "TWIN_2"],
        ),
        ("Import-Product not-there.csv", &["not-there.csv"]),
        (
            "Set-UserLicense ghost@example.com -Add TWIN_1",
            &["ghost@example.com"],
        ),
    ] {
        let run = usher(commands);
        assert!(
            matches!(run.code, 1 | 3),
            "{commands}: {} {}",
            run.code,
            run.stderr
        );
        for part in parts {
            assert!(
                run.stderr.contains(part),
                "{part:?} is not in what {commands:?} says:\n{}",
                run.stderr
            );
        }
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    }
    assert_eq!(
        usher("(Get-AuditLog).Count").expect_code(0).stdout,
        before,
        "records made by bad input"
    );
}

#[test]
fn a_row_with_a_bad_guid_is_named_by_file_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    write_catalogue(folder.path());
    let list = folder.path().join("products.csv");
    let text = fs::read_to_string(&list).unwrap().replacen(
        "c0000000-0000-4000-8000-000000000002",
        "not-a-guid",
        1,
    );
    fs::write(&list, text).unwrap();
    let commands = "Import-Product products.csv | Out-Null\n(Get-Product).PartNumber";
    let run = Usher::in_memory(commands)
        .within(folder.path())
        .run()
        .expect_code(3);
    assert!(
        run.stdout.contains("TWIN_1") && !run.stdout.contains("TWIN_2"),
        "{}",
        run.stdout
    );
    for part in ["products.csv", "3", "GUID", "not-a-guid"] {
        assert!(
            run.stderr.contains(part),
            "{part:?} is not in\n{}",
            run.stderr
        );
    }
}

#[test]
fn a_wrong_property_is_found_by_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines: Vec<String> = (1..=20)
        .map(|number| format!("let value{number} = {number};"))
        .collect();
    lines[0] = "$adele = New-User adele@example.com -DisplayName Adele".to_owned();
    lines[12] = "let wrong = $adele.Departmnt;".to_owned();
    fs::write(folder.path().join("twenty.usher"), lines.join("\n")).unwrap();
    let run = Usher::new()
        .args(["--data", ":memory:", "twenty.usher"])
        .within(folder.path())
        .run()
        .expect_code(1);
    for part in ["Departmnt", "Department", "twenty.usher", "13:20"] {
        assert!(
            run.stderr.contains(part),
            "{part:?} is not in\n{}",
            run.stderr
        );
    }
}

#[test]
fn the_quickstart_runs_in_a_fresh_folder_and_again() {
    let folder = tempfile::tempdir().unwrap();
    copy(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples")),
        &folder.path().join("examples"),
    );
    let home = tempfile::tempdir().unwrap();
    let home = home.path().to_str().unwrap();
    for time in ["first", "second"] {
        let run = Usher::new()
            .args(["examples/quickstart.usher"])
            .env("HOME", home)
            .within(folder.path())
            .run()
            .expect_code(0);
        for part in ["NO_AVAILABLE_SEATS", "USAGE_LOCATION_MISSING"] {
            assert!(
                run.stdout.contains(part),
                "{part} is not in the {time} run:\n{}",
                run.stdout
            );
        }
    }
}

fn write_catalogue(folder: &Path) {
    let header = "Product_Display_Name,String_Id,GUID,Service_Plan_Name,Service_Plan_Id,Service_Plans_Included_Friendly_Names";
    let rows = (1..=2).map(|number| {
        format!("Twin,TWIN_{number},c0000000-0000-4000-8000-00000000000{number},MAIL,b0000000-0000-4000-8000-000000000001,Mail")
    });
    let lines: Vec<String> = std::iter::once(header.to_owned()).chain(rows).collect();
    fs::write(folder.join("products.csv"), lines.join("\n")).unwrap();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_profile_says_where_the_service_is() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("profiles.toml");
    let data = home.path().join("data");
    let text = format!(
        "[default]\ndata = '{}'\nread_only = true\n[far]\nserver = 'http://127.0.0.1:1'\n",
        data.display()
    );
    fs::write(&file, text).unwrap();
    let run = |arguments: &[&str]| {
        Usher::new()
            .env("USHER_PROFILES", file.to_str().unwrap())
            .args(arguments)
            .run()
    };
    let usual = run(&["-c", "(Get-Session).Server; New-User a@contoso.com A"]).expect_code(1);
    assert!(usual.stderr.contains("READ_ONLY"), "{}", usual.stderr);
    let shown = run(&["-c", "Get-Session | ForEach-Object Server"]).expect_code(0);
    assert_eq!(shown.stdout.trim(), data.to_str().unwrap());
    let far = run(&["--profile", "far", "-c", "Get-User"]).expect_code(4);
    assert!(far.stderr.contains("127.0.0.1:1"), "{}", far.stderr);
    let other = run(&["--profile", "farr", "-c", "Get-User"]).expect_code(2);
    assert!(
        other.stderr.contains("Did you mean far?"),
        "{}",
        other.stderr
    );
}
