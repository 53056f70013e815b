//! `usher.v1.AuditService`.

mod list_changes;
mod verify_chain;

use tonic::{Request, Response, Status};
use usher::v1::audit_service_server::AuditService;
use usher::v1::{ListChangesRequest, ListChangesResponse, VerifyChainRequest, VerifyChainResponse};

use super::{Services, answered};

#[tonic::async_trait]
impl AuditService for Services {
    async fn list_changes(
        &self,
        request: Request<ListChangesRequest>,
    ) -> Result<Response<ListChangesResponse>, Status> {
        let (api, _, request) = self.opened(request)?;
        answered(list_changes::list(&api, request).await)
    }

    async fn verify_chain(
        &self,
        request: Request<VerifyChainRequest>,
    ) -> Result<Response<VerifyChainResponse>, Status> {
        let (api, _, request) = self.opened(request)?;
        answered(verify_chain::verify(&api, request).await)
    }
}
