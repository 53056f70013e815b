//! Service plans in the database: rows only; they are loaded as one catalogue.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use usher_domain::catalogue::ServicePlan;
use usher_domain::ids::{PlanId, Revision, TenantId};

use super::entity::plans::{Column, Entity, Model};
use super::error::StoreError;
use super::moment::Moment;
use super::rows::{from_json, to_json};

pub(crate) fn row_of(
    tenant: TenantId,
    plan: &ServicePlan,
    from_rev: Revision,
) -> Result<Model, StoreError> {
    Ok(Model {
        tenant: tenant.as_uuid(),
        id: plan.id.as_uuid(),
        name: plan.name.clone(),
        friendly_name: plan.friendly_name.clone(),
        aliases: to_json(&plan.aliases)?,
        automatic: plan.automatic,
        from_rev: from_rev.0,
        to_rev: None,
    })
}

/// All plans, by name.
pub(crate) async fn load_plans(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
) -> Result<Vec<ServicePlan>, StoreError> {
    Entity::find()
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .filter(moment.of("plans"))
        .order_by_asc(Column::Name)
        .order_by_asc(Column::Id)
        .all(connection)
        .await?
        .into_iter()
        .map(|row| {
            Ok(ServicePlan {
                id: PlanId(row.id),
                name: row.name,
                friendly_name: row.friendly_name,
                aliases: from_json("the aliases of a plan", row.aliases)?,
                automatic: row.automatic,
            })
        })
        .collect()
}
