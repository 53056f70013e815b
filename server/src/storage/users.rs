//! People in the database: their rows, and finding, listing and loading them.

use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, IdenStatic, QueryFilter,
    QueryOrder, QuerySelect,
};
use usher_domain::NameKey;
use usher_domain::ids::{Country, Instant, ProductId, Revision, TenantId, UserId};
use usher_domain::snapshot::{Hold, UserProfile, UserType};
use usher_domain::words::{Search, Words};
use uuid::Uuid;

use super::entity::users::{Column, Entity, Model};
use super::error::StoreError;
use super::fragment::Fragment;
use super::load::storable;
use super::moment::Moment;
use super::page::{Listing, Page, PageRequest};
use super::rows::small_numbers;
use super::user_filter;
use super::user_search::search_users;
use crate::filter;

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
#[derive(Clone, Debug, Default, PartialEq)]
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
    /// Found by the beginnings of words; a listing is then ordered by the word found.
    pub search: Option<Search>,
    /// What else has to hold.
    pub condition: Option<filter::Expr>,
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
    /// Keys that are looked up as UPNs of deleted people.
    pub(crate) former_upn_keys: Vec<String>,
    /// Deleted people: who has their UPN now.
    pub(crate) namesakes_of: Vec<Uuid>,
    /// Everybody with any path to these.
    pub(crate) holders_of: Vec<Uuid>,
}

pub(crate) fn row_of(tenant: TenantId, profile: &UserProfile, from_rev: Revision) -> Model {
    let profile = profile.clone();
    let location = profile.usage_location.map(String::from);
    let words = words_of(&profile);
    let folded = folded_of(&profile);
    Model {
        words,
        folded,
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
        hold_since: profile.hold.as_ref().map(|hold| hold.since.0),
        hold_reason: profile.hold.map(|hold| hold.reason),
        from_rev: from_rev.0,
        to_rev: None,
    }
}

fn words_of(profile: &UserProfile) -> String {
    let names = [&profile.given_name, &profile.surname];
    let names = names.into_iter().filter_map(Option::as_deref);
    Words::of(names.chain([profile.display_name.as_str()]), &profile.upn).line()
}

/// Keys of the texts without a key column, where they are not what a database makes of the text.
fn folded_of(profile: &UserProfile) -> Option<serde_json::Value> {
    let texts = [
        (Column::GivenName, &profile.given_name),
        (Column::Surname, &profile.surname),
        (Column::Mail, &profile.mail),
        (Column::JobTitle, &profile.job_title),
        (Column::Country, &profile.country),
        (Column::State, &profile.state),
        (Column::City, &profile.city),
        (Column::Office, &profile.office),
        (Column::StreetAddress, &profile.street_address),
        (Column::PostalCode, &profile.postal_code),
        (Column::Phone, &profile.phone),
        (Column::Mobile, &profile.mobile),
    ];
    let keys: serde_json::Map<_, _> = texts
        .into_iter()
        .filter_map(|(column, text)| {
            let key = NameKey::unless_plain(text.as_deref()?)?;
            Some((
                IdenStatic::as_str(&column).to_owned(),
                key.to_string().into(),
            ))
        })
        .collect();
    (!keys.is_empty()).then_some(serde_json::Value::Object(keys))
}

pub(crate) fn user_of(row: Model) -> Result<StoredUser, StoreError> {
    let usage_location = row
        .usage_location
        .map(|code| {
            Country::try_from(code.clone())
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
            hold: row.hold_since.map(|since| Hold {
                reason: row.hold_reason.unwrap_or_default(),
                since: Instant(since),
            }),
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
    let mut among = Fragment::new(connection.get_database_backend(), "");
    among.one_of("users.id");
    let mut arms = 0;
    let mut arm = |among: &mut Fragment, sql: &str| {
        if arms > 0 {
            among.text(" UNION SELECT ");
        }
        among.text(sql);
        arms += 1;
    };
    if !wanted.ids.is_empty() {
        arm(&mut among, "");
        among.ids(wanted.ids);
    }
    for (column, deleted, keys) in [
        ("upn_key", "IS NULL", wanted.upn_keys),
        ("upn_key", "IS NOT NULL", wanted.former_upn_keys),
        ("name_key", "IS NULL", wanted.name_keys),
    ] {
        if !keys.is_empty() {
            arm(
                &mut among,
                "named.id FROM users AS named WHERE named.tenant = ",
            );
            among.value(tenant.as_uuid());
            let live = moment.condition("named");
            among.text(&format!(" AND {live} AND named.deleted_at {deleted} AND "));
            among
                .one_of(&format!("named.{column}"))
                .texts(keys)
                .end_of_list();
        }
    }
    if !wanted.namesakes_of.is_empty() {
        let [named, gone] = ["named", "gone"].map(|table| moment.condition(table));
        arm(
            &mut among,
            "named.id FROM users AS named WHERE named.tenant = ",
        );
        among.value(tenant.as_uuid());
        among.text(&format!(" AND {named} AND named.deleted_at IS NULL AND "));
        among.one_of("named.upn_key");
        among.text("gone.upn_key FROM users AS gone WHERE gone.tenant = ");
        among.value(tenant.as_uuid());
        among.text(&format!(" AND {gone} AND "));
        among
            .one_of("gone.id")
            .ids(wanted.namesakes_of)
            .end_of_list();
        among.end_of_list();
    }
    if !wanted.holders_of.is_empty() {
        arm(
            &mut among,
            "held.user_id FROM assignments AS held WHERE held.tenant = ",
        );
        among.value(tenant.as_uuid());
        let live = moment.condition("held");
        among.text(&format!(" AND {live} AND "));
        among
            .one_of("held.product_id")
            .ids(wanted.holders_of)
            .end_of_list();
    }
    if arms == 0 {
        return Ok(Vec::new());
    }
    among.end_of_list();
    select(connection, tenant, moment, among.into()).await
}

async fn select(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
    condition: SimpleExpr,
) -> Result<Vec<StoredUser>, StoreError> {
    let query = Entity::find()
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .filter(condition);
    let mut rows = Vec::new();
    for part in moment.parts("users") {
        rows.extend(query.clone().filter(part).all(connection).await?);
    }
    rows.into_iter().map(user_of).collect()
}

/// The person with this id, live or deleted.
pub(crate) async fn find_by_id(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
    id: UserId,
) -> Result<Option<StoredUser>, StoreError> {
    let found = select(connection, tenant, moment, Column::Id.eq(id.as_uuid())).await?;
    Ok(found.into_iter().next())
}

/// The live people that an id, UPN or display name could stand for; a UPN goes before a name (R1).
pub(crate) async fn find_users(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
    name: &str,
) -> Result<Vec<StoredUser>, StoreError> {
    if !storable(name) {
        return Ok(Vec::new());
    }
    if let Ok(id) = Uuid::try_parse(name.trim()) {
        let condition = Column::Id.eq(id).and(Column::DeletedAt.is_null());
        let found = select(connection, tenant, moment, condition).await?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    let key = NameKey::new(name).to_string();
    for column in [Column::UpnKey, Column::NameKey] {
        let condition = column.eq(key.as_str()).and(Column::DeletedAt.is_null());
        let found = select(connection, tenant, moment, condition).await?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

/// One page of people, ordered by UPN, or as a search finds them.
pub(crate) async fn list_users(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
    revision: Revision,
    filter: &UserFilter,
    page: &PageRequest,
) -> Result<Page<StoredUser>, StoreError> {
    let listing = Listing::new("users", &(tenant, filter));
    let condition = condition_of(connection.get_database_backend(), moment, filter);
    if let Some(search) = &filter.search {
        let wanted = (search, condition);
        return search_users(
            connection,
            tenant,
            moment,
            revision,
            wanted,
            (&listing, page),
        )
        .await;
    }
    let mut query = Entity::find()
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .filter(condition);
    if let Some(position) = listing.position(&page.token)? {
        let [name, id] = position.after.as_slice() else {
            return Err(StoreError::BadPageToken);
        };
        let id = Uuid::try_parse(id).map_err(|_| StoreError::BadPageToken)?;
        query = query.filter(
            Expr::tuple([Expr::col(Column::UpnKey), Expr::col(Column::Id)])
                .gt(Expr::tuple([Expr::val(name.as_str()), Expr::val(id)])),
        );
    }
    let query = query
        .order_by_asc(Column::UpnKey)
        .order_by_asc(Column::Id)
        .limit(page.rows() + 1);
    let mut rows = Vec::new();
    for part in moment.parts("users") {
        rows.extend(query.clone().filter(part).all(connection).await?);
    }
    rows.sort_unstable_by(|a, b| (&a.upn_key, a.id).cmp(&(&b.upn_key, b.id)));
    listing.page(
        revision,
        page,
        rows,
        |row| vec![row.upn_key.clone(), row.id.to_string()],
        user_of,
    )
}

fn condition_of(backend: DbBackend, moment: Moment, filter: &UserFilter) -> Condition {
    let key = |text: &str| NameKey::new(text).to_string();
    let mut all = Condition::all().add(if filter.deleted {
        Column::DeletedAt.is_not_null()
    } else {
        Column::DeletedAt.is_null()
    });
    if let Some(ids) = &filter.ids {
        let mut among = Fragment::new(backend, "");
        among
            .one_of("users.id")
            .ids(ids.iter().map(|id| id.as_uuid()))
            .end_of_list();
        all = all.add(SimpleExpr::from(among));
    }
    for (column, pattern) in [
        (Column::NameKey, &filter.display_name),
        (Column::UpnKey, &filter.upn),
    ] {
        if let Some(pattern) = pattern {
            all = all.add(matching(column, &key(&pattern.text), pattern.prefix));
        }
    }
    if let Some(department) = &filter.department {
        all = all.add(Column::DepartmentKey.eq(key(department)));
    }
    if let Some(country) = &filter.country {
        all = all.add(Column::Country.eq(country.as_str()));
    }
    all = match filter.usage_location {
        Some(LocationFilter::Missing) => all.add(Column::UsageLocation.is_null()),
        Some(LocationFilter::Is(country)) => all.add(Column::UsageLocation.eq(country.as_str())),
        None => all,
    };
    if let Some(kind) = &filter.user_type {
        all = all.add(Column::UserType.eq(type_number(kind)));
    }
    if let Some(enabled) = filter.account_enabled {
        all = all.add(Column::AccountEnabled.eq(enabled));
    }
    let held = moment.condition("held");
    if let Some(unlicensed) = filter.unlicensed {
        let not = if unlicensed { "NOT " } else { "" };
        all = all.add(Expr::cust(format!(
            "{not}EXISTS (SELECT 1 FROM assignments AS held WHERE held.tenant = users.tenant AND held.user_id = users.id AND {held} AND held.state = 0)"
        )));
    }
    if let Some(product) = filter.holding {
        let mut holds = Fragment::new(
            backend,
            "EXISTS (SELECT 1 FROM assignments AS held WHERE held.tenant = users.tenant AND held.user_id = users.id AND held.product_id = ",
        );
        holds.value(product.as_uuid());
        holds.text(&format!(" AND {held} AND held.state = 0)"));
        all = all.add(SimpleExpr::from(holds));
    }
    if let Some(condition) = &filter.condition {
        all = all.add(user_filter::condition(backend, moment, condition));
    }
    all
}

/// Equal to a key, or beginning with it: a range, so that an index serves it.
pub(crate) fn matching(column: Column, key: &str, prefix: bool) -> SimpleExpr {
    if !prefix {
        return column.eq(key);
    }
    column.gte(key).and(column.lt(format!("{key}\u{10FFFF}")))
}
