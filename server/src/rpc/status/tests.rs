use std::collections::HashMap;

use tonic_types::StatusExt;
use usher::v1::{BuySeats, Fix, fix::Action};

use super::*;

fn reasons() -> impl Iterator<Item = ErrorReason> {
    (1..256).filter_map(|number| ErrorReason::try_from(number).ok())
}

#[test]
fn every_reason_but_a_failure_of_the_service_has_a_code_that_says_more_than_internal() {
    for reason in reasons() {
        let internal = code(reason) == Code::Internal;
        assert_eq!(internal, reason == ErrorReason::Internal, "{reason:?}");
    }
}

#[test]
fn every_reason_travels_as_error_info() {
    for reason in reasons() {
        let status = Status::from(Refusal::plain(reason, "No."));
        let info = status.get_details_error_info().unwrap();
        assert_eq!(
            (info.reason.as_str(), info.domain.as_str()),
            (reason.code(), "usher")
        );
        let retry = status.get_details_retry_info().is_some();
        assert_eq!(
            retry,
            matches!(status.code(), Code::Unavailable | Code::Aborted)
                || reason == ErrorReason::TooManyRequests
        );
    }
}

#[test]
fn missing_seats_are_a_quota_with_the_way_out() {
    let cause = Cause {
        reason: ErrorReason::NoAvailableSeats.into(),
        message: "No seat of SPE_E3 is free".to_owned(),
        metadata: HashMap::from([("product".to_owned(), "SPE_E3".to_owned())]),
        next: "Buy 1 seat.".to_owned(),
        fixes: vec![Fix {
            action: Some(Action::BuySeats(BuySeats {
                product: "SPE_E3".to_owned(),
                quantity: 1,
            })),
        }],
        ..Cause::default()
    };
    let status = Status::from(Refusal::because(vec![cause.clone()]));
    assert_eq!(status.code(), Code::ResourceExhausted);
    assert_eq!(status.message(), "No seat of SPE_E3 is free. Buy 1 seat.");
    let quota = status.get_details_quota_failure().unwrap();
    assert_eq!(quota.violations[0].subject, "SPE_E3");
    assert_eq!(outcome_in(&status).causes, [cause]);
}

#[test]
fn several_fields_are_all_named() {
    let cause = |field: &str| Cause {
        reason: ErrorReason::InvalidArgument.into(),
        message: format!("The {field} is missing."),
        field: field.to_owned(),
        ..Cause::default()
    };
    let status = Status::from(Refusal::because(vec![cause("user"), cause("reason")]));
    let named = status.get_details_bad_request().unwrap().field_violations;
    let fields: Vec<&str> = named
        .iter()
        .map(|violation| violation.field.as_str())
        .collect();
    assert_eq!(fields, ["user", "reason"]);
    assert!(
        status.message().ends_with("(1 more cause.)"),
        "{}",
        status.message()
    );
}

#[test]
fn a_long_refusal_fits_and_keeps_its_first_cause() {
    let cause = |n: usize| Cause {
        reason: ErrorReason::MutuallyExclusivePlans.into(),
        message: format!("Plan {n} and another one exclude each other. ").repeat(20),
        metadata: HashMap::from([("plan".to_owned(), "X".repeat(2_000))]),
        fixes: vec![Fix::default(); 40],
        ..Cause::default()
    };
    let status = Status::from(Refusal::because((0..50).map(cause).collect()));
    let base64 = status.details().len().div_ceil(3) * 4;
    assert!(base64 + status.message().len() < 8_192, "{base64}");
    let told = outcome_in(&status);
    assert!(told.causes[0].message.starts_with("Plan 0 and"));
    let whole = pb::Status::decode(status.details()).unwrap();
    assert_eq!(whole.message, status.message(), "clients compare the two");
}

#[test]
fn what_the_database_said_stays_inside() {
    let error = StoreError::Corrupt("relation \"users\" lacks column upn".to_owned());
    let status = Status::from(Refusal::from(error));
    assert_eq!(status.code(), Code::Internal);
    assert!(!format!("{status:?}").contains("upn"));
    let busy = Status::from(Refusal::from(StoreError::Busy));
    assert_eq!(busy.code(), Code::Unavailable);
    assert_eq!(
        busy.get_details_error_info().unwrap().reason,
        "DATABASE_BUSY"
    );
}

#[test]
fn a_filter_that_cannot_be_read_says_where() {
    let error = FilterError::Syntax {
        position: 12,
        message: "found `is`.".to_owned(),
    };
    let status = Status::from(Refusal::from(error));
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(
        status.get_details_error_info().unwrap().metadata["position"],
        "12"
    );
    assert_eq!(
        status.get_details_bad_request().unwrap().field_violations[0].field,
        "filter"
    );
}

#[test]
fn only_a_change_that_is_known_to_be_undone_is_said_to_have_changed_nothing() {
    let said = |refusal: Refusal| Status::from(refusal).message().to_owned();
    let nothing = "Nothing was changed.";
    for error in [
        StoreError::Busy,
        StoreError::Unavailable,
        StoreError::Closed,
        StoreError::Corrupt("x".to_owned()),
    ] {
        let of_read = said(Refusal::from(error.clone()));
        assert!(!of_read.contains(nothing), "{of_read}");
        let of_write = said(Refusal::of_write(error));
        assert!(of_write.contains(nothing), "{of_write}");
    }
    let unknown = said(Refusal::of_write(StoreError::OutcomeUnknown));
    assert!(
        !unknown.contains(nothing) && unknown.contains("the same request id"),
        "{unknown}"
    );
    assert_eq!(
        said(Refusal::of_write(StoreError::Busy)),
        "The database is busy: another process has been writing for more than 5 seconds. Nothing was changed. Try again in a moment."
    );
}
