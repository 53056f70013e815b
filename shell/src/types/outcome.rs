//! What became of a change, as an object: one row a person, refused ones too.

use std::rc::Rc;

use usher::v1::fix::Action;
use usher::v1::{Cause, ErrorReason, Outcome, OutcomeResult, PlanDelta, RestoredLicense};
use usher_object::{TypeCache, Value};

use super::{Shape, text, texts};
use crate::client::{fix_text, usual_fix_for};
use crate::error::{Place, ShellError};

/// What became of one row of a change.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    /// What the service says.
    pub outcome: Outcome,
    /// Why the row is refused, where that is known without the outcome.
    pub unsent: Option<ShellError>,
}

impl Changed {
    /// A row refused without an outcome of the service.
    pub fn refused(error: ShellError) -> Self {
        Self {
            outcome: Outcome {
                subject: error.target.clone().unwrap_or_default(),
                result: OutcomeResult::Failed.into(),
                ..Outcome::default()
            },
            unsent: Some(error),
        }
    }

    /// Why the row is refused, held or waits, and the way out of it: of all its causes, since one alone would leave the
    /// row refused.
    pub fn error(&self) -> Option<ShellError> {
        if let Some(error) = &self.unsent {
            return Some(error.clone());
        }
        let outcome = &self.outcome;
        let cause = outcome.causes.first();
        let reason = outcome.reason();
        if reason == ErrorReason::Unspecified && cause.is_none() {
            return None;
        }
        let mut error = ShellError::new(
            if reason == ErrorReason::Unspecified {
                ""
            } else {
                reason.code()
            },
            cause.map_or("", |cause| &cause.message),
        );
        error.fix = match &outcome.causes[..] {
            [] => (outcome.result() == OutcomeResult::Failed)
                .then(|| usual_fix_for(reason, &outcome.subject, None))
                .flatten(),
            [cause] => way_out(outcome, cause),
            causes => all_ways_out(outcome, causes),
        };
        error.target = Some(outcome.subject.clone()).filter(|subject| !subject.is_empty());
        Some(error)
    }
}

/// What the service offers for a cause, else what usually helps.
fn way_out(outcome: &Outcome, cause: &Cause) -> Option<String> {
    let usual = (outcome.result() == OutcomeResult::Failed)
        .then(|| usual_fix_for(cause.reason(), &outcome.subject, Some(&cause.metadata)))
        .flatten();
    match (fixes(cause).next(), usual) {
        // Another name may not be the one that was meant: all of them are.
        (Some(offered), Some(usual)) if cause.reason() == ErrorReason::PlanNotFound => {
            Some(format!("{offered} {usual}"))
        }
        (offered, usual) => offered.or(usual),
    }
}

/// The ways out of several causes in the order in which they work: the change itself comes after what it needs.
fn all_ways_out(outcome: &Outcome, causes: &[Cause]) -> Option<String> {
    let changes_licenses = |cause: &&Cause| {
        let first = cause.fixes.first().and_then(|fix| fix.action.as_ref());
        matches!(first, Some(Action::ChangeLicenses(_)))
    };
    let (last, first): (Vec<&Cause>, Vec<&Cause>) = causes.iter().partition(changes_licenses);
    let mut steps: Vec<String> = Vec::new();
    for cause in first.into_iter().chain(last) {
        if let Some(step) = way_out(outcome, cause) {
            // A comment would swallow the steps behind it.
            let step = match step.split_once(" // ") {
                Some((command, comment)) => format!("{command} ({comment})"),
                None => step,
            };
            if !steps.contains(&step) {
                steps.push(step);
            }
        }
    }
    (!steps.is_empty()).then(|| steps.join("; then "))
}

impl From<Outcome> for Changed {
    fn from(outcome: Outcome) -> Self {
        Self {
            outcome,
            unsent: None,
        }
    }
}

/// What became of a change of licences.
pub static LICENSE_CHANGE: Shape<Changed> = Shape {
    name: "LicenseChange",
    properties: &[
        ("UserPrincipalName", |row| text(&row.outcome.subject)),
        ("DisplayName", |row| text(&row.outcome.display_name)),
        ("Outcome", |row| result(row.outcome.result())),
        ("Code", code),
        ("Message", message),
        ("Fix", fix),
        ("Fixes", |row| texts(all_fixes(row))),
        ("Next", next),
        ("Gained", |row| texts(&row.outcome.gained)),
        ("Lost", |row| texts(&row.outcome.lost)),
        ("PlansOn", |row| texts(plans(row, |delta| &delta.plans_on))),
        ("PlansOff", |row| {
            texts(plans(row, |delta| &delta.plans_off))
        }),
        ("PlanChanges", |row| {
            Value::list(row.outcome.plans.iter().map(plan_change))
        }),
        ("Seats", |row| Value::Int(seats(row))),
        ("Notes", |row| texts(&row.outcome.notes)),
        ("NotCarried", |row| texts(&row.outcome.not_carried)),
        ("Causes", |row| {
            Value::list(row.outcome.causes.iter().map(cause))
        }),
        ("Row", |row| Value::Int(row.outcome.row.saturating_add(1))),
        ("UserId", |row| text(&row.outcome.subject_id)),
        ("Revision", |row| revision(row.outcome.revision)),
    ],
    columns: &[
        "UserPrincipalName",
        "Outcome",
        "Code",
        "Gained",
        "Lost",
        "PlansOn",
        "PlansOff",
        "Fix",
    ],
    details: &["Message", "Notes", "Next"],
};

/// What became of a change of a person's fields.
pub static USER_CHANGE: Shape<Changed> = Shape {
    name: "UserChange",
    properties: &[
        ("UserPrincipalName", |row| text(&row.outcome.subject)),
        ("DisplayName", |row| text(&row.outcome.display_name)),
        ("Outcome", |row| result(row.outcome.result())),
        ("Code", code),
        ("Message", message),
        ("Fix", fix),
        ("Notes", |row| texts(&row.outcome.notes)),
        ("UserId", |row| text(&row.outcome.subject_id)),
        ("Revision", |row| revision(row.outcome.revision)),
    ],
    columns: &["UserPrincipalName", "Outcome", "Code", "Message", "Fix"],
    details: &["Message", "Notes"],
};

/// What became of the deletion, purge or offboarding of a person.
pub static USER_REMOVAL: Shape<Changed> = Shape {
    name: "UserRemoval",
    properties: &[
        ("UserPrincipalName", |row| text(&row.outcome.subject)),
        ("DisplayName", |row| text(&row.outcome.display_name)),
        ("Outcome", |row| result(row.outcome.result())),
        ("Code", code),
        ("Message", message),
        ("Fix", fix),
        ("Lost", |row| texts(&row.outcome.lost)),
        ("SeatsFreed", |row| Value::Int(seats(row).saturating_neg())),
        ("Notes", |row| texts(&row.outcome.notes)),
        ("UserId", |row| text(&row.outcome.subject_id)),
        ("Revision", |row| revision(row.outcome.revision)),
    ],
    columns: &[
        "UserPrincipalName",
        "Outcome",
        "Lost",
        "SeatsFreed",
        "Code",
        "Fix",
    ],
    details: &["Message", "Notes"],
};

/// A person who was restored, and what became of each former licence.
#[derive(Clone, Debug, Default)]
pub struct Restored {
    /// The person.
    pub user: Changed,
    /// The former licences.
    pub licenses: Vec<RestoredLicense>,
}

/// What became of a restored person.
pub static USER_RESTORE: Shape<Restored> = Shape {
    name: "UserRestore",
    properties: &[
        ("UserPrincipalName", |row| text(&row.user.outcome.subject)),
        ("DisplayName", |row| text(&row.user.outcome.display_name)),
        ("Outcome", |row| result(row.user.outcome.result())),
        ("Code", |row| code(&row.telling())),
        ("Message", |row| message(&row.telling())),
        ("Fix", |row| fix(&row.telling())),
        ("Gained", |row| texts(&row.user.outcome.gained)),
        ("Refused", |row| {
            let refused = row.refused().map(|license| &license.part_number);
            texts(refused)
        }),
        ("PlansOff", |row| {
            texts(plans(&row.user, |delta| &delta.plans_off))
        }),
        ("Seats", |row| Value::Int(seats(&row.user))),
        ("Licenses", |row| {
            Value::list(row.licenses.iter().map(restored_license))
        }),
        ("Notes", |row| texts(&row.user.outcome.notes)),
        ("UserId", |row| text(&row.user.outcome.subject_id)),
        ("Revision", |row| revision(row.user.outcome.revision)),
    ],
    columns: &[
        "UserPrincipalName",
        "Outcome",
        "Gained",
        "Refused",
        "Code",
        "Fix",
    ],
    details: &["Message", "Notes"],
};

impl Restored {
    /// What has to be told: why the person is not back, else why the first licence is not.
    fn telling(&self) -> Changed {
        let license = self.refused().next();
        match license.and_then(|license| license.outcome.clone()) {
            Some(outcome) => outcome.into(),
            None => self.user.clone(),
        }
    }

    fn refused(&self) -> impl Iterator<Item = &RestoredLicense> {
        let failed = |license: &&RestoredLicense| {
            let outcome = license.outcome.as_ref();
            outcome.is_some_and(|outcome| outcome.result() == OutcomeResult::Failed)
        };
        self.licenses.iter().filter(failed)
    }
}

fn restored_license(license: &RestoredLicense) -> Value {
    let row = Changed::from(license.outcome.clone().unwrap_or_default());
    let values = vec![
        text(&license.part_number),
        result(row.outcome.result()),
        code(&row),
        message(&row),
        fix(&row),
        texts(&row.outcome.notes),
    ];
    let names = ["PartNumber", "Outcome", "Code", "Message", "Fix", "Notes"];
    TypeCache::new("RestoredLicense", true)
        .record(&names, values)
        .map_or(Value::Null, Value::from)
}

/// Plans over all products, each once; which product has which is in PlanChanges.
fn plans(row: &Changed, of: fn(&PlanDelta) -> &Vec<String>) -> Vec<&String> {
    let mut plans: Vec<&String> = row.outcome.plans.iter().flat_map(of).collect();
    plans.sort_unstable();
    plans.dedup();
    plans
}

fn plan_change(delta: &PlanDelta) -> Value {
    let values = vec![
        text(&delta.part_number),
        texts(&delta.plans_on),
        texts(&delta.plans_off),
    ];
    TypeCache::new("PlanChange", true)
        .record(&["PartNumber", "PlansOn", "PlansOff"], values)
        .map_or(Value::Null, Value::from)
}

fn seats(row: &Changed) -> i64 {
    let taken = row.outcome.seats.iter().map(|delta| delta.seats);
    taken.fold(0, i64::saturating_add)
}

/// An error that was thrown, or a row that was refused; `$Error` lists them, `catch` gets one.
pub struct Refusal {
    /// The error.
    pub error: ShellError,
    /// The row as an object, where it is one.
    pub object: Value,
}

/// The one type of entries in `$Error`.
pub static ERROR: Shape<Refusal> = Shape {
    name: "Error",
    properties: &[
        ("Code", |row| text(&row.error.code)),
        ("Message", |row| text(&row.error.message)),
        ("Fix", |row| row.error.fix.as_deref().into()),
        ("Target", |row| row.error.target.as_deref().into()),
        ("Script", |row| {
            place(row).map(|place| place.source.as_str()).into()
        }),
        ("Line", |row| {
            place(row).map(|place| number(place.line)).into()
        }),
        ("Column", |row| {
            place(row).map(|place| number(place.column)).into()
        }),
        ("Object", |row| row.object.clone()),
    ],
    columns: &["Code", "Target", "Message", "Fix"],
    details: &["Message", "Script", "Line", "Column"],
};

/// A value as it is said within a text: of an error its message.
pub fn said(value: &Value) -> Rc<str> {
    match value.as_record() {
        Some(record) if record.record_type().name() == ERROR.name => record
            .find("Message")
            .map_or_else(|| value.display(), Value::display),
        _ => value.display(),
    }
}

fn place(row: &Refusal) -> Option<&Place> {
    row.error.place.as_ref()
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(super) fn result(result: OutcomeResult) -> Value {
    match result {
        OutcomeResult::Applied => "applied".into(),
        OutcomeResult::Unchanged => "unchanged".into(),
        OutcomeResult::Waiting => "waiting".into(),
        OutcomeResult::Failed => "failed".into(),
        OutcomeResult::Unspecified => Value::Null,
    }
}

pub(super) fn code(row: &Changed) -> Value {
    row.error().map_or(Value::Null, |error| text(&error.code))
}

pub(super) fn message(row: &Changed) -> Value {
    row.error()
        .map_or(Value::Null, |error| text(&error.message))
}

pub(super) fn fix(row: &Changed) -> Value {
    let failed = row.outcome.result() == OutcomeResult::Failed;
    match row.error().and_then(|error| error.fix) {
        Some(fix) => fix.into(),
        // The table has no room for the message, which is all there is to say then.
        None if failed => "See Message: … | Format-List".into(),
        None => Value::Null,
    }
}

/// What comes next: of a refusal what it would take, of a change what it leaves.
fn next(row: &Changed) -> Value {
    let steps: Vec<&str> = match row.outcome.causes.first() {
        Some(cause) => vec![&cause.next],
        None => row.outcome.next.iter().map(String::as_str).collect(),
    };
    text(&steps.join("; "))
}

fn all_fixes(row: &Changed) -> Vec<String> {
    match &row.unsent {
        Some(error) => error.fix.iter().cloned().collect(),
        None => row.outcome.causes.iter().flat_map(fixes).collect(),
    }
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

pub(super) fn revision(revision: i64) -> Value {
    if revision == 0 {
        Value::Null
    } else {
        Value::Int(revision)
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use usher::v1::{BuySeats, Fix, LicenseChange, SetUsageLocation};

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
        let row = LICENSE_CHANGE.object(&outcome.into());
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

    #[test]
    fn several_causes_are_mended_one_after_the_other() {
        let cause = |reason: ErrorReason, action| Cause {
            reason: reason.into(),
            fixes: vec![Fix {
                action: Some(action),
            }],
            ..Cause::default()
        };
        let user = "adele@contoso.com".to_owned();
        let without_a_rival = LicenseChange {
            user: user.clone(),
            add: vec!["SPE_E3".into()],
            remove: vec!["STANDARDPACK".into()],
            ..LicenseChange::default()
        };
        let outcome = Outcome {
            subject: user.clone(),
            result: OutcomeResult::Failed.into(),
            reason: ErrorReason::UsageLocationMissing.into(),
            causes: vec![
                cause(
                    ErrorReason::UsageLocationMissing,
                    Action::SetUsageLocation(SetUsageLocation { user }),
                ),
                cause(
                    ErrorReason::MutuallyExclusivePlans,
                    Action::ChangeLicenses(without_a_rival),
                ),
                cause(
                    ErrorReason::NoAvailableSeats,
                    Action::BuySeats(BuySeats {
                        product: "SPE_E3".into(),
                        quantity: 1,
                    }),
                ),
            ],
            ..Outcome::default()
        };
        let row = LICENSE_CHANGE.object(&outcome.into());
        expect!["Set-User adele@contoso.com -UsageLocation DE (the country where they work); then New-Subscription SPE_E3 -Quantity 1; then Set-UserLicense adele@contoso.com -Add SPE_E3 -Remove STANDARDPACK"]
            .assert_eq(&row.property("Fix").unwrap().to_string());
    }

    #[test]
    fn a_refused_row_always_says_how_to_go_on() {
        let fix = |reason: ErrorReason, result: OutcomeResult| {
            let outcome = Outcome {
                result: result.into(),
                reason: reason.into(),
                ..Outcome::default()
            };
            let row = LICENSE_CHANGE.object(&outcome.into());
            row.property("Fix").unwrap().to_string()
        };
        let failed = OutcomeResult::Failed;
        expect!["Get-ServicePlan PRODUCT shows its plans"]
            .assert_eq(&fix(ErrorReason::PlanNotInProduct, failed));
        expect!["See Message: … | Format-List"].assert_eq(&fix(ErrorReason::GroupCycle, failed));
        expect![""].assert_eq(&fix(ErrorReason::Unspecified, OutcomeResult::Applied));
    }
}
