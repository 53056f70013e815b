//! Tests that cannot run here say so by name, past the capture of their output, and in the list of the whole run.

use std::{
    env,
    fs::OpenOptions,
    io::{self, Write as _},
};

/// Says that a test was left out, and why.
pub fn skipped(test: &str, why: &str) {
    tell(&format!("skipped: {test}: {why}\n"));
    let Some(path) = env::var_os("USHER_TEST_SKIP_LOG") else {
        return;
    };
    let mut log = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .unwrap_or_else(|error| panic!("cannot open {}: {error}", path.display()));
    log.write_all(format!("{test}: {why}\n").as_bytes())
        .expect("the list of skipped tests takes a line");
}

/// Writes to standard error past the capture of a test's output.
pub(crate) fn tell(text: &str) {
    // Nobody to tell is no reason to fail.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Whether nothing may be left out, since nobody reads along.
#[must_use]
pub fn in_ci() -> bool {
    env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}

/// A program that `tests/run` installs and names in a variable; without it the test is left out, except in CI.
#[must_use]
pub fn tool(test: &str, variable: &str) -> Option<String> {
    let program = env::var(variable).ok().filter(|value| !value.is_empty());
    if program.is_none() {
        assert!(
            !in_ci(),
            "{test}: {variable} is not set, and in CI no test is left out"
        );
        skipped(test, &format!("{variable} is not set"));
    }
    program
}
