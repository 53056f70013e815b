//! Seats whose term has ended, and who takes one (R41): each way to take one says until when it works.

use super::*;
use crate::command::{CopyFrom, LicenseChange, NewUser, TakeOver, Undelete, UserFields};
use crate::fixture::user_id;
use crate::plan::Note;

/// What says until when the seats of a product work.
fn in_grace(notes: &[Note]) -> Vec<&str> {
    let told = notes.iter().filter(|note| note.kind == NoteKind::InGrace);
    told.map(|note| note.message.as_str()).collect()
}

/// Seats by the month that are not renewed.
fn ending(quantity: i64, grace_days: i32) -> NewSubscription {
    NewSubscription {
        recurring_billing: false,
        months: Some(1),
        grace_days: Some(grace_days),
        ..new("FULL", quantity)
    }
}

fn copy(from: u128, to: u128) -> LicenseChange {
    LicenseChange {
        copy_from: Some(CopyFrom {
            user: user_id(from).to_string(),
            products: Vec::new(),
        }),
        ..of_user(to)
    }
}

/// A world whose seats of FULL are in grace, one of them in use, and the last day of the grace.
fn lapsing(people: u128, quantity: i64) -> (World, String) {
    let mut world = world(people);
    buy(&mut world, ending(quantity, 30));
    world.change(of_user(0).adding("FULL"));
    let end = START.plus_months(1);
    advance(&mut world, end.plus_days(1));
    (world, end.plus_days(30).date())
}

#[test]
fn a_copy_a_new_user_and_a_restored_one_are_told_until_when() {
    let (mut world, last_day) = lapsing(2, 5);
    let copied = world.change(copy(0, 1));
    let fields = UserFields {
        upn: Some("new@contoso.com".to_owned()),
        display_name: Some("New".to_owned()),
        usage_location: Some("DE".to_owned()),
        ..UserFields::default()
    };
    let created = world.run(Command::CreateUser(Box::new(NewUser {
        id: None,
        fields,
        licenses: Some(LicenseChange::default().adding("FULL")),
    })));
    for plan in [copied, created] {
        assert_eq!(plan.outcome.result, OutcomeKind::Applied);
        let told = in_grace(&plan.outcome.notes);
        assert!(
            matches!(told.as_slice(), [one] if one.contains(&last_day)),
            "{told:?}"
        );
    }
    world.run(Command::DeleteUser {
        user: user_id(1).to_string(),
        expect: None,
    });
    let back = world.run(Command::UndeleteUser(Box::new(Undelete {
        user: user_id(1).to_string(),
        upn: None,
        restore_licenses: true,
    })));
    let [part] = back.outcome.parts.as_slice() else {
        panic!("{:?}", back.outcome.parts);
    };
    assert!(in_grace(&part.notes)[0].contains(&last_day), "{part:?}");
}

#[test]
fn of_rows_that_go_together_each_that_takes_a_seat_is_told_until_when() {
    let (mut world, last_day) = lapsing(4, 5);
    let rows = vec![
        of_user(1).adding("FULL"),
        of_user(0).adding("FULL"),
        copy(0, 2),
        of_user(3).removing("FULL"),
    ];
    let plan = world.run(Command::ModifyLicensesTogether(rows));
    assert_eq!(plan.outcome.result, OutcomeKind::Applied);
    let told: Vec<usize> = plan
        .outcome
        .parts
        .iter()
        .map(|part| in_grace(&part.notes).len())
        .collect();
    assert_eq!(told, [1, 0, 1, 0]);
    assert!(in_grace(&plan.outcome.parts[0].notes)[0].contains(&last_day));
}

#[test]
fn who_moves_from_an_own_purchase_into_grace_is_told_until_when() {
    let (mut world, last_day) = lapsing(2, 5);
    let own = NewSubscription {
        purchaser: Some("user1@contoso.com".to_owned()),
        ..new("FULL", 1)
    };
    let id = buy(&mut world, own);
    let moved = world.run(Command::TakeOverSubscription {
        subscription: id.to_string(),
        how: TakeOver::Move,
    });
    assert_eq!(moved.outcome.seats, [(product_id("FULL"), 1)]);
    assert!(in_grace(&moved.outcome.notes)[0].contains(&last_day));
}

#[test]
fn a_seat_that_other_seats_carry_on_is_told_nothing() {
    let (mut world, last_day) = lapsing(4, 2);
    buy(&mut world, new("FULL", 2));
    // Two seats go on after the grace: the second holder has one of them, the third has none.
    let second = world.change(of_user(1).adding("FULL"));
    assert!(in_grace(&second.outcome.notes).is_empty());
    let third = world.change(of_user(2).adding("FULL"));
    assert!(in_grace(&third.outcome.notes)[0].contains(&last_day));
}

#[test]
fn of_several_that_are_in_grace_the_day_counts_on_which_a_seat_is_missing() {
    let mut world = world(4);
    buy(&mut world, ending(2, 10));
    buy(&mut world, ending(2, 20));
    let end = START.plus_months(1);
    assert_eq!(
        advance(&mut world, end.plus_days(1)),
        ["subscription.expire"; 2]
    );
    for (n, days) in [(0, 20), (1, 20), (2, 10)] {
        let told = world.change(of_user(n).adding("FULL"));
        let told = in_grace(&told.outcome.notes).join("");
        assert!(told.contains(&end.plus_days(days).date()), "{n}: {told}");
    }
}

#[test]
fn nobody_who_holds_one_already_is_told_of_it() {
    let (mut world, _) = lapsing(1, 2);
    let off = of_user(0).switching(Some("FULL"), "CHAT", crate::command::SwitchTo::Off);
    for change in [of_user(0).adding("FULL"), off, of_user(0).removing("FULL")] {
        let plan = world.change(change);
        assert!(in_grace(&plan.outcome.notes).is_empty(), "{plan:?}");
    }
}
