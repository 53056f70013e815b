//! What users buy by self-service, and taking it over (R21, R44).

use super::*;
use crate::command::{Role, SwitchTo, TakeOver};
use crate::fixture::{group, guest, plan_id};
use crate::snapshot::{AssignmentState, Pool};

pub(super) fn own(product: &str, n: u32) -> NewSubscription {
    NewSubscription {
        purchaser: Some(format!("user{n}@contoso.com")),
        ..new(product, 2)
    }
}

pub(super) fn take_over(id: SubscriptionId, how: TakeOver) -> Command {
    Command::TakeOverSubscription {
        subscription: id.to_string(),
        how,
    }
}

#[test]
fn it_is_on_the_record_of_the_purchaser_and_beside_the_pool() {
    let mut world = world(2);
    let id = buy(&mut world, own("FULL", 0));
    assert_eq!(world.pool("FULL"), Pool::default());
    assert!(world.effective(0).contains(&"CHAT".to_owned()));
    assert!(world.user(0).paths[0].self_service);
    // An admin cannot change it, and may assign from the pool beside it.
    let removed = world.change(of_user(0).removing("FULL"));
    assert_eq!(codes(&removed), [Code::SelfServiceSubscription]);
    let more = SubscriptionChange {
        quantity: Some(9),
        ..change(id)
    };
    assert_eq!(
        codes(&update(&mut world, more)),
        [Code::SelfServiceSubscription]
    );
    for command in [cancel(id), renew(id, None), reactivate(id)] {
        assert_eq!(codes(&world.run(command)), [Code::SelfServiceSubscription]);
    }
    buy(&mut world, new("FULL", 1));
    let beside = world.change(of_user(0).adding("FULL"));
    assert_eq!(
        beside.outcome.result,
        OutcomeKind::Applied,
        "{:?}",
        beside.outcome.causes
    );
    assert_eq!(world.pool("FULL").consumed, 1);
}

#[test]
fn a_purchase_that_conflicts_is_not_ours_to_refuse() {
    let mut world = world(1);
    buy(&mut world, new("BASIC", 1));
    world.change(of_user(0).adding("BASIC"));
    buy(&mut world, own("FULL", 0));
    let bought = world.user(0).paths.iter().find(|path| path.self_service);
    let held: Vec<_> = bought
        .unwrap()
        .held_off
        .iter()
        .map(|held| held.plan)
        .collect();
    assert_eq!(held, [plan_id("MAIL_2"), plan_id("SITE_2")]);
}

#[test]
fn moving_takes_one_seat_and_leaves_no_gap() {
    let mut world = world(1);
    let id = buy(&mut world, own("FULL", 0));
    let refused = world.run(take_over(id, TakeOver::Move));
    assert_eq!(codes(&refused), [Code::NoAvailableSeats]);
    assert!(world.user(0).paths[0].self_service);

    buy(&mut world, new("FULL", 1));
    let before = world.effective(0);
    let moved = world.run(take_over(id, TakeOver::Move));
    assert_eq!(moved.outcome.seats, [(product_id("FULL"), 1)]);
    assert_eq!(moved.steps.len(), 1);
    assert!(one(&world, id).is_deleted());
    assert_eq!(world.effective(0), before);
    assert!(world.user(0).paths[0].is_direct());
    assert_eq!(world.pool("FULL").consumed, 1);
    assert_eq!(
        codes(&world.run(take_over(id, TakeOver::Move))),
        [Code::SubscriptionEnded]
    );
}

#[test]
fn who_holds_it_from_the_pool_needs_no_seat_and_keeps_what_was_on() {
    let mut world = world(1);
    buy(&mut world, new("FULL", 1));
    let off = of_user(0)
        .adding("FULL")
        .switching(Some("FULL"), "CHAT", SwitchTo::Off);
    world.change(off);
    let id = buy(&mut world, own("FULL", 0));
    assert!(world.effective(0).contains(&"CHAT".to_owned()));
    let before = world.effective(0);
    let moved = world.run(take_over(id, TakeOver::Move));
    assert_eq!(
        moved.outcome.result,
        OutcomeKind::Applied,
        "{:?}",
        moved.outcome.causes
    );
    assert!(moved.outcome.seats.is_empty());
    assert_eq!(world.effective(0), before);
    assert_eq!(world.user(0).paths.len(), 1);
}

#[test]
fn who_holds_it_through_a_group_needs_no_seat() {
    let mut world = world(1);
    let id = buy(&mut world, own("FULL", 0));
    world.give(0, "FULL", group(1), AssignmentState::Active);
    let moved = world.run(take_over(id, TakeOver::Move));
    assert!(moved.outcome.seats.is_empty(), "{:?}", moved.outcome.causes);
    assert_eq!(world.user(0).paths.len(), 2);
    assert!(world.user(0).paths.iter().all(|path| !path.self_service));
}

#[test]
fn one_of_two_purchases_moves_and_the_other_still_carries() {
    let mut world = world(1);
    let [first, _] = [(); 2].map(|()| buy(&mut world, own("FULL", 0)));
    assert_eq!(world.user(0).paths.len(), 1);
    buy(&mut world, new("FULL", 1));
    world.run(take_over(first, TakeOver::Move));
    let kinds: Vec<bool> = world
        .user(0)
        .paths
        .iter()
        .map(|path| path.self_service)
        .collect();
    assert_eq!(kinds, [true, false]);
}

#[test]
fn cancelling_it_ends_the_licence_with_it() {
    let mut world = world(1);
    let id = buy(&mut world, own("FULL", 0));
    world.at(day(40));
    let taken = world.run(take_over(id, TakeOver::Cancel));
    assert_eq!(
        taken.outcome.result,
        OutcomeKind::Applied,
        "{:?}",
        taken.outcome.causes
    );
    assert_eq!(one(&world, id).status, SubscriptionStatus::Cancelled);
    assert_eq!(advance(&mut world, day(130)), ["subscription.delete"]);
    assert!(world.user(0).paths.is_empty());
    assert!(world.effective(0).is_empty());
}

#[test]
fn what_the_organisation_bought_is_not_taken_over() {
    let mut world = world(1);
    let id = buy(&mut world, new("FULL", 1));
    for how in [TakeOver::Move, TakeOver::Cancel] {
        assert_eq!(
            codes(&world.run(take_over(id, how))),
            [Code::InvalidArgument]
        );
    }
    let company = NewSubscription {
        purchaser: Some("user0@contoso.com".to_owned()),
        ..new("TENANTWIDE", 1)
    };
    let refused = world.run(Command::CreateSubscription(Box::new(company)));
    assert_eq!(codes(&refused), [Code::NotAssignableToUser]);
}

#[test]
fn it_serves_the_purchaser_again_who_is_restored_and_is_taken_over_then() {
    let mut world = world(1);
    let id = buy(&mut world, own("FULL", 0));
    world.run(Command::DeleteUser {
        user: "user0@contoso.com".to_owned(),
        expect: None,
    });
    assert!(world.user(0).paths.is_empty());
    world.run(Command::UndeleteUser(Box::new(crate::command::Undelete {
        user: "user0@contoso.com".to_owned(),
        upn: None,
        restore_licenses: true,
    })));
    assert!(world.user(0).paths[0].self_service);
    assert!(world.effective(0).contains(&"CHAT".to_owned()));
    assert_eq!(world.pool("FULL").consumed, 0);
    buy(&mut world, new("FULL", 1));
    world.run(take_over(id, TakeOver::Move));
    assert_eq!(world.pool("FULL").consumed, 1);
    assert!(!world.user(0).paths[0].self_service);
}

#[test]
fn who_waits_by_two_groups_is_served_once() {
    let mut world = world(1);
    for n in 1..3 {
        let place = crate::snapshot::Waiting {
            priority: 0,
            since: Instant(n),
        };
        let path = group(u128::from(n.unsigned_abs()));
        world.give(0, "FULL", path, AssignmentState::Waiting(place));
    }
    buy(&mut world, new("FULL", 5));
    let product = product_id("FULL");
    world.run(Command::ServeQueue { product });
    assert_eq!(world.pool("FULL").consumed, 1);
    let paths = &world.user(0).paths;
    assert_eq!(paths.len(), 2);
    assert!(paths.iter().all(crate::snapshot::Assignment::is_active));
}

/// Moving assigns a seat of the pool (R22); cancelling ends what the guest bought and assigns nothing.
#[test]
fn what_a_guest_bought_is_moved_to_the_pool_by_a_global_admin_only() {
    let bought_by_a_guest = || {
        let mut world = world(1);
        buy(&mut world, new("FULL", 1));
        let id = buy(&mut world, own("FULL", 0));
        world.edit_user(0, guest);
        world.roles = vec![Role::BillingAdmin];
        (world, id)
    };
    let (mut world, id) = bought_by_a_guest();
    let refused = world.run(take_over(id, TakeOver::Move));
    assert_eq!(codes(&refused), [Code::GuestNeedsGlobalAdmin]);
    assert_eq!(world.pool("FULL").consumed, 0);
    world.roles = vec![Role::GlobalAdmin];
    let moved = world.run(take_over(id, TakeOver::Move)).outcome;
    assert_eq!(
        (moved.result, world.pool("FULL").consumed),
        (OutcomeKind::Applied, 1)
    );
    let (mut world, id) = bought_by_a_guest();
    let cancelled = world.run(take_over(id, TakeOver::Cancel)).outcome;
    assert_eq!(
        (cancelled.result, world.pool("FULL").consumed),
        (OutcomeKind::Applied, 0)
    );
}
