//! Scripts as automation: forms of results, exit codes, parameters, files and imports, each by processes of their own.

use std::{
    fs, thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use usher_tests::{
    office::Office,
    usher::{Finished, Usher},
};

const LIMIT: Duration = Duration::from_secs(60);
const LINE: &str = "Write-Host 'for people'; Write-Warning 'careful'
    Get-User | Select-Object UserPrincipalName, DisplayName, UsageLocation";

fn in_form(office: &Office, form: &str, line: &str) -> Finished {
    let run = office.shell().args(["--output", form, "-c", line]).run();
    run.expect_code(0)
}

fn csv_of(text: &str) -> Vec<Vec<String>> {
    let reader = csv::ReaderBuilder::new()
        .from_reader(text.as_bytes())
        .into_records();
    reader
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

#[test]
fn results_in_every_form_are_alone_on_standard_output() {
    let office = Office::of(3, |number| number != 1);
    let quoted =
        "Set-User p0002@contoso.com -DisplayName 'Otto \"O, \u{201c}x\u{201d}\"' | Out-Null";
    let _ = office.says(quoted);
    let form = |form: &str| {
        let run = in_form(&office, form, LINE);
        for part in ["for people", "careful"] {
            assert!(
                run.stderr.contains(part),
                "{part} is not in\n{}",
                run.stderr
            );
            assert!(!run.stdout.contains(part), "{part} is in\n{}", run.stdout);
        }
        assert!(!run.stderr.contains("contoso"), "{}", run.stderr);
        run.stdout
    };
    let rows: Vec<Value> = serde_json::from_str(&form("json")).unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[1]["UsageLocation"].as_str().unwrap_or_default(), "");
    assert_eq!(rows[2]["DisplayName"], "Otto \"O, \u{201c}x\u{201d}\"");
    let lines: Vec<Value> = form("jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines, rows);
    let records = csv_of(&form("csv"));
    let cells = |row: &Value| -> Vec<String> {
        ["UserPrincipalName", "DisplayName", "UsageLocation"]
            .map(|name| row[name].as_str().unwrap_or_default().to_owned())
            .to_vec()
    };
    assert_eq!(records, rows.iter().map(cells).collect::<Vec<_>>());
    let table = form("table");
    assert!(table.starts_with("UserPrincipalName"), "{table}");
    assert_eq!(table.lines().count(), 5, "{table}");
    let list = form("list");
    assert_eq!(list.matches("UserPrincipalName").count(), 3, "{list}");
}

#[test]
fn no_results_are_well_formed_too() {
    let office = Office::of(1, |_| true);
    for (form, empty) in [
        ("json", "[]\n"),
        ("jsonl", ""),
        ("csv", ""),
        ("table", ""),
        ("list", ""),
    ] {
        let run = in_form(&office, form, "Get-User -Department Nowhere");
        assert_eq!(
            (run.stdout.as_str(), run.stderr.as_str()),
            (empty, ""),
            "{form}"
        );
    }
}

#[test]
fn results_before_an_error_are_well_formed_too() {
    let office = Office::of(2, |_| true);
    for form in ["json", "jsonl", "csv"] {
        let line = "Get-User; throw 'enough'";
        let run = office.shell().args(["--output", form, "-c", line]).run();
        let run = run.expect_code(1);
        let count = match form {
            "json" => serde_json::from_str::<Vec<Value>>(&run.stdout)
                .unwrap()
                .len(),
            "jsonl" => run.stdout.lines().count(),
            _ => csv_of(&run.stdout).len(),
        };
        assert_eq!(count, 2, "{form}: {}", run.stdout);
        assert!(run.stderr.contains("enough"), "{}", run.stderr);
    }
}

#[test]
fn the_exit_code_says_what_became_of_it() {
    let office = Office::of(3, |number| number != 1);
    let _ = office.says("New-Subscription DESK -Quantity 5 | Out-Null");
    let all = "Get-User | Set-UserLicense -Add DESK | Out-Null";
    for (line, code) in [
        ("Get-User", 0),
        ("Set-UserLicense p0000@contoso.com -Add DESK", 0),
        ("throw 'no'", 1),
        ("Get-User ghost@contoso.com", 1),
        (all, 3),
        ("Get-User | Set-UserLicense -Add DESK -WhatIf | Out-Null", 0),
    ] {
        let run = office.commands(line).expect_code(code);
        assert_eq!(
            run.stderr.contains("error["),
            code == 1,
            "{line}: {}",
            run.stderr
        );
    }
    let script = office.write("needs.usher", "param(Day: date)\n$Day");
    let usage = office.shell().args([&script]).run().expect_code(2);
    assert!(usage.stderr.contains("-Day"), "{}", usage.stderr);
    let usage = office.shell().args(["missing.usher"]).run().expect_code(1);
    assert!(usage.stderr.contains("missing.usher"), "{}", usage.stderr);
    let away = ["--server", "http://127.0.0.1:1", "-c", "Get-User"];
    let away = Usher::new().args(away).run().expect_code(4);
    assert!(away.stderr.contains("127.0.0.1:1"), "{}", away.stderr);
}

#[test]
fn an_interrupted_change_says_how_far_it_came_and_goes_on_when_run_again() {
    let office = Office::of(5_000, |_| true);
    let _ = office.says("New-Subscription DESK -Quantity 5000 | Out-Null");
    // Each outcome takes its time, so that the signal comes in the middle.
    let line = "Get-User | Set-UserLicense -Add DESK -Force | ForEach-Object {
        if $_.Row == 500 { 'half' | Out-File started.txt }
        if $_.Row >= 500 { Start-Sleep -Milliseconds 5 }
        $_.Outcome } | Group-Object | Select-Object Name, Count";
    let running = office.shell().args(["-c", line]).start();
    let begun = Instant::now();
    while !office.path().join("started.txt").exists() {
        assert!(
            begun.elapsed() < LIMIT,
            "the change does not come to its 500th row"
        );
        thread::sleep(Duration::from_millis(5));
    }
    running.interrupt();
    let stopped = running.finish().expect_code(130);
    let told = stopped
        .stderr
        .split("was stopped after ")
        .nth(1)
        .unwrap_or_default();
    let told: usize = told
        .split(' ')
        .next()
        .and_then(|rows| rows.parse().ok())
        .unwrap_or_else(|| panic!("{}", stopped.stderr));
    assert!((500..5_000).contains(&told), "{}", stopped.stderr);
    let consumed: usize = office.says("(Get-License DESK).Consumed").parse().unwrap();
    assert!(
        (told..5_000).contains(&consumed),
        "{told} told, {consumed} there"
    );
    let again = "Get-User | Set-UserLicense -Add DESK -Force | Group-Object Outcome | Select-Object Name, Count";
    let again = in_form(&office, "csv", again);
    let mut records = csv_of(&again.stdout);
    records.sort();
    let counted = [("applied", 5_000 - consumed), ("unchanged", consumed)];
    assert_eq!(
        records,
        counted.map(|(name, count)| vec![name.to_owned(), count.to_string()])
    );
}

#[test]
fn a_script_file_reaches_the_working_folder_and_what_is_allowed() {
    let office = Office::of(1, |_| true);
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret.txt");
    fs::write(&secret, "secret").unwrap();
    fs::write(outside.path().join("lib.usher"), "fn one() { 1 }").unwrap();
    let (folder, secret) = (
        outside.path().display().to_string(),
        secret.display().to_string(),
    );
    fs::create_dir(office.path().join("lib")).unwrap();
    office.write("lib/near.usher", "import 'deeper'\nfn two() { 2 }");
    office.write("lib/deeper.usher", "fn three() { 3 }");
    office.write(
        "near.usher",
        "import 'lib/near' as near\nWrite-Output (near::two())\n$ScriptRoot",
    );
    let run = office.shell().args(["near.usher"]).run().expect_code(0);
    assert_eq!(run.stdout, "2\n.\n");
    for text in [
        format!("Get-Content '{secret}'"),
        format!("'x' | Out-File '{folder}/made.txt'"),
        format!("Import-Csv '{secret}'"),
        format!("import '{folder}/lib' as lib\nlib::one()"),
        format!("Get-Help '{folder}/lib.usher'"),
        "Get-Content '../../../../../../../../etc/hostname'".to_owned(),
    ] {
        office.write("reach.usher", &text);
        let run = office.shell().args(["reach.usher"]).run().expect_code(1);
        for part in ["FILE_NOT_ALLOWED", "--allow-path", "reach.usher:1:"] {
            assert!(
                run.stderr.contains(part),
                "{text}: {part} is not in\n{}",
                run.stderr
            );
        }
        if text.contains(&folder) {
            let allowed = ["--allow-path", &folder, "reach.usher"];
            let run = office.shell().args(allowed).run();
            assert!(
                !run.stderr.contains("FILE_NOT_ALLOWED"),
                "{text}: {}",
                run.stderr
            );
        }
    }
    // What a person types reaches any file.
    let typed = office.says(&format!("Get-Content '{secret}'\n$ScriptRoot -eq $null"));
    assert_eq!(typed, "secret\ntrue");
}

#[test]
fn script_parameters_read_dates_and_lists_as_commands_do() {
    let office = Office::of(1, |_| true);
    office.write(
        "dates.usher",
        "param(Day: date, From: date = \"30 days ago\", Products: list = \"A, B\", Limit: number = \"5\")
        Write-Output ($Day -gt $From), ($Products.Count), ($Products[1]), (Limit + 1)",
    );
    let run = |words: &[&str]| office.shell().args(["dates.usher"]).args(words).run();
    let usual = run(&["-Day", "yesterday"]).expect_code(0);
    assert_eq!(usual.stdout, "true\n2\nB\n6\n");
    for words in [
        &["-Day", "40 days ago"][..],
        &["-40d"],
        &["-Day:40 days ago"],
    ] {
        let run = run(words).expect_code(0);
        assert!(
            run.stdout.starts_with("false\n"),
            "{words:?}: {}",
            run.stdout
        );
    }
    let given = run(&["today", "-Products", "C,D,E", "-From", "-3d"]).expect_code(0);
    assert_eq!(given.stdout, "true\n3\nD\n6\n");
    let wrong = run(&["-Day", "someday"]).expect_code(2);
    assert!(wrong.stderr.contains("3 days ago"), "{}", wrong.stderr);
    office.write(
        "wrong.usher",
        "// A default.\nparam(Day: date = \"someday\")\n$Day",
    );
    let wrong = office.shell().args(["wrong.usher"]).run().expect_code(1);
    for part in ["wrong.usher:2:", "its default is `someday`"] {
        assert!(
            wrong.stderr.contains(part),
            "{part} is not in\n{}",
            wrong.stderr
        );
    }
}

#[test]
fn a_script_says_what_it_is_without_being_run() {
    let office = Office::of(1, |_| true);
    office.write(
        "sales.usher",
        "// Moves one department.\n// Carefully.\nparam(Department, Since: date = \"30 days ago\", Quiet: bool)\n\
         'ran' | Out-File ran.txt\n",
    );
    let expected = "Moves one department.\nCarefully.\n\n\
        usher sales.usher -Department <text> [-Since <date>] [-Quiet]\n  \
        -Since is \"30 days ago\" unless given\n";
    for words in [
        ["sales.usher", "-?"],
        ["sales.usher", "--help"],
        ["sales.usher", "-h"],
    ] {
        let run = office.shell().args(words).run().expect_code(0);
        assert_eq!(run.stdout, expected, "{words:?}");
    }
    let named = office.commands("Get-Help sales.usher").expect_code(0);
    assert_eq!(named.stdout, expected);
    let named = office.commands("Get-Help ./sales.usher").expect_code(0);
    assert_eq!(
        named.stdout,
        expected.replace("usher sales", "usher ./sales")
    );
    assert!(
        !office.path().join("ran.txt").exists(),
        "the script was run"
    );
    let missing = office.commands("Get-Help ./none.usher").expect_code(1);
    for part in ["FILE_NOT_FOUND", "./none.usher", "fix: "] {
        assert!(
            missing.stderr.contains(part),
            "{part} is not in\n{}",
            missing.stderr
        );
    }
    office.write("broken.usher", "param(A: int)\n");
    let broken = office.commands("Get-Help broken.usher").expect_code(1);
    for part in [
        "SYNTAX",
        "broken.usher:1:10",
        "text, number, bool, date and list",
    ] {
        assert!(
            broken.stderr.contains(part),
            "{part} is not in\n{}",
            broken.stderr
        );
    }
}
