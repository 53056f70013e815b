//! Two tenants in one database have nothing in common, not even their ids.

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DatabaseConnection};
use usher_domain::command::Command;
use usher_domain::ids::TenantId;
use usher_domain::plan::OutcomeKind;
use uuid::Uuid;

use super::database::TestDatabase;
use super::fixture::{
    PRODUCT, assign, named, organisation, person, product, request, seats, unassign, user_id,
};
use super::on_both_databases;
use crate::storage::{DEFAULT_TENANT, Priority, ReadAt, Store, UserFilter};

const NEIGHBOUR: TenantId = TenantId(Uuid::from_u128(0xBEEF));

/// A tenant that begins as the first one did.
async fn add_neighbour(database: &TestDatabase, raw: &DatabaseConnection) {
    let id = NEIGHBOUR.as_uuid();
    let id = if database.is_postgres() {
        format!("'{id}'::uuid")
    } else {
        format!("x'{}'", id.simple())
    };
    for sql in [
        format!("INSERT INTO heads SELECT {id}, 0, chain_hash, 0, NULL, 0 FROM heads"),
        format!(
            "INSERT INTO tenants SELECT {id}, 'Neighbour', NULL, 0, created_at, 0, NULL FROM tenants"
        ),
    ] {
        raw.execute_unprepared(&sql).await.unwrap();
    }
}

async fn done_next_door(store: &Store, command: Command) {
    let mut asked = request(command);
    asked.tenant = NEIGHBOUR;
    let outcome = store.write(asked, Priority::Interactive).await.unwrap();
    assert_eq!(outcome.result, OutcomeKind::Applied, "{outcome:?}");
}

async fn state(store: &Store, tenant: TenantId) -> (String, usize, i64) {
    let read = store.read(tenant, ReadAt::Now).await.unwrap();
    let people = read
        .list_users(&UserFilter::default(), &Default::default())
        .await
        .unwrap()
        .items;
    assert_eq!(people.len(), 1);
    let paths = read.assignments_of([user_id(0)]).await.unwrap().len();
    let consumed = read.pools().await.unwrap()[&PRODUCT].consumed;
    assert_eq!(read.verify_chain().await.unwrap().broken_at, None);
    (people[0].profile.display_name.clone(), paths, consumed)
}

on_both_databases! {
    async fn the_same_ids_next_door_are_others(database: &TestDatabase) {
        let store = database.store().await;
        let raw = database.raw().await;
        add_neighbour(database, &raw).await;
        organisation(&store, 1, 5).await;
        for command in product(PRODUCT, "E3") {
            done_next_door(&store, command).await;
        }
        for command in [person(0), seats(PRODUCT, 5), assign(0, PRODUCT)] {
            done_next_door(&store, command).await;
        }
        let here = ("Person 00000".to_owned(), 0, 0);
        assert_eq!(state(&store, DEFAULT_TENANT).await, here);
        done_next_door(&store, named(0, "Renamed")).await;
        assert_eq!(state(&store, DEFAULT_TENANT).await, here);
        assert_eq!(state(&store, NEIGHBOUR).await, ("Renamed".to_owned(), 1, 1));
        let holding = UserFilter { holding: Some(PRODUCT), ..UserFilter::default() };
        let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        let holders = read.list_users(&holding, &Default::default()).await.unwrap();
        assert!(holders.items.is_empty(), "{:?}", holders.items);
        done_next_door(&store, unassign(0, PRODUCT)).await;
    }
}
