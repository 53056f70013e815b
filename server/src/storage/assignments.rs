//! Paths to licences in the database: their rows, and loading and listing them.

use std::collections::BTreeMap;
use std::sync::Arc;

use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use usher_domain::ids::{
    AssignmentId, BatchId, Instant, Path, ProductId, Revision, TenantId, UserId,
};
use usher_domain::snapshot::{Assignment, AssignmentState, NewPlans};
use uuid::Uuid;

use super::entity::assignments::{Column, Entity, Model};
use super::error::StoreError;
use super::fragment::Fragment;
use super::moment::Moment;
use super::page::{Listing, Page, PageRequest};
use super::rows::{from_json, small_numbers, to_json};

small_numbers!(NewPlans, new_plans_number, new_plans_of, "an unknown rule for new plans", {
    NewPlans::On => NewPlans::On, 0;
    NewPlans::Off => NewPlans::Off, 1;
});

/// The states of a path, without what they carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathState {
    /// Gives the licence.
    Active,
    /// Waits for a seat.
    Waiting,
    /// Could not be granted.
    Error,
}

impl PathState {
    /// The number that stands for the state in its column; conditions in SQL rely on 0 for active.
    const fn number(self) -> i16 {
        match self {
            Self::Active => 0,
            Self::Waiting => 1,
            Self::Error => 2,
        }
    }

    fn of(state: &AssignmentState) -> Self {
        match state {
            AssignmentState::Active => Self::Active,
            AssignmentState::Waiting(_) => Self::Waiting,
            AssignmentState::Error(_) => Self::Error,
        }
    }
}

/// Which paths a listing shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssignmentFilter {
    /// Those of this person.
    pub user: Option<UserId>,
    /// Those to this product.
    pub product: Option<ProductId>,
    /// Those by this path.
    pub path: Option<Path>,
    /// Those in this state.
    pub state: Option<PathState>,
}

pub(crate) fn row_of(tenant: TenantId, path: &Assignment) -> Result<Model, StoreError> {
    let detail = match &path.state {
        AssignmentState::Active => None,
        state => Some(to_json(state)?),
    };
    let switches = (!path.switches.is_empty()).then(|| to_json(&path.switches));
    let held_off = (!path.held_off.is_empty()).then(|| to_json(&path.held_off));
    Ok(Model {
        tenant: tenant.as_uuid(),
        id: path.id.as_uuid(),
        user_id: path.user.as_uuid(),
        product_id: path.product.as_uuid(),
        path: path.path.as_uuid(),
        state: PathState::of(&path.state).number(),
        detail,
        switches: switches.transpose()?,
        new_plans: new_plans_number(&path.new_plans),
        held_off: held_off.transpose()?,
        self_service: path.self_service,
        began_at: path.began_at.0,
        began_rev: path.began_rev.0,
        batch: path.batch.map(BatchId::as_uuid),
        actor: path.actor.to_string(),
        from_rev: path.from_rev.0,
        to_rev: None,
    })
}

pub(crate) fn assignment_of(row: Model) -> Result<Assignment, StoreError> {
    let state = match row.detail {
        Some(detail) => from_json("the state of an assignment", detail)?,
        None if row.state == PathState::Active.number() => AssignmentState::Active,
        None => {
            return Err(StoreError::Corrupt(format!(
                "assignment {} in state {} without its detail",
                row.id, row.state
            )));
        }
    };
    let switches = match row.switches {
        Some(switches) => from_json("the switches of an assignment", switches)?,
        None => BTreeMap::new(),
    };
    let held_off = match row.held_off {
        Some(held_off) => from_json("the held-off plans of an assignment", held_off)?,
        None => Vec::new(),
    };
    Ok(Assignment {
        id: AssignmentId(row.id),
        user: UserId(row.user_id),
        product: ProductId(row.product_id),
        path: Path::from(row.path),
        state,
        switches,
        new_plans: new_plans_of(row.new_plans)?,
        began_at: Instant(row.began_at),
        began_rev: Revision(row.began_rev),
        from_rev: Revision(row.from_rev),
        held_off,
        self_service: row.self_service,
        batch: row.batch.map(BatchId),
        actor: Arc::from(row.actor),
    })
}

/// All paths of these people, in the order in which they began.
pub(crate) async fn load_assignments(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
    users: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Assignment>, StoreError> {
    let users: Vec<Uuid> = users.into_iter().collect();
    let among = match users.as_slice() {
        [] => return Ok(Vec::new()),
        [one] => Column::UserId.eq(*one),
        _ => {
            let mut among = Fragment::new(connection.get_database_backend(), "");
            among.one_of("assignments.user_id").ids(users).end_of_list();
            SimpleExpr::from(among)
        }
    };
    let mut paths = Vec::new();
    for part in moment.parts("assignments") {
        let rows = Entity::find()
            .filter(Column::Tenant.eq(tenant.as_uuid()))
            .filter(among.clone())
            .filter(part)
            .all(connection)
            .await?;
        for row in rows {
            paths.push(assignment_of(row)?);
        }
    }
    paths.sort_unstable_by_key(|path| (path.began_rev, path.id));
    Ok(paths)
}

/// One page of paths, ordered by product and user.
pub(crate) async fn list_assignments(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
    revision: Revision,
    filter: &AssignmentFilter,
    page: &PageRequest,
) -> Result<Page<Assignment>, StoreError> {
    let listing = Listing::new("assignments", &(tenant, filter));
    let mut query = Entity::find().filter(Column::Tenant.eq(tenant.as_uuid()));
    if let Some(user) = filter.user {
        query = query.filter(Column::UserId.eq(user.as_uuid()));
    }
    if let Some(product) = filter.product {
        query = query.filter(Column::ProductId.eq(product.as_uuid()));
    }
    if let Some(path) = filter.path {
        query = query.filter(Column::Path.eq(path.as_uuid()));
    }
    if let Some(state) = filter.state {
        query = query.filter(Column::State.eq(state.number()));
    }
    if let Some(position) = listing.position(&page.token)? {
        let ids: Result<Vec<Uuid>, _> = position
            .after
            .iter()
            .map(|part| Uuid::try_parse(part))
            .collect();
        let ids = ids.map_err(|_| StoreError::BadPageToken)?;
        if ids.len() != ORDER.len() {
            return Err(StoreError::BadPageToken);
        }
        query = query.filter(
            Expr::tuple(ORDER.map(|column| Expr::col((Entity, column))))
                .gt(Expr::tuple(ids.into_iter().map(Expr::val))),
        );
    }
    for column in ORDER {
        query = query.order_by_asc(column);
    }
    let query = query.limit(page.rows() + 1);
    let mut rows = Vec::new();
    for part in moment.parts("assignments") {
        rows.extend(query.clone().filter(part).all(connection).await?);
    }
    rows.sort_unstable_by_key(|row| (row.product_id, row.user_id, row.id));
    let key = |row: &Model| {
        [row.product_id, row.user_id, row.id]
            .map(|id| id.to_string())
            .to_vec()
    };
    listing.page(revision, page, rows, key, assignment_of)
}

const ORDER: [Column; 3] = [Column::ProductId, Column::UserId, Column::Id];
