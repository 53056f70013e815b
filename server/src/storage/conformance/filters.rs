//! Filters against a naive oracle: many random ones, written as text, read, run by the database at
//! several moments, and compared with what a few lines of Rust say of each person.

mod oracle;
mod written;

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel};
use usher_domain::command::{Command, ProductImport, UserFields, UserRow};
use usher_domain::ids::{
    AssignmentId, GroupId, Instant, Path, PlanId, ProductId, Revision, UserId,
};
use usher_domain::refusal::Code;
use usher_domain::snapshot::{
    Assignment, AssignmentState, HeldOff, NewPlans, PathError, UserProfile, Waiting,
};
use uuid::Uuid;

use self::oracle::Known;
use self::written::written;
use super::database::TestDatabase;
use super::fixture::{OTHER, PRODUCT, chunk, done, organisation, user_id};
use super::on_both_databases;
use crate::filter::{self, Expr, Kind, LicenseState, Operator, Part, Property, Value};
use crate::storage::assignments::row_of;
use crate::storage::entity::assignments;
use crate::storage::{DEFAULT_TENANT, PageRequest, ReadAt, Store, UserFilter};

const PEOPLE: u32 = 48;
const FILTERS: usize = 250;
const TEXTS: [&str; 14] = [
    "Sales",
    "SALES",
    "sales  Team",
    "Köln",
    "KÖLN",
    "Straße",
    "strasse",
    "O'Neill",
    "50%_x",
    "a",
    "Z",
    "Ärger",
    "ａ",
    "12",
];

fn text() -> impl Strategy<Value = String> {
    select(&TEXTS[..]).prop_map(str::to_owned)
}

/// One person as an import brings it.
fn person(number: u32) -> impl Strategy<Value = Command> {
    let some = || prop::option::weighted(0.7, text());
    let places = (some(), some(), some(), some(), some());
    let names = (some(), some(), some(), some());
    let rest = (
        select(vec!["Member", "Guest"]),
        any::<bool>(),
        prop::option::of(select(vec!["DE", "fr"])),
    );
    (text(), places, names, rest).prop_map(move |(name, places, names, rest)| {
        Command::ImportUser(Box::new(UserRow {
            id: Some(user_id(number)),
            fields: UserFields {
                upn: Some(format!("P{number}@example.com")),
                display_name: Some(format!("{name} {}", number % 7)),
                department: places.0,
                country: places.1,
                state: places.2,
                city: places.3,
                office: places.4,
                given_name: names.0,
                surname: names.1,
                job_title: names.2,
                street_address: names.3,
                user_type: Some(rest.0.to_owned()),
                account_enabled: Some(rest.1),
                usage_location: rest.2.map(str::to_owned),
                ..UserFields::default()
            },
        }))
    })
}

/// A way to a licence, and when it ended.
type Way = (Assignment, Option<i64>);

fn plan(number: u128) -> PlanId {
    PlanId(Uuid::from_u128(0xF000 + number))
}

fn way(last: i64) -> impl Strategy<Value = Way> {
    let state = prop_oneof![
        4 => Just(AssignmentState::Active),
        1 => Just(AssignmentState::Waiting(Waiting { priority: 0, since: Instant(1) })),
        1 => Just(AssignmentState::Error(PathError {
            code: Code::NoAvailableSeats,
            because: Vec::new(),
            since: Instant(1),
        })),
    ];
    let switches = prop::collection::btree_map((0..4u128).prop_map(plan), any::<bool>(), 0..3);
    let held = prop::collection::btree_set((0..4u128).prop_map(plan), 0..2);
    let who = (0..PEOPLE, select(vec![PRODUCT, OTHER]), any::<u128>());
    let when = (
        1..=last,
        1..=last,
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
    );
    (who, state, switches, held, when).prop_map(move |(who, state, switches, held, when)| {
        let ((user, product, id), (from, length, ends, off, own)) = (who, when);
        let held_off = held.into_iter().map(|plan| HeldOff {
            plan,
            code: Code::MissingPrerequisitePlan,
            because: Vec::new(),
            since: Instant(1),
        });
        let path = Assignment {
            id: AssignmentId(Uuid::from_u128(id)),
            user: user_id(user),
            product,
            path: Path::Group(GroupId(Uuid::from_u128(id | 1))),
            state,
            switches,
            new_plans: if off { NewPlans::Off } else { NewPlans::On },
            began_at: Instant(1),
            began_rev: Revision(from),
            from_rev: Revision(from),
            held_off: held_off.collect(),
            self_service: own,
            batch: None,
            actor: Arc::from("tester"),
        };
        (
            path,
            (ends && from < last).then_some(last.min(from + length)),
        )
    })
}

fn operator() -> impl Strategy<Value = Operator> {
    use Operator::*;
    select(vec![
        Equal,
        NotEqual,
        Greater,
        GreaterOrEqual,
        Less,
        LessOrEqual,
    ])
}

/// A value like those that people have, and sometimes none.
fn value(kind: Kind, moments: Vec<Instant>) -> BoxedStrategy<Value> {
    let respelled = (text(), 0..3u8).prop_map(|(text, how)| match how {
        0 => text,
        1 => text.to_uppercase(),
        _ => text.to_lowercase(),
    });
    match kind {
        Kind::Text => prop_oneof![
            8 => respelled.prop_map(Value::Text),
            2 => select(vec!["de", "FR", "p7@EXAMPLE.com", "Köln 3"]).prop_map(|t| Value::Text(t.to_owned())),
            1 => Just(Value::Null),
        ]
        .boxed(),
        Kind::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Kind::Id => (0..PEOPLE).prop_map(|n| Value::Id(user_id(n).as_uuid())).boxed(),
        Kind::Instant => select(moments).prop_map(Value::Instant).boxed(),
        Kind::UserType => any::<bool>().prop_map(Value::Guest).boxed(),
    }
}

fn condition(moments: Vec<Instant>) -> impl Strategy<Value = Expr> {
    let property = select(Property::ALL);
    let values = moments.clone();
    let compare = (property.clone(), operator()).prop_flat_map(move |(property, operator)| {
        value(property.kind(), values.clone()).prop_map(move |value| {
            let ordered =
                matches!(property.kind(), Kind::Text | Kind::Instant) && value != Value::Null;
            let equality = matches!(operator, Operator::Equal | Operator::NotEqual);
            let operator = if ordered || equality {
                operator
            } else {
                Operator::NotEqual
            };
            Expr::Compare {
                property,
                operator,
                value,
            }
        })
    });
    let listed = property.prop_flat_map(move |property| {
        prop::collection::vec(value(property.kind(), moments.clone()), 1..4)
            .prop_map(move |values| Expr::In { property, values })
    });
    let texts: Vec<Property> = Property::ALL
        .iter()
        .copied()
        .filter(|p| p.kind() == Kind::Text)
        .collect();
    let part = (
        select(vec![Part::Start, Part::End, Part::Anywhere]),
        select(texts),
        text(),
        0..5usize,
    )
        .prop_map(|(part, property, text, length)| {
            let needle = match part {
                Part::End => text
                    .chars()
                    .rev()
                    .take(length)
                    .collect::<Vec<_>>()
                    .into_iter()
                    .rev()
                    .collect(),
                _ => text.chars().take(length).collect(),
            };
            Expr::Text {
                part,
                property,
                needle,
            }
        });
    let product = select(vec![PRODUCT, OTHER]);
    use LicenseState::*;
    prop_oneof![
        4 => compare,
        2 => listed,
        3 => part,
        1 => product.prop_map(Expr::HoldsProduct),
        2 => (0..4u128).prop_map(|n| Expr::HasPlan(plan(n))),
        1 => select(vec![Active, Waiting, Error, HeldOff]).prop_map(Expr::LicenseState),
        1 => Just(Expr::Suspended(Vec::new())),
        1 => (operator(), 0..3i64).prop_map(|(operator, count)| Expr::LicenseCount { operator, count }),
    ]
}

fn expr(moments: Vec<Instant>) -> impl Strategy<Value = Expr> {
    condition(moments).prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expr::Or),
            inner.prop_map(|expr| Expr::Not(Box::new(expr))),
        ]
    })
}

fn made<S: Strategy>(runner: &mut TestRunner, strategy: &S) -> S::Value {
    strategy.new_tree(runner).unwrap().current()
}

async fn listed(store: &Store, at: Revision, filter: &UserFilter) -> Vec<UserProfile> {
    let read = store
        .read(DEFAULT_TENANT, ReadAt::Revision(at))
        .await
        .unwrap();
    let page = PageRequest {
        size: 1_000,
        token: String::new(),
    };
    let found = read.list_users(filter, &page).await.unwrap();
    found.items.into_iter().map(|user| user.profile).collect()
}

/// People, two products with plans of every kind, and ways to them; gives the ways and the moments
/// at which to look.
async fn staffed(
    database: &TestDatabase,
    runner: &mut TestRunner,
) -> (Store, Vec<Way>, Vec<Revision>) {
    let store = database.store().await;
    organisation(&store, 1, 0).await;
    let now = async || {
        store
            .read(DEFAULT_TENANT, ReadAt::Now)
            .await
            .unwrap()
            .revision()
    };
    let product = |id: ProductId, plans: &[u128]| {
        Command::ImportProduct(Box::new(ProductImport {
            id,
            part_number: if id == PRODUCT { "E3" } else { "E5" }.to_owned(),
            name: id.to_string(),
            aliases: Vec::new(),
            plans: plans.iter().map(|n| plan(*n)).collect(),
        }))
    };
    for number in 0..4 {
        done(
            &store,
            Command::ImportPlan(Box::new(usher_domain::command::PlanImport {
                id: plan(number),
                name: format!("PLAN_{number}"),
                friendly_name: String::new(),
                aliases: Vec::new(),
            })),
        )
        .await;
    }
    done(&store, product(PRODUCT, &[0, 1])).await;
    let mut moments = Vec::new();
    for round in 0..3 {
        let rows = (0..PEOPLE).filter(|n| round == 0 || n % 3 == round);
        let rows = rows.map(|n| made(runner, &person(n))).collect();
        chunk(&store, rows).await;
        moments.push(now().await);
        let plans: &[u128] = if round == 0 { &[1, 2] } else { &[1, 2, 3] };
        done(&store, product(OTHER, plans)).await;
    }
    moments.push(now().await);
    let last = now().await.0;
    store.close().await;

    let raw = database.raw().await;
    let automatic = format!(
        "UPDATE plans SET automatic = {} WHERE name = 'PLAN_2'",
        true
    );
    raw.execute_unprepared(&automatic).await.unwrap();
    raw.execute_unprepared("UPDATE users SET deleted_at = created_at + 5 WHERE upn_key < 'p2'")
        .await
        .unwrap();
    let ways: Vec<Way> = (0..90).map(|_| made(runner, &way(last))).collect();
    for (way, to_rev) in &ways {
        let mut row = row_of(DEFAULT_TENANT, way).unwrap();
        row.to_rev = *to_rev;
        assignments::Entity::insert(row.into_active_model())
            .exec_without_returning(&raw)
            .await
            .unwrap();
    }
    (database.store().await, ways, moments)
}

on_both_databases! {
    async fn every_filter_selects_what_the_oracle_selects(database: &TestDatabase) {
        let mut runner = TestRunner::deterministic();
        let (store, ways, moments) = staffed(database, &mut runner).await;
        let everybody = listed(&store, *moments.last().unwrap(), &UserFilter::default()).await;
        let mut instants: Vec<Instant> = everybody.iter().map(|user| user.created_at).collect();
        instants.push(Instant(instants[0].0 + 5));
        let filters: Vec<Expr> = {
            let filter = expr(instants);
            (0..FILTERS).map(|_| made(&mut runner, &filter)).collect()
        };
        let mut outcomes = BTreeMap::new();
        for (n, mut wanted) in filters.into_iter().enumerate() {
            let (at, deleted) = (moments[n % moments.len()], n % 5 == 0);
            let read = store.read(DEFAULT_TENANT, ReadAt::Revision(at)).await.unwrap();
            let catalogue = read.catalogue().await.unwrap();
            drop(read);
            let text = written(&wanted);
            let mut condition = filter::parse(&text, &*catalogue).unwrap_or_else(|error| panic!("{text}: {error}"));
            wanted.set_suspended(&[OTHER]);
            condition.set_suspended(&[OTHER]);

            let all = UserFilter { deleted, ..UserFilter::default() };
            let people = listed(&store, at, &all).await;
            let expected: Vec<UserId> = people.iter().filter(|profile| {
                let lives = |way: &&Way| way.0.user == profile.id && way.0.from_rev <= at && way.1.is_none_or(|to| to > at.0);
                let ways = ways.iter().filter(lives).map(|way| &way.0).collect();
                Known { profile, ways, catalogue: &catalogue }.meets(&wanted)
            }).map(|profile| profile.id).collect();
            let filter = UserFilter { condition: Some(condition), ..all };
            let found: Vec<UserId> = listed(&store, at, &filter).await.into_iter().map(|user| user.id).collect();
            assert_eq!(found, expected, "{text}, at {at:?}, deleted: {deleted}");
            *outcomes.entry(expected.len().min(2)).or_insert(0) += 1;
        }
        // Filters that find everybody or nobody would prove little.
        assert!(outcomes.get(&2).is_some_and(|n| *n > FILTERS / 4), "{outcomes:?}");
    }
}
