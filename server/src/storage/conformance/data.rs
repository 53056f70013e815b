//! The history that decides about people's data is what was, on both databases and as of any revision.

use std::sync::Arc;

use usher_domain::catalogue::{DataKind, Service};
use usher_domain::ids::{Instant, PlanId, Revision};
use usher_domain::service_data::{DataState, service_data};
use uuid::Uuid;

use super::database::TestDatabase;
use super::fixture::{OTHER, PRODUCT, assign, done, organisation, seats, unassign, user_id};
use super::lifecycle::{day, monthly, start};
use super::on_both_databases;
use crate::storage::{DEFAULT_TENANT, ReadAt, Store};

/// A service with the plan of the first product.
fn service() -> Service {
    let plan = Uuid::from_u128(PRODUCT.as_uuid().as_u128() + 0xF000);
    Service {
        id: "mail".to_owned(),
        kind: DataKind::Mail,
        days: Some(30),
        plans: [PlanId(plan)].into(),
    }
}

/// The state of each person's mail at a revision, a day or so after everything.
async fn states(store: &Store, at: Revision, now: Instant) -> Vec<Option<DataState>> {
    let read = store
        .read(DEFAULT_TENANT, ReadAt::Revision(at))
        .await
        .unwrap();
    let ids = [user_id(0), user_id(1), user_id(2)];
    let histories = read.service_histories(&ids).await.unwrap();
    ids.iter()
        .map(|id| {
            let data = service_data(&[service()], histories.get(id)?, now);
            data.first().map(|data| data.state)
        })
        .collect()
}

on_both_databases! {
    async fn a_history_has_every_version_up_to_its_revision(database: &TestDatabase) {
        use DataState::{InUse, Kept};
        let store = database.store().await;
        organisation(&store, 3, 3).await;
        done(&store, seats(OTHER, 3)).await;
        done(&store, assign(0, PRODUCT)).await;
        done(&store, assign(1, OTHER)).await;
        let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        let (then, catalogue) = (read.revision(), read.catalogue().await.unwrap());
        assert!(catalogue.plan(*service().plans.first().unwrap()).is_some());
        drop(read);
        done(&store, unassign(0, PRODUCT)).await;
        let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        let last = read.revision();
        let ended = read.list_records(&Default::default(), &Default::default()).await.unwrap();
        let ended = ended.items.iter().map(|record| record.at).max().unwrap();
        drop(read);
        let soon = ended.plus_days(1);
        assert_eq!(states(&store, then, soon).await, [Some(InUse), None, None]);
        assert_eq!(states(&store, last, soon).await, [Some(Kept), None, None]);
        let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        let histories = read.service_histories(&[user_id(0)]).await.unwrap();
        let data = service_data(&[service()], &histories[&user_id(0)], soon);
        assert_eq!(data[0].since, ended);
        assert_eq!(data[0].until, Some(ended.plus_days(30)));
    }

    async fn a_suspended_licence_keeps_data_in_use_until_it_ends(database: &TestDatabase) {
        use DataState::{Gone, InUse, Kept};
        let (store, clock) = start(database, 1).await;
        done(&store, monthly(1, false)).await;
        done(&store, assign(0, PRODUCT)).await;
        clock.set(day(200));
        store.catch_up().await.unwrap();
        // A month from 31 January is 28 days; then 30 days of grace, and 90 without benefit.
        let ended = day(28 + 30 + 90);
        for (days, state, since) in [
            (10, InUse, None),
            (40, InUse, None),
            (100, InUse, None),
            (147, InUse, None),
            (148, Kept, Some(ended)),
            (177, Kept, Some(ended)),
            (178, Gone, Some(ended.plus_days(30))),
        ] {
            let at = ReadAt::Time(day(days));
            let read = store.read(DEFAULT_TENANT, at).await.unwrap();
            let histories = read.service_histories(&[user_id(0)]).await.unwrap();
            let data = service_data(&[service()], &histories[&user_id(0)], day(days));
            assert_eq!(data[0].state, state, "day {days}");
            assert!(since.is_none_or(|since| data[0].since == since), "day {days}: {data:?}");
        }
    }
}
