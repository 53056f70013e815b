//! The calls of the contract, one a file: read the request, ask the store, write the response.
//! No rule of licensing and no SQL lives here.

mod access;
mod audit;
mod batch;
mod catalog;
mod change;
mod chunks;
mod import_stream;
mod license;
mod names;
mod paging;
pub(crate) mod status;
mod subscription;
mod tenant;
mod user;

#[cfg(test)]
mod testing;

use std::sync::Arc;

use tonic::{Request, Response, Status};
use usher_domain::ids::{Instant, TenantId};

use crate::authn::{Caller, Pass};
use crate::env::Env;
use crate::storage::{PageRequest, ReadAt, ReadTx, Store};
use status::Refusal;

/// All services of the contract over one store.
#[derive(Clone)]
pub(crate) struct Services {
    pub(crate) store: Store,
    pub(crate) env: Env,
}

impl Services {
    /// A request with its caller, and what the call works with.
    fn opened<T>(&self, request: Request<T>) -> Result<(Api, Caller, T), Refusal> {
        let caller = Caller::of(&request)?;
        let api = Api {
            store: self.store.clone(),
            env: self.env.clone(),
            tenant: caller.tenant,
            pass: Arc::clone(&caller.pass),
        };
        Ok((api, caller, request.into_inner()))
    }
}

/// What one call works with: everything that it reads and changes is of its caller's organisation.
#[derive(Clone)]
struct Api {
    store: Store,
    env: Env,
    tenant: TenantId,
    /// By which a long call is asked again whether it may go on.
    pass: Arc<Pass>,
}

impl Api {
    /// The organisation that the call is about.
    fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Begins a read as of an instant, or as it is.
    async fn read(&self, time: Option<Instant>) -> Result<ReadTx, Refusal> {
        let at = time.map_or(ReadAt::Now, ReadAt::Time);
        Ok(self.store.read(self.tenant(), at).await?)
    }

    /// Begins a read of one page: a later page shows the moment of the first.
    async fn read_page(
        &self,
        time: Option<Instant>,
        page: &PageRequest,
    ) -> Result<ReadTx, Refusal> {
        if page.token.is_empty() {
            return self.read(time).await;
        }
        Ok(self
            .store
            .read(self.tenant(), ReadAt::Page(&page.token))
            .await?)
    }
}

fn answered<T>(response: Result<T, Refusal>) -> Result<Response<T>, Status> {
    response.map(Response::new).map_err(Status::from)
}
