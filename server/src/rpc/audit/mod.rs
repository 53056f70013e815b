//! `usher.v1.AuditService`.

mod list_changes;

use tonic::{Request, Response, Status};
use usher::v1::audit_service_server::AuditService;
use usher::v1::{ListChangesRequest, ListChangesResponse};

use super::{Api, answered};

#[tonic::async_trait]
impl AuditService for Api {
    async fn list_changes(
        &self,
        request: Request<ListChangesRequest>,
    ) -> Result<Response<ListChangesResponse>, Status> {
        answered(list_changes::list(self, request.into_inner()).await)
    }
}
