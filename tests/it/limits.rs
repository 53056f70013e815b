//! Limits of the command line, each reached by a real process: what it says, how it ends, and what is done by then.

use usher_tests::{
    office::Office,
    usher::{Finished, Usher},
};

/// Ends with exit code 1, by a limit, and names the option that raises it.
fn reached(run: Finished, option: &str) -> Finished {
    let run = run.expect_code(1);
    let error = run.stderr.split("error[").nth(1).unwrap_or_default();
    assert!(error.starts_with("LIMIT_EXCEEDED]"), "{}", run.stderr);
    let fix = error.split("fix: ").nth(1).unwrap_or_default();
    assert!(fix.contains(option), "{option} is not in\n{}", run.stderr);
    run
}

fn with(option: &str, limit: &str, commands: &str) -> Finished {
    Usher::new()
        .args(["--data", ":memory:", option, limit, "-c", commands])
        .run()
}

#[test]
fn what_a_script_may_use_ends_it() {
    for (option, limit, commands) in [
        (
            "--max-operations",
            "1000",
            "Write-Output first; while true { }",
        ),
        (
            "--max-operations",
            "1000",
            "Write-Output first; 1..100000 | Measure-Object",
        ),
        (
            "--max-memory",
            "64",
            "Write-Output first; $all = []; while true { $all.push('x') }",
        ),
        (
            "--max-memory",
            "64",
            "Write-Output first; 1..100000000 | Sort-Object",
        ),
        ("--max-time", "1", "Write-Output first; while true { }"),
        ("--max-time", "1", "Write-Output first; Start-Sleep 60"),
        (
            "--max-depth",
            "20",
            "Write-Output first; fn f(n) { if n == 0 { 0 } else { f(n - 1) } }\nf(40)",
        ),
    ] {
        let run = reached(with(option, limit, commands), option);
        assert_eq!(run.stdout, "first\n", "{commands}");
    }
}

#[test]
fn a_limit_cannot_be_caught() {
    let caught = "try { while true { } } catch { 'caught' }; 'after'";
    let run = reached(with("--max-operations", "1000", caught), "--max-operations");
    assert_eq!(run.stdout, "");
}

#[test]
fn a_depth_that_is_allowed_is_there() {
    let deep = |depth: usize| {
        format!("fn f(n) {{ if n == 0 {{ 0 }} else {{ 1 + f(n - 1) }} }}\nf({depth})")
    };
    let run = with("--max-depth", "512", &deep(500)).expect_code(0);
    assert_eq!(run.stdout.trim_end(), "500");
    reached(with("--max-depth", "512", &deep(600)), "--max-depth");
    // Each call inside the deepest expression that the language has: the stack is enough for all of it.
    let (open, close) = ("1+(".repeat(60), ")".repeat(60));
    let endless = format!("fn f(n) {{ {open}f(n + 1){close} }}\nf(0)");
    reached(with("--max-depth", "512", &endless), "--max-depth");
    let run = with("--max-depth", "100000", "1").expect_code(2);
    assert!(run.stderr.contains("--max-depth"), "{}", run.stderr);
}

#[test]
fn expressions_inside_one_another_are_a_limit_too() {
    let nested = format!("{}1{}", "[".repeat(60), "]".repeat(60));
    let run = Usher::in_memory(&format!("$x = {nested}\n'after'")).run();
    assert_eq!(reached(run, "--max-depth").stdout, "");
    let run = with("--max-depth", "256", &format!("$x = {nested}\n'after'")).expect_code(0);
    assert_eq!(run.stdout, "after\n");
}

#[test]
fn changed_rows_end_at_their_limit_and_what_is_done_is_told() {
    let office = Office::of(30, |_| true);
    let _ = office.says("New-Subscription DESK -Quantity 100 | Out-Null");
    let line = "Get-User -Department Sales | Set-UserLicense -Add DESK | Group-Object Outcome | Select-Object Name, Count";
    let limited = |limit: &str, line: &str| {
        let options = ["--max-writes", limit, "--output", "csv", "-c", line];
        office.shell().args(options).run()
    };
    // Only looking changes no row.
    let run = limited(
        "10",
        "Get-User | Set-UserLicense -Add DESK -WhatIf | Measure-Object | ForEach-Object Count",
    );
    assert_eq!(run.expect_code(0).stdout.trim_end(), "Value\n30");
    let run = reached(limited("10", line), "--max-writes");
    assert!(run.stderr.contains("more than 10 rows"), "{}", run.stderr);
    let told =
        "Set-UserLicense went through 10 rows before the error that follows; they stay as they are";
    assert!(run.stderr.contains(told), "{}", run.stderr);
    assert_eq!(office.says("(Get-License DESK).Consumed"), "10");
    // The rows of all commands of a script count together.
    let both = "Get-User | Select-Object -First 6 | Set-UserLicense -Add DESK | Out-Null
        New-User zoe@contoso.com Zoe | Out-Null; New-User yan@contoso.com Yan | Out-Null";
    let run = reached(limited("7", both), "--max-writes");
    assert!(run.stderr.contains("<command>:2:"), "{}", run.stderr);
    assert_eq!(
        office.says(
            "Write-Output ((Get-User -Search 'Zoe').Count), ((Get-User -Search 'Yan').Count)"
        ),
        "1\n0"
    );
    let run = limited("30", line).expect_code(0);
    assert_eq!(run.stdout, "Name,Count\nunchanged,10\napplied,20\n");
}

#[test]
fn nothing_of_what_goes_together_is_done_at_a_limit() {
    let office = Office::of(5, |_| true);
    let _ = office.says("New-Subscription DESK -Quantity 100 | Out-Null");
    let line = "Get-User | Set-UserLicense -Add DESK -AllOrNothing";
    let run = office.shell().args(["--max-writes", "3", "-c", line]).run();
    reached(run, "--max-writes");
    let throws = "Get-User | ForEach-Object { if $_.DisplayName -eq 'Person 3' { throw 'no' }; $_ } | Set-UserLicense -Add DESK -AllOrNothing";
    let run = office.commands(throws).expect_code(1);
    assert!(run.stderr.contains("no"), "{}", run.stderr);
    assert_eq!(office.says("(Get-License DESK).Consumed"), "0");
}

#[test]
fn an_import_over_the_limit_of_rows_changes_nothing() {
    let office = Office::of(2, |_| true);
    office.write(
        "more.csv",
        "userPrincipalName,displayName\na@contoso.com,A\nb@contoso.com,B\nc@contoso.com,C\n",
    );
    let run = office
        .shell()
        .args(["--max-writes", "2", "-c", "Import-User more.csv"])
        .run();
    reached(run, "--max-writes");
    assert_eq!(office.says("(Get-User).Count"), "2");
}

#[test]
fn more_people_than_the_limit_need_somebody_to_ask_or_force() {
    let office = Office::of(6, |_| true);
    let _ = office.says("New-Subscription DESK -Quantity 100 | Out-Null");
    let limited = |line: &str| office.shell().args(["--max-people", "5", "-c", line]).run();
    let run = limited("Get-User | Set-UserLicense -Add DESK | Out-Null").expect_code(1);
    for part in [
        "CONFIRMATION_NEEDED",
        "more than 5 users",
        "-WhatIf",
        "-Force",
    ] {
        assert!(
            run.stderr.contains(part),
            "{part} is not in\n{}",
            run.stderr
        );
    }
    assert_eq!(office.says("(Get-License DESK).Consumed"), "0");
    let _ = limited("Get-User | Set-UserLicense -Add DESK -WhatIf | Out-Null").expect_code(0);
    let _ = limited("Get-User | Select-Object -First 5 | Set-UserLicense -Add DESK | Out-Null")
        .expect_code(0);
    let _ = limited("Get-User | Set-UserLicense -Add DESK -Force | Out-Null").expect_code(0);
    assert_eq!(office.says("(Get-License DESK).Consumed"), "6");
}
