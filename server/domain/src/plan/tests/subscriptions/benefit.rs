//! Licences without benefit (R41): a product of which no seat works is kept by who has it, and still counts
//! against what excludes it and for what needs it.

use super::*;
use crate::command::{LicenseChange, Mode, SwitchTo};
use crate::fixture::group;
use crate::snapshot::AssignmentState;

/// A world in which FULL is held by somebody and its seats are locked out, beside other products that work.
fn locked_out() -> (World, SubscriptionId) {
    let mut world = world(3);
    let id = buy(&mut world, new("FULL", 2));
    for product in ["BASIC", "MEETING", "TALK"] {
        buy(&mut world, new(product, 5));
    }
    world.change(of_user(0).adding("FULL"));
    world.run(cancel(id));
    assert!(world.pool("FULL").is_suspended());
    (world, id)
}

#[test]
fn a_suspended_plan_still_excludes_and_still_serves_what_needs_it() {
    let (mut world, _) = locked_out();
    let clash = world.change(of_user(0).adding("BASIC"));
    assert_eq!(codes(&clash), [Code::MutuallyExclusivePlans]);
    // MEET needs CHAT or YAMMER, and only the suspended licence has them.
    let served = world.change(of_user(0).adding("MEETING"));
    assert_eq!(
        served.outcome.result,
        OutcomeKind::Applied,
        "{:?}",
        served.outcome.causes
    );
    assert!(world.effective(0).contains(&"MEET".to_owned()));
    let kept = world.change(of_user(0).removing("FULL"));
    assert_eq!(codes(&kept), [Code::PrerequisiteInUse]);
}

#[test]
fn a_suspended_licence_is_kept_switched_and_given_back_like_any_other() {
    let (mut world, _) = locked_out();
    world.give(1, "FULL", group(1), AssignmentState::Active);
    assert_eq!(
        world.change(of_user(0).adding("FULL")).outcome.result,
        OutcomeKind::Unchanged
    );
    let off = of_user(0).switching(Some("FULL"), "YAMMER", SwitchTo::Off);
    assert_eq!(world.change(off).outcome.result, OutcomeKind::Applied);
    // R7: a holder takes no seat.
    let beside = world.change(of_user(1).adding("FULL"));
    assert_eq!(
        (beside.outcome.result, beside.outcome.seats.len()),
        (OutcomeKind::Applied, 0)
    );
    let waits = LicenseChange {
        wait_for_seat: true,
        ..of_user(2).adding("FULL")
    };
    assert_eq!(codes(&world.change(waits)), [Code::SubscriptionSuspended]);
    let none = LicenseChange {
        mode: Mode::UnassignAll,
        ..of_user(0)
    };
    let given_back = world.change(none);
    assert_eq!(given_back.outcome.seats, [(product_id("FULL"), -1)]);
}

#[test]
fn one_working_seat_gives_the_benefit_back_to_all() {
    let (mut world, id) = locked_out();
    world.give(1, "FULL", group(1), AssignmentState::Active);
    buy(&mut world, new("FULL", 1));
    assert!(!world.pool("FULL").is_suspended());
    assert_eq!(world.pool("FULL").available(), -1);
    // Seats are missing now, and no longer suspended.
    assert_eq!(
        codes(&world.change(of_user(2).adding("FULL"))),
        [Code::NoAvailableSeats]
    );
    world.run(reactivate(id));
    assert_eq!(
        (
            world.pool("FULL").locked_out,
            world.pool("FULL").available()
        ),
        (0, 1)
    );
}

#[test]
fn each_subscription_goes_by_its_own_numbers_of_days() {
    let mut world = world(1);
    let own = NewSubscription {
        recurring_billing: false,
        months: Some(1),
        grace_days: Some(0),
        disabled_days: Some(5),
        ..new("FULL", 1)
    };
    let own = buy(&mut world, own);
    world.at(START);
    let usual = NewSubscription {
        recurring_billing: false,
        months: Some(1),
        ..new("FULL", 1)
    };
    let usual = buy(&mut world, usual);
    let end = START.plus_months(1);
    use SubscriptionStatus::{Active, Deleted, Disabled, Expired};
    let statuses = [
        (Instant(end.0 - 1), Active, Active),
        (end, Disabled, Expired),
        (end.plus_days(5), Deleted, Expired),
        (end.plus_days(30), Deleted, Disabled),
        (Instant(end.plus_days(120).0 - 1), Deleted, Disabled),
        (end.plus_days(120), Deleted, Deleted),
    ];
    for (at, of_own, of_usual) in statuses {
        advance(&mut world, at);
        let found = [own, usual].map(|id| one(&world, id).status);
        assert_eq!(found, [of_own, of_usual], "{}", at.date());
    }
}
