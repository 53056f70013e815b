//! The history that decides about people's data (R50): a few set queries for a page of people. What
//! it means is computed in the domain.

use std::collections::{BTreeSet, HashMap};

use sea_orm::sea_query::SimpleExpr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use usher_domain::ids::{Instant, PlanId, ProductId, Revision, TenantId, UserId};
use usher_domain::service_data::{History, PlanEntry, Span};
use uuid::Uuid;

use super::assignments::assignment_of;
use super::entity::{assignments, plans, product_plans, records, users};
use super::error::StoreError;
use super::fragment::Fragment;

/// The instants of revisions.
struct Times(HashMap<i64, Instant>);

impl Times {
    /// As seen at `last`: what ends later has not ended.
    fn span(&self, from_rev: i64, to_rev: Option<i64>, last: Revision) -> Span {
        let at = |revision| self.0.get(&revision).copied().unwrap_or_default();
        let to = to_rev.filter(|to| *to <= last.0);
        Span {
            from: at(from_rev),
            to: to.map(at),
        }
    }
}

/// The rows of all versions up to a revision.
struct Rows {
    paths: Vec<assignments::Model>,
    entries: Vec<product_plans::Model>,
    automatic: Vec<plans::Model>,
    people: Vec<Person>,
}

/// Id, deleted at, on hold since, first and last revision.
type Person = (Uuid, Option<i64>, Option<i64>, i64, Option<i64>);

pub(crate) async fn load(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    last: Revision,
    people: &[UserId],
) -> Result<HashMap<UserId, History>, StoreError> {
    let rows = rows(connection, tenant, last, people).await?;
    let times = times(connection, tenant, &rows).await?;
    let mut products: HashMap<Uuid, Vec<(PlanEntry, Span)>> = HashMap::new();
    for row in rows.entries {
        let entry = PlanEntry {
            product: ProductId(row.product_id),
            plan: PlanId(row.plan_id),
            on_by_default: row.on_by_default,
            since: Revision(row.since_rev),
        };
        let span = times.span(row.from_rev, row.to_rev, last);
        products
            .entry(row.product_id)
            .or_default()
            .push((entry, span));
    }
    let automatic = rows.automatic.iter();
    let automatic: Vec<(PlanId, Span)> = automatic
        .map(|row| (PlanId(row.id), times.span(row.from_rev, row.to_rev, last)))
        .collect();
    let mut histories: HashMap<UserId, History> = HashMap::new();
    let mut known: BTreeSet<(Uuid, Uuid)> = BTreeSet::new();
    for row in rows.paths {
        let history = histories.entry(UserId(row.user_id)).or_default();
        if known.insert((row.user_id, row.product_id)) {
            let entries = products.get(&row.product_id);
            history
                .entries
                .extend(entries.into_iter().flatten().copied());
        }
        let span = times.span(row.from_rev, row.to_rev, last);
        history.paths.push((assignment_of(row)?, span));
    }
    for (id, deleted, held, from_rev, to_rev) in rows.people {
        let Some(history) = histories.get_mut(&UserId(id)) else {
            continue;
        };
        let span = times.span(from_rev, to_rev, last);
        if deleted.is_some() {
            history.deleted.push(span);
        }
        if held.is_some() {
            history.held.push(span);
        }
    }
    for history in histories.values_mut() {
        history.automatic.clone_from(&automatic);
    }
    Ok(histories)
}

async fn rows(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    last: Revision,
    people: &[UserId],
) -> Result<Rows, StoreError> {
    let backend = connection.get_database_backend();
    let among = |column: &str, ids: &mut dyn Iterator<Item = Uuid>| {
        let mut among = Fragment::new(backend, "");
        among.one_of(column).ids(ids).end_of_list();
        SimpleExpr::from(among)
    };
    let ids = || people.iter().map(|id| id.as_uuid());
    let paths = assignments::Entity::find()
        .filter(assignments::Column::Tenant.eq(tenant.as_uuid()))
        .filter(among("assignments.user_id", &mut ids()))
        .filter(assignments::Column::FromRev.lte(last.0));
    // Live and past rows have indexes of their own.
    let to_rev = assignments::Column::ToRev;
    let mut found = paths
        .clone()
        .filter(to_rev.is_null())
        .all(connection)
        .await?;
    found.extend(paths.filter(to_rev.is_not_null()).all(connection).await?);
    let products: BTreeSet<Uuid> = found.iter().map(|row| row.product_id).collect();
    let entries = product_plans::Entity::find()
        .filter(product_plans::Column::Tenant.eq(tenant.as_uuid()))
        .filter(among("product_plans.product_id", &mut products.into_iter()))
        .filter(product_plans::Column::FromRev.lte(last.0))
        .all(connection)
        .await?;
    let automatic = plans::Entity::find()
        .filter(plans::Column::Tenant.eq(tenant.as_uuid()))
        .filter(plans::Column::Automatic.eq(true))
        .filter(plans::Column::FromRev.lte(last.0))
        .all(connection)
        .await?;
    use users::Column;
    let people = users::Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::DeletedAt,
            Column::HoldSince,
            Column::FromRev,
            Column::ToRev,
        ])
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .filter(among("users.id", &mut ids()))
        .filter(Column::FromRev.lte(last.0))
        .into_tuple::<Person>()
        .all(connection)
        .await?;
    Ok(Rows {
        paths: found,
        entries,
        automatic,
        people,
    })
}

async fn times(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    rows: &Rows,
) -> Result<Times, StoreError> {
    use records::Column;
    let mut revisions = BTreeSet::new();
    let mut add =
        |from: i64, to: Option<i64>| revisions.extend([Some(from), to].into_iter().flatten());
    rows.paths
        .iter()
        .for_each(|row| add(row.from_rev, row.to_rev));
    rows.entries
        .iter()
        .for_each(|row| add(row.from_rev, row.to_rev));
    rows.automatic
        .iter()
        .for_each(|row| add(row.from_rev, row.to_rev));
    rows.people.iter().for_each(|row| add(row.3, row.4));
    let mut among = Fragment::new(connection.get_database_backend(), "");
    among
        .one_of("records.revision")
        .numbers(revisions)
        .end_of_list();
    let found = records::Entity::find()
        .select_only()
        .columns([Column::Revision, Column::At])
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .filter(SimpleExpr::from(among))
        .into_tuple::<(i64, i64)>()
        .all(connection)
        .await?;
    let times = found
        .into_iter()
        .map(|(revision, at)| (revision, Instant(at)));
    Ok(Times(times.collect()))
}
