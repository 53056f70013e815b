//! Seats in the database: counters for now, and a recount for a past moment.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, Insert,
    IntoActiveModel, QueryFilter, Statement,
};
use usher_domain::ids::{ProductId, TenantId};
use usher_domain::snapshot::Pool;
use uuid::Uuid;

use super::entity::pools::{ActiveModel, Column, Entity, Model};
use super::error::StoreError;
use super::moment::Moment;
use super::subscriptions;

/// The pools of a tenant.
pub type Pools = BTreeMap<ProductId, Pool>;

/// All pools: from the counters when they are seen as they are, recounted when as they were (R4).
pub(crate) async fn load_pools(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
) -> Result<Pools, StoreError> {
    match moment {
        Moment::Live => counted(connection, tenant).await,
        Moment::At(_) => recounted(connection, tenant, moment).await,
    }
}

async fn counted(connection: &impl ConnectionTrait, tenant: TenantId) -> Result<Pools, StoreError> {
    let rows = Entity::find()
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let pool = Pool {
                enabled: row.enabled,
                warning: row.warning,
                suspended: row.suspended,
                locked_out: row.locked_out,
                consumed: row.consumed,
            };
            (ProductId(row.product_id), pool)
        })
        .collect())
}

#[derive(FromQueryResult)]
struct Consumed {
    product_id: Uuid,
    seats: i64,
}

/// What the counters would have been: the seats of the subscriptions, and one for each user with
/// an active path from the pool (R5).
pub(crate) async fn recounted(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
) -> Result<Pools, StoreError> {
    let mut pools = Pools::new();
    for subscription in subscriptions::load_subscriptions(connection, tenant, moment).await? {
        *pools.entry(subscription.product).or_default() += subscription.seats();
    }
    let sql = format!(
        "SELECT product_id, COUNT(DISTINCT user_id) AS seats FROM assignments WHERE tenant = $1 AND state = 0 AND self_service = $2 AND {} GROUP BY product_id",
        moment.condition("assignments")
    );
    let statement = Statement::from_sql_and_values(
        connection.get_database_backend(),
        sql,
        [tenant.as_uuid().into(), false.into()],
    );
    for row in Consumed::find_by_statement(statement)
        .all(connection)
        .await?
    {
        pools.entry(ProductId(row.product_id)).or_default().consumed = row.seats;
    }
    Ok(pools)
}

/// Adds changes to the counters, in one statement.
pub(crate) async fn apply_deltas(
    transaction: &DatabaseTransaction,
    tenant: TenantId,
    deltas: Pools,
) -> Result<(), StoreError> {
    let rows: Vec<ActiveModel> = deltas
        .into_iter()
        .filter(|(_, delta)| *delta != Pool::default())
        .map(|(product, delta)| {
            Model {
                tenant: tenant.as_uuid(),
                product_id: product.as_uuid(),
                enabled: delta.enabled,
                warning: delta.warning,
                suspended: delta.suspended,
                locked_out: delta.locked_out,
                consumed: delta.consumed,
            }
            .into_active_model()
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let mut on_conflict = OnConflict::columns([Column::Tenant, Column::ProductId]);
    for (column, name) in [
        (Column::Enabled, "enabled"),
        (Column::Warning, "warning"),
        (Column::Suspended, "suspended"),
        (Column::LockedOut, "locked_out"),
        (Column::Consumed, "consumed"),
    ] {
        on_conflict.value(
            column,
            Expr::cust(format!("pools.{name} + excluded.{name}")),
        );
    }
    Insert::many(rows)
        .on_conflict(on_conflict)
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}
