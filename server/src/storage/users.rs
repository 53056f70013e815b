//! People in the database: their rows, and finding, listing and loading them.

use std::str::FromStr;

use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use usher_domain::NameKey;
use usher_domain::ids::{Country, Instant, ProductId, Revision, TenantId, UserId};
use usher_domain::snapshot::{UserProfile, UserType};
use uuid::Uuid;

use super::entity::users::{Column, Entity, Model};
use super::error::StoreError;
use super::moment::Moment;
use super::page::{Listing, Page, PageRequest, Position};
use super::rows::small_numbers;
use super::sets::{among_ids, id_list, ids_in, text_list, texts_in};

small_numbers!(UserType, type_number, type_of, "a user of the unknown type", {
    UserType::Member => UserType::Member, 0;
    UserType::Guest => UserType::Guest, 1;
});

/// A person with the revision that made the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredUser {
    /// What is known of the person.
    pub profile: UserProfile,
    /// The change that the row carries.
    pub from_rev: Revision,
}

/// Which people a listing shows. Texts are compared by name key (R1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// Only these; none means no such limit.
    pub ids: Option<Vec<UserId>>,
    /// A display name, or its beginning when `prefix` is set.
    pub display_name: Option<NamePattern>,
    /// A UPN, or its beginning.
    pub upn: Option<NamePattern>,
    /// A department.
    pub department: Option<String>,
    /// The country of the address, as it was given.
    pub country: Option<String>,
    /// Where licences are used.
    pub usage_location: Option<LocationFilter>,
    /// Member or guest.
    pub user_type: Option<UserType>,
    /// May sign in or not.
    pub account_enabled: Option<bool>,
    /// Without any active licence (true), or with one (false).
    pub unlicensed: Option<bool>,
    /// Holding this product by any active path.
    pub holding: Option<ProductId>,
    /// Deleted people instead of live ones.
    pub deleted: bool,
}

/// A name to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePattern {
    /// The name or its beginning.
    pub text: String,
    /// Whether it is only the beginning.
    pub prefix: bool,
}

/// A usage location to compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocationFilter {
    /// None is set.
    Missing,
    /// This country.
    Is(Country),
}

/// The people that a batch of commands speaks of.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) ids: Vec<Uuid>,
    /// Keys that are looked up as UPNs.
    pub(crate) upn_keys: Vec<String>,
    /// Keys that are looked up as display names.
    pub(crate) name_keys: Vec<String>,
    /// Everybody with any path to these.
    pub(crate) holders_of: Vec<Uuid>,
    /// Those first in the queues, whoever they are.
    pub(crate) waiting: u64,
}

pub(crate) fn row_of(tenant: TenantId, profile: &UserProfile, from_rev: Revision) -> Model {
    let profile = profile.clone();
    let location = profile.usage_location.map(String::from);
    Model {
        tenant: tenant.as_uuid(),
        id: profile.id.as_uuid(),
        upn_key: NameKey::new(&profile.upn).to_string(),
        upn: profile.upn,
        name_key: NameKey::new(&profile.display_name).to_string(),
        display_name: profile.display_name,
        given_name: profile.given_name,
        surname: profile.surname,
        mail: profile.mail,
        job_title: profile.job_title,
        department_key: profile
            .department
            .as_deref()
            .map(|department| NameKey::new(department).to_string()),
        department: profile.department,
        user_type: type_number(&profile.user_type),
        account_enabled: profile.account_enabled,
        usage_location: location,
        country: profile.country,
        state: profile.state,
        city: profile.city,
        office: profile.office,
        postal_code: profile.postal_code,
        street_address: profile.street_address,
        phone: profile.phone,
        mobile: profile.mobile,
        created_at: profile.created_at.0,
        deleted_at: profile.deleted_at.map(|at| at.0),
        from_rev: from_rev.0,
        to_rev: None,
    }
}

fn user_of(row: Model) -> Result<StoredUser, StoreError> {
    let usage_location = row
        .usage_location
        .map(|code| {
            Country::from_str(&code)
                .map_err(|_| StoreError::Corrupt(format!("the usage location {code}")))
        })
        .transpose()?;
    Ok(StoredUser {
        from_rev: Revision(row.from_rev),
        profile: UserProfile {
            id: UserId(row.id),
            upn: row.upn,
            display_name: row.display_name,
            given_name: row.given_name,
            surname: row.surname,
            mail: row.mail,
            job_title: row.job_title,
            department: row.department,
            user_type: type_of(row.user_type)?,
            account_enabled: row.account_enabled,
            usage_location,
            country: row.country,
            state: row.state,
            city: row.city,
            office: row.office,
            postal_code: row.postal_code,
            street_address: row.street_address,
            phone: row.phone,
            mobile: row.mobile,
            created_at: Instant(row.created_at),
            deleted_at: row.deleted_at.map(Instant),
        },
    })
}

/// All that a batch wants, in one query: each way of naming a person has its own index.
pub(crate) async fn load_users(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
    wanted: Wanted,
) -> Result<Vec<StoredUser>, StoreError> {
    let backend = connection.get_database_backend();
    let mut arms: Vec<String> = Vec::new();
    let mut values: Vec<sea_orm::Value> = Vec::new();
    let mut arm = |sql: String, value: Option<sea_orm::Value>| {
        arms.push(sql);
        values.extend(value);
    };
    let own = tenant_literal(backend, tenant);
    let live = moment.condition("users");
    if !wanted.ids.is_empty() {
        let list = ids_in(backend);
        arm(format!("SELECT {list}"), Some(id_list(wanted.ids).into()));
    }
    for (column, keys) in [("upn_key", wanted.upn_keys), ("name_key", wanted.name_keys)] {
        if !keys.is_empty() {
            let list = texts_in(backend);
            let sql = format!(
                "SELECT users.id FROM users WHERE users.tenant = {own} AND {live} AND users.deleted_at IS NULL AND users.{column} IN (SELECT {list})"
            );
            arm(sql, Some(text_list(keys).into()));
        }
    }
    if !wanted.holders_of.is_empty() {
        let list = ids_in(backend);
        let live = moment.condition("assignments");
        let sql = format!(
            "SELECT assignments.user_id FROM assignments WHERE assignments.tenant = {own} AND {live} AND assignments.product_id IN (SELECT {list})"
        );
        arm(sql, Some(id_list(wanted.holders_of).into()));
    }
    if wanted.waiting > 0 {
        let live = moment.condition("waiting");
        let limit = wanted.waiting;
        let sql = format!(
            "SELECT first.user_id FROM (SELECT waiting.user_id FROM waiting WHERE waiting.tenant = {own} AND {live} ORDER BY waiting.product_id, waiting.priority, waiting.since LIMIT {limit}) AS first"
        );
        arm(sql, None);
    }
    if arms.is_empty() {
        return Ok(Vec::new());
    }
    let among = Expr::cust_with_values(
        numbered(backend, &format!("users.id IN ({})", arms.join(" UNION "))),
        values,
    );
    Entity::find()
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .filter(moment.of("users"))
        .filter(among)
        .all(connection)
        .await?
        .into_iter()
        .map(user_of)
        .collect()
}
