//! The face of storage: `write` and `read`. Nothing else may begin a transaction.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use usher_domain::catalogue::Catalogue;
use usher_domain::command::Request;
use usher_domain::ids::{Instant, TenantId};
use usher_domain::plan::Outcome;

use super::batch::Workplace;
use super::catalogue::Catalogues;
use super::clock::{self, due_tenants};
use super::connect::connect;
use super::error::StoreError;
use super::preview::PreviewSession;
use super::queue::{Job, Priority, Queue};
use super::read::{ReadAt, ReadTx};
use super::tenants::DEFAULT_TENANT;
use super::upkeep::tenants_to_keep_up;
use super::{tenants, writer};
use crate::env::Env;

struct Writer {
    queue: Arc<Queue>,
    task: JoinHandle<()>,
}

/// One database, open. Cheap to clone; the last clone to go leaves the writers to finish.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    workplace: Workplace,
    writers: Mutex<HashMap<TenantId, Writer>>,
    clock: Mutex<Option<JoinHandle<()>>>,
}

impl Inner {
    fn writers(&self) -> MutexGuard<'_, HashMap<TenantId, Writer>> {
        match self.writers.lock() {
            Ok(writers) => writers,
            Err(poisoned) => poisoned.into_inner(),
        }
    }
}

impl Inner {
    fn clock(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        match self.clock.lock() {
            Ok(clock) => clock,
            Err(poisoned) => poisoned.into_inner(),
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(clock) = self.clock().take() {
            clock.abort();
        }
        for writer in self.writers().values() {
            writer.queue.close();
        }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Store {
    /// Opens `sqlite://PATH` or `postgres://…`, brings the schema up to date and makes the default
    /// tenant on the first start.
    ///
    /// # Errors
    /// When the address is not known, the database cannot be reached, or its schema is too new.
    pub async fn open(address: &str, env: Env) -> Result<Self, StoreError> {
        let database = connect(address).await?;
        tenants::ensure(&database, DEFAULT_TENANT, "Default", env.clock.now()).await?;
        let workplace = Workplace {
            database,
            env,
            catalogues: Arc::new(Catalogues::default()),
        };
        let store = Self {
            inner: Arc::new(Inner {
                workplace,
                writers: Mutex::new(HashMap::new()),
                clock: Mutex::new(None),
            }),
        };
        // Whoever reads first after a pause sees what fell due in it.
        if let Err(error) = store.catch_up().await {
            tracing::warn!(%error, "what has fallen due could not be done yet");
        }
        let clock = clock::start(Arc::downgrade(&store.inner));
        store.inner.clock().replace(clock);
        Ok(store)
    }

    pub(crate) fn from_inner(inner: Arc<Inner>) -> Self {
        Self { inner }
    }

    pub(crate) fn now(&self) -> Instant {
        self.inner.workplace.env.clock.now()
    }

    /// Does what has fallen due for every tenant (R46), and answers when something falls due next. The
    /// service does so by itself, and before every change of a tenant: this is for those who move the
    /// clock.
    ///
    /// # Errors
    /// When the tenants cannot be read. A tenant whose writer fails is logged, and tried again later.
    pub async fn catch_up(&self) -> Result<Option<Instant>, StoreError> {
        let connection = &self.inner.workplace.database.reader;
        let mut next = None;
        for (tenant, due) in due_tenants(connection).await? {
            if due > self.now() {
                next = next.or(Some(due));
                continue;
            }
            self.wake(tenant).await?;
        }
        Ok(next)
    }

    /// Wakes the writers of the tenants that have something to forget; each does its upkeep when it is due.
    pub(crate) async fn keep_up(&self) -> Result<(), StoreError> {
        let connection = &self.inner.workplace.database.reader;
        for tenant in tenants_to_keep_up(connection, self.now()).await? {
            self.wake(tenant).await?;
        }
        Ok(())
    }

    /// Has a tenant's writer do what it does beside commands.
    async fn wake(&self, tenant: TenantId) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        let job = Job {
            requests: Vec::new(),
            answer,
        };
        self.queue_of(tenant).push(job, Priority::Interactive)?;
        match answered.await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::warn!(%error, %tenant, "what fell due failed"),
            Err(_) => return Err(StoreError::Closed),
        }
        Ok(())
    }

    /// Makes room for a new tenant, which begins with the first command that is written for it.
    ///
    /// # Errors
    /// When the database is busy or away.
    pub(crate) async fn make_room(&self, tenant: TenantId) -> Result<(), StoreError> {
        let Workplace { database, env, .. } = &self.inner.workplace;
        tenants::ensure(database, tenant, "", env.clock.now()).await
    }

    /// Runs one command and answers once it is durable. A caller that goes away before its turn
    /// leaves nothing behind.
    ///
    /// # Errors
    /// When the database is busy or away. A refusal by a rule is an outcome, not an error.
    pub async fn write(&self, request: Request, priority: Priority) -> Result<Outcome, StoreError> {
        let outcomes = self.submit(vec![request], priority).await?;
        outcomes.into_iter().next().ok_or(StoreError::Closed)
    }

    /// Runs up to `MAX_BATCH` commands of one tenant, in order, in one transaction: each is whole
    /// or not at all, and those that are refused leave the others alone (R25).
    ///
    /// # Errors
    /// When the database is busy or away; then nothing of the chunk was done.
    pub async fn write_chunk(&self, requests: Vec<Request>) -> Result<Vec<Outcome>, StoreError> {
        self.submit(requests, Priority::Bulk).await
    }

    async fn submit(
        &self,
        requests: Vec<Request>,
        priority: Priority,
    ) -> Result<Vec<Outcome>, StoreError> {
        let Some(first) = requests.first() else {
            return Ok(Vec::new());
        };
        let tenant = first.tenant;
        if requests.iter().any(|request| request.tenant != tenant) {
            return Err(StoreError::Corrupt(
                "commands of several tenants in one chunk".to_owned(),
            ));
        }
        let (answer, answered) = oneshot::channel();
        let job = Job { requests, answer };
        self.queue_of(tenant).push(job, priority)?;
        answered.await.map_err(|_| StoreError::OutcomeUnknown)?
    }

    fn queue_of(&self, tenant: TenantId) -> Arc<Queue> {
        let mut writers = self.inner.writers();
        let writer = writers.entry(tenant).or_insert_with(|| {
            let queue = Arc::new(Queue::default());
            let workplace = self.inner.workplace.clone();
            let task = writer::start(workplace, tenant, Arc::clone(&queue));
            Writer { queue, task }
        });
        Arc::clone(&writer.queue)
    }

    /// Begins a read of one tenant at one moment.
    ///
    /// # Errors
    /// When the moment lies ahead, or the database cannot be read.
    pub async fn read(&self, tenant: TenantId, at: ReadAt<'_>) -> Result<ReadTx, StoreError> {
        ReadTx::begin(self.inner.workplace.clone(), tenant, at).await
    }

    pub(super) fn reader(&self) -> &sea_orm::DatabaseConnection {
        &self.inner.workplace.database.reader
    }

    /// Begins a preview of commands, from the state as it is.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn preview(&self, tenant: TenantId) -> Result<PreviewSession, StoreError> {
        PreviewSession::open(self.inner.workplace.clone(), tenant, ReadAt::Now).await
    }

    /// The newest catalogue that this process has seen, for names beside ids: it may be a moment old.
    #[must_use]
    pub fn catalogue_seen(&self, tenant: TenantId) -> Option<Arc<Catalogue>> {
        self.inner.workplace.catalogues.seen(tenant)
    }

    /// Lets the writers finish what waits, then closes the database.
    pub async fn close(&self) {
        if let Some(clock) = self.inner.clock().take() {
            clock.abort();
        }
        let writers: Vec<Writer> = self.inner.writers().drain().map(|(_, w)| w).collect();
        for writer in writers {
            writer.queue.close();
            if let Err(error) = writer.task.await {
                tracing::warn!(%error, "a writer did not end cleanly");
            }
        }
        self.inner.workplace.database.close().await;
    }
}
