//! What a change says of data that is no longer used after it (R50), in a preview as when it is made.

use crate::catalogue::DataKind;
use crate::command::{
    Command, LicenseChange, Mode, NewSubscription, RuleImport, SwitchTo, UserFields,
};
use crate::fixture::{World, group, of_user, plan_id, user_id};
use crate::ids::Instant;
use crate::plan::DataClock;
use crate::plan::OutcomeKind::Applied;
use crate::snapshot::{AssignmentState, Pool};

const NOW: Instant = Instant(5_000_000);

/// Mail in either of two plans, files in one of them, chats, and secrets.
fn world() -> World {
    let mut world = World::new(2, 5);
    let service = |id: &str, plans: &[&str], kind, days| RuleImport::Service {
        id: id.to_owned(),
        plans: plans.iter().map(|plan| plan_id(plan)).collect(),
        kind,
        days,
    };
    let made = world.run(Command::ImportRules(vec![
        service("mail", &["MAIL_1", "MAIL_2"], DataKind::Mail, Some(30)),
        service("files", &["SITE_1", "SITE_2"], DataKind::Files, None),
        service("chat", &["CHAT"], DataKind::Other, Some(10)),
        service("crypto", &["CRYPTO"], DataKind::Other, Some(7)),
    ]));
    assert_eq!(made.outcome.result, Applied);
    world
}

/// The clocks that a command starts, the same looked at as made.
fn clocks(world: &mut World, command: Command) -> Vec<DataClock> {
    world.at(NOW);
    let foretold = world.look(command.clone()).outcome;
    let made = world.run(command).outcome;
    assert_ne!(made.result, crate::plan::OutcomeKind::Failed, "{made:?}");
    assert_eq!(foretold.data_clocks, made.data_clocks);
    made.data_clocks
}

fn names(clocks: &[DataClock]) -> Vec<&str> {
    clocks.iter().map(|clock| clock.service.as_str()).collect()
}

fn change(change: LicenseChange) -> Command {
    Command::ModifyLicenses(Box::new(change))
}

fn days(clocks: &[DataClock]) -> Vec<Option<Instant>> {
    clocks.iter().map(|clock| clock.until).collect()
}

fn set(patch: UserFields) -> Command {
    Command::UpdateUser {
        user: "user0@contoso.com".to_owned(),
        patch: Box::new(patch),
        expect: None,
    }
}

#[test]
fn the_last_plan_of_a_service_starts_its_days_and_files_have_none() {
    let mut world = world();
    world.change(of_user(0).adding("FULL"));
    let ended = clocks(&mut world, change(of_user(0).removing("FULL")));
    assert_eq!(names(&ended), ["chat", "files", "mail"]);
    let until = |days| Some(NOW.plus_days(days));
    assert_eq!(days(&ended), [until(10), None, until(30)]);
    assert!(ended.iter().all(|clock| !clock.held));
}

#[test]
fn a_plan_that_is_switched_off_starts_them_too() {
    let mut world = world();
    world.change(of_user(0).adding("FULL"));
    let off = of_user(0).switching(Some("FULL"), "MAIL_2", SwitchTo::Off);
    assert_eq!(names(&clocks(&mut world, change(off))), ["mail"]);
    // What was off already ends nothing.
    let rest = clocks(&mut world, change(of_user(0).removing("FULL")));
    assert_eq!(names(&rest), ["chat", "files"]);
}

#[test]
fn what_another_plan_product_or_path_keeps_in_use_starts_nothing() {
    let mut world = world();
    world.change(of_user(0).adding("FULL"));
    // Another plan of the same service.
    let swap = of_user(0).swapping("FULL", "BASIC");
    assert_eq!(clocks(&mut world, change(swap)), []);
    // The same plan in another product.
    world.change(of_user(0).adding("TALK"));
    let talks = clocks(&mut world, change(of_user(0).removing("BASIC")));
    assert_eq!(names(&talks), ["files", "mail"]);
    // The same product by a group.
    world.give(0, "TALK", group(1), AssignmentState::Active);
    assert_eq!(clocks(&mut world, change(of_user(0).removing("TALK"))), []);
}

#[test]
fn a_plan_that_is_held_off_is_not_in_use() {
    let mut world = world();
    world.change(of_user(0).adding("TALK"));
    let to = |country: &str| {
        set(UserFields {
            usage_location: Some(country.to_owned()),
            ..UserFields::default()
        })
    };
    let moved = clocks(&mut world, to("CN"));
    assert_eq!(names(&moved), ["crypto"]);
    // Nothing more ends with what was held off already.
    let gone = clocks(&mut world, change(of_user(0).removing("TALK")));
    assert_eq!(names(&gone), ["chat"]);
}

#[test]
fn a_retention_hold_is_told_with_the_days() {
    let mut world = world();
    world.change(of_user(0).adding("FULL"));
    let hold = UserFields {
        retention_hold: Some("Case 7".to_owned()),
        ..UserFields::default()
    };
    assert_eq!(clocks(&mut world, set(hold)), []);
    let none = LicenseChange {
        mode: Mode::UnassignAll,
        ..of_user(0)
    };
    let ended = clocks(&mut world, change(none));
    assert_eq!(ended.len(), 3);
    assert!(ended.iter().all(|clock| clock.held));
    assert!(
        ended[2].in_words().contains("then on hold"),
        "{:?}",
        ended[2]
    );
}

#[test]
fn who_leaves_is_told_of_all_services_and_who_is_deleted_of_the_purge() {
    let mut world = world();
    for n in [0, 1] {
        world.change(of_user(n).adding("FULL"));
    }
    let left = clocks(
        &mut world,
        Command::OffboardUser {
            user: user_id(0).to_string(),
            expect: None,
        },
    );
    let until = |days| Some(NOW.plus_days(days));
    assert_eq!(names(&left), ["chat", "files", "mail"]);
    assert_eq!(days(&left), [until(10), None, until(30)]);
    let gone = clocks(
        &mut world,
        Command::DeleteUser {
            user: user_id(1).to_string(),
            expect: None,
        },
    );
    assert_eq!(days(&gone), [until(10), until(30), until(30)]);
}

#[test]
fn a_suspended_licence_keeps_data_in_use_and_its_end_is_an_end() {
    let mut world = world();
    world.change(of_user(0).adding("FULL"));
    world.change(of_user(0).adding("TALK"));
    let suspended = Pool {
        suspended: 5,
        consumed: 1,
        ..Pool::default()
    };
    world.set_pool("FULL", suspended);
    world.set_pool("TALK", suspended);
    // CHAT goes on through a licence that gives no benefit now.
    let one = clocks(&mut world, change(of_user(0).removing("FULL")));
    assert_eq!(names(&one), ["files", "mail"]);
    let both = clocks(&mut world, change(of_user(0).removing("TALK")));
    assert_eq!(names(&both), ["chat", "crypto"]);
}

#[test]
fn a_purchase_and_a_new_licence_start_nothing() {
    let mut world = world();
    let bought = Command::CreateSubscription(Box::new(NewSubscription {
        product: "FULL".to_owned(),
        quantity: 1,
        ..NewSubscription::default()
    }));
    assert_eq!(clocks(&mut world, bought), []);
    assert_eq!(clocks(&mut world, change(of_user(0).adding("FULL"))), []);
}
