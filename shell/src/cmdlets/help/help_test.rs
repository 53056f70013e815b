//! Pages that cannot lie: their lines run, and the reference is made anew and compared.

use std::path::Path;
use std::rc::Rc;
use std::{env, fs};

use usher_object::Value;

use super::document;
use super::topics::TOPICS;
use crate::cmdlets::CMDLETS;
use crate::cmdlets::fixture::{Fixture, Kept};
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

#[test]
fn the_reference_is_up_to_date() {
    let path = Path::new(ROOT).join("docs/commands.md");
    let made = document::commands(CMDLETS);
    if env::var_os("USHER_TEST_BLESS").is_some_and(|value| value == "1") {
        fs::write(&path, &made).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let differing = written
        .lines()
        .zip(made.lines())
        .find(|(old, new)| old != new);
    assert!(
        written == made,
        "docs/commands.md is out of date, USHER_TEST_BLESS=1 rewrites it: {differing:?}"
    );
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
