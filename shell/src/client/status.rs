//! From a refused call to the shell's error: the code, the cause, and the fixes as commands.

use std::error::Error;

use prost::Message;
use tonic::{Code, Status};
use tonic_types::{BadRequest, StatusExt};
use usher::reason::DOMAIN;
use usher::v1::{ErrorReason, Outcome};

use super::Naming;
use super::fix::fix_text;
use super::persistent::may_be_done;
use super::usual_fix::usual_fix_for;
use crate::error::{Severity, ShellError};

const OUTCOME_TYPE: &str = "usher.v1.Outcome";

/// The error that stands for a refused call.
#[must_use]
pub(super) fn error_of(status: &Status, naming: &Naming) -> ShellError {
    let details = status.get_error_details();
    let reason = details
        .error_info()
        .filter(|info| info.domain == DOMAIN)
        .map(|info| info.reason.clone());
    if reason.is_none() && is_of_the_connection(status) {
        return not_reached(status, naming);
    }
    // What the service says of itself is closer than what a connection leaves to guess.
    let known = reason.as_deref().and_then(ErrorReason::from_code);
    let code = reason.unwrap_or_else(|| code_name(status.code()).to_owned());
    let outcome = outcome_of(status);
    let subject = outcome
        .as_ref()
        .map(|outcome| &outcome.subject)
        .filter(|subject| !subject.is_empty());
    let given = outcome.iter().find_map(name_given);
    let about = subject.or(given).map_or("", String::as_str);
    let facts = outcome.as_ref().and_then(|outcome| outcome.causes.first());
    let usual = known
        .and_then(|reason| usual_fix_for(reason, about, facts.map(|cause| &cause.metadata)))
        .or_else(|| general_fix(status.code(), naming));
    let message = match status.message() {
        "" => "The service gave no reason",
        message if known.is_some_and(ends_with_advice_to_clients) => first_sentence(message),
        message => message,
    };
    let message = by_parameters(message, details.bad_request());
    let mut error = ShellError::new(code, message).severity(severity(status.code()));
    let fixes: Vec<String> = outcome
        .iter()
        .flat_map(|outcome| &outcome.causes)
        .flat_map(|cause| cause.fixes.iter().filter_map(fix_text))
        .collect();
    if !fixes.is_empty() {
        error = error.fix(fixes.join("\n"));
    } else if let Some(fix) = usual {
        error = error.fix(fix);
    }
    error.target = given
        .or(subject)
        .cloned()
        .or_else(|| outcome.as_ref().and_then(misread));
    error
}

/// The name in the request that stands for nothing, or for several things.
fn name_given(outcome: &Outcome) -> Option<&String> {
    let mut causes = outcome.causes.iter();
    causes.find_map(|cause| cause.metadata.get("given"))
}

/// The word of a filter at which the service could not read on, which it shows between backticks.
fn misread(outcome: &Outcome) -> Option<String> {
    let cause = outcome
        .causes
        .iter()
        .find(|cause| cause.field == "filter" && cause.metadata.contains_key("position"))?;
    let (_, rest) = cause.message.split_once('`')?;
    rest.split_once('`').map(|(word, _)| word.to_owned())
}

/// Reasons whose message goes on with what a call has to carry. Who types commands is told by the fix.
fn ends_with_advice_to_clients(reason: ErrorReason) -> bool {
    matches!(
        reason,
        ErrorReason::Unauthenticated | ErrorReason::TenantNotNamed | ErrorReason::ConcurrentChange
    )
}

/// The message with the fields of the call named as parameters and columns are: `user.job_title` is JobTitle.
fn by_parameters(message: &str, fields: Option<&BadRequest>) -> String {
    let fields = fields.iter().flat_map(|fields| &fields.field_violations);
    fields.fold(message.to_owned(), |message, violation| {
        let field = &violation.field;
        let name = field.rsplit('.').next().unwrap_or(field);
        message.replace(
            &format!("The field {field} "),
            &format!("{} ", pascal(name)),
        )
    })
}

fn pascal(snake: &str) -> String {
    let words = snake.split('_').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect()
}

fn first_sentence(message: &str) -> &str {
    message
        .split_once(". ")
        .map_or(message, |(sentence, _)| sentence)
}

/// What a connection says when it is gone, or when the other end does not speak as the service does. A server that asks
/// for TLS takes a connection in clear, so that it does not show before the first call, and by any of these.
pub(super) fn is_of_the_connection(status: &Status) -> bool {
    let message = status.message();
    let known = message.starts_with("h2 protocol error") || message == "operation was canceled";
    let code = matches!(
        status.code(),
        Code::Unavailable | Code::Unknown | Code::Internal | Code::Cancelled
    );
    code && (known || status.source().is_some())
}

fn not_reached(status: &Status, naming: &Naming) -> ShellError {
    let cause = status.source().map(innermost);
    let cause = cause.unwrap_or_else(|| status.message().to_owned());
    if status.source().is_some_and(may_be_done) {
        return ShellError::new(
            "UNAVAILABLE",
            format!("The connection broke while the change was under way; it may have been made: {cause}"),
        )
        .fix("Get-AuditLog -Top 5 shows whether it was; with a -RequestId a change is sent again by itself, and never made twice")
        .severity(Severity::Service);
    }
    ShellError::new(
        "UNAVAILABLE",
        format!("The service cannot be reached: {cause}"),
    )
    .fix(format!(
        "Try again; check that the server runs and that the address ({}) is right; that of a server with a certificate \
         begins with https://",
        naming.address()
    ))
    .severity(Severity::Service)
}

/// What the service says became of a single change that it refused.
pub(super) fn outcome_of(status: &Status) -> Option<Outcome> {
    let details = tonic_types::Status::decode(status.details()).ok()?.details;
    details
        .iter()
        .find(|detail| detail.type_url.ends_with(OUTCOME_TYPE))
        .and_then(|detail| Outcome::decode(detail.value.as_slice()).ok())
}

/// An error and what is behind it.
pub(super) fn chain<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}

/// The deepest cause of an error, which says more than the layers around it.
pub(super) fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

fn severity(code: Code) -> Severity {
    match code {
        Code::Unavailable
        | Code::DeadlineExceeded
        | Code::Unauthenticated
        | Code::PermissionDenied => Severity::Service,
        Code::Cancelled => Severity::Stopped,
        _ => Severity::Script,
    }
}

fn general_fix(code: Code, naming: &Naming) -> Option<String> {
    match code {
        Code::Unavailable | Code::DeadlineExceeded => Some(format!(
            "Try again; check that the server runs and is the right one ({})",
            naming.address()
        )),
        Code::Unimplemented => Some("The server is older than this shell: update it".to_owned()),
        _ => None,
    }
}

fn code_name(code: Code) -> &'static str {
    match code {
        Code::Unavailable | Code::DeadlineExceeded => "UNAVAILABLE",
        Code::Unauthenticated => "UNAUTHENTICATED",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted | Code::OutOfRange => "LIMIT_EXCEEDED",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Cancelled => "STOPPED",
        _ => "INTERNAL",
    }
}

#[cfg(test)]
mod tests {
    use prost_types::Any;
    use tonic_types::{ErrorDetails, pb};
    use usher::v1::{BuySeats, Cause, Fix, fix};

    use super::*;

    #[test]
    fn the_reason_is_the_code_and_the_fix_a_command() {
        let mut details = ErrorDetails::new();
        details.set_error_info(
            "NO_AVAILABLE_SEATS",
            DOMAIN,
            std::collections::HashMap::new(),
        );
        let plain = Status::with_error_details(Code::FailedPrecondition, "No free seat", details);
        let outcome = Outcome {
            subject: "adele@contoso.com".into(),
            causes: vec![Cause {
                reason: ErrorReason::NoAvailableSeats.into(),
                fixes: vec![Fix {
                    action: Some(fix::Action::BuySeats(BuySeats {
                        product: "SPE_E3".into(),
                        quantity: 1,
                    })),
                }],
                ..Cause::default()
            }],
            ..Outcome::default()
        };
        let mut packed = pb::Status::decode(plain.details()).unwrap();
        packed.details.push(Any {
            type_url: format!("type.googleapis.com/{OUTCOME_TYPE}"),
            value: outcome.encode_to_vec(),
        });
        let status = Status::with_details(
            Code::FailedPrecondition,
            "No free seat",
            packed.encode_to_vec().into(),
        );
        let error = error_of(&status, &Naming::default());
        assert_eq!(error.code, "NO_AVAILABLE_SEATS");
        assert_eq!(
            error.fix.as_deref(),
            Some("New-Subscription SPE_E3 -Quantity 1")
        );
        assert_eq!(error.target.as_deref(), Some("adele@contoso.com"));
        assert_eq!(error.exit_code(), 1);
    }

    #[test]
    fn a_service_that_is_away_ends_with_four() {
        let error = error_of(
            &Status::unavailable("The database is busy"),
            &Naming::default(),
        );
        assert_eq!((error.code.as_str(), error.exit_code()), ("UNAVAILABLE", 4));
        assert!(error.fix.is_some());
        assert_eq!(
            error_of(&Status::permission_denied("No"), &Naming::default()).exit_code(),
            4
        );
        assert_eq!(
            error_of(&Status::internal("Oops"), &Naming::default()).exit_code(),
            1
        );
    }

    #[test]
    fn a_field_is_named_as_the_parameter_is() {
        let field = "user.user_principal_name";
        let message = format!("The field {field} is empty.");
        let details = ErrorDetails::with_bad_request_violation(field, &message);
        let status = Status::with_error_details(Code::InvalidArgument, &message, details);
        let error = error_of(&status, &Naming::default());
        assert_eq!(error.message, "UserPrincipalName is empty.");
    }

    #[test]
    fn a_connection_that_breaks_is_no_fault_of_the_service() {
        let gone = std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        for status in [
            Status::from_error(Box::new(gone)),
            Status::unknown("h2 protocol error: http2 error"),
            Status::cancelled("operation was canceled"),
        ] {
            let error = error_of(&status, &Naming::default());
            assert_eq!((error.code.as_str(), error.exit_code()), ("UNAVAILABLE", 4));
            assert!(error.fix.unwrap().contains("https://"));
        }
    }
}
