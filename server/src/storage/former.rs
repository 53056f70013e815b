//! Deleted people: what they had, read from history, and who is to be purged next.

use sea_orm::sea_query::SimpleExpr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use usher_domain::ids::{Instant, Path, TenantId};
use usher_domain::snapshot::{Assignment, RESTORABLE_DAYS};
use uuid::Uuid;

use super::assignments::assignment_of;
use super::entity::assignments::{Column, Entity};
use super::entity::users;
use super::error::StoreError;
use super::fragment::Fragment;
use super::moment::Moment;

/// The direct paths that ended with the last deletion of these people, in the order in which they
/// began. The row of a user that a change made carries the revision at which the paths end that the
/// same change ended.
pub(crate) async fn load(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
    users: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Assignment>, StoreError> {
    let now = moment.condition("now");
    let mut among = Fragment::new(connection.get_database_backend(), "");
    among.one_of("assignments.user_id").ids(users).end_of_list();
    among.text(&format!(
        " AND EXISTS (SELECT 1 FROM users AS now JOIN users AS gone ON gone.tenant = now.tenant AND gone.id = now.id AND gone.deleted_at = now.deleted_at WHERE now.tenant = assignments.tenant AND now.id = assignments.user_id AND {now} AND gone.from_rev = assignments.to_rev)"
    ));
    let rows = Entity::find()
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .filter(Column::Path.eq(Path::Direct.as_uuid()))
        .filter(Column::SelfService.eq(false))
        .filter(Column::ToRev.is_not_null())
        .filter(SimpleExpr::from(among))
        .all(connection)
        .await?;
    let mut paths = rows
        .into_iter()
        .map(assignment_of)
        .collect::<Result<Vec<_>, _>>()?;
    paths.sort_unstable_by_key(|path| (path.began_rev, path.id));
    Ok(paths)
}

/// The people who are to be purged first, `most` and one, with the moment for each.
pub(crate) async fn first_to_purge(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
    most: usize,
) -> Result<Vec<(Uuid, Instant)>, StoreError> {
    let most = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let rows: Vec<(Uuid, Option<i64>)> = users::Entity::find()
        .select_only()
        .column(users::Column::Id)
        .column(users::Column::DeletedAt)
        .filter(users::Column::Tenant.eq(tenant.as_uuid()))
        .filter(users::Column::DeletedAt.is_not_null())
        .filter(users::Column::HoldSince.is_null())
        .filter(moment.of("users"))
        .order_by_asc(users::Column::DeletedAt)
        .limit(most)
        .into_tuple()
        .all(connection)
        .await?;
    let purged =
        |(id, at): (Uuid, Option<i64>)| Some((id, Instant(at?).plus_days(RESTORABLE_DAYS)));
    Ok(rows.into_iter().filter_map(purged).collect())
}
