//! Calls that outlive a connection: a server that is started anew is tried again, with growing pauses, where nothing can
//! be done twice by it. Reads are, and changes with a request id, and whatever never left this machine.

use std::error::Error;
use std::fmt;
use std::sync::LazyLock;
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use prost::Message;
use prost_types::{FileDescriptorSet, MethodDescriptorProto};
use tonic::ConnectError;
use tonic::body::Body;
use tonic::codegen::http::{Request, Response};
use tower::ServiceExt;
use tower::util::BoxCloneSyncService;

use super::status::chain;
use super::{Service, TransportError};

/// Pauses before each further try; a server that is away for longer is an error.
const PAUSES_MS: [u64; 7] = [100, 200, 400, 800, 1_600, 3_200, 3_200];
/// How calls that change nothing begin.
const READS: [&str; 5] = ["Get", "List", "WhoAmI", "Compare", "Verify"];
const REQUEST_ID: &str = "request_id";
/// Flag and length before the message of a call.
const PREFIX_BYTES: usize = 5;

static DESCRIPTORS: LazyLock<FileDescriptorSet> =
    LazyLock::new(|| FileDescriptorSet::decode(usher::DESCRIPTORS).unwrap_or_default());

/// The connection broke after a change was sent: whether it was made is not known.
#[derive(Debug)]
struct MayBeDone(TransportError);

impl fmt::Display for MayBeDone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for MayBeDone {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

/// Whether the error leaves open what became of a change.
pub(super) fn may_be_done(error: &(dyn Error + 'static)) -> bool {
    chain(error).any(|error| error.is::<MayBeDone>())
}

/// The same service, tried again where that is safe.
pub(super) fn persistent(service: Service) -> Service {
    BoxCloneSyncService::new(tower::service_fn(move |request| {
        call(service.clone(), request)
    }))
}

async fn call(service: Service, request: Request<Body>) -> Result<Response<Body>, TransportError> {
    let method = method_of(request.uri().path());
    let Some((method, id_field)) = method.filter(|(method, _)| !method.client_streaming()) else {
        return service.oneshot(request).await;
    };
    let reads = is_read(method.name());
    let (head, body) = request.into_parts();
    let collected = body.collect().await;
    let message = collected
        .map_err(|status| TransportError(Box::new(status)))?
        .to_bytes();
    let named = id_field.is_some_and(|field| {
        let message = message.get(PREFIX_BYTES..).unwrap_or_default();
        has_text(message, field)
    });
    let mut pauses = PAUSES_MS.iter();
    let mut was_sent = false;
    loop {
        let body = Body::new(Full::new(message.clone()));
        let request = Request::from_parts(head.clone(), body);
        let error = match service.clone().oneshot(request).await {
            Ok(response) => return Ok(response),
            Err(error) => error,
        };
        let sent = !chain(&error).any(|error| error.is::<ConnectError>());
        was_sent |= sent;
        match pauses.next() {
            Some(pause) if reads || named || !sent => {
                tokio::time::sleep(Duration::from_millis(*pause)).await;
            }
            _ if was_sent && !reads => return Err(TransportError(Box::new(MayBeDone(error)))),
            _ => return Err(error),
        }
    }
}

fn is_read(name: &str) -> bool {
    READS.iter().any(|read| name.starts_with(read))
}

/// The call with this path, and the number of its field for the request id, if it has one.
fn method_of(path: &str) -> Option<(&'static MethodDescriptorProto, Option<u32>)> {
    let (service, name) = path.strip_prefix('/')?.split_once('/')?;
    let (_, service) = service.rsplit_once('.')?;
    let mut services = DESCRIPTORS.file.iter().flat_map(|file| &file.service);
    let service = services.find(|found| found.name() == service)?;
    let method = service.method.iter().find(|found| found.name() == name)?;
    let input = method.input_type().rsplit('.').next()?;
    let mut messages = DESCRIPTORS.file.iter().flat_map(|file| &file.message_type);
    let message = messages.find(|found| found.name() == input)?;
    let field = message
        .field
        .iter()
        .find(|field| field.name() == REQUEST_ID);
    Some((
        method,
        field.and_then(|field| u32::try_from(field.number()).ok()),
    ))
}

/// Whether a message has some text in this field.
fn has_text(mut message: &[u8], field: u32) -> bool {
    use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};
    while let Ok((number, kind)) = decode_key(&mut message) {
        if number == field && kind == WireType::LengthDelimited {
            return decode_varint(&mut message).is_ok_and(|length| length > 0);
        }
        if skip_field(kind, number, &mut message, DecodeContext::default()).is_err() {
            return false;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Instant;

    use super::super::{Connection, Target};
    use crate::cmdlets::test_server::TestServer;
    use crate::error::Severity;
    use usher::v1::{DeleteUserRequest, UpdateUserRequest, User};

    use super::*;

    #[test]
    fn every_call_that_is_no_read_can_carry_a_request_id() {
        let calls = DESCRIPTORS
            .file
            .iter()
            .flat_map(|file| &file.service)
            .flat_map(|service| service.method.iter().map(move |method| (service, method)));
        let mut changes = 0;
        for (service, method) in calls.filter(|(_, method)| !method.client_streaming()) {
            let path = format!("/usher.v1.{}/{}", service.name(), method.name());
            let (_, field) = method_of(&path).unwrap();
            if !is_read(method.name()) {
                changes += 1;
                assert!(field.is_some(), "{path}");
            }
        }
        assert!(changes > 20, "{changes}");
    }

    #[test]
    fn a_request_id_is_found_in_a_message() {
        let path = |name: &str| {
            method_of(&format!("/usher.v1.UserService/{name}"))
                .unwrap()
                .1
        };
        let mut delete = DeleteUserRequest {
            user: "adele@contoso.com".to_owned(),
            ..DeleteUserRequest::default()
        };
        let field = path("DeleteUser").unwrap();
        assert!(!has_text(&delete.encode_to_vec(), field));
        delete.request_id = "CHG-1".to_owned();
        assert!(has_text(&delete.encode_to_vec(), field));
        let update = UpdateUserRequest {
            user: Some(User::default()),
            request_id: "CHG-2".to_owned(),
            ..UpdateUserRequest::default()
        };
        assert!(has_text(
            &update.encode_to_vec(),
            path("UpdateUser").unwrap()
        ));
        assert!(!has_text(b"\xff\xff", field));
    }

    #[test]
    fn a_stop_ends_the_waiting_for_a_server_that_is_away() {
        let folder = tempfile::tempdir().unwrap();
        let server = TestServer::start(folder.path());
        let stop = Arc::new(AtomicBool::new(false));
        let address = server.named_in("https://usher.contoso.com:50443");
        let connection = Connection::new(Target::Server(address), Arc::clone(&stop));
        let no_token = connection.who_am_i().unwrap_err();
        assert_eq!(no_token.code, "UNAUTHENTICATED");
        drop(server);
        let pressed = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(500));
            stop.store(true, Ordering::Relaxed);
            Instant::now()
        });
        let error = connection.who_am_i().unwrap_err();
        let ended = Instant::now();
        assert_eq!(error.severity, Severity::Stopped, "{error:?}");
        let waited = ended.duration_since(pressed.join().unwrap());
        assert!(waited < Duration::from_millis(100), "{waited:?}");
    }
}
