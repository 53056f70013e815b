//! Tenants in the database: their settings, and making the first one.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, Insert, IntoActiveModel, QueryFilter};
use usher_domain::chain::GENESIS;
use usher_domain::ids::{Country, Instant, TenantId};
use usher_domain::snapshot::{GuestPolicy, TenantSettings};
use uuid::Uuid;

use super::connect::Database;
use super::entity::{heads, tenants};
use super::error::StoreError;
use super::lock::begin_write;
use super::moment::Moment;
use super::rows::small_numbers;

/// The organisation that every database begins with. The same id everywhere, so that processes that
/// start at the same time make it once.
pub const DEFAULT_TENANT: TenantId =
    TenantId(Uuid::from_u128(0x7573_6865_7200_8000_8000_0000_0000_0001));

small_numbers!(GuestPolicy, policy_number, policy_of, "an unknown guest policy", {
    GuestPolicy::GlobalAdmin => GuestPolicy::GlobalAdmin, 0;
    GuestPolicy::LicenseAdmin => GuestPolicy::LicenseAdmin, 1;
});

/// The settings of a tenant. A change of them moves `catalogue_rev`, so they are kept with the catalogue.
pub(crate) async fn load_settings(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
) -> Result<TenantSettings, StoreError> {
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
    Ok(TenantSettings {
        default_usage_location,
        guest_policy: policy_of(row.guest_policy)?,
    })
}

/// Makes the default tenant unless it is there.
pub(crate) async fn ensure_default(database: &Database, now: Instant) -> Result<(), StoreError> {
    let id = DEFAULT_TENANT.as_uuid();
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
            name: "Default".to_owned(),
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
