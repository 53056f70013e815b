//! What became of a change, as an object: one row a person, refused ones too.

use usher::v1::{Cause, ErrorReason, Outcome, OutcomeResult};
use usher_object::{TypeCache, Value};

use super::{Shape, text, texts};
use crate::client::fix_text;
use crate::error::ShellError;

/// What became of a change of licences.
pub static LICENSE_CHANGE: Shape<Outcome> = Shape {
    name: "LicenseChange",
    properties: &[
        ("UserPrincipalName", |row| text(&row.subject)),
        ("DisplayName", |row| text(&row.display_name)),
        ("Outcome", |row| result(row.result())),
        ("Code", code),
        ("Message", message),
        ("Fix", fix),
        ("Fixes", |row| texts(row.causes.iter().flat_map(fixes))),
        ("Next", |row| {
            row.causes
                .first()
                .map_or(Value::Null, |cause| text(&cause.next))
        }),
        ("Gained", |row| texts(&row.gained)),
        ("Lost", |row| texts(&row.lost)),
        ("Seats", |row| {
            let taken = row.seats.iter().map(|delta| delta.seats);
            Value::Int(taken.fold(0, i64::saturating_add))
        }),
        ("Notes", |row| texts(&row.notes)),
        ("Causes", |row| Value::list(row.causes.iter().map(cause))),
        ("Row", |row| Value::Int(row.row.saturating_add(1))),
        ("UserId", |row| text(&row.subject_id)),
        ("Revision", |row| revision(row.revision)),
    ],
    columns: &[
        "UserPrincipalName",
        "Outcome",
        "Code",
        "Gained",
        "Lost",
        "Fix",
    ],
};

/// What became of a change of a person's fields.
pub static USER_CHANGE: Shape<Outcome> = Shape {
    name: "UserChange",
    properties: &[
        ("UserPrincipalName", |row| text(&row.subject)),
        ("DisplayName", |row| text(&row.display_name)),
        ("Outcome", |row| result(row.result())),
        ("Code", code),
        ("Message", message),
        ("Fix", fix),
        ("Notes", |row| texts(&row.notes)),
        ("UserId", |row| text(&row.subject_id)),
        ("Revision", |row| revision(row.revision)),
    ],
    columns: &["UserPrincipalName", "Outcome", "Code", "Message", "Fix"],
};

/// A row that was refused by a command whose objects are no outcomes; stands in `$Error`.
pub static ERROR: Shape<ShellError> = Shape {
    name: "Error",
    properties: &[
        ("Target", |error| {
            error.target.as_deref().map_or(Value::Null, text)
        }),
        ("Outcome", |_| "failed".into()),
        ("Code", |error| text(&error.code)),
        ("Message", |error| text(&error.message)),
        ("Fix", |error| {
            error.fix.as_deref().map_or(Value::Null, text)
        }),
    ],
    columns: &["Target", "Code", "Message", "Fix"],
};

fn result(result: OutcomeResult) -> Value {
    match result {
        OutcomeResult::Applied => "applied".into(),
        OutcomeResult::Unchanged => "unchanged".into(),
        OutcomeResult::Waiting => "waiting".into(),
        OutcomeResult::Failed => "failed".into(),
        OutcomeResult::Unspecified => Value::Null,
    }
}

fn code(row: &Outcome) -> Value {
    match row.reason() {
        ErrorReason::Unspecified => Value::Null,
        reason => reason.code().into(),
    }
}

fn message(row: &Outcome) -> Value {
    row.causes
        .first()
        .map_or(Value::Null, |cause| text(&cause.message))
}

fn fix(row: &Outcome) -> Value {
    // The way out of the cause that the code names; that of another cause would mislead.
    row.causes
        .first()
        .and_then(|cause| fixes(cause).next())
        .map_or(Value::Null, Value::from)
}

fn fixes(cause: &Cause) -> impl Iterator<Item = String> {
    cause.fixes.iter().filter_map(fix_text)
}

fn cause(cause: &Cause) -> Value {
    let values = vec![
        cause.reason().code().into(),
        text(&cause.message),
        texts(fixes(cause)),
        text(&cause.next),
    ];
    TypeCache::new("Cause", true)
        .record(&["Code", "Message", "Fixes", "Next"], values)
        .map_or(Value::Null, Value::from)
}

fn revision(revision: i64) -> Value {
    if revision == 0 {
        Value::Null
    } else {
        Value::Int(revision)
    }
}

#[cfg(test)]
mod tests {
    use usher::v1::{BuySeats, Fix, fix::Action};

    use super::*;

    #[test]
    fn a_refused_row_says_what_why_and_how_to_go_on() {
        let outcome = Outcome {
            subject: "adele@contoso.com".into(),
            result: OutcomeResult::Failed.into(),
            reason: ErrorReason::NoAvailableSeats.into(),
            causes: vec![Cause {
                reason: ErrorReason::NoAvailableSeats.into(),
                message: "SPE_E3 has 0 free seats".into(),
                fixes: vec![Fix {
                    action: Some(Action::BuySeats(BuySeats {
                        product: "SPE_E3".into(),
                        quantity: 69,
                    })),
                }],
                ..Cause::default()
            }],
            ..Outcome::default()
        };
        let row = LICENSE_CHANGE.object(&outcome);
        let property = |name: &str| row.property(name).unwrap().to_string();
        assert_eq!(property("Outcome"), "failed");
        assert_eq!(property("Code"), "NO_AVAILABLE_SEATS");
        assert_eq!(property("Fix"), "New-Subscription SPE_E3 -Quantity 69");
        assert_eq!(row.property("Revision"), Ok(Value::Null));
        assert_eq!(
            row.property("Causes")
                .unwrap()
                .property("Code")
                .unwrap()
                .to_string(),
            "NO_AVAILABLE_SEATS"
        );
        assert_eq!(row.property("Row"), Ok(Value::Int(1)));
    }
}
