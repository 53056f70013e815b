//! Licences of guests (R22): who may change them is judged by what the person is at the time.

use crate::command::{Command, LicenseChange, NewUser, Role, UserFields};
use crate::fixture::{World, group, guest, of_user, product_id};
use crate::plan::OutcomeKind::Applied;
use crate::refusal::Code;
use crate::snapshot::{AssignmentState, GuestPolicy, UserType};

/// A world with one guest who has FULL, and a License admin who acts.
fn by_license_admin() -> World {
    let mut world = World::new(2, 5);
    world.edit_user(0, guest);
    world.change(of_user(0).adding("FULL"));
    world.roles = vec![Role::LicenseAdmin];
    world
}

fn code(world: &mut World, change: LicenseChange) -> Option<Code> {
    world.change(change).outcome.code()
}

const NEEDS_GLOBAL: Option<Code> = Some(Code::GuestNeedsGlobalAdmin);

#[test]
fn neither_assigning_nor_removing_nor_switching_is_for_others() {
    let mut world = by_license_admin();
    let off = of_user(0).switching(Some("FULL"), "CHAT", crate::command::SwitchTo::Off);
    for change in [of_user(0).adding("TALK"), of_user(0).removing("FULL"), off] {
        assert_eq!(code(&mut world, change), NEEDS_GLOBAL);
    }
    let rows = vec![of_user(1).adding("TALK"), of_user(0).adding("TALK")];
    let together = world.run(Command::ModifyLicensesTogether(rows)).outcome;
    assert_eq!(together.parts[1].code(), NEEDS_GLOBAL);
    assert_eq!(world.pool("TALK").consumed, 0);
}

#[test]
fn the_policy_of_the_tenant_widens_it_to_license_admins_alone() {
    let mut world = by_license_admin();
    world.snapshot.tenant.guest_policy = GuestPolicy::LicenseAdmin;
    assert_eq!(code(&mut world, of_user(0).adding("TALK")), None);
    world.roles = vec![Role::UserAdmin];
    assert_eq!(code(&mut world, of_user(0).removing("TALK")), NEEDS_GLOBAL);
    assert_eq!(code(&mut world, of_user(1).adding("TALK")), None);
}

#[test]
fn the_type_counts_as_it_is_when_asked_and_changing_it_changes_no_licence() {
    let mut world = by_license_admin();
    let paths = world.user(0).paths.clone();
    let becomes = |kind: &str| Command::UpdateUser {
        user: "user0@contoso.com".to_owned(),
        patch: Box::new(UserFields {
            user_type: Some(kind.to_owned()),
            ..UserFields::default()
        }),
        expect: None,
    };
    for (kind, is, answer) in [
        ("Member", UserType::Member, None),
        ("Guest", UserType::Guest, NEEDS_GLOBAL),
    ] {
        world.roles = vec![Role::UserAdmin];
        let plan = world.run(becomes(kind));
        assert_eq!(
            (plan.outcome.result, plan.outcome.seats.len()),
            (Applied, 0)
        );
        assert_eq!(
            (world.user(0).profile.user_type, &world.user(0).paths),
            (is, &paths)
        );
        world.roles = vec![Role::LicenseAdmin];
        let looked = world.look(Command::ModifyLicenses(Box::new(of_user(0).adding("TALK"))));
        assert_eq!(looked.outcome.code(), answer, "{kind}");
    }
}

#[test]
fn groups_reach_guests_whoever_acts() {
    let mut world = by_license_admin();
    let place = crate::snapshot::Waiting {
        priority: 0,
        since: crate::ids::Instant(5),
    };
    world.give(0, "TALK", group(1), AssignmentState::Waiting(place));
    world.roles = vec![Role::GlobalAdmin];
    let served = world.run(Command::ServeQueue {
        product: product_id("TALK"),
    });
    assert_eq!(served.outcome.result, Applied);
    assert!(world.user(0).has_seat(product_id("TALK")));
    // What comes through the group is left by offboarding, which asks for no more than it ends directly.
    let mut only_group = World::new(1, 5);
    only_group.edit_user(0, guest);
    only_group.give(0, "TALK", group(1), AssignmentState::Active);
    only_group.roles = vec![Role::UserAdmin];
    let left = only_group.run(Command::OffboardUser {
        user: "user0@contoso.com".to_owned(),
        expect: None,
    });
    assert_eq!(left.outcome.lost, [product_id("TALK")]);
}

#[test]
fn a_guest_is_created_and_the_licences_asked_for_are_refused() {
    let mut world = by_license_admin();
    world.roles = vec![Role::UserAdmin];
    let made = world.run(Command::CreateUser(Box::new(NewUser {
        id: None,
        fields: UserFields {
            upn: Some("visitor@contoso.com".to_owned()),
            display_name: Some("Visitor".to_owned()),
            user_type: Some("Guest".to_owned()),
            usage_location: Some("DE".to_owned()),
            ..UserFields::default()
        },
        licenses: Some(LicenseChange::default().adding("TALK")),
    })));
    assert_eq!(
        (made.outcome.result, made.outcome.code()),
        (Applied, NEEDS_GLOBAL)
    );
    let visitor = world.snapshot.user_with_upn("visitor@contoso.com").unwrap();
    assert!(world.snapshot.user(visitor).unwrap().paths.is_empty());
    assert_eq!(world.pool("TALK").consumed, 0);
}
