//! The examples of every command, and the quickstart, run as an admin would type them.

use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use usher_object::Value;

use super::CMDLETS;
use super::fixture::{Fixture, Kept};
use super::test_server::TestServer;
use crate::error::Severity;
use crate::script::Interpreter;

fn examples() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../examples")
}

/// The files that examples name, in a folder of their own.
fn files() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "products.csv",
        "exclusions.csv",
        "prerequisites.csv",
        "staff.csv",
    ] {
        fs::copy(examples().join("data").join(name), folder.path().join(name)).unwrap();
    }
    fs::write(
        folder.path().join("people.csv"),
        "UserPrincipalName,Department\nadele@contoso.com,Sales\n",
    )
    .unwrap();
    folder
}

/// The line with its files where they are.
fn placed(line: &str, folder: &Path) -> String {
    let words = line.split(' ').map(|word| {
        if [".csv", ".usher"].iter().any(|end| word.ends_with(end)) {
            format!("'{}'", folder.join(word).display())
        } else {
            word.to_owned()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn every_example_runs() {
    let folder = files();
    let prepared = [
        "Import-Product products.csv",
        "Import-User staff.csv",
        "New-User adele@contoso.com 'Adele Bell' -Department Sales -UsageLocation DE",
        "New-Subscription SPE_E3 -Quantity 50",
        "New-Subscription SPE_E5 -Quantity 50",
        "New-Subscription STANDARDPACK -Quantity 50",
    ];
    for cmdlet in CMDLETS {
        let fixture = Fixture::new();
        let profiles = folder.path().join("profiles.toml");
        fixture.session.profiles.replace(profiles);
        let output = Rc::new(Kept::default());
        let mut interpreter = Interpreter::new(Rc::clone(&fixture.session), output);
        for line in prepared {
            interpreter
                .run_text("<test>", &placed(line, folder.path()))
                .unwrap();
        }
        // What the examples of changing licences start from.
        if let "Set-UserLicense" | "Remove-UserLicense" | "Copy-UserLicense" | "Move-UserLicense" =
            cmdlet.name
        {
            interpreter
                .run_text("<test>", "Set-UserLicense adele@contoso.com -Add SPE_E3")
                .unwrap();
        }
        if cmdlet.name == "Switch-UserLicense" {
            interpreter
                .run_text(
                    "<test>",
                    "Set-UserLicense adele@contoso.com -Add STANDARDPACK",
                )
                .unwrap();
        }
        let server = (cmdlet.name == "Connect-Service").then(|| TestServer::start(folder.path()));
        if cmdlet.name == "Restore-User" {
            let lines = "New-User leaver@contoso.com Leaver; Remove-User leaver@contoso.com";
            interpreter.run_text("<test>", lines).unwrap();
        }
        for example in cmdlet.examples {
            let mut line = placed(example.line, folder.path());
            if let Some(server) = &server {
                line = server.named_in(&line);
            }
            if let Err(error) = interpreter.run_text("<test>", &line) {
                panic!("{}: {line}\n{}: {}", cmdlet.name, error.code, error.message);
            }
        }
    }
}

#[test]
fn the_quickstart_runs_twice_on_the_same_data() {
    let fixture = Fixture::new();
    let licensed = |output: &Kept| {
        let rows = output.0.borrow();
        let sales = rows.iter().rev().find(|row| {
            row.property("Department")
                .is_ok_and(|department| department.as_str() == Some("Sales"))
        });
        sales
            .and_then(|sales| sales.property("Licensed").ok())
            .unwrap_or_default()
    };
    let mut outcomes = Vec::new();
    for _ in 0..2 {
        let output = Rc::new(Kept::default());
        let shown = Rc::clone(&output);
        let mut interpreter = Interpreter::new(Rc::clone(&fixture.session), output);
        let ended = interpreter
            .run_file(&examples().join("quickstart.usher"), &[])
            .unwrap_err();
        assert_eq!(
            ended.severity,
            Severity::Exit(0),
            "{}: {}",
            ended.code,
            ended.message
        );
        let told: Vec<String> = shown.0.borrow().iter().map(ToString::to_string).collect();
        let told = told.join("\n");
        for code in [
            "MUTUALLY_EXCLUSIVE_PLANS",
            "USAGE_LOCATION_MISSING",
            "MISSING_PREREQUISITE_PLAN",
            "NO_AVAILABLE_SEATS",
        ] {
            assert!(told.contains(code), "{code} is not shown");
        }
        outcomes.push(licensed(&shown));
    }
    assert_eq!(outcomes, [Value::Int(18), Value::Int(18)]);
}
