//! All that a batch of commands changes, gathered in memory and then written with few statements.
//! A row that one command of the batch begins and a later one ends is written once, as ended.

use std::collections::HashMap;
use std::hash::Hash;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, Value};
use usher_domain::command::Request;
use usher_domain::ids::{Instant, Revision, TenantId};
use usher_domain::plan::{Change, Plan, Step};
use uuid::Uuid;

use super::due::begun_by;
use super::entity::{
    assignments as assignments_table, heads, over_allocations as over_table, plans as plans_table,
    product_plans, products as products_table, records as records_table,
    requests as requests_table, roles as roles_table, rules as rules_table,
    subscriptions as subscriptions_table, tenants as tenants_table, tokens as tokens_table,
    users as users_table, waiting,
};
use super::error::StoreError;
use super::lock::Head;
use super::pools::Pools;
use super::rows::Version;
use super::sets::{Closing, close_all, insert_all};
use super::user_words::WordChanges;
use super::{
    assignments, erase, over_allocations, plans, pools, products, records, roles, rules,
    subscriptions, tenants, tokens, users,
};

/// The rows of one versioned table that a batch begins and ends.
struct Versions<K, M> {
    begun: Vec<M>,
    live: HashMap<K, usize>,
    ended: Vec<(K, i64)>,
}

impl<K, M> Default for Versions<K, M> {
    fn default() -> Self {
        Self {
            begun: Vec::new(),
            live: HashMap::new(),
            ended: Vec::new(),
        }
    }
}

impl<K: Eq + Hash, M: Version> Versions<K, M> {
    fn begin(&mut self, key: K, row: M) {
        self.live.insert(key, self.begun.len());
        self.begun.push(row);
    }

    fn end(&mut self, key: K, at: Revision) {
        let begun_here = self.live.remove(&key);
        match begun_here.and_then(|place| self.begun.get_mut(place)) {
            Some(row) => row.end(at.0),
            None => self.ended.push((key, at.0)),
        }
    }

    async fn close<const N: usize>(
        &mut self,
        transaction: &DatabaseTransaction,
        table: &'static str,
        columns: [&'static str; N],
        key: impl Fn(K) -> [Value; N],
    ) -> Result<(), StoreError> {
        let rows = std::mem::take(&mut self.ended)
            .into_iter()
            .map(|(ended, to_rev)| Closing {
                key: key(ended),
                to_rev,
            })
            .collect();
        close_all(transaction, table, columns, rows).await
    }

    async fn insert<E>(self, transaction: &DatabaseTransaction) -> Result<(), StoreError>
    where
        E: EntityTrait<Model = M>,
        M: IntoActiveModel<E::ActiveModel>,
        E::ActiveModel: Send,
    {
        insert_all::<E>(transaction, self.begun).await
    }
}

/// What a batch changes, and the head of the chain after it.
pub(crate) struct ChangeSet {
    tenant: TenantId,
    before: Head,
    head: Head,
    at: Instant,
    users: Versions<Uuid, users_table::Model>,
    assignments: Versions<Uuid, assignments_table::Model>,
    waiting: Versions<Uuid, waiting::Model>,
    over_allocations: Versions<Uuid, over_table::Model>,
    subscriptions: Versions<Uuid, subscriptions_table::Model>,
    products: Versions<Uuid, products_table::Model>,
    product_plans: Versions<(Uuid, Uuid), product_plans::Model>,
    plans: Versions<Uuid, plans_table::Model>,
    rules: Versions<String, rules_table::Model>,
    roles: Versions<(String, i16), roles_table::Model>,
    tenants: Versions<Uuid, tenants_table::Model>,
    tokens: Vec<tokens_table::Model>,
    revoked: Vec<(Uuid, i64)>,
    erased: Vec<Uuid>,
    pools: Pools,
    records: Vec<records_table::Model>,
    requests: Vec<requests_table::Model>,
}

impl ChangeSet {
    pub(crate) fn new(tenant: TenantId, head: Head, at: Instant) -> Self {
        Self {
            tenant,
            before: head.clone(),
            head,
            at,
            users: Versions::default(),
            assignments: Versions::default(),
            waiting: Versions::default(),
            over_allocations: Versions::default(),
            subscriptions: Versions::default(),
            products: Versions::default(),
            product_plans: Versions::default(),
            plans: Versions::default(),
            rules: Versions::default(),
            roles: Versions::default(),
            tenants: Versions::default(),
            tokens: Vec::new(),
            revoked: Vec::new(),
            erased: Vec::new(),
            pools: Pools::new(),
            records: Vec::new(),
            requests: Vec::new(),
        }
    }

    /// The head as it will be.
    pub(crate) fn head(&self) -> &Head {
        &self.head
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.head == self.before && self.requests.is_empty()
    }

    /// Says when something falls due next, for who has looked at all there is.
    pub(crate) fn set_next_due(&mut self, next: Option<Instant>) {
        self.head.next_due = next;
    }

    /// Says when the changes from now on are made.
    pub(crate) fn date(&mut self, at: Instant) {
        self.at = at;
    }

    /// Adds a plan that changes something: each step is the next revision.
    pub(crate) fn add(&mut self, request: &Request, plan: Plan) -> Result<(), StoreError> {
        for Step { changes, record } in plan.steps {
            let record = records::link_next(&mut self.head, self.tenant, request, self.at, record)?;
            self.records.push(record);
            let mut catalogue_changed = false;
            for change in changes {
                let due = begun_by(&change);
                self.head.next_due = self.head.next_due.into_iter().chain(due).min();
                catalogue_changed |= self.add_change(change)?;
            }
            if catalogue_changed {
                self.head.catalogue_rev = self.head.revision;
            }
        }
        Ok(())
    }

    pub(crate) fn add_request(&mut self, row: requests_table::Model) {
        self.requests.push(row);
    }

    /// Answers whether the change is one of the catalogue.
    fn add_change(&mut self, change: Change) -> Result<bool, StoreError> {
        let (tenant, revision) = (self.tenant, self.head.revision);
        match change {
            Change::CloseUser { id } => self.users.end(id.as_uuid(), revision),
            Change::OpenUser(profile) => {
                let row = users::row_of(tenant, &profile, revision);
                self.users.begin(row.id, row);
            }
            Change::EraseUser { id } => self.erased.push(id.as_uuid()),
            Change::CloseAssignment { id, .. } => self.assignments.end(id.as_uuid(), revision),
            Change::OpenAssignment(path) => {
                let row = assignments::row_of(tenant, &path)?;
                self.assignments.begin(row.id, row);
            }
            Change::CloseWaiting { assignment } => {
                self.waiting.end(assignment.as_uuid(), revision);
            }
            Change::OpenWaiting {
                assignment,
                user,
                product,
                place,
            } => {
                let row = waiting::Model {
                    tenant: tenant.as_uuid(),
                    assignment_id: assignment.as_uuid(),
                    product_id: product.as_uuid(),
                    user_id: user.as_uuid(),
                    priority: place.priority,
                    since: place.since.0,
                    from_rev: revision.0,
                    to_rev: None,
                };
                self.waiting.begin(row.assignment_id, row);
            }
            Change::PoolDelta { product, delta } => {
                *self.pools.entry(product).or_default() += delta;
            }
            Change::CloseOverAllocation { product } => {
                self.over_allocations.end(product.as_uuid(), revision);
            }
            Change::OpenOverAllocation { product, since } => {
                let row = over_allocations::row_of(tenant, product, since, revision);
                self.over_allocations.begin(row.product_id, row);
            }
            Change::CloseSubscription { id } => self.subscriptions.end(id.as_uuid(), revision),
            Change::OpenSubscription(subscription) => {
                let row = subscriptions::row_of(tenant, &subscription, revision);
                self.subscriptions.begin(row.id, row);
            }
            Change::OpenToken(token) => self.tokens.push(tokens::row_of(tenant, &token)?),
            Change::RevokeToken { id, at } => self.revoked.push((id.as_uuid(), at.0)),
            catalogue => return self.add_catalogue_change(catalogue).map(|()| true),
        }
        Ok(false)
    }

    fn add_catalogue_change(&mut self, change: Change) -> Result<(), StoreError> {
        let (tenant, revision) = (self.tenant, self.head.revision);
        match change {
            Change::CloseProduct { id } => self.products.end(id.as_uuid(), revision),
            Change::OpenProduct(product) => {
                let row = products::row_of(tenant, &product, revision)?;
                self.products.begin(row.id, row);
            }
            Change::CloseProductPlan { product, plan } => {
                self.product_plans
                    .end((product.as_uuid(), plan.as_uuid()), revision);
            }
            Change::OpenProductPlan {
                product,
                plan,
                entry,
            } => {
                let row = products::plan_row_of(tenant, product, plan, entry, revision);
                self.product_plans.begin((row.product_id, row.plan_id), row);
            }
            Change::ClosePlan { id } => self.plans.end(id.as_uuid(), revision),
            Change::OpenPlan(plan) => {
                let row = plans::row_of(tenant, &plan, revision)?;
                self.plans.begin(row.id, row);
            }
            Change::CloseRule { key } => self.rules.end(key.text(), revision),
            Change::OpenRule(rule) => {
                let row = rules::row_of(tenant, &rule, revision)?;
                self.rules.begin(row.id.clone(), row);
            }
            Change::CloseRole { identity, role } => {
                self.roles
                    .end((identity, roles::role_number(&role)), revision);
            }
            Change::OpenRole { identity, role } => {
                let row = roles::row_of(tenant, &identity, role, revision);
                self.roles.begin((identity, row.role), row);
            }
            Change::CloseTenant => self.tenants.end(tenant.as_uuid(), revision),
            Change::OpenTenant {
                name,
                created_at,
                settings,
            } => {
                let row = tenants::row_of(tenant, (name, created_at), &settings, revision);
                self.tenants.begin(row.id, row);
            }
            _ => {}
        }
        Ok(())
    }

    /// Writes everything: what ends, what begins, counters, records, answers, and the head.
    pub(crate) async fn write(
        mut self,
        transaction: &DatabaseTransaction,
    ) -> Result<(), StoreError> {
        let words = WordChanges::of(
            transaction,
            self.tenant,
            &self.users.begun,
            &self.users.ended,
        )
        .await?;
        self.close(transaction).await?;
        words.write(transaction).await?;
        self.users
            .insert::<users_table::Entity>(transaction)
            .await?;
        self.assignments
            .insert::<assignments_table::Entity>(transaction)
            .await?;
        self.waiting.insert::<waiting::Entity>(transaction).await?;
        self.over_allocations
            .insert::<over_table::Entity>(transaction)
            .await?;
        self.subscriptions
            .insert::<subscriptions_table::Entity>(transaction)
            .await?;
        self.products
            .insert::<products_table::Entity>(transaction)
            .await?;
        self.product_plans
            .insert::<product_plans::Entity>(transaction)
            .await?;
        self.plans
            .insert::<plans_table::Entity>(transaction)
            .await?;
        self.rules
            .insert::<rules_table::Entity>(transaction)
            .await?;
        self.roles
            .insert::<roles_table::Entity>(transaction)
            .await?;
        self.tenants
            .insert::<tenants_table::Entity>(transaction)
            .await?;
        insert_all::<tokens_table::Entity>(transaction, self.tokens).await?;
        tokens::revoke_all(transaction, self.tenant, self.revoked).await?;
        erase::users(transaction, self.tenant, self.erased).await?;
        pools::apply_deltas(transaction, self.tenant, self.pools).await?;
        insert_all::<records_table::Entity>(transaction, self.records).await?;
        insert_all::<requests_table::Entity>(transaction, self.requests).await?;
        if self.head != self.before {
            move_head(transaction, self.tenant, self.before.revision, &self.head).await?;
        }
        Ok(())
    }

    async fn close(&mut self, transaction: &DatabaseTransaction) -> Result<(), StoreError> {
        let tenant = self.tenant.as_uuid();
        let of_tenant = |id: Uuid| [tenant.into(), id.into()];
        self.users
            .close(transaction, "users", ["tenant", "id"], of_tenant)
            .await?;
        self.assignments
            .close(transaction, "assignments", ["tenant", "id"], of_tenant)
            .await?;
        self.waiting
            .close(
                transaction,
                "waiting",
                ["tenant", "assignment_id"],
                of_tenant,
            )
            .await?;
        self.over_allocations
            .close(
                transaction,
                "over_allocations",
                ["tenant", "product_id"],
                of_tenant,
            )
            .await?;
        self.subscriptions
            .close(transaction, "subscriptions", ["tenant", "id"], of_tenant)
            .await?;
        self.products
            .close(transaction, "products", ["tenant", "id"], of_tenant)
            .await?;
        self.product_plans
            .close(
                transaction,
                "product_plans",
                ["tenant", "product_id", "plan_id"],
                |(product, plan)| [tenant.into(), product.into(), plan.into()],
            )
            .await?;
        self.plans
            .close(transaction, "plans", ["tenant", "id"], of_tenant)
            .await?;
        self.rules
            .close(transaction, "rules", ["tenant", "id"], |id| {
                [tenant.into(), id.into()]
            })
            .await?;
        self.roles
            .close(
                transaction,
                "roles",
                ["tenant", "identity", "role"],
                |(identity, role)| [tenant.into(), identity.into(), role.into()],
            )
            .await?;
        self.tenants
            .close(transaction, "tenants", ["id"], |id| [id.into()])
            .await
    }
}

async fn move_head(
    transaction: &DatabaseTransaction,
    tenant: TenantId,
    before: Revision,
    head: &Head,
) -> Result<(), StoreError> {
    use heads::Column;
    let moved = heads::Entity::update_many()
        .col_expr(Column::Revision, Expr::val(head.revision.0))
        .col_expr(Column::ChainHash, Expr::val(head.chain_hash.to_vec()))
        .col_expr(Column::LastAt, Expr::val(head.last_at.0))
        .col_expr(Column::NextDue, Expr::val(head.next_due.map(|at| at.0)))
        .col_expr(Column::CatalogueRev, Expr::val(head.catalogue_rev.0))
        .filter(Column::Tenant.eq(tenant.as_uuid()))
        .filter(Column::Revision.eq(before.0))
        .exec(transaction)
        .await?;
    if moved.rows_affected == 1 {
        Ok(())
    } else {
        Err(StoreError::Corrupt(format!(
            "the head moved away from revision {} under its lock",
            before.0
        )))
    }
}
