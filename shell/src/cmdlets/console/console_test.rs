//! Dates, words to the person, comparisons and bars, as scripts use them: through the engine, with every command.

use std::rc::Rc;

use crate::cmdlets::fixture::{Fixture, Kept};
use crate::error::{Result, ShellError};
use crate::script::{Interpreter, Output};

fn run(script: &str) -> Result<Vec<String>> {
    let fixture = Fixture::new();
    let output = Rc::new(Kept::default());
    let mut interpreter = Interpreter::new(
        Rc::clone(&fixture.session),
        Rc::clone(&output) as Rc<dyn Output>,
    );
    interpreter.run_text("<test>", script)?;
    let shown = output.0.borrow();
    Ok(shown
        .iter()
        .map(|value| value.display().to_string())
        .collect())
}

fn gives(cases: &[(&str, &[&str])]) {
    for (script, lines) in cases {
        assert_eq!(run(script).unwrap(), *lines, "{script}");
    }
}

fn refused(script: &str) -> ShellError {
    run(script).unwrap_err()
}

#[test]
fn dates_are_moved_taken_apart_and_subtracted() {
    gives(&[
        (
            "(Get-Date 2026-03-31).AddMonths(-1)",
            &["2026-02-28T00:00:00Z"],
        ),
        (
            "(Get-Date 2024-02-29).AddYears(1).AddDays(1)",
            &["2025-03-01T00:00:00Z"],
        ),
        ("(Get-Date 2026-01-01).AddHours(1.5).Hour", &["1"]),
        ("(Get-Date 2026-11-27).DayOfWeek", &["Friday"]),
        (
            "(Get-Date '2026-11-27T10:11:12Z').date",
            &["2026-11-27T00:00:00Z"],
        ),
        (
            "((Get-Date 2026-12-31) - (Get-Date 2026-01-01)).Days",
            &["364"],
        ),
        (
            "((Get-Date 2026-01-02) - (Get-Date 2026-01-01)).TotalHours",
            &["24"],
        ),
        ("(Get-Date 2026-01-01) -lt (Get-Date 2026-01-02)", &["true"]),
        ("Get-Date 2026-11-27 -Format '%d.%m.%Y'", &["27.11.2026"]),
        ("(Get-Date) -gt (Get-Date 2026-01-01)", &["true"]),
    ]);
    for (script, code) in [
        (
            "(Get-Date 2026-01-01).AddDays(99999999999)",
            "ARGUMENT_INVALID",
        ),
        (
            "(Get-Date 2026-01-01).AddMonths(9999999999)",
            "ARGUMENT_INVALID",
        ),
        ("(Get-Date 2026-01-01).Yer", "PROPERTY_NOT_FOUND"),
        ("Get-Date -Format '%Q'", "ARGUMENT_INVALID"),
        ("Get-Date -Format yyyy-MM-dd", "ARGUMENT_INVALID"),
    ] {
        assert_eq!(refused(script).code, code, "{script}");
    }
}

#[test]
fn what_is_said_to_the_person_is_no_result() {
    gives(&[
        ("Write-Host a, b; Write-Warning c; Write-Output d", &["d"]),
        (
            "Write-Error 'bad' -ErrorAction SilentlyContinue; $Error[0].Message",
            &["bad"],
        ),
        (
            "try { Write-Error 'bad' -ErrorAction Stop } catch { $_.Message }",
            &["bad"],
        ),
        ("Read-Host Name -Default Kim", &["Kim"]),
        (
            "Start-Sleep -Milliseconds 1; Start-Sleep 0.001; 'on'",
            &["on"],
        ),
        ("(Measure-Command { 1..=3 | % { $_ } }).Objects", &["3"]),
        ("(Get-Alias Where-Object).Name", &["?", "where"]),
        ("Get-History", &[]),
    ]);
    assert_eq!(refused("Read-Host Name").code, "NOBODY_ANSWERS");
    assert_eq!(refused("Start-Sleep x").code, "ARGUMENT_INVALID");
}

#[test]
fn lists_are_compared() {
    let sides = "| % { `${$_.InputObject}${$_.SideIndicator}` }";
    gives(&[
        (
            &format!("Compare-Object ['a', 'b', 'b', 'c'] ['B', 'd'] {sides}"),
            &["a<=", "b<=", "c<=", "d=>"],
        ),
        (
            &format!("Compare-Object [1, 2] [2, 3] -IncludeEqual {sides}"),
            &["1<=", "2==", "3=>"],
        ),
        (
            &format!("Compare-Object [1, 2] [2, 3] -ExcludeDifferent {sides}"),
            &["2=="],
        ),
        (
            &format!(
                "Compare-Object @(@{{ N = 1; V = 1 }}) @(@{{ N = 1; V = 2 }}) -Property N, V {sides}"
            ),
            &["1, 1<=", "1, 2=>"],
        ),
        ("Compare-Object [1] [1] | Measure-Object | % Count", &["0"]),
    ]);
}

#[test]
fn figures_are_drawn_as_bars() {
    gives(&[(
        "@(@{ Name = 'a'; Count = 4 }, @{ Name = 'b'; Count = 2 }) | Format-Chart Name, Count | % { $_.Split('█').len() - 1 }",
        &["60", "30"],
    )]);
    assert_eq!(
        refused("@(@{ Name = 'a'; Count = 'x' }) | Format-Chart Name, Count").code,
        "VALUE_NOT_NUMERIC"
    );
    assert_eq!(refused("1 | Format-Chart Name").code, "ARGUMENT_INVALID");
}
