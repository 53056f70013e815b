//! Roles in the database: their rows, loading them, and where an identity holds any.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use usher_domain::access::{Role, Roles};
use usher_domain::ids::{Revision, TenantId};
use uuid::Uuid;

use super::entity::roles::{Column, Entity, Model};
use super::error::StoreError;
use super::moment::Moment;
use super::rows::small_numbers;

small_numbers!(Role, role_number, role_of, "an unknown role", {
    Role::GlobalAdmin => Role::GlobalAdmin, 0;
    Role::LicenseAdmin => Role::LicenseAdmin, 1;
    Role::UserAdmin => Role::UserAdmin, 2;
    Role::BillingAdmin => Role::BillingAdmin, 3;
    Role::GlobalReader => Role::GlobalReader, 4;
});

pub(crate) fn row_of(tenant: TenantId, identity: &str, role: Role, from_rev: Revision) -> Model {
    Model {
        tenant: tenant.as_uuid(),
        identity: identity.to_owned(),
        role: role_number(&role),
        from_rev: from_rev.0,
        to_rev: None,
    }
}

/// All roles of a tenant. They are few: an organisation has some admins.
pub(crate) async fn load_roles(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
) -> Result<Roles, StoreError> {
    let rows = Entity::find()
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .filter(moment.of("roles"))
        .all(connection)
        .await?;
    let mut roles = Roles::default();
    for row in rows {
        roles.put(&row.identity, role_of(row.role)?);
    }
    Ok(roles)
}

/// The roles that an identity holds now in one tenant.
pub(crate) async fn roles_in(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    identity: &str,
) -> Result<BTreeSet<Role>, StoreError> {
    let rows = Entity::find()
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .filter(Column::Identity.eq(identity))
        .filter(Moment::Live.of("roles"))
        .all(connection)
        .await?;
    rows.into_iter().map(|row| role_of(row.role)).collect()
}

/// Every tenant in which an identity holds a role now, with the roles.
pub(crate) async fn roles_everywhere(
    connection: &impl ConnectionTrait,
    identity: &str,
) -> Result<BTreeMap<Uuid, BTreeSet<Role>>, StoreError> {
    let rows = Entity::find()
        .filter(Column::Identity.eq(identity))
        .filter(Moment::Live.of("roles"))
        .all(connection)
        .await?;
    let mut tenants: BTreeMap<Uuid, BTreeSet<Role>> = BTreeMap::new();
    for row in rows {
        tenants
            .entry(row.tenant)
            .or_default()
            .insert(role_of(row.role)?);
    }
    Ok(tenants)
}
