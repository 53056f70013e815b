//! What holds after any sequence of commands, whatever they were (R5, R6, R10-R12, R16, R19a).

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::catalogue::{CountryMode, CountrySubject, Rule, RuleKey};
use crate::command::{
    AddProduct, Command, LicenseChange, Mode, NewSubscription, OnlyPlans, PlanPatch, PlanSwitch,
    ProductImport, ProductPatch, RemoveProduct, RuleImport, SwitchTo, UserFields,
};
use crate::fixture::{PLANS, PRODUCTS, World, group, of_user, plan_id, product_id, user_id};
use crate::ids::{Path, PlanId, ProductId};
use crate::licence::effective;
use crate::plan::{Outcome, OutcomeKind, Plan};
use crate::refusal::Code;
use crate::snapshot::{Assignment, AssignmentState, NewPlans, Snapshot, User};

const PEOPLE: u128 = 4;
const CASES: u32 = 400;

#[derive(Clone, Debug)]
enum Step {
    Run(Command),
    Join(u128, &'static str, u128),
    Leave(u128, u128),
}

fn product() -> impl Strategy<Value = &'static str> {
    prop::sample::select(PRODUCTS.map(|(name, _)| name).to_vec())
}

fn a_plan() -> impl Strategy<Value = &'static str> {
    prop::sample::select(PLANS.to_vec())
}

fn add() -> impl Strategy<Value = AddProduct> {
    let rule = prop::option::of(prop::sample::select(vec![NewPlans::On, NewPlans::Off]));
    (product(), rule).prop_map(|(product, new_plans)| AddProduct {
        product: product.to_owned(),
        new_plans,
    })
}

fn switch() -> impl Strategy<Value = PlanSwitch> {
    let to = prop::sample::select(vec![SwitchTo::On, SwitchTo::Off, SwitchTo::Follow]);
    (prop::option::of(product()), a_plan(), to).prop_map(|(product, plan, to)| PlanSwitch {
        product: product.map(str::to_owned),
        plan: plan.to_owned(),
        to,
    })
}

fn change() -> impl Strategy<Value = LicenseChange> {
    let mode = prop_oneof![8 => Just(Mode::Modify), 1 => Just(Mode::Replace), 1 => Just(Mode::UnassignAll)];
    let remove = (product(), any::<bool>()).prop_map(|(product, must_hold)| RemoveProduct {
        product: product.to_owned(),
        must_hold,
    });
    let only = prop::option::weighted(0.1, prop::collection::vec(a_plan(), 0..4));
    (
        0..PEOPLE,
        mode,
        prop::collection::vec(add(), 0..3),
        prop::collection::vec(remove, 0..2),
        prop::collection::vec(switch(), 0..3),
        only,
        any::<[bool; 3]>(),
    )
        .prop_map(
            |(user, mode, add, remove, switches, only, [full, carry, wait])| LicenseChange {
                mode,
                add,
                remove,
                switches,
                only_plans: only.map(|plans| OnlyPlans {
                    product: None,
                    plans: plans.into_iter().map(str::to_owned).collect(),
                }),
                full_switches: full,
                carry_switches: carry.then(Default::default),
                wait_for_seat: wait,
                ..of_user(user)
            },
        )
}

fn rule() -> impl Strategy<Value = RuleImport> {
    let plans = || prop::collection::vec(a_plan().prop_map(plan_id), 1..4);
    prop_oneof![
        (prop::sample::select(vec!["mail", "site", "new"]), plans()).prop_map(|(id, plans)| {
            RuleImport::Exclusion {
                id: id.to_owned(),
                service: String::new(),
                plans,
            }
        }),
        (a_plan().prop_map(plan_id), plans()).prop_map(|(plan, any_of)| {
            RuleImport::Prerequisite {
                plan,
                any_of,
                evidence: String::new(),
            }
        }),
        (any::<bool>(), product(), a_plan(), any::<bool>()).prop_map(
            |(whole, product, plan, allow)| {
                RuleImport::Country {
                    subject: if whole {
                        CountrySubject::Product(product_id(product))
                    } else {
                        CountrySubject::Plan(plan_id(plan))
                    },
                    mode: if allow {
                        CountryMode::Allow
                    } else {
                        CountryMode::Deny
                    },
                    countries: vec!["CN".parse().unwrap()],
                }
            }
        ),
    ]
}

/// What an operator says of a product, a plan or a rule that is there.
fn operator() -> impl Strategy<Value = Command> {
    let keys = vec![
        RuleKey::Exclusion("mail".to_owned()),
        RuleKey::Exclusion("site".to_owned()),
        RuleKey::Prerequisite(plan_id("PROJECT")),
        RuleKey::Country(CountrySubject::Plan(plan_id("CRYPTO"))),
    ];
    prop_oneof![
        (product(), a_plan(), any::<bool>()).prop_map(|(name, plan, on)| Command::UpdateProduct {
            product: product_id(name),
            patch: ProductPatch {
                plans: vec![(plan_id(plan), on)],
                ..ProductPatch::default()
            },
            expect: None,
        }),
        (a_plan(), any::<bool>()).prop_map(|(plan, automatic)| Command::UpdatePlan {
            plan: plan_id(plan),
            patch: PlanPatch {
                automatic: Some(automatic),
                services: None,
            },
            expect: None,
        }),
        prop::sample::select(keys).prop_map(|key| Command::DeleteRule { key, expect: None }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let locations = prop::sample::select(vec!["DE", "CN"]);
    prop_oneof![
        20 => change().prop_map(|change| Step::Run(Command::ModifyLicenses(Box::new(change)))),
        2 => (0..PEOPLE, locations).prop_map(|(user, location)| Step::Run(Command::UpdateUser {
            user: user_id(user).to_string(),
            patch: Box::new(UserFields {
                usage_location: Some(location.to_owned()),
                ..UserFields::default()
            }),
            expect: None,
        })),
        1 => prop::collection::vec(rule(), 1..4).prop_map(|rules| Step::Run(Command::ImportRules(rules))),
        1 => (product(), a_plan()).prop_map(|(name, plan)| {
            Step::Run(Command::ImportProduct(Box::new(ProductImport {
                id: product_id(name),
                part_number: name.to_owned(),
                name: name.to_owned(),
                aliases: Vec::new(),
                plans: vec![plan_id(plan)],
            })))
        }),
        1 => operator().prop_map(Step::Run),
        2 => (product(), 1i64..3).prop_map(|(product, quantity)| {
            Step::Run(Command::CreateSubscription(Box::new(NewSubscription {
                product: product.to_owned(),
                quantity,
                ..NewSubscription::default()
            })))
        }),
        2 => product().prop_map(|product| Step::Run(Command::ServeQueue { product: product_id(product) })),
        2 => (0..PEOPLE, product(), 0u128..3).prop_map(|(user, product, by)| Step::Join(user, product, by)),
        2 => (0..PEOPLE, 0u128..3).prop_map(|(user, by)| Step::Leave(user, by)),
    ]
}

fn play(world: &mut World, step: &Step) -> Option<Plan> {
    match step {
        Step::Run(command) => Some(world.run(command.clone())),
        Step::Join(user, product, by) => {
            let id = product_id(product);
            let there = |path: &Assignment| path.path == group(*by) && path.product == id;
            let user_has = world.user(*user).paths.iter().any(there);
            let fits = world.pool(product).available() > 0 || world.user(*user).has_seat(id);
            if !user_has && fits {
                world.give(*user, product, group(*by), AssignmentState::Active);
                world.judge_again(*user);
            }
            None
        }
        Step::Leave(user, by) => {
            world.leave(*user, group(*by));
            None
        }
    }
}

/// Pools are what a recount of active paths gives (R5).
fn pools_are_recounted(snapshot: &Snapshot) {
    for (product, pool) in snapshot.pools() {
        let holders = snapshot
            .users()
            .filter(|user| user.has_seat(product))
            .count();
        assert_eq!(pool.consumed, i64::try_from(holders).unwrap(), "{product}");
    }
}

/// Nobody has two live paths of one kind to one product.
fn paths_are_unique(user: &User) {
    let keys: BTreeSet<(ProductId, Path)> = user
        .paths
        .iter()
        .map(|path| (path.product, path.path))
        .collect();
    assert_eq!(keys.len(), user.paths.len());
}

/// Nothing effective is in breach, and nothing is held off without a cause that holds now.
fn effective_plans_are_lawful(snapshot: &Snapshot, user: &User) {
    let catalogue = &*snapshot.catalogue;
    let all = effective(catalogue, &user.paths);
    let by_path: Vec<(ProductId, BTreeSet<PlanId>)> = user
        .paths
        .iter()
        .map(|path| (path.product, effective(catalogue, [path])))
        .collect();
    let against = |product: ProductId, plan: PlanId| -> Vec<Code> {
        let mut codes = Vec::new();
        for rule in catalogue.rules().iter() {
            match rule {
                Rule::Exclusion(set) if set.plans.contains(&plan) => {
                    let rival = by_path.iter().any(|(other, plans)| {
                        *other != product
                            && plans
                                .iter()
                                .any(|rival| *rival != plan && set.plans.contains(rival))
                    });
                    codes.extend(rival.then_some(Code::MutuallyExclusivePlans));
                }
                Rule::Prerequisite(rule) if rule.plan == plan => {
                    let lacks = rule.any_of.is_disjoint(&all);
                    codes.extend(lacks.then_some(Code::MissingPrerequisitePlan));
                }
                Rule::Country(rule) => {
                    let speaks = rule.subject == CountrySubject::Plan(plan)
                        || rule.subject == CountrySubject::Product(product);
                    let denied = speaks
                        && user
                            .profile
                            .usage_location
                            .is_some_and(|at| !rule.permits(at));
                    codes.extend(denied.then_some(Code::ProhibitedInLocation));
                }
                _ => {}
            }
        }
        codes
    };
    for (product, plans) in &by_path {
        for plan in plans {
            assert_eq!(
                against(*product, *plan),
                [],
                "{} is on",
                catalogue.plan_name(*plan)
            );
        }
    }
    for path in &user.paths {
        for held in &path.held_off {
            let codes = against(path.product, held.plan);
            assert!(codes.contains(&held.code), "{held:?}: {codes:?}");
        }
    }
}

/// An inherited path as it was meant, whatever holds it off.
type Inherited = (ProductId, Path, Vec<(PlanId, bool)>);

fn inherited(user: &User) -> Vec<Inherited> {
    let paths = user.paths.iter().filter(|path| !path.is_direct());
    let mut rows: Vec<_> = paths
        .map(|path| {
            let switches = path
                .switches
                .iter()
                .map(|(plan, on)| (*plan, *on))
                .collect();
            (path.product, path.path, switches)
        })
        .collect();
    rows.sort();
    rows
}

fn held(user: &User) -> BTreeSet<(ProductId, PlanId)> {
    let paths = user.paths.iter();
    paths
        .flat_map(|path| path.held_off.iter().map(|held| (path.product, held.plan)))
        .collect()
}

/// What a user has, whatever ids it was given.
fn told(user: &User) -> BTreeSet<String> {
    let paths = user.paths.iter().map(|path| {
        let mut held: Vec<_> = path
            .held_off
            .iter()
            .map(|held| (held.plan, held.code))
            .collect();
        held.sort();
        format!(
            "{:?} {:?} {:?} {:?} {:?} {held:?}",
            path.product, path.path, path.state, path.switches, path.new_plans
        )
    });
    paths.collect()
}

fn codes(outcome: &Outcome) -> Vec<Code> {
    outcome.causes.iter().map(|cause| cause.code).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_keeps_the_rules(steps in prop::collection::vec(step(), 1..30)) {
        let mut world = World::new(PEOPLE, 2);
        for step in steps {
            let before = world.snapshot.clone();
            let plan = play(&mut world, &step);
            if let Some(plan) = plan {
                let nothing = matches!(plan.outcome.result, OutcomeKind::Failed | OutcomeKind::Unchanged);
                prop_assert_eq!(plan.steps.is_empty(), nothing);
                prop_assert!(plan.steps.iter().all(|step| !step.changes.is_empty()));
                prop_assert_eq!(plan.outcome.causes.is_empty(), plan.outcome.result != OutcomeKind::Failed);
                prop_assert!(plan.outcome.causes.is_sorted_by_key(|cause| cause.code.rank()));
                for (product, net) in &plan.outcome.seats {
                    let pool = world.snapshot.pool(*product);
                    prop_assert!(*net <= 0 || pool.available() >= 0, "{product}: {pool:?}");
                }
                if let Step::Run(Command::ModifyLicenses(_)) = &step {
                    for user in world.snapshot.users() {
                        let old = before.user(user.profile.id).unwrap();
                        prop_assert_eq!(inherited(old), inherited(user));
                        let news = &held(user) - &held(old);
                        prop_assert!(news.is_empty(), "a request holds off: {:?}", plan.outcome.notes);
                    }
                }
            }
            pools_are_recounted(&world.snapshot);
            for user in world.snapshot.users() {
                paths_are_unique(user);
                effective_plans_are_lawful(&world.snapshot, user);
            }
        }
    }

    #[test]
    fn the_order_inside_a_change_never_matters(
        steps in prop::collection::vec(step(), 0..10), change in change(), seed in any::<prop::sample::Index>(),
    ) {
        let mut world = World::new(PEOPLE, 2);
        for step in &steps {
            play(&mut world, step);
        }
        let mut turned = change.clone();
        let turn = |len: usize| if len == 0 { 0 } else { seed.index(len) };
        let (adds, switches) = (turn(turned.add.len()), turn(turned.switches.len()));
        turned.add.rotate_left(adds);
        turned.remove.reverse();
        turned.switches.rotate_left(switches);
        let mut other = world.clone();
        let (one, two) = (world.change(change), other.change(turned));
        prop_assert_eq!(one.outcome.result, two.outcome.result);
        prop_assert_eq!(codes(&one.outcome), codes(&two.outcome));
        for n in 0..PEOPLE {
            prop_assert_eq!(told(world.user(n)), told(other.user(n)));
        }
    }

    #[test]
    fn asking_again_changes_nothing(steps in prop::collection::vec(step(), 0..10), mut change in change()) {
        if change.add.is_empty() {
            // What must be held and has been removed is missed the second time.
            change.remove.iter_mut().for_each(|remove| remove.must_hold = false);
        }
        let mut world = World::new(PEOPLE, 2);
        for step in &steps {
            play(&mut world, step);
        }
        if world.change(change.clone()).outcome.result != OutcomeKind::Failed {
            prop_assert_eq!(world.change(change).outcome.result, OutcomeKind::Unchanged);
        }
    }

    #[test]
    fn judging_again_changes_nothing_and_a_lifted_cause_brings_plans_back(
        steps in prop::collection::vec(step(), 0..20),
    ) {
        let mut world = World::new(PEOPLE, 2);
        for step in &steps {
            play(&mut world, step);
        }
        for n in 0..PEOPLE {
            let before = told(world.user(n));
            world.judge_again(n);
            prop_assert_eq!(&told(world.user(n)), &before);
        }
        let mut catalogue = (*world.snapshot.catalogue).clone();
        let keys: Vec<_> = catalogue.rules().iter().map(Rule::key).collect();
        catalogue.change_rules(&keys, []);
        world.snapshot.catalogue = catalogue.into();
        for n in 0..PEOPLE {
            world.judge_again(n);
            prop_assert!(world.user(n).paths.iter().all(|path| path.held_off.is_empty()));
        }
    }

    #[test]
    fn every_offered_fix_works(steps in prop::collection::vec(step(), 0..10), change in change()) {
        let mut world = World::new(PEOPLE, 3);
        for step in &steps {
            play(&mut world, step);
        }
        let plan = world.look(Command::ModifyLicenses(Box::new(change)));
        for fix in plan.outcome.causes.iter().flat_map(|cause| &cause.fixes) {
            if let crate::refusal::Fix::ChangeLicenses(fix) = fix {
                let fixed = world.look(Command::ModifyLicenses(fix.clone()));
                prop_assert_eq!(fixed.outcome.result, OutcomeKind::Applied, "{:?}", fixed.outcome.causes);
            }
        }
    }

    #[test]
    fn no_text_makes_the_planner_stumble(user in ".{0,40}", product in ".{0,40}", plan in ".{0,40}") {
        let world = World::new(1, 1);
        let mut odd = of_user(0).adding(&product).switching(Some(&product), &plan, SwitchTo::Off);
        prop_assert_eq!(world.look(Command::ModifyLicenses(Box::new(odd.clone()))).outcome.result, OutcomeKind::Failed);
        odd.user = user;
        prop_assert_eq!(world.look(Command::ModifyLicenses(Box::new(odd))).outcome.result, OutcomeKind::Failed);
    }
}
