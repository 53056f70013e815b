//! docs/powershell.md cannot lie: each line of its tables is typed into the real shell, and what comes out is what
//! stands in its last column. `USHER_TEST_BLESS=1` rewrites that column.

use std::{env, fs, path::Path};

use usher_tests::usher::{Finished, Usher};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const DOCUMENT: &str = "docs/powershell.md";
/// What stands for a line end within a cell.
const LINE_END: char = '↵';
/// Lines of output that a cell shows.
const SHOWN: usize = 5;
const LEAST_HABITS: usize = 40;

#[test]
fn habits_do_what_the_document_says() {
    let path = Path::new(ROOT).join(DOCUMENT);
    let written = fs::read_to_string(&path).unwrap();
    let home = furnished();
    let mut habits = 0;
    let lines: Vec<String> = written
        .lines()
        .map(|line| {
            let Some((typed, here)) = habit(line) else {
                return line.to_owned();
            };
            habits += 1;
            let code = code_of(&typed);
            let run = Usher::new()
                .args(["--data", home.path().to_str().unwrap(), "-c", &code])
                .run();
            format!("| {typed} | {here} | {} |", cell(&run))
        })
        .collect();
    assert!(habits >= LEAST_HABITS, "{habits} habits");
    let seen = format!("{}\n", lines.join("\n"));
    if env::var_os("USHER_TEST_BLESS").is_some_and(|value| value == "1") {
        fs::write(&path, &seen).unwrap();
        return;
    }
    let differing: Vec<String> = written
        .lines()
        .zip(seen.lines())
        .filter(|(old, new)| old != new)
        .map(|(old, new)| format!("- {old}\n+ {new}"))
        .collect();
    assert!(
        differing.is_empty(),
        "{DOCUMENT}:\n{}",
        differing.join("\n")
    );
}

fn furnished() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let data = |file: &str| {
        let path = Path::new(ROOT).join("examples/data").join(file);
        path.to_str().unwrap().to_owned()
    };
    let commands = format!(
        "Import-Product '{}' | Out-Null; Import-User '{}' | Out-Null",
        data("products.csv"),
        data("staff.csv")
    );
    let _ = Usher::new()
        .args(["--data", home.path().to_str().unwrap(), "-c", &commands])
        .run()
        .expect_code(0);
    home
}

/// The first two cells of a line of a table, as written; headings have none.
fn habit(line: &str) -> Option<(String, String)> {
    let row = line.strip_prefix("| `")?.strip_suffix('|')?;
    let row = format!("`{row}");
    let mut cells = Vec::new();
    let (mut cell, mut escaped) = (String::new(), false);
    for letter in row.chars() {
        if letter == '|' && !escaped {
            cells.push(cell.trim().to_owned());
            cell.clear();
            continue;
        }
        escaped = letter == '\\';
        cell.push(letter);
    }
    let [typed, here, ..] = cells.as_slice() else {
        return None;
    };
    Some((typed.clone(), here.clone()))
}

/// A code span, or one in two backticks, as text.
fn code_of(cell: &str) -> String {
    let ticks = cell.len() - cell.trim_start_matches('`').len();
    let inner = &cell[ticks..cell.len() - ticks];
    inner.trim().replace("\\|", "|").replace(LINE_END, "\n")
}

/// What a person sees, as a cell.
fn cell(run: &Finished) -> String {
    if !run.stderr.contains("error[") {
        let lines: Vec<&str> = run.stdout.lines().map(str::trim_end).collect();
        let mut shown: Vec<String> = lines
            .iter()
            .filter(|line| !line.is_empty())
            .take(SHOWN)
            .map(|line| format!("`{}`", line.replace('|', "\\|")))
            .collect();
        if lines.len() > SHOWN {
            shown.push("…".to_owned());
        }
        return match shown.as_slice() {
            [] => "nothing".to_owned(),
            shown => shown.join("<br>"),
        };
    }
    let mut told = String::from("*refused:* ");
    for line in run.stderr.lines() {
        if let Some((_, message)) = line
            .strip_prefix("error[")
            .and_then(|rest| rest.split_once("]: "))
        {
            told.push_str(message);
        }
        if let Some(fix) = line.strip_prefix("fix: ") {
            told.push_str("; ");
            told.push_str(fix);
        }
    }
    told.replace('|', "\\|")
}
