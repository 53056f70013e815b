//! The published lists and ten thousand people, planned to their known figures.

use crate::catalogue::Resolution;
use crate::command::{Command, LicenseChange, NewSubscription, SwitchTo};
use crate::fixture::{World, group, shared_rows};
use crate::import::users::UserColumns;
use crate::import::{products, rules};
use crate::plan::OutcomeKind::{Applied, Unchanged};
use crate::refusal::Code;
use crate::snapshot::{AssignmentState, Snapshot};

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

/// E5 by a group brings the SharePoint that a direct Project licence needs, whose own is off. The
/// member leaves the group.
#[test]
fn the_stuck_leaver_of_real_products_is_held_off_and_comes_back() {
    let test = "the_stuck_leaver_of_real_products_is_held_off_and_comes_back";
    let Some(mut world) = real_world(test) else {
        return;
    };
    const E5: &str = "ENTERPRISEPREMIUM";
    const PROJECT: &str = "PROJECTPROFESSIONAL";
    const SHAREPOINT: &str = "SHAREPOINTENTERPRISE";
    for product in [E5, PROJECT, SHAREPOINT] {
        buy(&mut world, product, 1);
    }
    let product = |world: &World, name: &str| match world.snapshot.catalogue.resolve_product(name) {
        Resolution::Found(id) => id,
        other => panic!("{name}: {other:?}"),
    };
    let upn = "rudiger.politz@contoso.com";
    let leaver = world.snapshot.users().find(|user| user.profile.upn == upn);
    let leaver = leaver.unwrap().profile.id;
    let change = || LicenseChange {
        user: upn.to_owned(),
        ..LicenseChange::default()
    };
    let plans = |world: &World| -> Vec<String> {
        let catalogue = &world.snapshot.catalogue;
        let paths = &world.snapshot.user(leaver).unwrap().paths;
        let on = crate::licence::effective(catalogue, paths);
        on.into_iter()
            .map(|plan| catalogue.plan_name(plan))
            .collect()
    };
    let has = |world: &World, plan: &str| plans(world).iter().any(|name| name == plan);
    let consumed = |world: &World, name| world.snapshot.pool(product(world, name)).consumed;

    let e5 = product(&world, E5);
    world.give_to(leaver, e5, group(1), AssignmentState::Active);
    let own = change()
        .adding(PROJECT)
        .switching(Some(PROJECT), SHAREPOINT, SwitchTo::Off);
    let own = world.change(own).outcome;
    assert_eq!(own.result, Applied, "{own:?}");
    assert!(has(&world, "SHAREPOINT_PROJECT") && has(&world, SHAREPOINT));
    assert_eq!((consumed(&world, E5), consumed(&world, PROJECT)), (1, 1));

    world.leave_of(leaver, group(1));
    assert_eq!((consumed(&world, E5), consumed(&world, PROJECT)), (0, 1));
    assert!(!has(&world, "SHAREPOINT_PROJECT") && !has(&world, SHAREPOINT));
    let user = world.snapshot.user(leaver).unwrap();
    let [path] = user.paths.as_slice() else {
        panic!("E5 has not ended: {:?}", user.paths);
    };
    let held: Vec<(String, Code)> = path
        .held_off
        .iter()
        .map(|held| (world.snapshot.catalogue.plan_name(held.plan), held.code))
        .collect();
    let expected = (
        "SHAREPOINT_PROJECT".to_owned(),
        Code::MissingPrerequisitePlan,
    );
    assert_eq!(held, [expected]);

    // Nothing is stuck: what has nothing to do with it can be changed, and so can the licence itself.
    for switch in [SwitchTo::Off, SwitchTo::On] {
        let other = change().switching(Some(PROJECT), "FLOW_FOR_PROJECT", switch);
        let other = world.change(other).outcome;
        assert_eq!(other.result, Applied, "{other:?}");
    }
    let revision = world.snapshot.revision;
    let back = world.change(change().adding(SHAREPOINT));
    assert_eq!(back.outcome.result, Applied);
    assert_eq!(world.snapshot.revision.0, revision.0 + 1, "one transaction");
    assert!(has(&world, "SHAREPOINT_PROJECT") && has(&world, SHAREPOINT));
    let paths = &world.snapshot.user(leaver).unwrap().paths;
    assert!(paths.iter().all(|path| path.held_off.is_empty()));
}
