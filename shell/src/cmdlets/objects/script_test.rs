//! The object commands as scripts use them: through the engine, with blocks, calculated properties and operators.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use usher_object::Value;

use super::*;
use crate::client::{Connection, Target};
use crate::cmdlet::{Cmdlet, Console, Registry};
use crate::cmdlets::ALIASES;
use crate::error::{Result, ShellError};
use crate::script::{Interpreter, Output};
use crate::session::{Limits, Session};

static COMMANDS: &[&Cmdlet] = &[
    &WHERE_OBJECT,
    &SELECT_OBJECT,
    &SORT_OBJECT,
    &GROUP_OBJECT,
    &FOR_EACH_OBJECT,
    &MEASURE_OBJECT,
    &GET_MEMBER,
    &FORMAT_TABLE,
    &FORMAT_LIST,
    &CONVERT_TO_JSON,
    &CONVERT_FROM_JSON,
    &CONVERT_TO_CSV,
    &CONVERT_FROM_CSV,
    &OUT_NULL,
    &TEE_OBJECT,
    &WRITE_OUTPUT,
];

/// People as a script makes them.
const PEOPLE: &str = r#"
$people = ConvertFrom-Json '[
    {"Name": "Adele", "Department": "Sales", "Seats": 5, "Price": 12.30},
    {"Name": "bert", "Department": "IT", "Seats": 2, "Price": 0.10},
    {"Name": "Carla", "Department": "SALES", "Seats": 9, "Price": 0.20}
]'
"#;

struct Nobody;

impl Console for Nobody {
    fn confirm(&self, _: &str) -> Option<bool> {
        None
    }

    fn note(&self, _: &str) {}

    fn warn(&self, _: &str) {}

    fn progress(&self, _: &str, _: Option<u64>, _: Option<u64>) {}
}

#[derive(Default)]
struct Kept(RefCell<Vec<Value>>);

impl Output for Kept {
    fn write(&self, value: Value) -> Result<()> {
        self.0.borrow_mut().push(value);
        Ok(())
    }
}

fn try_run(script: &str) -> Result<Vec<String>> {
    let stop = Arc::new(AtomicBool::new(false));
    let connection = Connection::new(Target::Memory, Arc::clone(&stop));
    let registry = Registry::new(COMMANDS, ALIASES);
    let session = Session::new(
        registry,
        connection,
        Rc::new(Nobody),
        Limits::default(),
        stop,
        || 0,
    );
    let kept = Rc::new(Kept::default());
    let mut interpreter = Interpreter::new(Rc::new(session), Rc::clone(&kept) as Rc<dyn Output>);
    interpreter.run_text("<command>", &format!("{PEOPLE}{script}"))?;
    let shown = kept.0.borrow().iter().map(Value::to_string).collect();
    Ok(shown)
}

fn run(script: &str) -> Vec<String> {
    try_run(script).unwrap_or_else(|error| panic!("{script}: {error:?}"))
}

fn refused(script: &str) -> ShellError {
    try_run(script).unwrap_err()
}

#[test]
fn where_in_both_forms() {
    assert_eq!(
        run("$people | Where-Object Department -eq sales | % Name"),
        ["Adele", "Carla"]
    );
    assert_eq!(
        run("$people | ? { $_.Seats -gt 2 -and $_.Name -like 'C*' } | % Name"),
        ["Carla"]
    );
    assert_eq!(
        run("$people | where Name -in bert, CARLA | % Name"),
        ["bert", "Carla"]
    );
    assert_eq!(
        run("$wanted = ['bert']\n$people | where Name -in $wanted | % Name"),
        ["bert"]
    );
    assert_eq!(run("$people | where Seats -notin 5, 9 | % Name"), ["bert"]);
    assert_eq!(
        run("$people | where Seats -ge 5 | % Name"),
        ["Adele", "Carla"]
    );
    assert_eq!(
        run("$people | where Name -notmatch '^[ab]' | % Name"),
        ["Carla"]
    );
    assert_eq!(run("1..=10 | Where-Object { $_ -gt 7 }"), ["8", "9", "10"]);
    assert_eq!(run("$people | where Boss | % Name"), Vec::<String>::new());
    assert_eq!(
        run("$people | where Boss -eq $null | where Seats -ne 5 | % Name"),
        ["bert", "Carla"]
    );
}

#[test]
fn select_sort_and_group() {
    assert_eq!(
        run("$people | select Name, Twice={ $_.Seats * 2 } | select -First 1"),
        ["@{Name=Adele; Twice=10}"]
    );
    assert_eq!(
        run("$people | sort Department, 'Seats desc' | % Name"),
        ["bert", "Carla", "Adele"]
    );
    assert_eq!(
        run("$people | sort { 0 - $_.Seats } | % Name"),
        ["Carla", "Adele", "bert"]
    );
    assert_eq!(
        run("$people | sort desc={ $_.Department.len() }, 'Seats desc' | % Name"),
        ["Carla", "Adele", "bert"]
    );
    assert_eq!(
        run("$people | sort 'Twice desc'={ $_.Seats * 2 } -Top 1 | % Name"),
        ["Carla"]
    );
    assert_eq!(
        run("$people | sort Department -Unique | ft Name -GroupBy Department"),
        [
            "   Department: IT",
            "",
            "Name",
            "-----",
            "bert",
            "",
            "   Department: Sales",
            "",
            "Name",
            "-----",
            "Adele",
            ""
        ]
    );
    assert_eq!(
        run("$people | sort Name -Descending | select -Last 1 | % Name"),
        ["Adele"]
    );
    assert_eq!(
        run("$people | group Department | % { `${$_.Name} ${$_.Count}` }"),
        ["Sales 2", "IT 1"]
    );
    assert_eq!(
        run("$people | group { $_.Seats > 4 } -NoElement | % Count"),
        ["2", "1"]
    );
    assert_eq!(
        run("($people | group Department)[0].Group.Name"),
        ["Adele", "Carla"]
    );
    assert_eq!(
        run("$people | select -ExpandProperty Department -Unique"),
        ["Sales", "IT"]
    );
}

#[test]
fn a_variable_has_what_passed() {
    assert_eq!(
        run("$people | tee -Variable all | measure Seats -Sum | % Sum; [$all.Count, $all[1].Name]"),
        ["16", "3", "bert"]
    );
    assert_eq!(
        run("1..=9 | tee -Variable seen | select -First 2 | Out-Null; $seen"),
        ["1", "2"]
    );
    assert_eq!(run("[] | tee -Variable none; $none.Count"), ["0"]);
    assert_eq!(
        run("$all = 7\nif ($people | tee -va all).Count -gt 2 { $all.Name }"),
        ["Adele", "bert", "Carla"]
    );
    assert_eq!(
        run("1..=2 | % -Process { $_ | tee -Variable it | Out-Null } -End { $it }"),
        ["2"]
    );
    assert_eq!(
        run(
            "fn few() { 1..=3 | tee -Variable a | select -First 1 | tee -Variable b | Out-Null; a.len() + b.len() }\nfew()"
        ),
        ["2"]
    );
    assert_eq!(
        run(
            "$got = 0\ntry { 1..=9 | % { if $_ == 3 { throw 'no' }; $_ } | tee -Variable got | Out-Null } catch { $got }"
        ),
        ["1", "2"]
    );
    assert_eq!(
        run(
            "$f = |x| $people | where Seats -gt $x | tee -Variable big\nf.call(4) | Out-Null; $big.Name"
        ),
        ["Adele", "Carla"]
    );
}

#[test]
fn a_variable_is_given_by_its_name() {
    let message = |script: &str| refused(script).message;
    assert!(message("1 | tee -Variable $x").contains("not its value"));
    assert!(message("1 | tee -Variable last").contains("is kept by the shell"));
    assert_eq!(refused("1 | tee").code, "PARAMETER_MISSING");
    let splatted = refused("$how = @{ Variable = 'x' }\n1 | tee @how");
    assert!(
        splatted.message.contains("takes the name of a variable"),
        "{}",
        splatted.message
    );
}

#[test]
fn for_each_shares_one_scope_and_passes_values_on() {
    assert_eq!(
        run("1..=4 | % -Begin { let sum = 0 } -Process { sum += $_ } -End { sum }"),
        ["10"]
    );
    assert_eq!(
        run("1..=2 | % { Write-Output $_; Write-Output done }"),
        ["1", "done", "2", "done"]
    );
    assert_eq!(run("[' a ', 'b'] | % trim"), ["a", "b"]);
    assert_eq!(
        run("$people | % Seats | Measure-Object -Sum | % Sum"),
        ["16"]
    );
}

#[test]
fn money_stays_exact_from_text_to_sum() {
    assert_eq!(run("$people | measure Price -Sum | % Sum"), ["12.60"]);
    assert_eq!(run("$people[1].Price + $people[2].Price"), ["0.30"]);
    assert_eq!(run("$people[0].Price * 2"), ["24.60"]);
}

#[test]
fn formats_and_conversions() {
    let table = run("$people | Format-Table Name, Seats, Half={ $_.Seats / 2 }");
    assert_eq!(
        table,
        [
            "Name   Seats  Half",
            "-----  -----  ----",
            "Adele      5     2",
            "bert       2     1",
            "Carla      9     4",
            ""
        ]
    );
    assert_eq!(
        run("$people | select -First 1 | fl N*, Seats"),
        ["Name  : Adele", "Seats : 5", ""]
    );
    assert_eq!(
        run("$people | select Name -First 1 | ConvertTo-Json -Compress"),
        [r#"{"Name":"Adele"}"#]
    );
    let there_and_back =
        "$people | ConvertTo-Csv -Delimiter ';' | ConvertFrom-Csv | where Seats -gt 4 | % Name";
    assert_eq!(run(there_and_back), ["Adele", "Carla"]);
    assert_eq!(
        run("@{ Name = 'A'; Seats = 5 } | Get-Member | % Kind"),
        ["text", "number"]
    );
    assert_eq!(run("1..=3 | Out-Null"), Vec::<String>::new());
}

#[test]
fn faults_name_the_property_and_the_place() {
    let error = refused("$people | select Name | sort Name | where Nmae -eq x");
    assert_eq!(error.code, "PROPERTY_NOT_FOUND");
    let error = refused("ConvertFrom-Csv \"Name,City\\nAdele,Bern\" | sort Ctiy");
    assert_eq!(
        (error.code.as_str(), error.fix.as_deref()),
        ("PROPERTY_NOT_FOUND", Some("Did you mean `City`?"))
    );
    assert!(error.place.is_some());
    assert_eq!(
        refused("$people | where Name -gt 5").code,
        "VALUE_NOT_COMPARABLE"
    );
    assert_eq!(
        refused("$people | where Name -like 'A[b'").code,
        "PATTERN_INVALID"
    );
}

#[test]
fn examples_that_need_no_service_run() {
    let needs_more = |line: &str| {
        ["Get-User", "Get-License", "Import-"]
            .iter()
            .any(|other| line.contains(other))
    };
    let examples = COMMANDS
        .iter()
        .flat_map(|cmdlet| cmdlet.examples)
        .map(|example| example.line);
    let own: Vec<&str> = examples.filter(|line| !needs_more(line)).collect();
    assert!(own.len() > 10);
    for line in own {
        run(line);
    }
    assert_eq!(
        run(r#"ConvertFrom-Json '{"price": 12.30}' | ForEach-Object { $_.price * 2 }"#),
        ["24.60"]
    );
}
