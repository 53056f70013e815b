//! `usher.v1.BatchService`.

mod stream_license_changes;
mod tally;

use std::pin::Pin;

use futures_util::Stream;
use tonic::{Request, Response, Status, Streaming};
use usher::v1::batch_service_server::BatchService;
use usher::v1::{StreamLicenseChangesRequest, StreamLicenseChangesResponse};

use super::Services;

type Responses = Pin<Box<dyn Stream<Item = Result<StreamLicenseChangesResponse, Status>> + Send>>;

#[tonic::async_trait]
impl BatchService for Services {
    type StreamLicenseChangesStream = Responses;

    async fn stream_license_changes(
        &self,
        request: Request<Streaming<StreamLicenseChangesRequest>>,
    ) -> Result<Response<Responses>, Status> {
        let (api, caller, messages) = self.opened(request)?;
        let responses = stream_license_changes::stream(api, caller, messages);
        Ok(Response::new(Box::pin(responses)))
    }
}
