//! Decisions about subscriptions, and what happens to them by themselves (R8, R21, R41-R46).

mod benefit;
mod bought_beside;
mod bought_by_users;
mod grace;
mod lapses;
mod random;
mod shrinking;

use crate::command::{Command, NewSubscription, SubscriptionChange};
use crate::fixture::{World, of_user, product_id};
use crate::ids::{Instant, SubscriptionId};
use crate::plan::{Change, NoteKind, OutcomeKind, Plan, Subject};
use crate::refusal::Code;
use crate::subscription::{Subscription, SubscriptionStatus};

/// 2026-01-31, noon.
pub(super) const START: Instant = Instant(1_769_860_800_000_000);

pub(super) fn day(days: i64) -> Instant {
    START.plus_days(days)
}

pub(super) fn new(product: &str, quantity: i64) -> NewSubscription {
    NewSubscription {
        product: product.to_owned(),
        quantity,
        recurring_billing: true,
        ..NewSubscription::default()
    }
}

/// Some people, no seats, and the clock at the start.
pub(super) fn world(people: u128) -> World {
    let mut world = World::new(people, 0);
    world.at(START);
    world
}

pub(super) fn buy(world: &mut World, new: NewSubscription) -> SubscriptionId {
    let plan = world.run(Command::CreateSubscription(Box::new(new)));
    match plan.outcome.subject {
        Some(Subject::Subscription(id)) => id,
        other => panic!("{other:?}: {:?}", plan.outcome.causes),
    }
}

pub(super) fn one(world: &World, id: SubscriptionId) -> &Subscription {
    world.snapshot.subscription(id).unwrap()
}

pub(super) fn change(id: SubscriptionId) -> SubscriptionChange {
    SubscriptionChange {
        subscription: id.to_string(),
        ..SubscriptionChange::default()
    }
}

pub(super) fn update(world: &mut World, change: SubscriptionChange) -> Plan {
    world.run(Command::UpdateSubscription(Box::new(change)))
}

/// Does what falls due until a moment, as a writer does, and answers what was recorded.
pub(super) fn advance(world: &mut World, until: Instant) -> Vec<&'static str> {
    let mut actions = Vec::new();
    loop {
        let all = world.snapshot.subscriptions();
        let next = all.filter_map(|one| Some((one.next_transition()?.at, one.id)));
        let Some((at, subscription)) = next.min().filter(|(at, _)| *at <= until) else {
            break;
        };
        world.at(at);
        let plan = world.run(Command::AdvanceSubscription { subscription });
        assert_eq!(plan.outcome.result, OutcomeKind::Applied);
        actions.extend(plan.steps.iter().map(|step| step.record.action.as_str()));
    }
    world.at(until);
    actions
}

pub(super) fn codes(plan: &Plan) -> Vec<Code> {
    plan.outcome.causes.iter().map(|cause| cause.code).collect()
}

fn cancel(id: SubscriptionId) -> Command {
    Command::CancelSubscription {
        subscription: id.to_string(),
    }
}

fn renew(id: SubscriptionId, quantity: Option<i64>) -> Command {
    Command::RenewSubscription {
        subscription: id.to_string(),
        quantity,
        months: None,
    }
}

fn reactivate(id: SubscriptionId) -> Command {
    Command::ReactivateSubscription {
        subscription: id.to_string(),
        quantity: None,
        months: None,
    }
}

#[test]
fn fewer_seats_than_are_in_use_are_refused_and_the_answer_says_how_many_to_unassign() {
    let mut world = world(6);
    let id = buy(&mut world, new("FULL", 5));
    buy(&mut world, new("FULL", 8));
    assert_eq!(world.pool("FULL").total(), 13);
    for n in 0..6 {
        world.change(of_user(n).adding("FULL"));
    }
    world.set_pool("FULL", {
        let mut pool = world.pool("FULL");
        pool.consumed = 11;
        pool
    });
    let wanted = SubscriptionChange {
        quantity: Some(2),
        ..change(id)
    };
    let refused = update(&mut world, wanted);
    assert_eq!(codes(&refused), [Code::QuantityBelowConsumed]);
    let cause = &refused.outcome.causes[0];
    assert_eq!(
        (
            cause.metadata["unassign"].as_str(),
            cause.metadata["least"].as_str()
        ),
        ("1", "3")
    );
    assert!(
        cause.next.as_ref().unwrap().contains("Unassign 1 first"),
        "{cause:?}"
    );
    let fits = SubscriptionChange {
        quantity: Some(3),
        ..change(id)
    };
    assert_eq!(
        update(&mut world, fits.clone()).outcome.result,
        OutcomeKind::Applied
    );
    assert_eq!(
        (world.pool("FULL").total(), world.pool("FULL").available()),
        (11, 0)
    );
    assert_eq!(
        update(&mut world, fits).outcome.result,
        OutcomeKind::Unchanged
    );
}

#[test]
fn a_smaller_renewal_over_allocates_until_it_is_healed() {
    let mut world = world(4);
    let id = buy(&mut world, new("FULL", 4));
    for n in 0..3 {
        world.change(of_user(n).adding("FULL"));
    }
    let smaller = SubscriptionChange {
        renewal_quantity: Some(1),
        ..change(id)
    };
    let said = update(&mut world, smaller);
    assert_eq!(said.outcome.notes[0].kind, NoteKind::OverAllocated);
    assert_eq!(world.pool("FULL").total(), 4);

    let end = one(&world, id).ends_at.unwrap();
    assert_eq!(advance(&mut world, end), ["subscription.renew"]);
    assert_eq!(
        (world.pool("FULL").total(), world.pool("FULL").available()),
        (1, -2)
    );
    assert_eq!(world.snapshot.over_since(product_id("FULL")), Some(end));
    // A holder needs no seat (R7), everybody else is refused.
    assert_eq!(
        codes(&world.change(of_user(3).adding("FULL"))),
        [Code::NoAvailableSeats]
    );

    world.at(end.plus_days(5));
    world.change(of_user(0).removing("FULL"));
    assert_eq!(world.snapshot.over_since(product_id("FULL")), Some(end));
    let healed = world.change(of_user(1).removing("FULL"));
    assert!(
        healed
            .changes()
            .any(|change| matches!(change, Change::CloseOverAllocation { .. }))
    );
    assert_eq!(world.snapshot.over_since(product_id("FULL")), None);
}

#[test]
fn a_term_that_still_runs_is_made_longer_and_loses_no_seat_in_use() {
    let mut world = world(3);
    let id = buy(&mut world, new("FULL", 3));
    for n in 0..2 {
        world.change(of_user(n).adding("FULL"));
    }
    let smaller = SubscriptionChange {
        renewal_quantity: Some(1),
        ..change(id)
    };
    update(&mut world, smaller);
    world.at(day(40));
    let refused = world.run(renew(id, Some(1)));
    assert_eq!(codes(&refused), [Code::QuantityBelowConsumed]);
    let (end, window) = (one(&world, id).ends_at, one(&world, id).cancel_until);
    world.run(renew(id, None));
    let renewed = one(&world, id);
    assert!(renewed.ends_at > end);
    assert_eq!(renewed.cancel_until, window);
    assert_eq!((renewed.quantity, renewed.renewal_quantity), (3, Some(1)));
}

#[test]
fn cancelling_ends_at_its_window_and_locks_out_at_once() {
    let mut world = world(1);
    let [early, late] = [(); 2].map(|()| buy(&mut world, new("FULL", 5)));
    world.at(day(7));
    let done = world.run(cancel(early));
    assert_eq!(
        done.outcome.result,
        OutcomeKind::Applied,
        "{:?}",
        done.outcome.causes
    );
    let pool = world.pool("FULL");
    assert_eq!((pool.enabled, pool.locked_out), (5, 5));
    assert_eq!(
        world.run(cancel(early)).outcome.result,
        OutcomeKind::Unchanged
    );

    world.at(day(8));
    let refused = world.run(cancel(late));
    assert_eq!(codes(&refused), [Code::CancelWindowClosed]);
    let cause = &refused.outcome.causes[0];
    assert_eq!(cause.metadata["cancel_until"], "2026-02-07");
    assert!(
        cause.next.as_ref().unwrap().contains("ends on 2027-01-31"),
        "{cause:?}"
    );
    // The window opens again with the renewal.
    let end = one(&world, late).ends_at.unwrap();
    advance(&mut world, end);
    assert_eq!(world.run(cancel(late)).outcome.result, OutcomeKind::Applied);
}

#[test]
fn a_cancelled_one_comes_back_until_it_is_deleted() {
    let mut world = world(1);
    let id = buy(&mut world, new("FULL", 5));
    world.run(cancel(id));
    assert_eq!(
        codes(&world.run(renew(id, None))),
        [Code::SubscriptionEnded]
    );
    world.at(day(60));
    assert_eq!(
        world.run(reactivate(id)).outcome.result,
        OutcomeKind::Applied
    );
    assert_eq!(one(&world, id).ends_at, Some(day(60).plus_months(12)));
    assert_eq!(world.pool("FULL").enabled, 5);
    world.run(cancel(id));
    assert_eq!(advance(&mut world, day(160)), ["subscription.delete"]);
    assert_eq!(codes(&world.run(reactivate(id))), [Code::SubscriptionEnded]);
}

#[test]
fn a_renewal_extends_the_term_from_its_end_or_from_now() {
    let mut world = world(1);
    let id = buy(&mut world, new("FULL", 5));
    world.run(renew(id, Some(7)));
    assert_eq!(one(&world, id).ends_at, Some(START.plus_months(24)));
    assert_eq!(world.pool("FULL").enabled, 7);
    let off = SubscriptionChange {
        recurring_billing: Some(false),
        ..change(id)
    };
    update(&mut world, off);
    let late = START.plus_months(24).plus_days(3);
    assert_eq!(advance(&mut world, late), ["subscription.expire"]);
    assert_eq!(world.pool("FULL").warning, 7);
    world.run(renew(id, None));
    assert_eq!(one(&world, id).ends_at, Some(late.plus_months(12)));
    assert_eq!(one(&world, id).status, SubscriptionStatus::Active);
}

#[test]
fn a_partner_alone_changes_what_was_bought_through_it() {
    let mut world = world(1);
    let partnered = NewSubscription {
        partner: Some("tenants/9/identities/kim".to_owned()),
        ..new("FULL", 5)
    };
    let id = buy(&mut world, partnered);
    let more = SubscriptionChange {
        quantity: Some(9),
        ..change(id)
    };
    assert_eq!(
        codes(&update(&mut world, more.clone())),
        [Code::PartnerManaged]
    );
    for command in [cancel(id), renew(id, None), reactivate(id)] {
        assert_eq!(codes(&world.run(command)), [Code::PartnerManaged]);
    }
    let named = SubscriptionChange {
        name: Some("Ours".to_owned()),
        ..change(id)
    };
    assert_eq!(
        update(&mut world, named).outcome.result,
        OutcomeKind::Applied
    );
    world.actor = "tenants/9/identities/kim".to_owned();
    assert_eq!(
        update(&mut world, more).outcome.result,
        OutcomeKind::Applied
    );
    assert_eq!(world.run(cancel(id)).outcome.result, OutcomeKind::Applied);
}

#[test]
fn who_read_an_older_version_changes_nothing() {
    let mut world = world(1);
    let id = buy(&mut world, new("FULL", 5));
    let read = one(&world, id).etag();
    let mut wanted = SubscriptionChange {
        quantity: Some(9),
        expect: Some(read.clone()),
        ..change(id)
    };
    update(&mut world, wanted.clone());
    wanted.quantity = Some(10);
    assert_eq!(codes(&update(&mut world, wanted)), [Code::ConcurrentChange]);
    assert_eq!(one(&world, id).quantity, 9);
}

#[test]
fn a_name_or_a_product_stands_for_one_subscription_or_for_none() {
    let mut world = world(1);
    let asked = |text: &str| Command::CancelSubscription {
        subscription: text.to_owned(),
    };
    assert_eq!(
        codes(&world.run(asked("FULL"))),
        [Code::SubscriptionNotFound]
    );
    buy(&mut world, new("FULL", 5));
    assert_eq!(
        world.look(asked("FULL")).outcome.result,
        OutcomeKind::Applied
    );
    let named = NewSubscription {
        name: Some("Second".to_owned()),
        ..new("FULL", 5)
    };
    buy(&mut world, named);
    assert_eq!(codes(&world.look(asked("FULL"))), [Code::AmbiguousName]);
    assert_eq!(
        world.look(asked("second")).outcome.result,
        OutcomeKind::Applied
    );
}

#[test]
fn a_change_of_licences_may_name_a_subscription_unless_it_is_perpetual() {
    let mut world = world(1);
    let term = buy(&mut world, new("FULL", 5));
    let perpetual = buy(&mut world, new("TALK", 5));
    let added = world.change(of_user(0).adding(&term.to_string()));
    assert_eq!(added.outcome.gained, [product_id("FULL")]);
    let refused = world.change(of_user(0).adding(&perpetual.to_string()));
    assert_eq!(codes(&refused), [Code::AssignByProduct]);
}

#[test]
fn numbers_that_make_no_sense_name_their_field() {
    let mut world = world(1);
    let id = buy(&mut world, new("FULL", 5));
    let trial = buy(
        &mut world,
        NewSubscription {
            trial: true,
            ..new("BASIC", 5)
        },
    );
    let talk = buy(&mut world, new("TALK", 5));
    let wrong = [
        (
            SubscriptionChange {
                quantity: Some(0),
                ..change(id)
            },
            "quantity",
        ),
        (
            SubscriptionChange {
                renewal_quantity: Some(-1),
                ..change(id)
            },
            "renewal_quantity",
        ),
        (
            SubscriptionChange {
                renewal_quantity: Some(1),
                ..change(talk)
            },
            "renewal_quantity",
        ),
        (
            SubscriptionChange {
                grace_days: Some(-1),
                ..change(id)
            },
            "grace_days",
        ),
        (
            SubscriptionChange {
                name: Some(" ".into()),
                ..change(id)
            },
            "name",
        ),
        (
            SubscriptionChange {
                recurring_billing: Some(true),
                ..change(trial)
            },
            "recurring_billing",
        ),
        (
            SubscriptionChange {
                recurring_billing: Some(true),
                ..change(talk)
            },
            "recurring_billing",
        ),
    ];
    for (change, field) in wrong {
        let refused = update(&mut world, change);
        assert_eq!(codes(&refused), [Code::InvalidArgument], "{field}");
        assert_eq!(refused.outcome.causes[0].field.as_deref(), Some(field));
    }
    assert_eq!(
        codes(&world.run(renew(talk, None))),
        [Code::InvalidArgument]
    );
}

#[test]
fn no_number_of_days_makes_anything_fall_due_in_the_past() {
    let mut world = world(1);
    let id = buy(&mut world, new("FULL", 5));
    let off = SubscriptionChange {
        recurring_billing: Some(false),
        ..change(id)
    };
    update(&mut world, off);
    advance(&mut world, START.plus_months(12).plus_days(10));
    let refused = update(
        &mut world,
        SubscriptionChange {
            grace_days: Some(9),
            ..change(id)
        },
    );
    assert_eq!(
        refused.outcome.causes[0].field.as_deref(),
        Some("grace_days")
    );
}
