//! Tenants in the database: their settings, and making the first one.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, Insert, IntoActiveModel, QueryFilter};
use usher_domain::access::Organisation;
use usher_domain::chain::GENESIS;
use usher_domain::ids::{Country, Instant, Revision, TenantId};
use usher_domain::snapshot::{GuestPolicy, TenantSettings};
use uuid::Uuid;

use super::connect::Database;
use super::entity::{heads, tenants};
use super::error::StoreError;
use super::lock::begin_write;
use super::moment::Moment;
use super::roles::load_roles;
use super::rows::small_numbers;

/// The organisation that every database begins with. The same id everywhere, so that processes that
/// start at the same time make it once.
pub const DEFAULT_TENANT: TenantId =
    TenantId(Uuid::from_u128(0x7573_6865_7200_8000_8000_0000_0000_0001));

small_numbers!(GuestPolicy, policy_number, policy_of, "an unknown guest policy", {
    GuestPolicy::GlobalAdmin => GuestPolicy::GlobalAdmin, 0;
    GuestPolicy::LicenseAdmin => GuestPolicy::LicenseAdmin, 1;
});

/// The row of a tenant. A change of it moves `catalogue_rev`, so it is kept with the catalogue.
pub(crate) fn row_of(
    tenant: TenantId,
    (name, created_at): (String, Instant),
    settings: &TenantSettings,
    from_rev: Revision,
) -> tenants::Model {
    tenants::Model {
        id: tenant.as_uuid(),
        name,
        default_usage_location: settings
            .default_usage_location
            .map(|country| country.to_string()),
        guest_policy: policy_number(&settings.guest_policy),
        created_at: created_at.0,
        from_rev: from_rev.0,
        to_rev: None,
    }
}

/// A tenant with its settings and roles.
pub(crate) async fn load_tenant(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
) -> Result<(TenantSettings, Organisation), StoreError> {
    let row = tenants::Entity::find()
        .filter(tenants::Column::Id.eq(tenant.as_uuid()))
        .filter(moment.of("tenants"))
        .one(connection)
        .await?
        .ok_or(StoreError::TenantNotFound)?;
    let default_usage_location = row
        .default_usage_location
        .map(|code| {
            Country::try_from(code.clone())
                .map_err(|_| StoreError::Corrupt(format!("the default usage location {code}")))
        })
        .transpose()?;
    let settings = TenantSettings {
        default_usage_location,
        guest_policy: policy_of(row.guest_policy)?,
    };
    let organisation = Organisation {
        name: row.name,
        created_at: Instant(row.created_at),
        from_rev: Revision(row.from_rev),
        roles: load_roles(connection, tenant, moment).await?,
    };
    Ok((settings, organisation))
}

/// Makes room for a tenant unless it is there. One without a name has not begun: nobody holds a role in it.
pub(crate) async fn ensure(
    database: &Database,
    id: TenantId,
    name: &str,
    now: Instant,
) -> Result<(), StoreError> {
    let id = id.as_uuid();
    let there = heads::Entity::find_by_id(id).one(&database.writer).await?;
    if there.is_some() {
        return Ok(());
    }
    let transaction = begin_write(&database.writer).await?;
    let head = heads::Model {
        tenant: id,
        revision: 0,
        chain_hash: GENESIS.to_vec(),
        last_at: 0,
        next_due: None,
        catalogue_rev: 0,
    };
    let made = Insert::many([head.into_active_model()])
        .on_conflict(
            OnConflict::column(heads::Column::Tenant)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(&transaction)
        .await?;
    if made == 1 {
        let tenant = tenants::Model {
            id,
            name: name.to_owned(),
            default_usage_location: None,
            guest_policy: policy_number(&GuestPolicy::default()),
            created_at: now.0,
            from_rev: 0,
            to_rev: None,
        };
        Insert::many([tenant.into_active_model()])
            .exec_without_returning(&transaction)
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}
