//! What is answered about a name that stands for nothing, or for several things (R1).

use super::nearest::{Near, in_words};
use crate::refusal::{Cause, Code, Fix};

/// How much of a name that was given is shown again.
const MOST_SHOWN: usize = 120;

/// That nothing of this kind has the name, and what may be meant.
#[must_use]
pub fn no_such(code: Code, what: &str, given: &str, nearest: Vec<Near>) -> Cause {
    let given = shown(given);
    let mut message = format!("There is no {what} \"{given}\"");
    if nearest.is_empty() {
        return Cause::new(code, message)
            .with("given", given)
            .fix(Fix::ImportProducts);
    }
    let are = if nearest.len() == 1 { "is" } else { "are" };
    message.push_str(&format!("; the nearest {are} {}", in_words(&nearest)));
    let cause = Cause::new(code, message)
        .with("given", &given)
        .fix(Fix::NearName {
            given,
            near: nearest.into_iter().map(|near| near.name).collect(),
        });
    match code {
        Code::ProductNotFound => cause.fix(Fix::ImportProducts),
        _ => cause,
    }
}

/// That nobody has the name.
#[must_use]
pub fn no_user(given: &str) -> Cause {
    let given = shown(given);
    let message =
        format!("There is no user with the id, user principal name or display name \"{given}\"");
    Cause::new(Code::UserNotFound, message).with("given", given)
}

/// That several things have the name; each candidate says how to name it alone.
#[must_use]
pub fn ambiguous(what: &str, given: &str, candidates: Vec<String>) -> Cause {
    let given = shown(given);
    let message = format!(
        "\"{given}\" stands for {} {what}: {}",
        candidates.len(),
        candidates.join(", ")
    );
    Cause::new(Code::AmbiguousName, message)
        .with("given", &given)
        .with("candidates", candidates.join(","))
        .fix(Fix::UseName {
            given,
            instead: candidates,
        })
}

/// A text that was given, cut where it is too long to be shown again.
#[must_use]
pub fn shown(text: &str) -> String {
    match text.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
