//! A record that somebody touched past the service: what is wrong is named, at the first link that does
//! not hold (R54).

use std::sync::Arc;

use sea_orm::ConnectionTrait;
use usher_domain::ids::Revision;

use super::database::TestDatabase;
use super::fixture::organisation;
use super::on_both_databases;
use crate::storage::{ChainCheck, ChainFault, DEFAULT_TENANT, Kept, ReadAt, Store};

async fn verified(store: &Store, kept: Option<Kept>) -> ChainCheck {
    let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
    read.verify_chain_against(kept).await.unwrap()
}

/// Does this to the database, and answers what is found, and whether it takes a kept link to find it.
async fn after(
    database: &TestDatabase,
    store: &Store,
    kept: Kept,
    statements: &[&str],
) -> (Option<ChainFault>, Option<Revision>, Option<ChainFault>) {
    let raw = database.raw().await;
    for statement in statements {
        raw.execute_unprepared(statement).await.unwrap();
    }
    let alone = verified(store, None).await;
    let beside = verified(store, Some(kept)).await;
    (alone.fault, beside.broken_at, beside.fault)
}

on_both_databases! {
    async fn what_was_done_to_a_record_is_named(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 240, 5).await;
        let whole = verified(&store, None).await;
        assert_eq!((whole.fault, whole.verified > 240), (None, true));
        let last = whole.verified;
        let kept: Kept = (Revision(last), whole.head);
        let found = after(database, &store, kept, &[
            "UPDATE records SET reason = 'it was not me' WHERE revision = 107",
        ]).await;
        assert_eq!(found, (Some(ChainFault::Content), Some(Revision(107)), Some(ChainFault::Content)));
        let found = after(database, &store, kept, &[
            "UPDATE records SET reason = NULL WHERE revision = 107",
            "UPDATE records SET revision = -1 WHERE revision = 203",
            "UPDATE records SET revision = 203 WHERE revision = 204",
            "UPDATE records SET revision = 204 WHERE revision = -1",
        ]).await;
        assert_eq!(found, (Some(ChainFault::Order), Some(Revision(203)), Some(ChainFault::Order)));
        let found = after(database, &store, kept, &[
            "DELETE FROM records WHERE revision = 150",
        ]).await;
        assert_eq!(found, (Some(ChainFault::Missing), Some(Revision(150)), Some(ChainFault::Missing)));
    }

    async fn a_cut_end_shows_beside_a_kept_link_only(database: &TestDatabase) {
        let store = database.store().await;
        organisation(&store, 5, 5).await;
        let whole = verified(&store, None).await;
        let (last, kept) = (whole.verified, (Revision(whole.verified), whole.head));
        let cut = format!("DELETE FROM records WHERE revision = {last}");
        let found = after(database, &store, kept, &[&cut]).await;
        let missing = Some(ChainFault::Missing);
        assert_eq!(found, (missing, Some(Revision(last)), missing));
        let rewound = format!(
            "UPDATE heads SET revision = {0}, chain_hash = (SELECT r.hash FROM records r \
             WHERE r.tenant = heads.tenant AND r.revision = {0}) WHERE revision = {last}",
            last - 1
        );
        let found = after(database, &store, kept, &[&rewound]).await;
        assert_eq!(found, (None, Some(Revision(last)), Some(ChainFault::Kept)));
        let again = format!(
            "UPDATE heads SET revision = {0}, chain_hash = (SELECT r.hash FROM records r \
             WHERE r.tenant = heads.tenant AND r.revision = {0}) WHERE revision = {1}",
            last - 2,
            last - 1
        );
        let found = after(database, &store, kept, &[&again]).await;
        assert_eq!(found.0, Some(ChainFault::Beyond));
        let other = format!(
            "UPDATE heads SET revision = {0}, chain_hash = (SELECT r.hash FROM records r \
             WHERE r.tenant = heads.tenant AND r.revision = 1) WHERE revision = {1}",
            last - 1,
            last - 2
        );
        let found = after(database, &store, kept, &[&other]).await;
        assert_eq!(found.0, Some(ChainFault::Head));
    }
}
