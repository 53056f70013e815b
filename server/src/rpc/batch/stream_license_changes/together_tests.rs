//! All rows or none, through the RPC.

use usher::v1::{CopyLicenses, ErrorReason, LicenseChangeMode, OutcomeResult, Subscription};

use super::super::super::testing::{World, add, refused};
use super::tests::{first, results, rows, send, world};
use super::*;

use OutcomeResult::{Applied, Failed, Unchanged};

fn together(request_id: &str) -> StreamLicenseChangesOptions {
    StreamLicenseChangesOptions {
        all_or_nothing: true,
        request_id: request_id.into(),
        ..StreamLicenseChangesOptions::default()
    }
}

#[tokio::test]
async fn a_leavers_licences_move_to_a_successor_without_a_free_seat() {
    let world = world(1).await;
    world.assign("a@c.com", "SPE_E3").await.unwrap();
    let successor = LicenseChange {
        user: "b@c.com".into(),
        copy_from: Some(CopyLicenses {
            user: "a@c.com".into(),
            products: Vec::new(),
        }),
        ..LicenseChange::default()
    };
    let leaver = LicenseChange {
        user: "a@c.com".into(),
        mode: LicenseChangeMode::UnassignAll.into(),
        ..LicenseChange::default()
    };
    let moved = first(together("move-1"), vec![successor, leaver]);
    let (outcomes, summary) = send(&world, [moved.clone()]).await.unwrap();
    assert_eq!(results(&outcomes), [Applied, Applied]);
    assert_eq!((outcomes[0].row, outcomes[1].row), (0, 1));
    assert_eq!(outcomes[0].subject, "b@c.com");
    assert!(outcomes[0].revision < outcomes[1].revision);
    assert_eq!((summary.applied, summary.failed), (2, 0));
    assert!(
        summary
            .seats
            .iter()
            .all(|seats| seats.consumed_before == 1 && seats.consumed_after == 1)
    );

    let (again, _) = send(&world, [moved]).await.unwrap();
    assert!(again.iter().all(|outcome| outcome.replayed));
    let revisions = |told: &[Outcome]| told.iter().map(|one| one.revision).collect::<Vec<_>>();
    assert_eq!(revisions(&again), revisions(&outcomes));
    let other = first(together("move-1"), vec![add("c@c.com", "SPE_E3")]);
    let status = send(&world, [other]).await.unwrap_err();
    refused::<()>(
        Err(status),
        tonic::Code::InvalidArgument,
        "REQUEST_ID_REUSED",
    );
}

#[tokio::test]
async fn every_refused_row_is_told_and_nothing_is_done() {
    let world = world(2).await;
    let all = vec![
        add("a@c.com", "SPE_E3"),
        add("b@c.com", "SPE_E3"),
        add("nobody@c.com", "SPE_E3"),
        add("c@c.com", ""),
    ];
    let (outcomes, summary) = send(&world, [first(together(""), Vec::new()), rows(all)])
        .await
        .unwrap();
    assert_eq!(results(&outcomes), [Failed; 4]);
    let reasons: Vec<ErrorReason> = outcomes.iter().map(Outcome::reason).collect();
    assert_eq!(
        reasons,
        [
            ErrorReason::OtherRowRefused,
            ErrorReason::OtherRowRefused,
            ErrorReason::UserNotFound,
            ErrorReason::InvalidArgument,
        ]
    );
    assert_eq!((summary.failed, summary.batch_id.as_str()), (4, ""));
    let after = world.assign("a@c.com", "SPE_E3").await.unwrap();
    assert_eq!(after.result(), Applied, "nothing of it was done");
}

#[tokio::test]
async fn what_a_pool_lacks_is_counted_once() {
    let world = world(1).await;
    let all = ["a@c.com", "b@c.com", "c@c.com"].map(|user| add(user, "SPE_E3"));
    for validate_only in [true, false] {
        let options = StreamLicenseChangesOptions {
            validate_only,
            ..together("")
        };
        let (outcomes, summary) = send(&world, [first(options, all.to_vec())]).await.unwrap();
        assert!(
            outcomes
                .iter()
                .all(|one| one.reason() == ErrorReason::NoAvailableSeats)
        );
        assert_eq!(summary.seats[0].missing, 2);
        assert_eq!(summary.seats[0].consumed_after, 0);
    }
    let (outcomes, _) = send(&world, [first(together(""), vec![all[0].clone(); 2])])
        .await
        .unwrap();
    assert_eq!(results(&outcomes), [Applied, Unchanged]);
}

#[tokio::test]
async fn options_that_contradict_and_too_many_rows_are_refused() {
    let world = world(1).await;
    let both = StreamLicenseChangesOptions {
        stop_at_first_failure: true,
        ..together("")
    };
    let status = send(&world, [first(both, Vec::new())]).await.unwrap_err();
    refused::<()>(
        Err(status),
        tonic::Code::InvalidArgument,
        "INVALID_ARGUMENT",
    );
    let message = || rows(vec![add("a@c.com", "SPE_E3"); 1_000]);
    let many: [_; 12] = std::array::from_fn(|at| match at {
        0 => first(together(""), Vec::new()),
        _ => message(),
    });
    let status = send(&world, many).await.unwrap_err();
    refused::<()>(Err(status), tonic::Code::InvalidArgument, "LIMIT_EXCEEDED");
}

/// R41: a row is all that its person is told, so it says until when the seat works.
#[tokio::test]
async fn a_row_that_takes_a_seat_in_grace_says_until_when_it_works() {
    let world = World::new().await;
    let ending = Subscription {
        product: "SPE_E3".into(),
        quantity: 5,
        term_months: 1,
        recurring_billing: Some(false),
        ..Subscription::default()
    };
    world.bought(ending).await.unwrap();
    for upn in ["a@c.com", "b@c.com"] {
        world.user(upn).await;
    }
    world.assign("a@c.com", "SPE_E3").await.unwrap();
    world.days(35).await;
    let all = ["a@c.com", "b@c.com"].map(|upn| add(upn, "SPE_E3"));
    for validate_only in [true, false] {
        let options = StreamLicenseChangesOptions {
            validate_only,
            ..together("")
        };
        let (outcomes, _) = send(&world, [first(options, all.to_vec())]).await.unwrap();
        assert_eq!(results(&outcomes), [Unchanged, Applied]);
        let told = outcomes.iter().map(|row| {
            let mut notes = row.notes.iter();
            notes.any(|note| note.contains("seats work until 20"))
        });
        assert_eq!(told.collect::<Vec<_>>(), [false, true], "{outcomes:?}");
    }
}
