use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::ids::{AssignmentId, Path, ProductId, Revision, UserId};
use crate::refusal::Code;
use crate::snapshot::{AssignmentState, HeldOff, NewPlans};

const MAIL: PlanId = PlanId(Uuid::from_u128(1));
const OTHER_MAIL: PlanId = PlanId(Uuid::from_u128(2));

fn day(n: i64) -> Instant {
    Instant(0).plus_days(n)
}

fn span(from: i64, to: Option<i64>) -> Span {
    Span {
        from: day(from),
        to: to.map(day),
    }
}

fn service(kind: DataKind, days: Option<u32>) -> Service {
    Service {
        id: "mail".to_owned(),
        kind,
        days,
        plans: BTreeSet::from([MAIL, OTHER_MAIL]),
    }
}

fn product(n: u128) -> ProductId {
    ProductId(Uuid::from_u128(100 + n))
}

fn path(n: u128) -> Assignment {
    Assignment {
        id: AssignmentId(Uuid::from_u128(n)),
        user: UserId(Uuid::from_u128(7)),
        product: product(n),
        path: Path::Direct,
        state: AssignmentState::Active,
        switches: BTreeMap::new(),
        new_plans: NewPlans::On,
        began_at: Instant(0),
        began_rev: Revision(1),
        from_rev: Revision(1),
        held_off: Vec::new(),
        self_service: false,
        batch: None,
        actor: Arc::from("tester"),
    }
}

fn entry(n: u128, plan: PlanId) -> (PlanEntry, Span) {
    let entry = PlanEntry {
        product: product(n),
        plan,
        on_by_default: true,
        since: Revision(0),
    };
    (entry, span(0, None))
}

/// Two products with mail, each held for some time.
fn history(paths: &[(u128, i64, Option<i64>)]) -> History {
    History {
        paths: paths
            .iter()
            .map(|(n, from, to)| (path(*n), span(*from, *to)))
            .collect(),
        entries: vec![entry(0, MAIL), entry(1, OTHER_MAIL)],
        ..History::default()
    }
}

fn found(history: &History, kind: DataKind, now: i64) -> (DataState, i64, Option<i64>) {
    let data = service_data(&[service(kind, Some(30))], history, day(now));
    let days = |at: Instant| at.0 / day(1).0;
    let [data] = data.as_slice() else {
        panic!("{data:?}");
    };
    (data.state, days(data.since), data.until.map(days))
}

#[test]
fn a_clock_runs_from_the_end_of_the_last_plan() {
    let left = history(&[(0, 1, Some(10))]);
    assert_eq!(found(&left, DataKind::Mail, 9), (DataState::InUse, 1, None));
    assert_eq!(
        found(&left, DataKind::Mail, 10),
        (DataState::Kept, 10, Some(40))
    );
    assert_eq!(
        found(&left, DataKind::Mail, 39),
        (DataState::Kept, 10, Some(40))
    );
    assert_eq!(
        found(&left, DataKind::Mail, 40),
        (DataState::Gone, 40, None)
    );
    assert_eq!(
        found(&left, DataKind::Files, 900),
        (DataState::Kept, 10, None)
    );
    assert_eq!(
        service_data(&[service(DataKind::Mail, None)], &left, day(0)),
        []
    );
}

#[test]
fn a_swap_starts_nothing_and_coming_back_stops_the_clock() {
    let swapped = history(&[(0, 1, Some(10)), (1, 10, None)]);
    assert_eq!(
        found(&swapped, DataKind::Mail, 50),
        (DataState::InUse, 1, None)
    );
    let back = history(&[(0, 1, Some(10)), (1, 30, None)]);
    assert_eq!(
        found(&back, DataKind::Mail, 29),
        (DataState::Kept, 10, Some(40))
    );
    assert_eq!(
        found(&back, DataKind::Mail, 50),
        (DataState::InUse, 30, None)
    );
}

#[test]
fn switches_defaults_and_what_is_held_off_decide() {
    let mut off = history(&[(0, 1, None)]);
    off.paths[0].0.switches.insert(MAIL, false);
    assert_eq!(uses(&off, &service(DataKind::Mail, None)), []);
    off.automatic.push((MAIL, span(5, Some(8))));
    assert_eq!(
        uses(&off, &service(DataKind::Mail, None)),
        [span(5, Some(8))]
    );
    let mut new = history(&[(0, 1, None)]);
    new.entries[0].0.since = Revision(9);
    new.paths[0].0.new_plans = NewPlans::Off;
    assert_eq!(uses(&new, &service(DataKind::Mail, None)), []);
    new.entries[0].0.since = Revision(1);
    assert_eq!(uses(&new, &service(DataKind::Mail, None)), [span(1, None)]);
    new.paths[0].0.held_off.push(HeldOff {
        plan: MAIL,
        code: Code::MissingPrerequisitePlan,
        because: Vec::new(),
        since: Instant(0),
    });
    assert_eq!(uses(&new, &service(DataKind::Mail, None)), []);
}

#[test]
fn a_hold_keeps_what_is_there_and_brings_nothing_back() {
    let mut held = history(&[(0, 1, Some(10))]);
    held.held.push(span(20, Some(60)));
    assert_eq!(
        found(&held, DataKind::Mail, 39),
        (DataState::Kept, 10, Some(40))
    );
    assert_eq!(
        found(&held, DataKind::Mail, 50),
        (DataState::Held, 10, None)
    );
    assert_eq!(
        found(&held, DataKind::Mail, 60),
        (DataState::Gone, 60, None)
    );
    held.held = vec![span(41, None)];
    assert_eq!(
        found(&held, DataKind::Mail, 50),
        (DataState::Gone, 40, None)
    );
    // Another reason for the hold is the same hold.
    held.held = vec![span(20, Some(60)), span(60, None)];
    assert_eq!(
        found(&held, DataKind::Mail, 70),
        (DataState::Held, 10, None)
    );
}

#[test]
fn a_deleted_persons_clock_starts_at_the_deletion() {
    let mut deleted = history(&[(0, 1, None)]);
    deleted.deleted.push(span(10, None));
    assert_eq!(
        found(&deleted, DataKind::Mail, 20),
        (DataState::Kept, 10, Some(40))
    );
    assert_eq!(
        found(&deleted, DataKind::Files, 20),
        (DataState::Kept, 10, Some(40))
    );
    deleted.held.push(span(5, None));
    assert_eq!(
        found(&deleted, DataKind::Mail, 20),
        (DataState::Inactive, 10, None)
    );
    assert_eq!(
        found(&deleted, DataKind::Files, 99),
        (DataState::Inactive, 10, None)
    );
}

/// A life on paper, one day after the other: nothing is known but today and what was yesterday.
fn lived(history: &History, service: &Service, until: i64) -> Option<DataState> {
    let (mut used_yesterday, mut ended, mut gone) = (false, None, false);
    for today in 0..=until {
        let on = |spans: &[Span]| {
            let covers = |s: &Span| s.from <= day(today) && s.to.is_none_or(|to| to > day(today));
            spans.iter().any(covers)
        };
        let paths: Vec<Span> = history.paths.iter().map(|(_, span)| *span).collect();
        let used = on(&paths) && !on(&history.deleted);
        if used {
            gone = false;
            ended = None;
        } else if used_yesterday {
            ended = Some(today);
        }
        used_yesterday = used;
        let days = service.days.filter(|_| service.kind != DataKind::Files);
        let over =
            matches!((ended, days), (Some(end), Some(days)) if today >= end + i64::from(days));
        let held = on(&history.held);
        gone |= over && !held;
        if today == until {
            return match ended {
                _ if used => Some(DataState::InUse),
                None => None,
                Some(_) if gone => Some(DataState::Gone),
                Some(_) if held && on(&history.deleted) => Some(DataState::Inactive),
                Some(_) if over => Some(DataState::Held),
                Some(_) => Some(DataState::Kept),
            };
        }
    }
    None
}

fn some_spans(most: usize) -> impl Strategy<Value = Vec<(i64, Option<i64>)>> {
    let one = (0..30i64, prop::option::weighted(0.8, 1..15i64));
    let one = one.prop_map(|(from, length)| (from, length.map(|length| from + length)));
    prop::collection::vec(one, 0..most)
}

proptest! {
    #[test]
    fn the_computed_state_is_the_lived_one(
        paths in some_spans(5),
        held in some_spans(4),
        deleted in some_spans(2),
        days in prop::option::of(1..12u32),
        files in any::<bool>(),
        now in 0..50i64,
    ) {
        let paths: Vec<_> = paths.iter().enumerate().map(|(n, (from, to))| (n as u128 % 2, *from, *to)).collect();
        let mut history = history(&paths);
        let spans = |all: &[(i64, Option<i64>)]| all.iter().map(|(from, to)| span(*from, *to)).collect();
        history.held = spans(&held);
        history.deleted = spans(&deleted);
        let service = service(if files { DataKind::Files } else { DataKind::Mail }, days);
        let computed = service_data(std::slice::from_ref(&service), &history, day(now));
        let state = computed.first().map(|data| data.state);
        prop_assert_eq!(state, lived(&history, &service, now));
        for data in computed {
            prop_assert!(data.since <= day(now));
            prop_assert!(data.until.is_none_or(|until| until > day(now) || data.state == DataState::Kept));
        }
    }
}
