//! Reading: one transaction that sees one revision, the newest or an earlier one (write-protocol 11).

mod between;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use sea_orm::DatabaseTransaction;
use tokio::sync::OnceCell;
use usher_domain::access::{Organisation, Token};
use usher_domain::catalogue::Catalogue;
use usher_domain::ids::{Instant, ProductId, Revision, TenantId, UserId};
use usher_domain::service_data::History;
use usher_domain::snapshot::{Assignment, Snapshot, TenantSettings};
use usher_domain::subscription::Subscription;

use super::advance::{AtMost, Walk};
use super::assignments::AssignmentFilter;
use super::batch::Workplace;
use super::catalogue::{Ground, load_ground};
use super::chain_check::{self, ChainCheck, Kept};
use super::error::StoreError;
use super::judge::Nowhere;
use super::lock::{Head, begin_read, head_seen};
use super::moment::Moment;
use super::over_allocations::{OverAllocations, load_over_allocations};
use super::page::{Page, PageRequest, revision_of};
use super::pools::{Pools, load_pools};
use super::records::{Record, RecordFilter};
use super::users::{StoredUser, UserFilter};
use super::waiting::Queues;
use super::{assignments, records, service_history, subscriptions, tokens, users};

pub use self::between::{Between, LastChange};

/// The moment that a read shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReadAt<'a> {
    /// As it is.
    #[default]
    Now,
    /// As it was at an instant.
    Time(Instant),
    /// As it was after a change.
    Revision(Revision),
    /// As on the page before; an empty token is the first page, as it is.
    Page(&'a str),
}

/// A read transaction at one revision. It ends when it is dropped.
pub struct ReadTx {
    transaction: DatabaseTransaction,
    workplace: Workplace,
    tenant: TenantId,
    head: Head,
    revision: Revision,
    moment: Moment,
    /// Loaded when something first asks for it; one read sees one catalogue.
    ground: OnceCell<Ground>,
}

impl ReadTx {
    pub(crate) async fn begin(
        workplace: Workplace,
        tenant: TenantId,
        at: ReadAt<'_>,
    ) -> Result<Self, StoreError> {
        let transaction = begin_read(&workplace.database).await?;
        let head = head_seen(&transaction, tenant).await?;
        let revision = match at {
            ReadAt::Now => head.revision,
            ReadAt::Time(time) => {
                let now = workplace.env.clock.now().max(head.last_at);
                let found = records::revision_at(&transaction, tenant, time).await?;
                in_range(&transaction, tenant, (time, found), (&head, now)).await?;
                found
            }
            ReadAt::Revision(revision) => revision,
            ReadAt::Page(token) => revision_of(token)?.unwrap_or(head.revision),
        };
        if revision > head.revision || revision < Revision(0) {
            return Err(match at {
                ReadAt::Page(_) => StoreError::BadPageToken,
                _ => StoreError::ReadTimeOutOfRange { range: None },
            });
        }
        let moment = if revision == head.revision {
            Moment::Live
        } else {
            Moment::At(revision)
        };
        Ok(Self {
            transaction,
            workplace,
            tenant,
            head,
            revision,
            moment,
            ground: OnceCell::new(),
        })
    }

    /// The revision that everything read here belongs to.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// Where and when: the tenant, and the revision that everything read here belongs to.
    #[must_use]
    pub fn place(&self) -> (TenantId, Revision) {
        (self.tenant, self.revision)
    }

    /// The instant of a read that asks for none: not before the last change, should the clock jump back.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.workplace.env.clock.now().max(self.head.last_at)
    }

    pub(crate) fn head(&self) -> &Head {
        &self.head
    }

    async fn ground(&self) -> Result<&Ground, StoreError> {
        let load = async || {
            if self.revision < self.head.catalogue_rev {
                return load_ground(&self.transaction, self.tenant, self.moment).await;
            }
            self.workplace
                .catalogues
                .current(&self.transaction, self.tenant, self.head.catalogue_rev)
                .await
        };
        self.ground.get_or_try_init(load).await
    }

    /// Products, plans and rules.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn catalogue(&self) -> Result<Arc<Catalogue>, StoreError> {
        Ok(Arc::clone(&self.ground().await?.catalogue))
    }

    /// The tenant's settings.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn settings(&self) -> Result<TenantSettings, StoreError> {
        Ok(self.ground().await?.settings)
    }

    /// The organisation, with its roles.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn organisation(&self) -> Result<Arc<Organisation>, StoreError> {
        Ok(Arc::clone(&self.ground().await?.organisation))
    }

    /// The tokens that there were; those that had ended too.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tokens(&self, at: Option<Instant>) -> Result<Vec<Token>, StoreError> {
        let mut tokens = tokens::load_tokens(&self.transaction, self.tenant).await?;
        if let Some(at) = at {
            tokens.retain(|token| token.created_at <= at);
            for token in &mut tokens {
                token.revoked_at = token.revoked_at.filter(|ended| *ended <= at);
            }
        }
        tokens.sort_unstable_by_key(|token| token.id);
        Ok(tokens)
    }

    /// The live people that an id, UPN or display name stands for: none, one, or several.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn find_users(&self, name: &str) -> Result<Vec<StoredUser>, StoreError> {
        users::find_users(&self.transaction, self.tenant, self.moment, name).await
    }

    /// The person with this id, live or deleted.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn user(&self, id: UserId) -> Result<Option<StoredUser>, StoreError> {
        users::find_by_id(&self.transaction, self.tenant, self.moment, id).await
    }

    /// One page of people, by UPN.
    ///
    /// # Errors
    /// When the token is of another listing, or the database cannot be read.
    pub async fn list_users(
        &self,
        filter: &UserFilter,
        page: &PageRequest,
    ) -> Result<Page<StoredUser>, StoreError> {
        users::list_users(
            &self.transaction,
            self.tenant,
            self.moment,
            self.revision,
            filter,
            page,
        )
        .await
    }

    /// All paths of these people.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn assignments_of(
        &self,
        users: impl IntoIterator<Item = UserId>,
    ) -> Result<Vec<Assignment>, StoreError> {
        let users = users.into_iter().map(UserId::as_uuid);
        assignments::load_assignments(&self.transaction, self.tenant, self.moment, users).await
    }

    /// What decides about the data of these people (R50): those without any history are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn service_histories(
        &self,
        users: &[UserId],
    ) -> Result<HashMap<UserId, History>, StoreError> {
        service_history::load(&self.transaction, self.tenant, self.revision, users).await
    }

    /// One page of paths, by product and person.
    ///
    /// # Errors
    /// When the token is of another listing, or the database cannot be read.
    pub async fn list_assignments(
        &self,
        filter: &AssignmentFilter,
        page: &PageRequest,
    ) -> Result<Page<Assignment>, StoreError> {
        assignments::list_assignments(
            &self.transaction,
            self.tenant,
            self.moment,
            self.revision,
            filter,
            page,
        )
        .await
    }

    /// The seats of every product that the tenant ever bought (R4).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn pools(&self) -> Result<Pools, StoreError> {
        load_pools(&self.transaction, self.tenant, self.moment).await
    }

    /// Since when more is used of products than there is (R8).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn over_allocations(&self) -> Result<OverAllocations, StoreError> {
        load_over_allocations(&self.transaction, self.tenant, self.moment).await
    }

    /// The seats counted anew from subscriptions and assignments: what `pools` must show.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn recount_pools(&self) -> Result<Pools, StoreError> {
        super::pools::recounted(&self.transaction, self.tenant, self.moment).await
    }

    /// How many people wait for a seat of each product.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn waiting_by_product(&self) -> Result<HashMap<ProductId, i64>, StoreError> {
        super::waiting_count::by_product(&self.transaction, self.tenant, self.moment).await
    }

    /// All purchases, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn subscriptions(&self) -> Result<Vec<Subscription>, StoreError> {
        subscriptions::load_subscriptions(&self.transaction, self.tenant, self.moment).await
    }

    /// One page of the record of changes.
    ///
    /// # Errors
    /// When the token is of another listing, or the database cannot be read.
    pub async fn list_records(
        &self,
        filter: &RecordFilter,
        page: &PageRequest,
    ) -> Result<Page<Record>, StoreError> {
        records::list_records(&self.transaction, self.tenant, self.revision, filter, page).await
    }

    /// When the last change up to this read's end of the chain was made.
    pub(crate) fn last_change_at(&self) -> Option<Instant> {
        (self.head.revision > Revision(0)).then_some(self.head.last_at)
    }

    async fn in_range(&self, time: Instant, found: Revision) -> Result<(), StoreError> {
        let now = self.workplace.env.clock.now().max(self.head.last_at);
        let asked = (time, found);
        in_range(&self.transaction, self.tenant, asked, (&self.head, now)).await
    }

    /// Follows the chain of records and names the first link that does not hold (R54).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn verify_chain(&self) -> Result<ChainCheck, StoreError> {
        self.verify_chain_against(None).await
    }

    /// The same, with a link that was kept elsewhere: it must be one of the chain.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn verify_chain_against(&self, kept: Option<Kept>) -> Result<ChainCheck, StoreError> {
        chain_check::verify(&self.transaction, self.tenant, &self.head, kept).await
    }

    /// An empty snapshot of this revision, with its catalogue, settings and pools.
    pub(crate) async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let ground = self.ground().await?.clone();
        let mut snapshot = ground.snapshot(self.revision);
        for (product, pool) in self.pools().await? {
            snapshot.insert_pool(product, pool);
        }
        for (product, since) in self.over_allocations().await? {
            snapshot.insert_over_allocation(product, since);
        }
        Ok(snapshot)
    }

    pub(crate) async fn extend(
        &self,
        snapshot: &mut Snapshot,
        requests: &[usher_domain::command::Request],
    ) -> Result<(), StoreError> {
        let commands = requests.iter().map(|request| &request.command);
        super::load::extend(
            &self.transaction,
            self.tenant,
            self.moment,
            snapshot,
            commands,
        )
        .await
    }

    /// Does what has fallen due, as a writer would; nothing of it is kept.
    pub(crate) async fn advance(
        &self,
        snapshot: &mut Snapshot,
        now: Instant,
    ) -> Result<(), StoreError> {
        let mut walk = Walk {
            tenant: self.tenant,
            moment: self.moment,
            workplace: &self.workplace,
            queues: Queues::new(self.tenant, now, self.workplace.env.clone()),
            last_at: self.head.last_at,
        };
        walk.advance(&self.transaction, snapshot, now, &mut Nowhere, AtMost::ALL)
            .await?;
        Ok(())
    }

    /// As a writer would serve them; nothing of it is kept.
    pub(crate) async fn serve(
        &self,
        queues: &mut Queues,
        snapshot: &mut Snapshot,
        cause: &usher_domain::command::Request,
        products: BTreeSet<ProductId>,
    ) -> Result<(), StoreError> {
        queues
            .serve(
                &self.transaction,
                self.moment,
                snapshot,
                cause,
                products,
                &mut Nowhere,
            )
            .await
    }
}

/// A moment can be read from the first change on up to now; an organisation without a change has
/// nothing that a moment could leave out.
async fn in_range(
    transaction: &DatabaseTransaction,
    tenant: TenantId,
    (time, found): (Instant, Revision),
    (head, now): (&Head, Instant),
) -> Result<(), StoreError> {
    let before_all = found == Revision(0) && head.revision > Revision(0);
    if time <= now && !before_all {
        return Ok(());
    }
    let first = records::first_at(transaction, tenant).await?;
    let range = Some((first.unwrap_or(now), now));
    Err(StoreError::ReadTimeOutOfRange { range })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::DEFAULT_TENANT;
    use crate::storage::conformance::database::TestDatabase;
    use crate::storage::conformance::fixture::{OTHER, done, organisation, product};

    #[tokio::test]
    async fn a_read_loads_its_catalogue_once() {
        let database = TestDatabase::sqlite();
        let store = database.store().await;
        organisation(&store, 1, 1).await;
        let read = store.read(DEFAULT_TENANT, ReadAt::Now).await.unwrap();
        let then = read.revision();
        drop(read);
        for command in product(OTHER, "E5_NEW") {
            done(&store, command).await;
        }
        let at = ReadAt::Revision(then);
        let read = store.read(DEFAULT_TENANT, at).await.unwrap();
        let first = read.catalogue().await.unwrap();
        read.settings().await.unwrap();
        assert!(Arc::ptr_eq(&first, &read.catalogue().await.unwrap()));
        assert_eq!(first.product_name(OTHER), "E5");
    }
}
