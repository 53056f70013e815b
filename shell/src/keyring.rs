//! Tokens in the system's keyring, by the program that each desktop has for it. A token goes to it over its standard
//! input, never as an argument, which others could read.

use std::io::{self, Write};
use std::process::{Command, Output, Stdio};

use crate::client::Token;
use crate::error::{Result, Severity, ShellError};

/// Under which name the keyring knows what is of this program.
const SERVICE: &str = "usher";

/// The token that was kept for a profile.
pub(crate) fn token_of(profile: &str) -> Result<Token> {
    let (program, arguments) = lookup(profile);
    let answer = run(program, &arguments, "")?;
    let token = String::from_utf8_lossy(&answer.stdout);
    if answer.status.success() && !token.trim().is_empty() {
        return Ok(Token::new(&token));
    }
    let said = last_line(&answer);
    if said.is_empty() || cfg!(target_os = "macos") {
        return Err(refused(format!(
            "The keyring holds no token for the profile `{profile}`"
        ))
        .fix(format!(
            "Connect-Service SERVER -SaveAs {profile} asks for it and keeps it there"
        )));
    }
    Err(unusable(program, &said))
}

/// Keeps the token of a profile.
pub(crate) fn keep(profile: &str, token: &Token) -> Result<()> {
    let (program, arguments, input) = storing(profile, token);
    let answer = run(program, &arguments, &input)?;
    if answer.status.success() {
        return Ok(());
    }
    Err(unusable(program, &last_line(&answer)))
}

#[cfg(not(target_os = "macos"))]
fn lookup(profile: &str) -> (&'static str, Vec<String>) {
    let words = ["lookup", "service", SERVICE, "profile", profile];
    ("secret-tool", words.map(str::to_owned).to_vec())
}

#[cfg(not(target_os = "macos"))]
fn storing(profile: &str, token: &Token) -> (&'static str, Vec<String>, String) {
    let label = format!("--label=Usher, profile {profile}");
    let words = ["store", &label, "service", SERVICE, "profile", profile];
    let words = words.map(str::to_owned).to_vec();
    ("secret-tool", words, token.reveal().to_owned())
}

#[cfg(target_os = "macos")]
fn lookup(profile: &str) -> (&'static str, Vec<String>) {
    let words = ["find-generic-password", "-s", SERVICE, "-a", profile, "-w"];
    ("security", words.map(str::to_owned).to_vec())
}

#[cfg(target_os = "macos")]
fn storing(profile: &str, token: &Token) -> (&'static str, Vec<String>, String) {
    let line = format!(
        "add-generic-password -U -s {SERVICE} -a {profile} -w {}\n",
        token.reveal()
    );
    ("security", vec!["-i".to_owned()], line)
}

fn run(program: &str, arguments: &[String], input: &str) -> Result<Output> {
    let started = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let ended = started.and_then(|mut child| {
        if let Some(mut stdin) = child.stdin.take() {
            // One that ends without reading says why on its standard error.
            let _ = stdin.write_all(input.as_bytes());
        }
        child.wait_with_output()
    });
    ended.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => unusable(program, "the program is not installed"),
        _ => unusable(program, &error.to_string()),
    })
}

fn last_line(answer: &Output) -> String {
    let said = String::from_utf8_lossy(&answer.stderr);
    said.trim().lines().last().unwrap_or_default().to_owned()
}

fn unusable(program: &str, cause: &str) -> ShellError {
    refused(format!(
        "The keyring of this system cannot be used by {program}: {cause}"
    ))
    .fix("Keep the token in a file that only you may read: -TokenFile FILE, or token_file of the profile")
}

fn refused(message: String) -> ShellError {
    ShellError::new("KEYRING", message).severity(Severity::Usage)
}
