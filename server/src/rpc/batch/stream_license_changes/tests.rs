use futures_util::StreamExt;
use tonic::Code;
use usher::v1::{ErrorReason, ListChangesRequest, OutcomeResult, StreamLicenseChangesSummary};

use super::super::super::testing::{World, add, fields_in, refused, stream};
use super::*;

type Told = (Vec<Outcome>, StreamLicenseChangesSummary);

pub(super) async fn send<const N: usize>(
    world: &World,
    messages: [StreamLicenseChangesRequest; N],
) -> Result<Told, Status> {
    let answers = world
        .batches()
        .stream_license_changes(stream(messages))
        .await?;
    let mut answers = answers.into_inner();
    let (mut outcomes, mut summary) = (Vec::new(), None);
    while let Some(answer) = answers.next().await {
        let answer = answer?;
        assert!(summary.is_none(), "the summary comes last");
        outcomes.extend(answer.outcomes);
        summary = answer.summary;
    }
    Ok((outcomes, summary.unwrap()))
}

pub(super) fn rows(changes: Vec<LicenseChange>) -> StreamLicenseChangesRequest {
    StreamLicenseChangesRequest {
        options: None,
        changes,
    }
}

pub(super) fn first(
    options: StreamLicenseChangesOptions,
    changes: Vec<LicenseChange>,
) -> StreamLicenseChangesRequest {
    StreamLicenseChangesRequest {
        options: Some(options),
        changes,
    }
}

pub(super) fn results(outcomes: &[Outcome]) -> Vec<OutcomeResult> {
    outcomes.iter().map(Outcome::result).collect()
}

pub(super) async fn world(seats: i64) -> World {
    let world = World::new().await;
    for upn in ["a@c.com", "b@c.com", "c@c.com", "d@c.com"] {
        world.user(upn).await;
    }
    world.buy("SPE_E3", seats).await;
    world
}

use OutcomeResult::{Applied, Failed, Unchanged};

#[tokio::test]
async fn rows_are_done_in_order_and_a_failed_one_does_not_stop_the_others() {
    let world = world(2).await;
    let give = |user: &str| add(user, "SPE_E3");
    let take = LicenseChange {
        remove: vec!["SPE_E3".into()],
        ..LicenseChange {
            user: "a@c.com".into(),
            ..LicenseChange::default()
        }
    };
    let messages = [
        rows(vec![
            give("a@c.com"),
            give("nobody"),
            give("b@c.com"),
            give("c@c.com"),
        ]),
        rows(vec![
            LicenseChange::default(),
            take,
            give("c@c.com"),
            give("c@c.com"),
        ]),
    ];
    let (outcomes, summary) = send(&world, messages).await.unwrap();
    assert_eq!(
        results(&outcomes),
        [
            Applied, Failed, Applied, Failed, Failed, Applied, Applied, Unchanged
        ]
    );
    assert_eq!(
        outcomes.iter().map(|row| row.row).collect::<Vec<_>>(),
        (0..8).collect::<Vec<_>>()
    );
    let reasons: Vec<_> = outcomes.iter().map(Outcome::reason).collect();
    assert_eq!(reasons[1], ErrorReason::UserNotFound);
    assert_eq!(outcomes[1].subject, "nobody");
    assert_eq!(reasons[3], ErrorReason::NoAvailableSeats);
    assert_eq!(
        (reasons[4], outcomes[4].causes[0].field.as_str()),
        (ErrorReason::InvalidArgument, "change.user")
    );
    assert_eq!(
        (summary.applied, summary.unchanged, summary.failed),
        (4, 1, 3)
    );
    let seats = &summary.seats[0];
    assert_eq!((seats.part_number.as_str(), seats.total), ("SPE_E3", 2));
    assert_eq!(
        (seats.consumed_before, seats.consumed_after, seats.missing),
        (0, 2, 1)
    );

    let request = ListChangesRequest {
        action: "licenses.modify".into(),
        ..ListChangesRequest::default()
    };
    let changes = world
        .audit()
        .list_changes(request)
        .await
        .unwrap()
        .into_inner()
        .changes;
    assert_eq!(changes.len(), 4);
    assert!(
        changes
            .iter()
            .all(|change| change.batch_id == summary.batch_id)
    );
}

#[tokio::test]
async fn validate_only_judges_all_rows_as_one_plan() {
    let world = world(1).await;
    let options = StreamLicenseChangesOptions {
        validate_only: true,
        ..Default::default()
    };
    let messages = [
        first(options, vec![add("a@c.com", "SPE_E3")]),
        rows(vec![add("b@c.com", "SPE_E3")]),
    ];
    let (outcomes, summary) = send(&world, messages).await.unwrap();
    assert_eq!(results(&outcomes), [Applied, Failed]);
    assert_eq!(outcomes[0].revision, 0);
    let seats = &summary.seats[0];
    assert_eq!(
        (seats.consumed_before, seats.consumed_after, seats.missing),
        (0, 1, 1)
    );
    assert_eq!(summary.batch_id, "");
    assert_eq!(world.pool("SPE_E3").await.consumed, 0);
}

#[tokio::test]
async fn the_first_failure_stops_where_asked() {
    let world = world(5).await;
    let options = StreamLicenseChangesOptions {
        stop_at_first_failure: true,
        ..Default::default()
    };
    let changes = ["a@c.com", "nobody", "b@c.com"]
        .map(|user| add(user, "SPE_E3"))
        .to_vec();
    let (outcomes, summary) = send(&world, [first(options, changes)]).await.unwrap();
    assert_eq!(results(&outcomes), [Applied, Failed]);
    assert_eq!((summary.applied, summary.failed), (1, 1));
    assert_eq!(world.pool("SPE_E3").await.consumed, 1);
}

#[tokio::test]
async fn a_stream_that_is_sent_again_does_each_row_once() {
    let world = world(2).await;
    let options = StreamLicenseChangesOptions {
        request_id: "s1".into(),
        ..Default::default()
    };
    let swap = LicenseChange {
        remove: vec!["SPE_E3".into()],
        user: "a@c.com".into(),
        ..LicenseChange::default()
    };
    let changes = vec![add("a@c.com", "SPE_E3"), swap, add("b@c.com", "SPE_E3")];
    let (once, _) = send(&world, [first(options.clone(), changes.clone())])
        .await
        .unwrap();
    let (again, summary) = send(&world, [first(options, changes)]).await.unwrap();
    assert_eq!(results(&again), [Applied, Applied, Applied]);
    assert!(again.iter().all(|row| row.replayed) && once.iter().all(|row| !row.replayed));
    assert_eq!(summary.batch_id, "");
    assert_eq!(world.pool("SPE_E3").await.consumed, 1);
}

#[tokio::test]
async fn a_large_stream_is_cut_into_chunks_and_answered_in_order() {
    let world = world(1).await;
    let many = |from: usize| {
        rows(
            (from..from + 900)
                .map(|n| add(&format!("nobody{n}"), "SPE_E3"))
                .collect(),
        )
    };
    let (outcomes, summary) = send(&world, [many(0), many(900), many(1_800)])
        .await
        .unwrap();
    assert_eq!(summary.failed, 2_700);
    for (n, outcome) in outcomes.iter().enumerate() {
        assert_eq!(
            (outcome.row, &outcome.subject),
            (i64::try_from(n).unwrap(), &format!("nobody{n}"))
        );
    }
}

#[tokio::test]
async fn messages_that_break_the_rules_are_refused_after_the_rows_before_them() {
    let world = world(5).await;
    let options = StreamLicenseChangesOptions {
        reason: "x".repeat(1_025),
        ..Default::default()
    };
    let answer = send(&world, [first(options, Vec::new())]).await;
    let status = refused(answer, Code::InvalidArgument, "LIMIT_EXCEEDED");
    assert_eq!(fields_in(&status), ["options.reason"]);
    let answer = send(&world, [rows(vec![add("a@c.com", "SPE_E3"); 1_001])]).await;
    refused(answer, Code::InvalidArgument, "LIMIT_EXCEEDED");

    let late = first(StreamLicenseChangesOptions::default(), Vec::new());
    let messages = stream([rows(vec![add("a@c.com", "SPE_E3")]), late]);
    let mut answers = world
        .batches()
        .stream_license_changes(messages)
        .await
        .unwrap()
        .into_inner();
    let told = answers.next().await.unwrap().unwrap();
    assert_eq!(results(&told.outcomes), [Applied]);
    let status = refused(
        answers.next().await.unwrap(),
        Code::InvalidArgument,
        "INVALID_ARGUMENT",
    );
    assert_eq!(fields_in(&status), ["options"]);
}

#[tokio::test]
async fn an_empty_stream_has_an_empty_summary() {
    let world = world(1).await;
    let (outcomes, summary) = send(&world, []).await.unwrap();
    assert!(outcomes.is_empty());
    assert_eq!(summary, StreamLicenseChangesSummary::default());
}

#[tokio::test]
async fn a_stream_that_ends_early_says_how_to_go_on() {
    let world = world(5).await;
    let done = || {
        rows(vec![
            add("a@c.com", "SPE_E3"),
            add("nobody", "SPE_E3"),
            add("b@c.com", "SPE_E3"),
        ])
    };
    let options = |request_id: &str| StreamLicenseChangesOptions {
        request_id: request_id.into(),
        ..StreamLicenseChangesOptions::default()
    };
    let options_again = first(options(""), Vec::new());
    for (request_id, go_on) in [
        ("", "send the rows that were not answered"),
        ("r1", "the same request id"),
    ] {
        let messages = [
            first(options(request_id), done().changes),
            options_again.clone(),
        ];
        let status = refused(
            send(&world, messages).await,
            Code::InvalidArgument,
            "INVALID_ARGUMENT",
        );
        let said = status.message();
        assert!(said.contains("Before that, 2 rows were done."), "{said}");
        assert!(said.contains(go_on), "{said}");
    }
    let only = StreamLicenseChangesOptions {
        validate_only: true,
        ..StreamLicenseChangesOptions::default()
    };
    let messages = [first(only, done().changes), options_again];
    let status = send(&world, messages).await.unwrap_err();
    let said = status.message();
    assert!(!said.contains("Before that"), "{said}");
}

#[tokio::test]
async fn rows_that_are_stored_are_summed_up_even_when_the_seats_are_unreadable() {
    let world = world(5).await;
    world
        .meddle("CREATE TRIGGER spoil AFTER UPDATE ON heads BEGIN UPDATE heads SET chain_hash = x'00'; END")
        .await;
    let messages = [rows(vec![add("a@c.com", "SPE_E3")])];
    let (outcomes, summary) = send(&world, messages).await.unwrap();
    assert_eq!(results(&outcomes), [Applied]);
    assert_eq!((summary.applied, summary.seats.len()), (1, 0));
}

#[tokio::test]
async fn a_row_names_its_fields_from_the_change_on() {
    let world = world(5).await;
    let options = StreamLicenseChangesOptions {
        request_id: "r1".into(),
        ..StreamLicenseChangesOptions::default()
    };
    let messages = |product: &str| [first(options.clone(), vec![add("a@c.com", product)])];
    let field = |(outcomes, _): Told| outcomes[0].causes[0].field.clone();
    let unknown = send(&world, messages("SPE_E9")).await.unwrap();
    assert_eq!(field(unknown), "change.add[0]");
    send(&world, messages("SPE_E3")).await.unwrap();
    let reused = send(&world, messages("SPE_E5")).await.unwrap();
    assert_eq!(field(reused), "options.request_id");
}
