//! docs/errors.md, made of the contract's closed list of reasons and of the usual ways out; a test keeps it up to date.

use std::fmt::Write as _;

use usher::v1::ErrorReason;

use crate::client::usual_fix;

/// How the contract writes a reason.
const PREFIX: &str = "ERROR_REASON_";

/// A reason with what the contract says of it.
pub(super) struct Listed {
    pub(super) reason: ErrorReason,
    cause: String,
}

/// The reasons of `error_reason.proto` by code, with the comment above each; not the one that is never sent.
pub(super) fn listed(contract: &str) -> Vec<Listed> {
    let mut found = Vec::new();
    let mut cause = Vec::new();
    for line in contract.lines().map(str::trim) {
        if let Some(comment) = line.strip_prefix("//") {
            cause.push(comment.trim());
            continue;
        }
        let code = line
            .strip_prefix(PREFIX)
            .and_then(|rest| rest.split(' ').next());
        let reason = code.and_then(ErrorReason::from_code);
        if let Some(reason) = reason.filter(|reason| *reason != ErrorReason::Unspecified) {
            let cause = without_rules(&cause.join(" "));
            found.push(Listed { reason, cause });
        }
        cause.clear();
    }
    found.sort_by_key(|listed| listed.reason.code());
    found
}

/// The page as Markdown.
pub(super) fn errors(listed: &[Listed]) -> String {
    let mut text = String::from(
        "# Error codes\n\nThe closed list of what the service refuses, from the contract \
         (`proto/usher/v1/error_reason.proto`). `Code` of a refused row, of `$Error` and of what `catch` gets is one of \
         these; scripts compare it, never the text. `Fix` holds a command made for the case where there is one, else \
         the usual one below. Codes of the shell itself, such as `PARAMETER_NOT_FOUND`, come before anything is sent, and \
         their messages say what to write instead.\n\n| code | cause | usual fix |\n|---|---|---|\n",
    );
    for Listed { reason, cause } in listed {
        let fix = usual_fix(*reason).unwrap_or("The message says what to give instead");
        let _ = writeln!(
            text,
            "| `{}` | {} | {} |",
            reason.code(),
            cell(cause),
            cell(fix)
        );
    }
    text
}

/// Numbers of rules such as `(R23)` are for who reads the contract.
fn without_rules(cause: &str) -> String {
    let mut kept = String::new();
    let mut rest = cause;
    while let Some((before, after)) = rest.split_once(" (R") {
        kept.push_str(before);
        rest = after.split_once(')').map_or("", |(_, after)| after);
    }
    kept + rest
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}
