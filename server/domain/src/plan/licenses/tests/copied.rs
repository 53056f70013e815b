//! What is copied from somebody else, chosen by free seats, and what comes next.

use super::{fixes, note, refused};
use crate::command::{CopyFrom, LicenseChange, Mode, SwitchTo};
use crate::fixture::{World, group, of_user, plan_id, product_id};
use crate::plan::NoteKind;
use crate::plan::OutcomeKind::{Applied, Unchanged, Waiting};
use crate::refusal::{Code, Fix};
use crate::snapshot::{AssignmentState, NewPlans, Pool};

fn copying(from: u128, to: u128) -> LicenseChange {
    LicenseChange {
        copy_from: Some(CopyFrom {
            user: format!("user{from}@contoso.com"),
            products: Vec::new(),
        }),
        ..of_user(to)
    }
}

fn choosing(n: u128, products: &[&str]) -> LicenseChange {
    LicenseChange {
        add_first: products.iter().map(|name| (*name).to_owned()).collect(),
        ..of_user(n)
    }
}

#[test]
fn products_and_switches_are_copied_and_nothing_is_removed() {
    let mut world = World::new(2, 5);
    let first =
        of_user(0)
            .adding("FULL")
            .adding("TALK")
            .switching(Some("FULL"), "YAMMER", SwitchTo::Off);
    world.change(first);
    world.give(0, "SITES", group(1), AssignmentState::Active);
    let own = of_user(1).adding("PROJECTS").adding("FULL").switching(
        Some("FULL"),
        "FORMS",
        SwitchTo::Off,
    );
    world.change(own);
    let plan = world.change(copying(0, 1));
    assert_eq!(plan.outcome.result, Applied);
    assert_eq!(plan.outcome.gained, [product_id("TALK")]);
    assert_eq!(
        note(&plan, NoteKind::NotCopied).product,
        Some(product_id("SITES"))
    );
    let full = world.user(1).direct(product_id("FULL")).unwrap();
    let off = [(plan_id("FORMS"), false), (plan_id("YAMMER"), false)];
    assert_eq!(full.switches, off.into_iter().collect());
    assert!(world.user(1).direct(product_id("PROJECTS")).is_some());
    assert_eq!(world.change(copying(0, 1)).outcome.result, Unchanged);

    let exactly = LicenseChange {
        mode: Mode::Replace,
        ..copying(0, 1)
    };
    assert_eq!(world.change(exactly.clone()).outcome.result, Applied);
    let (one, other) = (world.user(0).clone(), world.user(1).clone());
    assert!(other.direct(product_id("PROJECTS")).is_none());
    for product in ["FULL", "TALK"].map(product_id) {
        let (one, other) = (one.direct(product).unwrap(), other.direct(product).unwrap());
        assert_eq!(
            (&one.switches, one.new_plans),
            (&other.switches, other.new_plans)
        );
    }
    assert_eq!(world.change(exactly).outcome.result, Unchanged);
}

#[test]
fn plans_that_came_later_and_are_off_are_off_in_the_copy_too() {
    let mut world = World::new(2, 5);
    let mut careful = of_user(0).adding("FULL");
    careful.add[0].new_plans = Some(NewPlans::Off);
    world.change(careful);
    let mut catalogue = (*world.snapshot.catalogue).clone();
    let entry = crate::catalogue::ProductPlan {
        on_by_default: true,
        since: crate::ids::Revision(world.snapshot.revision.0 + 1),
    };
    catalogue.put_product_plan(product_id("FULL"), plan_id("CRYPTO"), Some(entry));
    world.snapshot.catalogue = std::sync::Arc::new(catalogue);
    assert!(!world.effective(0).contains(&"CRYPTO".to_owned()));
    world.change(
        of_user(1)
            .adding("TALK")
            .switching(None, "CRYPTO", SwitchTo::Off),
    );
    world.change(copying(0, 1));
    assert!(!world.effective(1).contains(&"CRYPTO".to_owned()));
    let copy = world.user(1).direct(product_id("FULL")).unwrap();
    assert_eq!(copy.new_plans, NewPlans::Off);
}

#[test]
fn only_what_somebody_else_has_directly_can_be_copied() {
    let mut world = World::new(2, 5);
    refused(&world.change(copying(0, 1)), &[Code::ProductNotHeld]);
    refused(&world.change(copying(0, 0)), &[Code::InvalidArgument]);
    refused(&world.change(copying(7, 0)), &[Code::UserNotFound]);
    world.change(of_user(0).adding("FULL"));
    let mut one = copying(0, 1);
    if let Some(from) = &mut one.copy_from {
        from.products = vec!["FULL".to_owned(), "TALK".to_owned()];
    }
    let plan = world.change(one);
    refused(&plan, &[Code::ProductNotHeld]);
    let cause = &plan.outcome.causes[0];
    assert_eq!(cause.field.as_deref(), Some("copy_from.products[1]"));
    assert_eq!(cause.metadata["user"], "user0@contoso.com");
}

#[test]
fn the_first_product_with_a_free_seat_is_added_once() {
    let mut world = World::new(4, 1);
    let choice = ["FULL", "BASIC"];
    for (n, expected) in [(0, "FULL"), (1, "BASIC")] {
        let plan = world.change(choosing(n, &choice));
        assert_eq!(plan.outcome.gained, [product_id(expected)]);
    }
    let plan = world.change(choosing(2, &choice));
    refused(&plan, &[Code::NoAvailableSeats]);
    let cause = &plan.outcome.causes[0];
    assert!(
        cause.message.ends_with("; nor has BASIC"),
        "{}",
        cause.message
    );
    let buy = Fix::BuySeats {
        product: product_id("FULL"),
        more: 1,
    };
    assert_eq!(cause.fixes, [buy]);
    world.set_pool(
        "FULL",
        Pool {
            enabled: 9,
            consumed: 1,
            ..Pool::default()
        },
    );
    let again = world.change(choosing(1, &choice));
    assert_eq!(again.outcome.result, Unchanged, "who has one gets no other");
    world.give(3, "BASIC", group(1), AssignmentState::Active);
    assert_eq!(world.change(choosing(3, &choice)).outcome.result, Unchanged);
    let patient = LicenseChange {
        wait_for_seat: true,
        ..choosing(2, &["TALK"])
    };
    world.set_pool("TALK", Pool::default());
    assert_eq!(world.change(patient).outcome.result, Waiting);
}

#[test]
fn a_clash_of_two_added_products_is_cured_by_leaving_one_out() {
    let mut world = World::new(1, 5);
    let plan = world.change(of_user(0).adding("BASIC").adding("FULL"));
    refused(&plan, &[Code::MutuallyExclusivePlans]);
    let fixes = fixes(&plan);
    let adds = |at: usize| -> Vec<&str> {
        fixes[at]
            .add
            .iter()
            .map(|add| add.product.as_str())
            .collect()
    };
    assert_eq!((adds(0), adds(1)), (vec!["FULL"], vec!["BASIC"]));
    for fix in &fixes[2..] {
        let off: Vec<_> = fix.switches.iter().map(|switch| &switch.product).collect();
        assert!(
            off.windows(2).all(|pair| pair[0] == pair[1]),
            "one side only: {fix:?}"
        );
    }
    assert_eq!(fixes.len(), 4);
    for fix in fixes {
        assert_eq!(world.clone().change(fix).outcome.result, Applied);
    }
}

#[test]
fn spare_seats_and_installed_programs_are_announced() {
    let mut world = World::new(1, 5);
    let mut catalogue = (*world.snapshot.catalogue).clone();
    let mut site = catalogue.plan(plan_id("SITE_2")).unwrap().clone();
    site.friendly_name = "Microsoft 365 Apps for Enterprise".to_owned();
    catalogue.put_plan(site);
    world.snapshot.catalogue = std::sync::Arc::new(catalogue);
    world.change(of_user(0).adding("FULL"));
    let swap = world.change(of_user(0).swapping("FULL", "SITES"));
    assert!(
        swap.outcome
            .notes
            .iter()
            .all(|note| note.kind != NoteKind::InstallsUnlicensed),
        "another product has the same programs: {:?}",
        swap.outcome.notes
    );
    let spare = note(&swap, NoteKind::SpareSeats);
    assert!(
        spare.message.contains("FULL then has 5 spare seats"),
        "{}",
        spare.message
    );
    let plan = world.change(of_user(0).removing("SITES"));
    let told = note(&plan, NoteKind::InstallsUnlicensed);
    assert_eq!(
        told.message,
        "Installed copies of Microsoft 365 Apps for Enterprise will say that they are unlicensed"
    );
}
