//! THE table from a reason to a gRPC status (AIP-193), and how a refusal travels: `google.rpc.Status`
//! with the standard details and the whole `usher.v1.Outcome`, within what clients take as metadata.

use std::time::Duration;

use prost::Message;
use prost_types::Any;
use tonic::{Code, Status};
use tonic_types::pb;
use usher::v1::{Cause, ErrorReason, Outcome, OutcomeResult};
use usher_domain::refusal;

use crate::convert;
use crate::filter::FilterError;
use crate::storage::StoreError;

/// Clients in some languages refuse more than 8 KiB of metadata; base64 makes four bytes of three.
const MAX_DETAILS: usize = 5_400;
/// The message travels twice, as metadata of its own and inside the details.
const MAX_MESSAGE: usize = 1_000;
const RETRY_AFTER: Duration = Duration::from_secs(1);
const TYPE_URLS: &str = "type.googleapis.com/";

/// The status code of a reason.
const fn code(reason: ErrorReason) -> Code {
    use ErrorReason as R;
    match reason {
        R::InvalidArgument
        | R::ProductInBothLists
        | R::BadRule
        | R::RequestIdReused
        | R::TenantNotNamed
        | R::LimitExceeded => Code::InvalidArgument,
        R::UserNotFound
        | R::GroupNotFound
        | R::ProductNotFound
        | R::PlanNotFound
        | R::SubscriptionNotFound
        | R::RuleNotFound
        | R::TokenNotFound => Code::NotFound,
        R::UpnInUse => Code::AlreadyExists,
        R::Unauthenticated => Code::Unauthenticated,
        R::PermissionDenied | R::GuestNeedsGlobalAdmin | R::PartnerManaged | R::TenantNotFound => {
            Code::PermissionDenied
        }
        R::AmbiguousName
        | R::LastGlobalAdmin
        | R::NotAssignableToUser
        | R::SelfServiceSubscription
        | R::AssignByProduct
        | R::InheritedFromGroup
        | R::ProductNotHeld
        | R::PlanNotInProduct
        | R::AutomaticService
        | R::UsageLocationMissing
        | R::ProhibitedInLocation
        | R::MutuallyExclusivePlans
        | R::MissingPrerequisitePlan
        | R::PrerequisiteInUse
        | R::SubscriptionSuspended
        | R::QuantityBelowConsumed
        | R::CancelWindowClosed
        | R::SubscriptionEnded
        | R::GroupHasLicenses
        | R::GroupCycle
        | R::OtherRowRefused => Code::FailedPrecondition,
        R::NoAvailableSeats | R::TooManyRequests => Code::ResourceExhausted,
        R::StalePlan | R::ConcurrentChange => Code::Aborted,
        R::UserNotDeleted | R::RetentionHold => Code::FailedPrecondition,
        R::ReadTimeOutOfRange => Code::OutOfRange,
        R::DatabaseBusy | R::Unavailable => Code::Unavailable,
        R::Unspecified | R::Internal => Code::Internal,
    }
}

/// Why a call is refused: an outcome that failed, with at least one cause.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refusal(Box<Outcome>);

impl Refusal {
    /// Refuses with causes in the order in which they are to be told.
    pub(crate) fn because(causes: Vec<Cause>) -> Self {
        Self::from(Outcome {
            result: OutcomeResult::Failed.into(),
            reason: causes.first().map_or(0, |cause| cause.reason),
            causes,
            ..Outcome::default()
        })
    }

    /// The outcome as a row of a stream carries it.
    pub(crate) fn into_outcome(self) -> Outcome {
        *self.0
    }

    fn plain(reason: ErrorReason, message: impl Into<String>) -> Self {
        Self::because(vec![Cause {
            reason: reason.into(),
            message: message.into(),
            ..Cause::default()
        }])
    }

    /// A message of a stream could not be read: too large, malformed, or cut off.
    pub(crate) fn unreadable(status: Status) -> Self {
        if status.code() == Code::OutOfRange {
            let message = format!(
                "A message is larger than {} bytes, which is the limit.",
                usher::MAX_MESSAGE_BYTES
            );
            return Self::plain(ErrorReason::LimitExceeded, message);
        }
        let message = format!(
            "The stream could not be read to its end: {}",
            status.message()
        );
        Self::plain(ErrorReason::InvalidArgument, message)
    }

    /// Something is wrong inside; what it is goes to the log, not to the caller.
    pub(crate) fn internal(what: &str) -> Self {
        tracing::error!(what, "a call failed inside the service");
        Self::plain(
            ErrorReason::Internal,
            "Something failed inside the service.",
        )
    }

    /// Why a single change was not made. Its transaction was undone, unless nobody knows.
    pub(crate) fn of_write(error: StoreError) -> Self {
        let known = error != StoreError::OutcomeUnknown;
        let refusal = Self::from(error);
        if known {
            refusal.leaving("Nothing was changed.")
        } else {
            refusal
        }
    }

    /// Says how things stand, before what to do next.
    pub(crate) fn leaving(mut self, state: &str) -> Self {
        if let Some(first) = self.0.causes.first_mut() {
            first.next = match first.next.as_str() {
                "" => state.to_owned(),
                next => format!("{state} {next}"),
            };
        }
        self
    }

    /// What went wrong, for the log.
    pub(crate) fn message(&self) -> String {
        message_of(&self.0)
    }
}

impl From<Outcome> for Refusal {
    fn from(outcome: Outcome) -> Self {
        Self(Box::new(outcome))
    }
}

impl From<refusal::Cause> for Refusal {
    fn from(cause: refusal::Cause) -> Self {
        let names = convert::outcome::Names::default();
        Self::because(vec![convert::outcome::cause(&cause, &names)])
    }
}

impl From<FilterError> for Refusal {
    fn from(error: FilterError) -> Self {
        let message = error.to_string();
        let mut refusal = match error {
            FilterError::Name(cause) => Self::from(*cause),
            FilterError::Limit(_) => Self::plain(ErrorReason::LimitExceeded, message),
            FilterError::Syntax { position, .. } => {
                let mut refusal = Self::plain(ErrorReason::InvalidArgument, message);
                for cause in &mut refusal.0.causes {
                    cause
                        .metadata
                        .insert("position".to_owned(), position.to_string());
                }
                refusal
            }
        };
        for cause in &mut refusal.0.causes {
            "filter".clone_into(&mut cause.field);
        }
        refusal
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        let reason = match &error {
            StoreError::Busy => ErrorReason::DatabaseBusy,
            StoreError::Unavailable | StoreError::OutcomeUnknown | StoreError::Closed => {
                ErrorReason::Unavailable
            }
            StoreError::ReadTimeOutOfRange { .. } => ErrorReason::ReadTimeOutOfRange,
            StoreError::BadPageToken => ErrorReason::InvalidArgument,
            StoreError::PreviewTooLarge { .. } => ErrorReason::LimitExceeded,
            StoreError::Corrupt(_)
            | StoreError::SchemaTooNew { .. }
            | StoreError::BadAddress { .. }
            | StoreError::TenantNotFound => return Self::internal(&error.to_string()),
        };
        let cause = match &error {
            StoreError::ReadTimeOutOfRange {
                range: Some((first, now)),
            } => format!(
                "The read time lies outside of the record, which begins {} and now ends {}.",
                convert::time::text(*first),
                convert::time::text(*now)
            ),
            error => error.cause(),
        };
        let mut refusal = Self::plain(reason, cause);
        let field = match &error {
            StoreError::ReadTimeOutOfRange { .. } => "read_time",
            StoreError::BadPageToken => "page_token",
            _ => "",
        };
        for cause in &mut refusal.0.causes {
            field.clone_into(&mut cause.field);
            cause.next = error.advice().unwrap_or_default().to_owned();
        }
        refusal
    }
}

impl From<Refusal> for Status {
    fn from(refusal: Refusal) -> Self {
        let mut outcome = refusal.into_outcome();
        let reason = outcome.reason();
        let message = message_of(&outcome);
        let mut details = standard_details(&outcome);
        let mut left = MAX_DETAILS.saturating_sub(message.len());
        left = left.saturating_sub(details.iter().map(Message::encoded_len).sum());
        shorten(&mut outcome, left);
        details.push(any("usher.v1.Outcome", &outcome));
        let code = code(reason);
        let status = pb::Status {
            code: code.into(),
            message: message.clone(),
            details,
        };
        Self::with_details(code, message, status.encode_to_vec().into())
    }
}

/// The first cause with what comes next, and how many more there are.
fn message_of(outcome: &Outcome) -> String {
    let Some(first) = outcome.causes.first() else {
        return "The call was refused.".to_owned();
    };
    let mut message = cut(&first.message, MAX_MESSAGE);
    if !first.next.is_empty() {
        end_sentence(&mut message);
        message.push_str(&cut(&first.next, MAX_MESSAGE / 4));
    }
    match outcome.causes.len() {
        0 | 1 => {}
        2 => {
            end_sentence(&mut message);
            message.push_str("(1 more cause.)");
        }
        causes => {
            end_sentence(&mut message);
            message.push_str(&format!("({} more causes.)", causes - 1));
        }
    }
    message
}

fn end_sentence(message: &mut String) {
    if !message.ends_with(['.', '!', '?', '…']) {
        message.push('.');
    }
    message.push(' ');
}

fn cut(text: &str, bytes: usize) -> String {
    if text.len() <= bytes {
        return text.to_owned();
    }
    format!("{}…", &text[..text.floor_char_boundary(bytes)])
}

/// Takes from the outcome what does not fit: fixes first, then later causes, then the rest of the words.
fn shorten(outcome: &mut Outcome, bytes: usize) {
    while outcome.encoded_len() > bytes {
        let mut all = outcome.causes.iter_mut().rev();
        if let Some(cause) = all.find(|cause| !cause.fixes.is_empty()) {
            cause.fixes.pop();
        } else if outcome.causes.len() > 1 {
            outcome.causes.pop();
        } else if outcome.notes.pop().is_none() {
            for cause in &mut outcome.causes {
                cause.message = cut(&cause.message, MAX_MESSAGE);
                cause.next = cut(&cause.next, MAX_MESSAGE);
                cause.metadata.clear();
            }
            break;
        }
    }
}

fn standard_details(outcome: &Outcome) -> Vec<Any> {
    let mut details = Vec::new();
    if let Some(first) = outcome.causes.first() {
        let metadata = first
            .metadata
            .iter()
            .filter(|(_, value)| value.len() <= 256);
        details.push(any(
            "google.rpc.ErrorInfo",
            &pb::ErrorInfo {
                reason: first.reason().code().to_owned(),
                domain: usher::reason::DOMAIN.to_owned(),
                metadata: metadata
                    .map(|(key, value)| (key.clone(), value.clone()))
                    .collect(),
            },
        ));
    }
    match code(outcome.reason()) {
        Code::InvalidArgument => details.extend(bad_request(outcome)),
        Code::FailedPrecondition => details.push(precondition_failure(outcome)),
        Code::ResourceExhausted => details.push(quota_failure(outcome)),
        Code::Unavailable | Code::Aborted => details.push(retry_info()),
        _ => {}
    }
    if outcome.reason() == ErrorReason::TooManyRequests {
        details.push(retry_info());
    }
    details
}

fn retry_info() -> Any {
    let retry_delay = prost_types::Duration::try_from(RETRY_AFTER).ok();
    any("google.rpc.RetryInfo", &pb::RetryInfo { retry_delay })
}

/// Causes that the standard details name at most.
const LISTED: usize = 8;

fn bad_request(outcome: &Outcome) -> Option<Any> {
    let field_violations: Vec<_> = outcome
        .causes
        .iter()
        .filter(|cause| !cause.field.is_empty())
        .take(LISTED)
        .map(|cause| pb::bad_request::FieldViolation {
            field: cause.field.clone(),
            description: cut(&cause.message, MAX_MESSAGE / 4),
            reason: cause.reason().code().to_owned(),
            ..Default::default()
        })
        .collect();
    (!field_violations.is_empty()).then(|| {
        any(
            "google.rpc.BadRequest",
            &pb::BadRequest { field_violations },
        )
    })
}

fn precondition_failure(outcome: &Outcome) -> Any {
    let violation = |cause: &Cause| pb::precondition_failure::Violation {
        r#type: cause.reason().code().to_owned(),
        subject: outcome.subject.clone(),
        description: cut(&cause.message, MAX_MESSAGE / 4),
    };
    let violations = outcome.causes.iter().take(LISTED).map(violation).collect();
    any(
        "google.rpc.PreconditionFailure",
        &pb::PreconditionFailure { violations },
    )
}

fn quota_failure(outcome: &Outcome) -> Any {
    let violations = outcome
        .causes
        .iter()
        .filter(|cause| code(cause.reason()) == Code::ResourceExhausted)
        .take(LISTED)
        .map(|cause| pb::quota_failure::Violation {
            subject: cause.metadata.get("product").cloned().unwrap_or_default(),
            description: cut(&cause.message, MAX_MESSAGE / 4),
            ..Default::default()
        })
        .collect();
    any("google.rpc.QuotaFailure", &pb::QuotaFailure { violations })
}

fn any(name: &str, message: &impl Message) -> Any {
    Any {
        type_url: format!("{TYPE_URLS}{name}"),
        value: message.encode_to_vec(),
    }
}

/// The outcome that a refusal carries.
#[cfg(test)]
pub(crate) fn outcome_in(status: &Status) -> Outcome {
    let details = pb::Status::decode(status.details())
        .unwrap_or_default()
        .details;
    let outcome = details
        .last()
        .filter(|last| last.type_url.ends_with("/usher.v1.Outcome"));
    outcome
        .and_then(|last| Outcome::decode(last.value.as_slice()).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
