//! Callers at an open door. Those with tokens are tried from outside, with every call.

use super::*;
use crate::env::Env;
use crate::storage::Store;
use crate::storage::conformance::database::TestDatabase;
use http::HeaderMap;

const CALL: &str = "/usher.v1.UserService/ListUsers";

async fn gate(store: &Store) -> Gate {
    Gate::new(store.clone(), Env::system(), Door::open("Megan"))
}

async fn named(gate: &Gate, identity: &[u8]) -> Result<Caller, crate::rpc::status::Refusal> {
    let mut headers = HeaderMap::new();
    let value = http::HeaderValue::from_bytes(identity).unwrap();
    headers.insert(usher::IDENTITY_METADATA, value);
    gate.admit(&headers, CALL).await
}

#[tokio::test]
async fn at_an_open_door_a_caller_may_say_who_it_is() {
    let database = TestDatabase::sqlite();
    let store = database.store().await;
    let gate = gate(&store).await;
    let caller = gate.admit(&HeaderMap::new(), CALL).await.unwrap();
    assert_eq!(&*caller.actor.identity, "megan");
    let caller = named(&gate, b"CONTOSO\\Kim Lee").await.unwrap();
    assert_eq!(&*caller.actor.identity, "contoso\\kim lee");
}

#[tokio::test]
async fn an_identity_is_short_printable_text() {
    let database = TestDatabase::sqlite();
    let store = database.store().await;
    let gate = gate(&store).await;
    let partner = b"tenants/00000000-0000-0000-0000-000000000007/identities/kim";
    for bad in [&b"   "[..], b"a\tb", b"System", partner, &[b'x'; 257]] {
        let status = Status::from(named(&gate, bad).await.unwrap_err());
        assert_eq!(status.code(), tonic::Code::Unauthenticated, "{bad:?}");
    }
    let status = Status::from(named(&gate, b"\xffx").await.unwrap_err());
    assert_eq!(status.code(), tonic::Code::InvalidArgument);
}

#[tokio::test]
async fn an_open_door_leads_to_any_organisation_that_there_is() {
    let database = TestDatabase::sqlite();
    let store = database.store().await;
    let gate = gate(&store).await;
    let mut headers = HeaderMap::new();
    headers.insert(usher::TENANT_METADATA, "default".parse().unwrap());
    let caller = gate.admit(&headers, CALL).await.unwrap();
    assert_eq!(caller.tenant, crate::storage::DEFAULT_TENANT);
    headers.insert(usher::TENANT_METADATA, "nowhere".parse().unwrap());
    let status = Status::from(gate.admit(&headers, CALL).await.unwrap_err());
    assert_eq!(status.code(), tonic::Code::PermissionDenied);
}
