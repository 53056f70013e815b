//! Connected clients of every service, and what tests read out of an error.

use std::{error::Error as _, net::SocketAddr};

use prost::Message as _;
use tonic::{
    Code, Status,
    transport::{Channel, Endpoint},
};
use tonic_types::{StatusExt as _, pb};
use usher::v1::{
    ErrorReason, Outcome, audit_service_client::AuditServiceClient,
    batch_service_client::BatchServiceClient, catalog_service_client::CatalogServiceClient,
    license_service_client::LicenseServiceClient,
    subscription_service_client::SubscriptionServiceClient, user_service_client::UserServiceClient,
};

/// The generated clients over one connection.
#[derive(Clone)]
pub struct Client {
    /// The connection, for other services.
    pub channel: Channel,
    /// People.
    pub users: UserServiceClient<Channel>,
    /// Products, plans, rules.
    pub catalog: CatalogServiceClient<Channel>,
    /// Purchases.
    pub subscriptions: SubscriptionServiceClient<Channel>,
    /// Pools and licences.
    pub licenses: LicenseServiceClient<Channel>,
    /// Changes of many people.
    pub batches: BatchServiceClient<Channel>,
    /// The record.
    pub audit: AuditServiceClient<Channel>,
}

impl Client {
    /// Connects to a server.
    ///
    /// # Panics
    /// If the server does not answer.
    pub async fn connect(address: SocketAddr) -> Self {
        let channel = Endpoint::from_shared(format!("http://{address}"))
            .expect("a socket address is a valid endpoint")
            .connect()
            .await
            .unwrap_or_else(|error| panic!("no connection to {address}: {error}"));
        Self {
            users: UserServiceClient::new(channel.clone())
                .max_decoding_message_size(usher::MAX_MESSAGE_BYTES),
            catalog: CatalogServiceClient::new(channel.clone())
                .max_decoding_message_size(usher::MAX_MESSAGE_BYTES),
            subscriptions: SubscriptionServiceClient::new(channel.clone()),
            licenses: LicenseServiceClient::new(channel.clone())
                .max_decoding_message_size(usher::MAX_MESSAGE_BYTES),
            batches: BatchServiceClient::new(channel.clone())
                .max_decoding_message_size(usher::MAX_MESSAGE_BYTES),
            audit: AuditServiceClient::new(channel.clone())
                .max_decoding_message_size(usher::MAX_MESSAGE_BYTES),
            channel,
        }
    }
}

/// The stable code of an error; `None` where the error does not come from the service.
#[must_use]
pub fn reason(status: &Status) -> Option<ErrorReason> {
    let info = status.get_details_error_info()?;
    assert_eq!(
        info.domain,
        usher::reason::DOMAIN,
        "an error of another domain: {status:?}"
    );
    ErrorReason::from_code(&info.reason)
}

/// The stable code of an error that the service must have answered.
///
/// # Panics
/// If the error carries none, that is if it was made by the connection or by the framework.
#[must_use]
pub fn refusal(status: &Status) -> ErrorReason {
    reason(status).unwrap_or_else(|| panic!("an error without a reason: {status:?}"))
}

/// The whole outcome that a refused change carries.
///
/// # Panics
/// If the error carries none.
#[must_use]
pub fn outcome(status: &Status) -> Outcome {
    let details = pb::Status::decode(status.details())
        .expect("details are a google.rpc.Status")
        .details;
    let outcome = details
        .iter()
        .find(|detail| detail.type_url.ends_with("/usher.v1.Outcome"));
    let outcome = outcome.unwrap_or_else(|| panic!("an error without an outcome: {status:?}"));
    Outcome::decode(outcome.value.as_slice()).expect("the detail is what it says it is")
}

/// Whether the connection went away, so that nothing is known about the call.
#[must_use]
pub fn connection_lost(status: &Status) -> bool {
    let of_the_connection = matches!(
        status.code(),
        Code::Unavailable | Code::Unknown | Code::Cancelled | Code::Internal
    );
    reason(status).is_none() && (status.source().is_some() || of_the_connection)
}
