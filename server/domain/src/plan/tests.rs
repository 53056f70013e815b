//! Decisions about users, subscriptions and the catalogue.

use uuid::Uuid;

use crate::catalogue::{CountryMode, CountrySubject, Resolution};
use crate::command::{
    Command, LicenseChange, NewSubscription, NewUser, PlanImport, ProductImport, RuleImport,
    SwitchTo, UserFields, UserRow,
};
use crate::fixture::{World, of_user, plan_id, product_id, shared_rows, user_id};
use crate::ids::{Instant, Revision, UserId};
use crate::import::{products, rules, users::UserColumns};
use crate::plan::{Action, NoteKind, OutcomeKind, Plan};
use crate::refusal::Code;
use crate::snapshot::{NewPlans, Pool, Snapshot};

use OutcomeKind::{Applied, Failed, Unchanged};

fn fields(upn: &str) -> UserFields {
    UserFields {
        upn: Some(upn.to_owned()),
        display_name: Some("New Person".to_owned()),
        usage_location: Some("de".to_owned()),
        ..UserFields::default()
    }
}

fn create(fields: UserFields, licenses: Option<LicenseChange>) -> Command {
    let id = None;
    Command::CreateUser(Box::new(NewUser {
        id,
        fields,
        licenses,
    }))
}

fn update(n: u128, patch: UserFields) -> Command {
    let user = user_id(n).to_string();
    Command::UpdateUser {
        user,
        patch: Box::new(patch),
    }
}

fn wrong_fields(plan: &Plan) -> Vec<(Code, &str)> {
    let causes = plan.outcome.causes.iter();
    causes
        .map(|cause| (cause.code, cause.field.as_deref().unwrap_or_default()))
        .collect()
}

#[test]
fn every_wrong_field_of_a_user_is_named_and_nothing_is_created() {
    let mut world = World::new(1, 5);
    let bad = UserFields {
        upn: Some("no-at-sign".to_owned()),
        display_name: Some(String::new()),
        department: Some("x".repeat(65)),
        user_type: Some("Robot".to_owned()),
        usage_location: Some("Germany".to_owned()),
        mail: Some("nobody".to_owned()),
        ..UserFields::default()
    };
    let plan = world.run(create(bad, None));
    let expected = [
        "upn",
        "display_name",
        "mail",
        "department",
        "user_type",
        "usage_location",
    ];
    assert_eq!(
        wrong_fields(&plan),
        expected.map(|field| (Code::InvalidArgument, field))
    );
    for upn in [
        "a@",
        "@b",
        "a@b@c",
        "a b@c",
        "a@b..c",
        &format!("{}@b.c", "x".repeat(65)),
    ] {
        assert_eq!(
            world.run(create(fields(upn), None)).outcome.result,
            Failed,
            "{upn}"
        );
    }
    let taken = world.run(create(fields("USER0@contoso.com"), None));
    assert_eq!(wrong_fields(&taken), [(Code::UpnInUse, "upn")]);
    assert_eq!(world.snapshot.users().count(), 1);
}

#[test]
fn a_user_is_created_with_licences_or_without_those_refused() {
    let mut world = World::new(0, 1);
    let with = |product: &str| Some(LicenseChange::default().adding(product));
    let plan = world.run(create(fields("a@contoso.com"), with("FULL")));
    assert_eq!(
        (plan.outcome.result, plan.outcome.gained.len()),
        (Applied, 1)
    );
    assert_eq!(world.pool("FULL").consumed, 1);
    let record = plan.record.unwrap();
    assert_eq!(
        (record.action, record.before.as_str()),
        (Action::CreateUser, "null")
    );
    assert!(
        record.after.contains("\"upn\":\"a@contoso.com\"") && record.after.contains("\"switches\"")
    );
    let plan = world.run(create(fields("b@contoso.com"), with("FULL")));
    assert_eq!(plan.outcome.result, Applied);
    assert_eq!(plan.outcome.code(), Some(Code::NoAvailableSeats));
    assert_eq!(world.snapshot.users().count(), 2);
    let plan = world.run(create(fields("c@contoso.com"), with("NOPE")));
    assert_eq!((plan.outcome.result, plan.changes.len()), (Failed, 0));
    assert_eq!(world.snapshot.users().count(), 2);
}

#[test]
fn an_update_says_what_it_changes_and_a_location_is_never_cleared() {
    let mut world = World::new(2, 5);
    let patch = UserFields {
        department: Some(" Sales ".to_owned()),
        ..UserFields::default()
    };
    assert_eq!(world.run(update(0, patch.clone())).outcome.result, Applied);
    assert_eq!(world.user(0).profile.department.as_deref(), Some("Sales"));
    assert_eq!(world.run(update(0, patch)).outcome.result, Unchanged);
    let clear = UserFields {
        department: Some(String::new()),
        ..UserFields::default()
    };
    assert_eq!(world.run(update(0, clear)).outcome.result, Applied);
    assert_eq!(world.user(0).profile.department, None);
    let clear = UserFields {
        usage_location: Some(String::new()),
        ..UserFields::default()
    };
    assert_eq!(
        wrong_fields(&world.run(update(0, clear))),
        [(Code::InvalidArgument, "usage_location")]
    );
    let upn = |upn: &str| UserFields {
        upn: Some(upn.to_owned()),
        ..UserFields::default()
    };
    assert_eq!(
        world
            .run(update(0, upn("user1@contoso.com")))
            .outcome
            .code(),
        Some(Code::UpnInUse)
    );
    assert_eq!(
        world
            .run(update(0, upn("fresh@contoso.com")))
            .outcome
            .result,
        Applied
    );
    assert_eq!(
        world.snapshot.user_with_upn("FRESH@contoso.com"),
        Some(user_id(0))
    );
    assert_eq!(world.snapshot.user_with_upn("user0@contoso.com"), None);
}

#[test]
fn a_new_location_holds_off_and_the_old_one_brings_back() {
    let mut world = World::new(1, 5);
    world.change(of_user(0).adding("TALK"));
    let to = |country: &str| {
        update(
            0,
            UserFields {
                usage_location: Some(country.to_owned()),
                ..UserFields::default()
            },
        )
    };
    let plan = world.run(to("CN"));
    assert_eq!(plan.outcome.notes[0].kind, NoteKind::HeldOff);
    assert_eq!(world.effective(0), ["CHAT"]);
    let plan = world.run(to("DE"));
    assert_eq!(plan.outcome.notes[0].kind, NoteKind::CameBack);
    assert_eq!(world.effective(0), ["CHAT", "CRYPTO"]);
}

#[test]
fn an_imported_row_creates_once_and_updates_by_id_or_upn() {
    let mut world = World::new(1, 5);
    let id = Some(UserId(Uuid::from_u128(0x999)));
    let row = |id, fields| Command::ImportUser(Box::new(UserRow { id, fields }));
    assert_eq!(
        world.run(row(id, fields("a@contoso.com"))).outcome.result,
        Applied
    );
    assert_eq!(
        world.run(row(id, fields("a@contoso.com"))).outcome.result,
        Unchanged
    );
    let renamed = world.run(row(id, fields("b@contoso.com")));
    assert_eq!(renamed.outcome.result, Applied);
    assert_eq!(
        world.run(row(None, fields("B@contoso.com"))).outcome.result,
        Applied
    );
    assert_eq!(world.snapshot.users().count(), 2);
    let clash = world.run(row(id, fields("user0@contoso.com")));
    assert_eq!(clash.outcome.code(), Some(Code::UpnInUse));
    let other = Some(UserId(Uuid::from_u128(0x998)));
    let clash = world.run(row(other, fields("user0@contoso.com")));
    assert_eq!(clash.outcome.code(), Some(Code::UpnInUse));
}

#[test]
fn seats_bought_add_up_and_bad_purchases_name_their_fields() {
    let mut world = World::new(0, 0);
    let buy = |edit: &dyn Fn(&mut NewSubscription)| {
        let mut new = NewSubscription {
            product: "FULL".to_owned(),
            quantity: 5,
            ..NewSubscription::default()
        };
        edit(&mut new);
        Command::CreateSubscription(Box::new(new))
    };
    world.run(buy(&|_| {}));
    world.run(buy(&|new| new.quantity = 8));
    assert_eq!(
        world.pool("FULL"),
        Pool {
            enabled: 13,
            ..Pool::default()
        }
    );
    let field = |plan: Plan| plan.outcome.causes[0].field.clone().unwrap();
    for quantity in [0, -1, 10_000_001] {
        assert_eq!(
            field(world.run(buy(&|new| new.quantity = quantity))),
            "quantity"
        );
    }
    assert_eq!(
        field(world.run(buy(&|new| new.product = "NOPE".to_owned()))),
        "product"
    );
    assert_eq!(
        field(world.run(buy(&|new| new.ends_at = Some(Instant(1))))),
        "ends_at"
    );
    let perpetual = |new: &mut NewSubscription| {
        new.product = "TALK".to_owned();
        new.ends_at = Some(Instant(i64::MAX));
    };
    assert_eq!(field(world.run(buy(&perpetual))), "ends_at");
    assert_eq!(world.pool("FULL").enabled, 13);
}

#[test]
fn a_plan_added_later_follows_the_rule_of_each_path() {
    let mut world = World::new(2, 5);
    world.change(of_user(0).adding("TALK"));
    let mut closed = of_user(1).adding("TALK");
    closed.add[0].new_plans = Some(NewPlans::Off);
    world.change(closed);
    let import = ProductImport {
        id: product_id("TALK"),
        part_number: "TALK".to_owned(),
        name: "Talk".to_owned(),
        aliases: Vec::new(),
        plans: vec![plan_id("FORMS"), plan_id("MEET")],
    };
    let plan = world.run(Command::ImportProduct(Box::new(import.clone())));
    assert_eq!(plan.outcome.result, Applied);
    assert_eq!(world.effective(0), ["CHAT", "FORMS", "MEET", "CRYPTO"]);
    assert_eq!(world.effective(1), ["CHAT", "CRYPTO"]);
    assert_eq!(
        world
            .run(Command::ImportProduct(Box::new(import)))
            .outcome
            .result,
        Unchanged
    );
    let catalogue = &world.snapshot.catalogue;
    assert_eq!(
        catalogue.resolve_product("talk licence"),
        Resolution::Found(product_id("TALK"))
    );
    world.change(of_user(1).switching(Some("TALK"), "FORMS", SwitchTo::On));
    assert_eq!(world.effective(1), ["CHAT", "FORMS", "CRYPTO"]);
}

#[test]
fn an_imported_rule_removes_nothing_but_holds_off_what_began_later() {
    let mut world = World::new(1, 5);
    world.change(of_user(0).adding("FULL"));
    world.change(of_user(0).adding("TALK"));
    let rule = RuleImport::Exclusion {
        id: "talk".to_owned(),
        service: "Talk".to_owned(),
        plans: vec![plan_id("YAMMER"), plan_id("CRYPTO")],
    };
    let plan = world.run(Command::ImportRule(Box::new(rule.clone())));
    assert_eq!(
        (plan.outcome.result, plan.outcome.notes.len()),
        (Applied, 1)
    );
    assert_eq!(
        world.effective(0),
        ["MAIL_2", "SITE_2", "CHAT", "FORMS", "YAMMER"]
    );
    assert_eq!(
        world
            .run(Command::ImportRule(Box::new(rule)))
            .outcome
            .result,
        Unchanged
    );
    world.change(of_user(0).switching(Some("FULL"), "YAMMER", SwitchTo::Off));
    assert!(world.effective(0).contains(&"CRYPTO".to_owned()));
    let nowhere = RuleImport::Country {
        subject: CountrySubject::Product(product_id("FULL")),
        mode: CountryMode::Allow,
        countries: vec!["FR".parse().unwrap()],
    };
    world.run(Command::ImportRule(Box::new(nowhere)));
    assert_eq!(world.effective(0), ["CHAT", "CRYPTO"]);
    assert_eq!(world.pool("FULL").consumed, 1);
}

#[test]
fn a_plan_that_is_renamed_is_still_found_by_its_former_names() {
    let mut world = World::new(0, 0);
    let import = PlanImport {
        id: plan_id("CHAT"),
        name: "TEAMS".to_owned(),
        friendly_name: "Teams".to_owned(),
        aliases: vec!["Chat & calls".to_owned()],
    };
    assert_eq!(
        world
            .run(Command::ImportPlan(Box::new(import.clone())))
            .outcome
            .result,
        Applied
    );
    assert_eq!(
        world
            .run(Command::ImportPlan(Box::new(import)))
            .outcome
            .result,
        Unchanged
    );
    for name in ["teams", "CHAT", "chat & calls", "The chat"] {
        let found = world
            .snapshot
            .catalogue
            .resolve_plan(&[product_id("FULL")], name);
        assert_eq!(found, Resolution::Found(plan_id("CHAT")), "{name}");
    }
}

#[test]
fn a_reason_has_its_limit_and_a_refusal_uses_no_revision() {
    let mut world = World::new(1, 0);
    let mut request = world.request(Command::ModifyLicenses(Box::new(of_user(0).adding("FULL"))));
    request.reason = Some("x".repeat(1_025));
    let mut ids = Uuid::nil;
    let plan = super::plan(
        &world.snapshot,
        &request,
        Instant(1),
        Revision(11),
        &mut ids,
    );
    assert_eq!(plan.outcome.code(), Some(Code::LimitExceeded));
    world.change(of_user(0).adding("FULL"));
    assert_eq!(world.snapshot.revision, Revision(10));
}

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
        for rule in read.rules {
            assert_eq!(
                world
                    .run(Command::ImportRule(Box::new(rule)))
                    .outcome
                    .result,
                Applied
            );
        }
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
