//! Pools in which more is used than there is, in the database (R8).

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use usher_domain::ids::{Instant, ProductId, Revision, TenantId};

use super::entity::over_allocations::{Column, Entity, Model};
use super::error::StoreError;
use super::moment::Moment;

/// Since when more is used of products than there is.
pub type OverAllocations = BTreeMap<ProductId, Instant>;

pub(crate) fn row_of(
    tenant: TenantId,
    product: ProductId,
    since: Instant,
    from_rev: Revision,
) -> Model {
    Model {
        tenant: tenant.as_uuid(),
        product_id: product.as_uuid(),
        since: since.0,
        from_rev: from_rev.0,
        to_rev: None,
    }
}

pub(crate) async fn load_over_allocations(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
) -> Result<OverAllocations, StoreError> {
    let rows = Entity::find()
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .filter(moment.of("over_allocations"))
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (ProductId(row.product_id), Instant(row.since)))
        .collect())
}
