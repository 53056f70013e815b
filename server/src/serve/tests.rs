use tokio::sync::oneshot;
use tonic::Code;
use tonic::transport::Channel;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus as Told;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;
use usher::v1::user_service_client::UserServiceClient;
use usher::v1::{ListUsersRequest, UpdateUserRequest, User};

use super::*;

/// A server on a free port, with a connection to it.
struct Running {
    channel: Channel,
    stop: oneshot::Sender<()>,
    ended: tokio::task::JoinHandle<Result<(), ServeError>>,
    _folder: tempfile::TempDir,
}

async fn start() -> Running {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("usher.db").display());
    let service = Service::open(&database, Env::system()).await.unwrap();
    let listener = listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel();
    let ended = tokio::spawn(async move {
        let stopped = async { stopped.await.unwrap() };
        let served = service.serve(listener, Entry::unlocked(), stopped).await;
        service.close().await;
        served
    });
    let channel = Channel::from_shared(address)
        .unwrap()
        .connect()
        .await
        .unwrap();
    Running {
        channel,
        stop,
        ended,
        _folder: folder,
    }
}

#[tokio::test]
async fn every_service_says_that_it_serves() {
    let server = start().await;
    let mut health = HealthClient::new(server.channel.clone());
    let mut services: Vec<&str> = vec![""];
    for permission in crate::permission::TABLE {
        services.extend(permission.call.trim_start_matches('/').split('/').next());
    }
    for service in services {
        let request = HealthCheckRequest {
            service: service.to_owned(),
        };
        let answer = health.check(request).await.unwrap().into_inner();
        assert_eq!(answer.status(), Told::Serving, "{service}");
    }
}

#[tokio::test]
async fn the_contract_describes_itself() {
    let server = start().await;
    let mut reflection = ServerReflectionClient::new(server.channel.clone());
    let ask = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let answers = reflection
        .server_reflection_info(tokio_stream::once(ask))
        .await
        .unwrap();
    let answer = answers
        .into_inner()
        .message()
        .await
        .unwrap()
        .unwrap()
        .message_response;
    let Some(MessageResponse::ListServicesResponse(list)) = answer else {
        panic!("{answer:?}");
    };
    let names: Vec<&str> = list
        .service
        .iter()
        .map(|service| service.name.as_str())
        .collect();
    for wanted in [
        "usher.v1.UserService",
        "usher.v1.BatchService",
        "grpc.health.v1.Health",
    ] {
        assert!(names.contains(&wanted), "{names:?}");
    }
}

#[tokio::test]
async fn a_message_above_the_limit_is_refused_and_the_connection_lives() {
    let server = start().await;
    let mut users = UserServiceClient::new(server.channel.clone());
    let user = User {
        display_name: "x".repeat(MAX_MESSAGE_BYTES + 1),
        ..User::default()
    };
    let request = UpdateUserRequest {
        user: Some(user),
        ..UpdateUserRequest::default()
    };
    let status = users.update_user(request).await.unwrap_err();
    assert_eq!(status.code(), Code::OutOfRange);
    users.list_users(ListUsersRequest::default()).await.unwrap();
}

#[tokio::test]
async fn a_deadline_that_has_passed_ends_the_call() {
    let server = start().await;
    let mut users = UserServiceClient::new(server.channel.clone());
    let mut request = tonic::Request::new(ListUsersRequest::default());
    request
        .metadata_mut()
        .insert("grpc-timeout", "1n".parse().unwrap());
    let status = users.list_users(request).await.unwrap_err();
    assert!(
        matches!(status.code(), Code::DeadlineExceeded | Code::Cancelled),
        "{status:?}"
    );
}

#[tokio::test]
async fn told_to_end_it_ends_though_a_connection_is_open() {
    let server = start().await;
    let mut users = UserServiceClient::new(server.channel.clone());
    users.list_users(ListUsersRequest::default()).await.unwrap();
    server.stop.send(()).unwrap();
    let ended = tokio::time::timeout(GRACE / 2, server.ended).await;
    ended.unwrap().unwrap().unwrap();
    assert!(users.list_users(ListUsersRequest::default()).await.is_err());
}

#[tokio::test]
async fn an_address_in_use_is_named() {
    let taken = listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let address = taken.local_addr().unwrap();
    let error = listen(address).await.unwrap_err().to_string();
    assert!(error.contains(&address.to_string()), "{error}");
}

#[tokio::test]
async fn a_call_that_is_not_in_the_contract_is_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("usher.db").display());
    let service = Service::open(&database, Env::system()).await.unwrap();
    let request = http::Request::post("/usher.v1.UserService/DropEverything")
        .header("content-type", "application/grpc")
        .body(tonic::body::Body::empty())
        .unwrap();
    let mut calls = service.in_process(Door::open("local"));
    let answer = tower::Service::call(&mut calls, request).await.unwrap();
    assert_eq!(answer.headers()["grpc-status"], "12");
}
