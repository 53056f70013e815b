//! Following the chain of records from its first link to its end (R54). Nothing is mended here.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use usher_domain::chain::GENESIS;
use usher_domain::ids::{Revision, TenantId};

use super::entity::records::{Column, Entity, Model};
use super::error::StoreError;
use super::lock::Head;
use super::records::link_of;

/// How many links are verified at a time; a single one may take a megabyte.
const VERIFIED_AT_ONCE: u64 = 100;

/// A link as somebody outside kept it.
pub type Kept = (Revision, [u8; 32]);

/// What is wrong with a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainFault {
    /// The record says something else than when it was linked.
    Content,
    /// The record is not there.
    Missing,
    /// Another record stands in its place.
    Order,
    /// There is a record after the end that the database states.
    Beyond,
    /// The records hold, and the end of the chain that the database states is another.
    Head,
    /// The chain holds in itself, and the link is not the one that was kept outside.
    Kept,
}

/// What verifying the chain found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainCheck {
    /// How many links hold, from the first one on.
    pub verified: i64,
    /// The first link that does not.
    pub broken_at: Option<Revision>,
    /// What is wrong with it.
    pub fault: Option<ChainFault>,
    /// The end of the chain, to be kept outside.
    pub head: [u8; 32],
}

/// Follows the chain from its first link to the head and names the first one that does not hold.
pub(crate) async fn verify(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    head: &Head,
    kept: Option<Kept>,
) -> Result<ChainCheck, StoreError> {
    let found = |verified, fault: Option<ChainFault>| ChainCheck {
        verified,
        broken_at: fault.map(|_| Revision(verified + 1)),
        fault,
        head: head.chain_hash,
    };
    let mut previous = GENESIS;
    let mut verified = 0;
    loop {
        let rows = after(connection, tenant, verified).await?;
        if rows.is_empty() {
            break;
        }
        for (at, row) in rows.iter().enumerate() {
            if let Some(fault) = fault_of(&previous, verified + 1, row, &rows[at + 1..]) {
                return Ok(found(verified, Some(fault)));
            }
            if row.revision > head.revision.0 {
                return Ok(found(verified, Some(ChainFault::Beyond)));
            }
            previous = link_of(&previous, row);
            if kept.is_some_and(|(at, hash)| at.0 == row.revision && hash != previous) {
                return Ok(found(verified, Some(ChainFault::Kept)));
            }
            verified += 1;
        }
    }
    if verified < head.revision.0 {
        return Ok(found(verified, Some(ChainFault::Missing)));
    }
    if previous != head.chain_hash {
        return Ok(found((verified - 1).max(0), Some(ChainFault::Head)));
    }
    // What was kept outside is of a longer chain than is here: its end was cut off.
    if kept.is_some_and(|(at, _)| at.0 > verified) {
        return Ok(found(verified, Some(ChainFault::Kept)));
    }
    Ok(found(verified, None))
}

async fn after(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    revision: i64,
) -> Result<Vec<Model>, StoreError> {
    Ok(Entity::find()
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .filter(Column::Revision.gt(revision))
        .order_by_asc(Column::Revision)
        .limit(VERIFIED_AT_ONCE)
        .all(connection)
        .await?)
}

/// What is wrong with the record that stands where `revision` belongs; `next` are some that follow.
fn fault_of(previous: &[u8; 32], revision: i64, row: &Model, next: &[Model]) -> Option<ChainFault> {
    if row.revision == revision && row.hash == link_of(previous, row) {
        return None;
    }
    // The record that belongs here links to the one before, wherever it was put.
    let belongs = |other: &&Model| {
        let mut moved = (*other).clone();
        moved.revision = revision;
        let link = link_of(previous, &moved);
        link == other.hash[..] || link == row.hash[..]
    };
    if next.iter().any(|other| belongs(&other)) {
        return Some(ChainFault::Order);
    }
    Some(if row.revision == revision {
        ChainFault::Content
    } else {
        ChainFault::Missing
    })
}
