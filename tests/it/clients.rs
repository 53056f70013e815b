//! Clients in any language: health, reflection of both versions, and programs that know nothing but the address.

use std::process::Command;

use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};
use usher_tests::{client::Client, databases::on_sqlite, seed, server::Server, skip::tool};

const SERVICES: [&str; 6] = [
    "usher.v1.AuditService",
    "usher.v1.BatchService",
    "usher.v1.CatalogService",
    "usher.v1.LicenseService",
    "usher.v1.SubscriptionService",
    "usher.v1.UserService",
];

#[tokio::test(flavor = "multi_thread")]
async fn the_health_service_says_serving() {
    on_sqlite(async |database| {
        let server = Server::start(&database.url);
        let client = Client::connect(server.address()).await;
        let mut health = HealthClient::new(client.channel);
        for service in ["", "usher.v1.LicenseService"] {
            let request = HealthCheckRequest {
                service: service.to_owned(),
            };
            let status = health.check(request).await.unwrap().into_inner().status();
            assert_eq!(status, ServingStatus::Serving, "health of {service:?}");
        }
    })
    .await;
}

macro_rules! reflection {
    ($($name:ident: $version:ident),+) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            use tonic_reflection::pb::$version::{
                ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
                server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
            };
            on_sqlite(async |database| {
                let server = Server::start(&database.url);
                let client = Client::connect(server.address()).await;
                let ask = |message| ServerReflectionRequest { host: String::new(), message_request: Some(message) };
                let requests = tokio_stream::iter([
                    ask(MessageRequest::ListServices(String::new())),
                    ask(MessageRequest::FileContainingSymbol("usher.v1.LicenseService".to_owned())),
                ]);
                let answers = ServerReflectionClient::new(client.channel).server_reflection_info(requests).await;
                let mut answers = answers.unwrap().into_inner();
                let services = answers.message().await.unwrap().unwrap().message_response.unwrap();
                let MessageResponse::ListServicesResponse(services) = services else {
                    panic!("not a list of services: {services:?}");
                };
                let names: Vec<&str> = services.service.iter().map(|service| service.name.as_str()).collect();
                for service in SERVICES {
                    assert!(names.contains(&service), "{service} is not among {names:?}");
                }
                let file = answers.message().await.unwrap().unwrap().message_response.unwrap();
                assert!(matches!(file, MessageResponse::FileDescriptorResponse(_)), "not a file: {file:?}");
            })
            .await;
        }
    )+};
}

reflection!(reflection_answers_in_version_1: v1, reflection_answers_in_version_1_alpha: v1alpha);

#[tokio::test(flavor = "multi_thread")]
async fn grpcurl_finds_and_calls_the_service() {
    let Some(grpcurl) = tool(
        "clients::grpcurl_finds_and_calls_the_service",
        "USHER_TEST_GRPCURL",
    ) else {
        return;
    };
    with_catalogue(async |address| {
        let services = run(Command::new(&grpcurl).args(["-plaintext", &address, "list"]));
        for service in SERVICES {
            assert!(
                services.lines().any(|line| line == service),
                "{service} is not among\n{services}"
            );
        }
        let method = "usher.v1.CatalogService/ListProducts";
        let products =
            run(Command::new(&grpcurl).args(["-plaintext", "-d", "{}", &address, method]));
        assert!(products.contains(seed::DESK), "{products}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn buf_curl_finds_and_calls_the_service() {
    let Some(buf) = tool(
        "clients::buf_curl_finds_and_calls_the_service",
        "USHER_TEST_BUF",
    ) else {
        return;
    };
    with_catalogue(async |address| {
        let url = format!("http://{address}/usher.v1.CatalogService/ListProducts");
        let options = [
            "curl",
            "--protocol",
            "grpc",
            "--http2-prior-knowledge",
            "-d",
            "{}",
            &url,
        ];
        let products = run(Command::new(&buf).args(options));
        assert!(products.contains(seed::DESK), "{products}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_python_client_learns_the_service_by_reflection() {
    let Some(python) = tool(
        "clients::a_python_client_learns_the_service_by_reflection",
        "USHER_TEST_PYTHON",
    ) else {
        return;
    };
    with_catalogue(async |address| {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/clients/reflect.py");
        let output = run(Command::new(&python).args([script, &address]));
        for service in SERVICES {
            assert!(output.contains(service), "{service} is not in\n{output}");
        }
        for line in [
            "health: SERVING",
            "products: DESK_SUITE MAIL_ONLY",
            "refusal: NOT_FOUND",
        ] {
            assert!(
                output.lines().any(|found| found == line),
                "{line:?} is not in\n{output}"
            );
        }
    })
    .await;
}

#[test]
fn a_server_without_tokens_listens_on_the_loopback_only_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", folder.path().join("usher.db").display());
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.7:50443"] {
        let output = Server::run(&["serve", "--listen", address, "--database", &database]);
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{address} was taken: {message}");
        for part in [address.rsplit_once(':').unwrap().0, "loopback", "Tokens"] {
            assert!(
                message.contains(part),
                "{part:?} is not in the refusal of {address}:\n{message}"
            );
        }
    }
    assert!(
        !folder.path().join("usher.db").exists(),
        "a refused server made a database"
    );
}

async fn with_catalogue(body: impl AsyncFnOnce(String)) {
    on_sqlite(async |database| {
        let server = Server::start(&database.url);
        let client = Client::connect(server.address()).await;
        seed::catalogue(&client).await;
        body(server.address().to_string()).await;
    })
    .await;
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{command:?} ended with {}\n{stdout}\n{stderr}",
        output.status
    );
    stdout
}
