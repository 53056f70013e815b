//! `usher.v1.BatchService`.

mod stream_license_changes;
mod tally;

use std::pin::Pin;

use futures_util::Stream;
use tonic::{Request, Response, Status, Streaming};
use usher::v1::batch_service_server::BatchService;
use usher::v1::{StreamLicenseChangesRequest, StreamLicenseChangesResponse};

use super::{Api, opened};

type Responses = Pin<Box<dyn Stream<Item = Result<StreamLicenseChangesResponse, Status>> + Send>>;

#[tonic::async_trait]
impl BatchService for Api {
    type StreamLicenseChangesStream = Responses;

    async fn stream_license_changes(
        &self,
        request: Request<Streaming<StreamLicenseChangesRequest>>,
    ) -> Result<Response<Responses>, Status> {
        let (caller, messages) = opened(request)?;
        let responses = stream_license_changes::stream(self.clone(), caller, messages);
        Ok(Response::new(Box::pin(responses)))
    }
}
