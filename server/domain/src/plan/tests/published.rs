//! The published lists and ten thousand people, planned to their known figures.

use crate::command::{Command, LicenseChange, NewSubscription, SwitchTo};
use crate::fixture::{World, shared_rows};
use crate::import::users::UserColumns;
use crate::import::{products, rules};
use crate::plan::OutcomeKind::{Applied, Unchanged};
use crate::refusal::Code;
use crate::snapshot::Snapshot;

/// The published lists and the ten thousand people, as the store would plan them.
fn real_world(test: &str) -> Option<World> {
    let (_, rows) = shared_rows(test, "product-service-plans.csv")?;
    let mut world = World::new(0, 0);
    world.snapshot = Snapshot::default();
    let file = products::clean(rows);
    let plans = file
        .plans
        .into_iter()
        .map(|plan| Command::ImportPlan(Box::new(plan)));
    let of = |product| Command::ImportProduct(Box::new(product));
    let commands: Vec<Command> = plans.chain(file.products.into_iter().map(of)).collect();
    for command in commands {
        world.run(command);
    }
    for file in ["mutually-exclusive-plans.csv", "plan-dependencies.csv"] {
        let (header, rows) = shared_rows(test, file)?;
        let read = rules::clean(&header, rows, &world.snapshot.catalogue).unwrap();
        let outcome = world.run(Command::ImportRules(read.rules)).outcome;
        assert!(outcome.parts.iter().all(|part| part.result == Applied));
    }
    let (header, rows) = shared_rows(test, "users-entra-10k.csv")?;
    let columns = UserColumns::recognise(&header).unwrap();
    for row in rows {
        let user = columns.row(&row).unwrap();
        assert_eq!(
            world
                .run(Command::ImportUser(Box::new(user)))
                .outcome
                .result,
            Applied
        );
    }
    Some(world)
}

fn buy(world: &mut World, product: &str, quantity: i64) {
    let new = NewSubscription {
        product: product.to_owned(),
        quantity,
        ..NewSubscription::default()
    };
    let bought = world.run(Command::CreateSubscription(Box::new(new)));
    assert_eq!(bought.outcome.result, Applied);
}

#[test]
fn a_department_is_licensed_to_the_known_figures_in_any_order() {
    let test = "a_department_is_licensed_to_the_known_figures_in_any_order";
    let Some(world) = real_world(test) else {
        return;
    };
    let sales = |world: &World| -> Vec<String> {
        let users = world.snapshot.users();
        let of = users.filter(|user| user.profile.department.as_deref() == Some("Sales"));
        let mut upns: Vec<String> = of.map(|user| user.profile.upn.clone()).collect();
        upns.sort();
        upns
    };
    for backwards in [false, true] {
        let mut world = world.clone();
        buy(&mut world, "SPE_E3", 1_800);
        let mut upns = sales(&world);
        if backwards {
            upns.reverse();
        }
        for applied in [Applied, Unchanged] {
            let mut counts = [0; 3];
            for upn in &upns {
                let change = LicenseChange {
                    user: upn.clone(),
                    ..LicenseChange::default()
                };
                let outcome = world.change(change.adding("SPE_E3")).outcome;
                match outcome.code() {
                    None => {
                        assert_eq!(outcome.result, applied);
                        counts[0] += 1;
                    }
                    Some(Code::UsageLocationMissing) => counts[1] += 1,
                    Some(Code::NoAvailableSeats) => counts[2] += 1,
                    Some(code) => panic!("{code:?}"),
                }
            }
            assert_eq!(counts, [1_800, 17, 69]);
        }
    }
}

#[test]
fn real_products_clash_as_published() {
    let Some(mut world) = real_world("real_products_clash_as_published") else {
        return;
    };
    for product in ["STANDARDPACK", "ENTERPRISEPACK", "MCOMEETADV"] {
        buy(&mut world, product, 10);
    }
    let change = || LicenseChange {
        user: "rudiger.politz@contoso.com".to_owned(),
        ..LicenseChange::default()
    };
    assert_eq!(
        world.change(change().adding("MCOMEETADV")).outcome.code(),
        Some(Code::MissingPrerequisitePlan)
    );
    assert_eq!(
        world
            .change(change().adding("ENTERPRISEPACK"))
            .outcome
            .result,
        Applied
    );
    let clash = world.change(change().adding("STANDARDPACK")).outcome;
    assert_eq!(clash.code(), Some(Code::MutuallyExclusivePlans));
    for named in [
        "STANDARDPACK",
        "ENTERPRISEPACK",
        "SHAREPOINTSTANDARD",
        "SHAREPOINTENTERPRISE",
    ] {
        assert!(
            clash.causes[0].message.contains(named),
            "{}",
            clash.causes[0].message
        );
    }
    assert!(!clash.causes[0].fixes.is_empty());
    let wrong = change().switching(Some("ENTERPRISEPACK"), "MCOMEETADV", SwitchTo::Off);
    let wrong = world.change(wrong).outcome;
    assert_eq!(wrong.code(), Some(Code::PlanNotInProduct));
    assert!(
        wrong.causes[0].message.contains("YAMMER_ENTERPRISE"),
        "{}",
        wrong.causes[0].message
    );
    let ambiguous = world.change(change().adding("MCOPSTN5")).outcome;
    assert_eq!(ambiguous.code(), Some(Code::AmbiguousName));
}
