//! The queues for seats: who waits next is loaded as far as the free seats reach, and served under
//! the lock of the change that freed them. Who may have a seat is the domain's business.

use std::collections::{BTreeSet, HashMap};

use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use usher_domain::command::{Command, Request};
use usher_domain::ids::{Instant, ProductId, TenantId};
use usher_domain::snapshot::{Assignment, AssignmentState, Snapshot};
use uuid::Uuid;

use super::advance::by_itself;
use super::entity::waiting::{Column, Entity, Model};
use super::error::StoreError;
use super::judge::{Sink, step};
use super::load;
use super::moment::Moment;
use crate::env::Env;

/// How many places of a queue are read at least, so that seats freed one by one do not mean a query each.
const AT_LEAST: usize = 100;
const AT_MOST: usize = 1_000;

/// Where somebody stands in a queue: priority, then first come.
type Place = (i32, i64, Uuid);

/// How far a queue was read.
#[derive(Clone, Copy)]
enum Reach {
    Until(Place),
    End,
}

/// The queues of a tenant, each read as far as it was needed.
pub(crate) struct Queues {
    tenant: TenantId,
    now: Instant,
    env: Env,
    read: HashMap<ProductId, Reach>,
}

impl Queues {
    pub(crate) fn new(tenant: TenantId, now: Instant, env: Env) -> Self {
        Self {
            tenant,
            now,
            env,
            read: HashMap::new(),
        }
    }

    /// Says when seats are given from now on.
    pub(crate) fn date(&mut self, at: Instant) {
        self.now = at;
    }

    /// Gives the free seats of these products to those who wait for them, the first ones first.
    pub(crate) async fn serve(
        &mut self,
        connection: &impl ConnectionTrait,
        moment: Moment,
        snapshot: &mut Snapshot,
        cause: &Request,
        products: BTreeSet<ProductId>,
        sink: &mut impl Sink,
    ) -> Result<(), StoreError> {
        for product in products {
            while let Ok(free @ 1..) = usize::try_from(snapshot.pool(product).available()) {
                self.read_ahead(connection, moment, snapshot, product, free.min(AT_MOST))
                    .await?;
                if snapshot.waiting(product).next().is_none() {
                    break;
                }
                let serve = by_itself(cause.tenant, cause.batch, Command::ServeQueue { product });
                let (_, touched) = step(snapshot, &serve, self.now, &self.env, sink)?;
                if touched.is_none() {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Loads so many of a queue that `free` seats cannot go past anybody who is not loaded.
    async fn read_ahead(
        &mut self,
        connection: &impl ConnectionTrait,
        moment: Moment,
        snapshot: &mut Snapshot,
        product: ProductId,
        free: usize,
    ) -> Result<(), StoreError> {
        loop {
            let (after, known) = match self.read.get(&product) {
                None => (None, 0),
                Some(Reach::Until(last)) => (Some(*last), waiting_until(snapshot, product, *last)),
                Some(Reach::End) => return Ok(()),
            };
            if known >= free {
                return Ok(());
            }
            let wanted = (free - known).clamp(AT_LEAST, AT_MOST);
            let rows = next_places(connection, self.tenant, moment, product, after, wanted).await?;
            let reach = match rows.last() {
                Some(last) if rows.len() == wanted => Reach::Until(place_of_row(last)),
                _ => Reach::End,
            };
            self.read.insert(product, reach);
            let people = rows.iter().map(|row| row.user_id);
            load::extend_by_ids(connection, self.tenant, moment, snapshot, people).await?;
        }
    }
}

/// How many still wait up to a place.
fn waiting_until(snapshot: &Snapshot, product: ProductId, last: Place) -> usize {
    let places: BTreeSet<Place> = snapshot
        .waiting(product)
        .flat_map(|user| &user.paths)
        .filter(|path| path.product == product)
        .filter_map(place_of_path)
        .filter(|place| *place <= last)
        .collect();
    places.len()
}

fn place_of_path(path: &Assignment) -> Option<Place> {
    match &path.state {
        AssignmentState::Waiting(place) => Some((place.priority, place.since.0, path.id.as_uuid())),
        _ => None,
    }
}

fn place_of_row(row: &Model) -> Place {
    (row.priority, row.since, row.assignment_id)
}

async fn next_places(
    connection: &impl ConnectionTrait,
    tenant: TenantId,
    moment: Moment,
    product: ProductId,
    after: Option<Place>,
    wanted: usize,
) -> Result<Vec<Model>, StoreError> {
    let mut query = Entity::find()
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .filter(Column::ProductId.eq(product.as_uuid()));
    if let Some((priority, since, assignment)) = after {
        query = query.filter(
            Expr::tuple([
                Expr::col(Column::Priority),
                Expr::col(Column::Since),
                Expr::col(Column::AssignmentId),
            ])
            .gt(Expr::tuple([
                Expr::val(priority),
                Expr::val(since),
                Expr::val(assignment),
            ])),
        );
    }
    let query = query
        .order_by_asc(Column::Priority)
        .order_by_asc(Column::Since)
        .order_by_asc(Column::AssignmentId);
    let most = u64::try_from(wanted).unwrap_or(u64::MAX);
    let mut rows = Vec::new();
    for part in moment.parts("waiting") {
        rows.extend(
            query
                .clone()
                .filter(part)
                .limit(most)
                .all(connection)
                .await?,
        );
    }
    rows.sort_by_key(place_of_row);
    rows.truncate(wanted);
    Ok(rows)
}
