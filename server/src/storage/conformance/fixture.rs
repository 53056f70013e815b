//! A small organisation to try things on, and requests in few words.

use std::sync::Arc;

use usher_domain::command::{
    Actor, AddProduct, Command, LicenseChange, NewSubscription, PlanImport, ProductImport,
    RemoveProduct, Request, RequestKey, Role, UserFields, UserRow,
};
use usher_domain::ids::{PlanId, ProductId, UserId};
use usher_domain::plan::{Outcome, OutcomeKind};
use usher_domain::refusal::Code;
use usher_domain::snapshot::Pool;
use uuid::Uuid;

use crate::storage::{DEFAULT_TENANT, Priority, ReadAt, Store};

pub(crate) const PRODUCT: ProductId = ProductId(Uuid::from_u128(0xE3));
pub(crate) const OTHER: ProductId = ProductId(Uuid::from_u128(0xE5));

pub(crate) fn user_id(number: u32) -> UserId {
    UserId(Uuid::from_u128(0x1000_0000 + u128::from(number)))
}

pub(crate) fn request(command: Command) -> Request {
    Request {
        tenant: DEFAULT_TENANT,
        actor: Actor {
            identity: Arc::from("admin@example.com"),
            roles: vec![Role::GlobalAdmin],
        },
        reason: None,
        request_key: None,
        batch: None,
        command,
    }
}

pub(crate) fn with_id(mut request: Request, id: &str, row: i64) -> Request {
    request.request_key = Some(RequestKey {
        identity: Arc::clone(&request.actor.identity),
        id: id.to_owned(),
        row,
    });
    request
}

pub(crate) fn person(number: u32) -> Command {
    named(number, &format!("Person {number:05}"))
}

pub(crate) fn named(number: u32, display_name: &str) -> Command {
    known_as(
        number,
        &format!("person{number:05}@example.com"),
        display_name,
    )
}

pub(crate) fn known_as(number: u32, upn: &str, display_name: &str) -> Command {
    Command::ImportUser(Box::new(UserRow {
        id: Some(user_id(number)),
        fields: UserFields {
            upn: Some(upn.to_owned()),
            display_name: Some(display_name.to_owned()),
            department: Some("Sales".to_owned()),
            usage_location: Some("DE".to_owned()),
            ..UserFields::default()
        },
    }))
}

pub(crate) fn product(id: ProductId, part_number: &str) -> [Command; 2] {
    let plan = PlanId(Uuid::from_u128(id.as_uuid().as_u128() + 0xF000));
    [
        Command::ImportPlan(Box::new(PlanImport {
            id: plan,
            name: format!("{part_number}_PLAN"),
            friendly_name: format!("{part_number} plan"),
            aliases: Vec::new(),
        })),
        Command::ImportProduct(Box::new(ProductImport {
            id,
            part_number: part_number.to_owned(),
            name: format!("Office {part_number}"),
            aliases: Vec::new(),
            plans: vec![plan],
        })),
    ]
}

pub(crate) fn seats(product: ProductId, quantity: i64) -> Command {
    Command::CreateSubscription(Box::new(NewSubscription {
        product: product.to_string(),
        quantity,
        ..NewSubscription::default()
    }))
}

fn change(number: u32) -> LicenseChange {
    LicenseChange {
        user: user_id(number).to_string(),
        ..LicenseChange::default()
    }
}

pub(crate) fn assign(number: u32, product: ProductId) -> Command {
    Command::ModifyLicenses(Box::new(LicenseChange {
        add: vec![AddProduct {
            product: product.to_string(),
            new_plans: None,
        }],
        ..change(number)
    }))
}

/// As `assign`, and waits in the queue when there is no seat.
pub(crate) fn queue_up(number: u32, product: ProductId) -> Command {
    match assign(number, product) {
        Command::ModifyLicenses(mut change) => {
            change.wait_for_seat = true;
            Command::ModifyLicenses(change)
        }
        other => other,
    }
}

pub(crate) fn unassign(number: u32, product: ProductId) -> Command {
    Command::ModifyLicenses(Box::new(LicenseChange {
        remove: vec![RemoveProduct {
            product: product.to_string(),
            must_hold: false,
        }],
        ..change(number)
    }))
}

/// Runs a command that must succeed.
pub(crate) async fn done(store: &Store, command: Command) -> Outcome {
    let outcome = store
        .write(request(command), Priority::Interactive)
        .await
        .unwrap();
    assert_ne!(outcome.result, OutcomeKind::Failed, "{outcome:?}");
    outcome
}

pub(crate) async fn chunk(store: &Store, commands: Vec<Command>) -> Vec<Outcome> {
    let requests = commands.into_iter().map(request).collect();
    store.write_chunk(requests).await.unwrap()
}

/// Two products, people 0 to `people`, and seats of the first product.
pub(crate) async fn organisation(store: &Store, people: u32, quantity: i64) {
    for (id, part_number) in [(PRODUCT, "E3"), (OTHER, "E5")] {
        for command in product(id, part_number) {
            done(store, command).await;
        }
    }
    let numbers: Vec<u32> = (0..people).collect();
    for some in numbers.chunks(1_000) {
        let outcomes = chunk(store, some.iter().map(|n| person(*n)).collect()).await;
        assert!(
            outcomes.iter().all(|o| o.result == OutcomeKind::Applied),
            "{outcomes:?}"
        );
    }
    if quantity > 0 {
        done(store, seats(PRODUCT, quantity)).await;
    }
}

/// The product's pool, after checking that it is what a recount gives.
pub(crate) async fn pool(store: &Store, product: ProductId) -> Pool {
    let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
    let pools = read.pools().await.unwrap();
    assert_eq!(pools, read.recount_pools().await.unwrap());
    pools.get(&product).copied().unwrap_or_default()
}

pub(crate) fn count(outcomes: &[Outcome], result: OutcomeKind, code: Option<Code>) -> usize {
    outcomes
        .iter()
        .filter(|outcome| outcome.result == result && outcome.code() == code)
        .count()
}
