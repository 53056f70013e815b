//! What the tables themselves refuse, and what a row must bring back.

use std::sync::Arc;

use sea_orm::ConnectionTrait;
use usher_domain::command::{Command, UserFields, UserRow};

use super::database::TestDatabase;
use super::fixture::{PRODUCT, assign, done, organisation, pool, request, unassign, user_id};
use super::on_both_databases;
use crate::storage::{DEFAULT_TENANT, Priority, ReadAt};

on_both_databases! {
    async fn a_self_service_path_stands_beside_a_direct_one(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 1, 3).await;
        done(&store, assign(0, PRODUCT)).await;
        let raw = database.raw().await;
        let beside = |id: u128| {
            let id = uuid::Uuid::from_u128(id);
            let id = if database.is_postgres() {
                format!("'{id}'::uuid")
            } else {
                format!("x'{}'", id.simple())
            };
            format!("INSERT INTO assignments SELECT tenant, {id}, user_id, product_id, path, state, detail, switches, new_plans, held_off, TRUE, began_at, began_rev, batch, actor, from_rev, to_rev FROM assignments WHERE NOT self_service")
        };
        raw.execute_unprepared(&beside(1)).await.unwrap();
        assert!(raw.execute_unprepared(&beside(2)).await.is_err());
        // It takes no seat of the pool.
        assert_eq!(pool(&store, PRODUCT).await.consumed, 1);
    }

    async fn a_live_path_is_there_once(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 1, 3).await;
        done(&store, assign(0, PRODUCT)).await;
        let raw = database.raw().await;
        let twice = "INSERT INTO assignments SELECT * FROM assignments WHERE to_rev IS NULL";
        assert!(raw.execute_unprepared(twice).await.is_err());
        let changed = "UPDATE assignments SET from_rev = from_rev + 1, to_rev = NULL";
        done(&store, unassign(0, PRODUCT)).await;
        done(&store, assign(0, PRODUCT)).await;
        assert!(raw.execute_unprepared(changed).await.is_err());
        let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        assert_eq!(read.assignments_of([user_id(0)]).await.unwrap().len(), 1);
    }

    async fn a_profile_comes_back_whole(database: &TestDatabase) {
        let store = database.store().await;
        let text = |text: &str| Some(text.to_owned());
        let fields = UserFields {
            upn: text("zoë@example.com"),
            display_name: text("Zoë \"Zo\" O'Neil 🚀"),
            given_name: text("Zoë"),
            surname: text("O'Neil"),
            mail: text("zoe@example.com"),
            job_title: text("Head of $1 ?"),
            department: text("R&D"),
            user_type: text("Guest"),
            account_enabled: Some(false),
            usage_location: text("CH"),
            country: text("Switzerland"),
            state: text("ZH"),
            city: text("Zürich"),
            office: text("3.14"),
            postal_code: text("08001"),
            street_address: text("Weg 1"),
            phone: text("+41 1"),
            mobile: text("+41 2"),
            retention_hold: text("Case \"7\""),
        };
        let row = UserRow { id: Some(user_id(7)), fields };
        let import = Command::ImportUser(Box::new(row));
        done(&store, import.clone()).await;
        let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        let found = read.find_users("ZOË@EXAMPLE.COM").await.unwrap();
        let profile = &found[0].profile;
        assert_eq!(profile.display_name, "Zoë \"Zo\" O'Neil 🚀");
        assert_eq!(profile.job_title.as_deref(), Some("Head of $1 ?"));
        assert_eq!(profile.usage_location.map(String::from).as_deref(), Some("CH"));
        assert_eq!(profile.postal_code.as_deref(), Some("08001"));
        assert!(!profile.account_enabled);
        drop(read);
        // Whatever was lost on the way would make the same import a change.
        let again = store.write(request(import), Priority::Interactive).await.unwrap();
        assert_eq!(again.result, usher_domain::plan::OutcomeKind::Unchanged, "{again:?}");
    }

    async fn a_name_that_no_database_takes_is_nobody(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 1, 1).await;
        let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        for odd in ["a\0b", "'; DROP TABLE users; --", "$1", "?", "[\"", "\u{10FFFF}", ""] {
            assert_eq!(read.find_users(odd).await.unwrap(), [], "{odd:?}");
            let Command::ModifyLicenses(mut change) = assign(0, PRODUCT) else { panic!() };
            change.user = odd.to_owned();
            let asked = request(Command::ModifyLicenses(change));
            let outcome = store.write(asked, Priority::Interactive).await.unwrap();
            assert_eq!(outcome.result, usher_domain::plan::OutcomeKind::Failed, "{odd:?}");
        }
        assert_eq!(read.find_users("person 00000").await.unwrap().len(), 1);
    }
}
