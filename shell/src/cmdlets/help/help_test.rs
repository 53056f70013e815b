//! Pages that cannot lie: their lines run, and the reference is made anew and compared.

use std::path::Path;
use std::rc::Rc;
use std::{env, fs};

use usher::v1::ErrorReason;
use usher_object::Value;

use super::topics::TOPICS;
use super::{document, error_document};
use crate::cmdlets::CMDLETS;
use crate::cmdlets::fixture::{Fixture, Kept};
use crate::error::Result;
use crate::script::Interpreter;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

#[test]
fn the_lines_of_every_page_run() {
    let data = |file: &str| format!("'{ROOT}/examples/data/{file}'");
    let prepared = format!(
        "Import-Product {}; Import-User {}; New-Subscription SPE_E3 -Quantity 50",
        data("products.csv"),
        data("staff.csv")
    );
    let folder = tempfile::tempdir().unwrap();
    let people = folder.path().join("people.csv");
    fs::write(&people, "UserPrincipalName\nadele.vance@contoso.com\n").unwrap();
    for topic in TOPICS {
        let fixture = Fixture::new();
        let output = Rc::new(Kept::default());
        let mut interpreter = Interpreter::new(Rc::clone(&fixture.session), output);
        interpreter.run_text("<test>", &prepared).unwrap();
        let lines: Vec<&str> = topic.text.lines().collect();
        let mut run = 0;
        for line in lines.iter().filter_map(|line| line.strip_prefix("    > ")) {
            let line = line.replace("people.csv", &format!("'{}'", people.display()));
            if let Err(error) = interpreter.run_text("<test>", &line) {
                panic!("{}: {line}\n{}: {}", topic.name, error.code, error.message);
            }
            run += 1;
        }
        assert!(run > 0, "{} shows no line to type", topic.name);
        assert!(lines.len() <= 40, "{} is longer than a screen", topic.name);
        assert!(
            lines.iter().all(|line| line.chars().count() <= 118),
            "{} is too wide",
            topic.name
        );
    }
}

/// Compares a page with what it is made of; `USHER_TEST_BLESS=1` writes it anew.
fn is_up_to_date(page: &str, made: &str) {
    let path = Path::new(ROOT).join(page);
    if env::var_os("USHER_TEST_BLESS").is_some_and(|value| value == "1") {
        fs::write(&path, made).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let differing = written
        .lines()
        .zip(made.lines())
        .find(|(old, new)| old != new);
    assert!(
        written == made,
        "{page} is out of date, USHER_TEST_BLESS=1 rewrites it: {differing:?}"
    );
}

#[test]
fn the_reference_of_commands_is_up_to_date() {
    is_up_to_date("docs/commands.md", &document::commands(CMDLETS));
}

#[test]
fn the_reference_of_errors_is_up_to_date() {
    let contract = Path::new(ROOT).join("proto/usher/v1/error_reason.proto");
    let listed = error_document::listed(&fs::read_to_string(contract).unwrap());
    let in_contract = (0..256).filter(|number| ErrorReason::try_from(*number).is_ok());
    assert_eq!(listed.len() + 1, in_contract.count());
    is_up_to_date("docs/errors.md", &error_document::errors(&listed));
}

#[test]
fn a_page_is_found_by_its_name_and_listed() {
    let fixture = Fixture::new();
    let shown = |name: &str| {
        let args = [("", Value::from(name))];
        let mut given = fixture.start("Get-Help", &args, None).unwrap();
        given.next().unwrap().unwrap().display().to_string()
    };
    assert!(shown("about_safety").starts_with("SAFETY"));
    assert!(shown("Safety").starts_with("SAFETY"));
    for topic in TOPICS {
        assert!(shown("about").contains(topic.name));
    }
}

fn help(args: &[(&str, &str)]) -> Result<String> {
    let args: Vec<(&str, Value)> = args
        .iter()
        .map(|(name, value)| (*name, Value::from(*value)))
        .map(|(name, value)| match value.as_str() {
            Some("") => (name, Value::Null),
            _ => (name, value),
        })
        .collect();
    let given = Fixture::new().run("Get-Help", &args, None)?;
    Ok(given[0].display().to_string())
}

#[test]
fn a_part_of_a_name_lists_what_it_fits_and_one_fit_is_shown_whole() {
    for name in ["*subscription", "subscription"] {
        let listed = help(&[("", name)]).unwrap();
        assert!(
            listed.contains("Move-Subscription") && listed.contains("Takes over"),
            "{listed}"
        );
        assert!(!listed.contains("Get-User"), "{listed}");
    }
    assert!(help(&[("", "about_*")]).unwrap().contains("about_Filters"));
    assert!(help(&[("", "compare-lic")]).unwrap().contains("SYNTAX"));
}

#[test]
fn an_unknown_name_brings_the_nearest_command_or_page() {
    for (written, meant) in [
        ("Set-UserLicence", "Set-UserLicense"),
        ("about_Pipeline_s", "about_Pipelines"),
    ] {
        let fix = help(&[("", written)]).unwrap_err().fix.unwrap();
        assert!(fix.starts_with(&format!("Did you mean {meant}")), "{fix}");
    }
}

#[test]
fn parameters_are_shown_by_name_by_wildcard_or_all() {
    let one = help(&[("", "Get-User"), ("Parameter", "-License")]).unwrap();
    assert!(one.contains("-License <product>") && one.contains("Tab completes products"));
    let some = help(&[("", "Get-User"), ("Parameter", "License*")]).unwrap();
    assert!(some.contains("-LicenseState Active|"), "{some}");
    let whole = help(&[("", "Set-User")]).unwrap();
    let full = help(&[("", "Set-User"), ("Full", "")]).unwrap();
    assert!(!whole.contains("Asks before the first change"));
    assert!(full.contains("Asks before the first change"));
    assert_eq!(help(&[("", "Set-User"), ("Detailed", "")]).unwrap(), whole);
}

#[test]
fn commands_are_found_by_alias_verb_and_noun_and_the_nearest_is_named() {
    let named = |args: &[(&str, &str)]| -> Result<Vec<String>> {
        let args: Vec<(&str, Value)> = args.iter().map(|(n, v)| (*n, Value::from(*v))).collect();
        let given = Fixture::new().run("Get-Command", &args, None)?;
        let name = |row: &Value| row.property("Name").unwrap().to_string();
        Ok(given.iter().map(name).collect())
    };
    assert_eq!(named(&[("", "FT")]).unwrap(), ["Format-Table"]);
    assert_eq!(
        named(&[("Noun", "License")]).unwrap(),
        ["Get-License", "Compare-License"]
    );
    assert!(
        named(&[("Verb", "import")])
            .unwrap()
            .contains(&"Import-User".to_owned())
    );
    assert!(named(&[("", "x*y")]).unwrap().is_empty());
    for (param, written, meant) in [
        ("", "Get-Licens", "Get-License"),
        ("Noun", "Licence", "License"),
        ("Verb", "Gett", "Get"),
    ] {
        let fix = named(&[(param, written)]).unwrap_err().fix.unwrap();
        assert!(fix.starts_with(&format!("Did you mean {meant}")), "{fix}");
    }
}
