//! Two moments beside each other, read in one transaction: who can hold something else at the later one,
//! and what they held at the earlier one. What is a difference is decided in the domain.

use std::collections::HashMap;
use std::sync::Arc;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use usher_domain::catalogue::Catalogue;
use usher_domain::ids::{Instant, ProductId, Revision, UserId};
use usher_domain::snapshot::Assignment;
use uuid::Uuid;

use super::ReadTx;
use crate::storage::StoreError;
use crate::storage::assignments::load_assignments;
use crate::storage::catalogue::load_ground;
use crate::storage::entity::{assignments, records};
use crate::storage::fragment::Fragment;
use crate::storage::moment::Moment;
use crate::storage::pools::{Pools, load_pools};
use crate::storage::records::revision_at;

/// Parameters that one statement takes at most.
const AT_ONCE: usize = 1_000;

/// The change that last touched a person's licence of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastChange {
    /// When it was made.
    pub at: Instant,
    /// Who made it.
    pub actor: String,
    /// Why.
    pub reason: Option<String>,
}

/// An earlier revision beside the one of a read.
pub struct Between<'r> {
    read: &'r ReadTx,
    from: Revision,
    catalogue: Arc<Catalogue>,
}

impl ReadTx {
    /// The last revision that was there at an instant.
    ///
    /// # Errors
    /// When the instant lies outside of the record, or the database cannot be read.
    pub async fn revision_at(&self, time: Instant) -> Result<Revision, StoreError> {
        let found = revision_at(&self.transaction, self.tenant, time).await?;
        self.in_range(time, found).await?;
        Ok(found)
    }

    /// This read beside an earlier revision.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn since(&self, from: Revision) -> Result<Between<'_>, StoreError> {
        let catalogue = if from >= self.head.catalogue_rev {
            self.catalogue().await?
        } else {
            let moment = Moment::At(from);
            load_ground(&self.transaction, self.tenant, moment)
                .await?
                .catalogue
        };
        Ok(Between {
            read: self,
            from,
            catalogue,
        })
    }
}

impl Between<'_> {
    /// The catalogue of the earlier moment.
    #[must_use]
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    /// The seats of the earlier moment, counted anew.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn pools(&self) -> Result<Pools, StoreError> {
        let moment = Moment::At(self.from);
        load_pools(&self.read.transaction, self.read.tenant, moment).await
    }

    /// The next people, by id, who may hold something else at the later moment: all holders where the
    /// catalogue changed, else those of whose rows one began or ended in between.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn people(
        &self,
        after: Option<UserId>,
        product: Option<ProductId>,
        most: u64,
    ) -> Result<Vec<UserId>, StoreError> {
        use assignments::Column;
        let then = Moment::At(self.from).condition("assignments");
        let now = Moment::At(self.read.revision).condition("assignments");
        let mut either = format!("(({then}) OR ({now}))");
        if self.from >= self.read.head.catalogue_rev {
            either.push_str(&format!(" AND NOT (({then}) AND ({now}))"));
        }
        let mut query = assignments::Entity::find()
            .select_only()
            .column(Column::UserId)
            .distinct()
            .filter(Column::Tenant.eq(self.read.tenant.as_uuid()))
            .filter(Expr::cust(either));
        if let Some(product) = product {
            query = query.filter(Column::ProductId.eq(product.as_uuid()));
        }
        if let Some(after) = after {
            query = query.filter(Column::UserId.gt(after.as_uuid()));
        }
        let ids: Vec<Uuid> = query
            .order_by_asc(Column::UserId)
            .limit(most)
            .into_tuple()
            .all(&self.read.transaction)
            .await?;
        Ok(ids.into_iter().map(UserId).collect())
    }

    /// All paths that these people had at the earlier moment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn assignments_of(&self, users: &[UserId]) -> Result<Vec<Assignment>, StoreError> {
        let moment = Moment::At(self.from);
        let users = users.iter().map(|user| user.as_uuid());
        load_assignments(&self.read.transaction, self.read.tenant, moment, users).await
    }

    /// The change in between that last touched each licence of these people.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn last_changes(
        &self,
        users: &[UserId],
    ) -> Result<HashMap<(UserId, ProductId), LastChange>, StoreError> {
        use assignments::Column;
        let (Revision(from), Revision(to)) = (self.from, self.read.revision);
        let ended = format!("(assignments.to_rev > {from} AND assignments.to_rev <= {to})");
        let begun = format!("(assignments.from_rev > {from} AND assignments.from_rev <= {to})");
        let last =
            format!("MAX(CASE WHEN {ended} THEN assignments.to_rev ELSE assignments.from_rev END)");
        let connection = &self.read.transaction;
        let mut among = Fragment::new(
            sea_orm::ConnectionTrait::get_database_backend(connection),
            "",
        );
        among
            .one_of("assignments.user_id")
            .ids(users.iter().map(|user| user.as_uuid()))
            .end_of_list();
        let touched: Vec<(Uuid, Uuid, i64)> = assignments::Entity::find()
            .select_only()
            .column(Column::UserId)
            .column(Column::ProductId)
            .expr_as(Expr::cust(last), "last")
            .filter(Column::Tenant.eq(self.read.tenant.as_uuid()))
            .filter(sea_orm::sea_query::SimpleExpr::from(among))
            .filter(Expr::cust(format!("({ended} OR {begun})")))
            .group_by(Column::UserId)
            .group_by(Column::ProductId)
            .into_tuple()
            .all(connection)
            .await?;
        let mut revisions: Vec<i64> = touched.iter().map(|(_, _, revision)| *revision).collect();
        revisions.sort_unstable();
        revisions.dedup();
        let changes = self.changes(&revisions).await?;
        Ok(touched
            .into_iter()
            .filter_map(|(user, product, revision)| {
                let change = changes.get(&revision)?.clone();
                Some(((UserId(user), ProductId(product)), change))
            })
            .collect())
    }

    async fn changes(&self, revisions: &[i64]) -> Result<HashMap<i64, LastChange>, StoreError> {
        use records::Column;
        let mut changes = HashMap::new();
        for some in revisions.chunks(AT_ONCE) {
            let rows: Vec<(i64, i64, String, Option<String>)> = records::Entity::find()
                .select_only()
                .columns([Column::Revision, Column::At, Column::Actor, Column::Reason])
                .filter(Column::Tenant.eq(self.read.tenant.as_uuid()))
                .filter(Column::Revision.is_in(some.iter().copied()))
                .into_tuple()
                .all(&self.read.transaction)
                .await?;
            changes.extend(rows.into_iter().map(|(revision, at, actor, reason)| {
                let at = Instant(at);
                (revision, LastChange { at, actor, reason })
            }));
        }
        Ok(changes)
    }
}
