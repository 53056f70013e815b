//! The operator's rules in the database: rows only; they are loaded as a part of the catalogue.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use usher_domain::catalogue::Rule;
use usher_domain::ids::{Revision, TenantId};

use super::entity::rules::{Column, Entity, Model};
use super::error::StoreError;
use super::moment::Moment;
use super::rows::{from_json, to_json};

pub(crate) fn row_of(
    tenant: TenantId,
    rule: &Rule,
    from_rev: Revision,
) -> Result<Model, StoreError> {
    Ok(Model {
        tenant: tenant.as_uuid(),
        id: rule.key().text(),
        body: to_json(rule)?,
        from_rev: from_rev.0,
        to_rev: None,
    })
}

/// All rules.
pub(crate) async fn load_rules(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
) -> Result<Vec<Rule>, StoreError> {
    Entity::find()
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .filter(moment.of("rules"))
        .all(connection)
        .await?
        .into_iter()
        .map(|row| from_json("a rule", row.body))
        .collect()
}
