//! What options make of a session.

use clap::CommandFactory;

use super::way::target;
use super::*;
use crate::client::Target;

fn parsed(line: &[&str]) -> Options {
    let words = std::iter::once("usher").chain(line.iter().copied());
    super::parsed(words.map(OsString::from).collect()).unwrap()
}

#[test]
fn the_declaration_is_sound() {
    Options::command().debug_assert();
}

#[test]
fn words_after_a_script_are_the_scripts() {
    let options = parsed(&[
        "--output",
        "json",
        "sales.usher",
        "-Department",
        "IT",
        "-Force",
        "--output",
        "x",
    ]);
    assert_eq!(options.output, OutputFormat::Json);
    assert_eq!(options.script.as_deref(), Some("sales.usher"));
    assert_eq!(
        options.words,
        ["-Department", "IT", "-Force", "--output", "x"]
    );
}

#[test]
fn help_after_a_script_is_the_scripts() {
    let options = parsed(&["sales.usher", "--help"]);
    assert_eq!(options.script.as_deref(), Some("sales.usher"));
    assert_eq!(options.words, ["-?"]);
    for line in [&["--help"][..], &["-h", "sales.usher"], &["-", "-h"]] {
        let words = std::iter::once("usher").chain(line.iter().copied());
        assert!(
            super::parsed(words.map(OsString::from).collect()).is_err(),
            "{line:?}"
        );
    }
}

#[test]
fn commands_and_standard_input_are_told_apart() {
    let options = parsed(&["-c", "Get-User -Department 'Sales'"]);
    assert!(matches!(
        work(options),
        Ok(Work::Text {
            name: "<command>",
            ..
        })
    ));
    assert_eq!(parsed(&["-"]).script.as_deref(), Some("-"));
    assert!(Options::try_parse_from(["usher", "-c", "1", "script.usher"]).is_err());
    assert!(Options::try_parse_from(["usher", "--server", "a", "--data", "b"]).is_err());
}

#[test]
fn where_the_service_is() {
    assert_eq!(
        target(&parsed(&["--data", ":memory:"])).unwrap(),
        Target::Memory
    );
    assert_eq!(
        target(&parsed(&["--data", "here"])).unwrap(),
        Target::Folder("here".into())
    );
    let server = target(&parsed(&["--server", "127.0.0.1:50443"])).unwrap();
    assert_eq!(server, Target::Server("127.0.0.1:50443".into()));
}

#[test]
fn limits_are_taken_as_given() {
    let options = parsed(&[
        "--max-people",
        "5",
        "--max-time",
        "7",
        "--max-memory",
        "1",
        "--max-depth",
        "300",
        "--data",
        ":memory:",
    ]);
    let session = session(&options, &Arc::default(), false, || 0).unwrap();
    assert_eq!(session.people_limit.get(), 5);
    assert_eq!(session.limits.time, Duration::from_secs(7));
    assert_eq!(session.limits.memory, MIB);
    assert_eq!(session.limits.call_depth, 300);
    assert!(Options::try_parse_from(["usher", "--max-depth", "0"]).is_err());
}

#[test]
fn only_script_files_are_held_to_folders() {
    let folders = |line: &[&str]| {
        let session = session(&parsed(line), &Arc::default(), false, || 0).unwrap();
        match session.files.replace(FileAccess::Any) {
            FileAccess::Below(folders) => Some(folders.len()),
            FileAccess::Any => None,
        }
    };
    assert_eq!(folders(&["--allow-path", "/tmp", "a.usher"]), Some(2));
    assert_eq!(folders(&["-c", "1"]), None);
    assert_eq!(folders(&["-"]), None);
}

#[test]
fn a_folder_that_is_not_there_is_refused_at_the_start() {
    for (folder, why) in [
        ("/no/such/folder", "is not there"),
        ("/dev/null", "is no folder"),
    ] {
        let line = ["--allow-path", folder, "a.usher"];
        let error = session(&parsed(&line), &Arc::default(), false, || 0)
            .err()
            .unwrap();
        assert_eq!(
            (error.code.as_str(), error.exit_code()),
            ("FOLDER_NOT_FOUND", 2)
        );
        assert!(
            error.message.contains(folder) && error.message.contains(why),
            "{error}"
        );
    }
}
