//! TLS from end to end, with certificates of an authority that this test makes: who trusts the authority gets in, and
//! who does not learns that it is the certificate, not the address and not the token.

mod certificates;

use std::{fs, path::Path};

use tonic::{
    Code, Request, Status,
    transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity},
};
use usher::v1::{WhoAmIRequest, access_service_client::AccessServiceClient};
use usher_tests::{
    client::reason,
    server::Server,
    usher::{Finished, Usher},
};

use super::access::first_token;
use certificates::{Authority, Certified, Until};

const HERE: &[&str] = &["127.0.0.1", "localhost"];
const NO_TOKEN: &str = "usher_0000000000000000000000000000000000000000000";

#[tokio::test(flavor = "multi_thread")]
async fn who_trusts_the_authority_gets_in_by_the_shell_and_by_a_client() {
    let world = World::new();
    let server = world.serve(&world.server_cert(HERE), &[]);
    for address in [server.address().to_string(), here_by_name(&server)] {
        let shell = world.shell(&address, &world.authority.file, &world.token);
        let session = shell.expect_code(0);
        assert!(session.stdout.contains("\"megan\""), "{}", session.stdout);
        let caller = who_am_i(&address, &world.trusting(), &world.token).await;
        assert_eq!(caller.unwrap(), "megan");
    }
    // The same by the variable, and by the command that goes to a server.
    let address = format!("https://{}", server.address());
    let session = Usher::new()
        .args(["--output", "json", "-c", "Get-Session"])
        .env("USHER_SERVER", &address)
        .env("USHER_CA", world.authority.file.to_str().unwrap())
        .env("USHER_TOKEN", &world.token)
        .run()
        .expect_code(0);
    assert!(session.stdout.contains("\"megan\""), "{}", session.stdout);
    let token = world.folder.path().join("token");
    fs::write(&token, &world.token).unwrap();
    for_owner_alone(&token);
    let connect = format!(
        "Connect-Service {address} -TokenFile '{}' -CaFile '{}'",
        token.display(),
        world.authority.file.display()
    );
    let connected = Usher::in_memory(&connect).run().expect_code(0);
    assert!(connected.stdout.contains("megan"), "{}", connected.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_certificate_is_told_from_a_wrong_address_and_a_refused_token() {
    let world = World::new();
    let server = world.serve(&world.server_cert(HERE), &[]);
    let elsewhere = world.serve(&world.server_cert(&["usher.example.com"]), &[]);
    let expired = world.authority.sign("old", HERE, Until::LongAgo);
    let expired = world.serve(&expired, &[]);
    let other = Authority::new(world.folder.path(), "other");
    let here = server.address().to_string();
    let (right, wrong) = (&world.authority.file, &other.file);

    let not_trusted = [
        ("who signed it is not known", &here, wrong, "--ca FILE"),
        (
            "it is for another name",
            &elsewhere.address().to_string(),
            right,
            "a name that is in the certificate",
        ),
        (
            "its time is over",
            &expired.address().to_string(),
            right,
            "has to renew it",
        ),
    ];
    for (what, address, authority, fix) in not_trusted {
        let refused = world.shell(address, authority, &world.token).expect_code(4);
        let said = refused.stderr.as_str();
        assert!(
            said.contains("has a certificate that is not trusted"),
            "{what}: {said}"
        );
        assert!(
            said.contains(what) && said.contains(fix) && said.contains(address),
            "{what}: {said}"
        );
        let tls = trusting(authority);
        let status = who_am_i(address, &tls, &world.token).await.unwrap_err();
        assert_eq!(
            (status.code(), reason(&status)),
            (Code::Unavailable, None),
            "{what}"
        );
    }
    // The well-known authorities know nothing of this one.
    let unnamed = Usher::new()
        .args(["--server", &format!("https://{here}"), "-c", "Get-Session"])
        .env("USHER_TOKEN", &world.token)
        .run()
        .expect_code(4);
    assert!(unnamed.stderr.contains("not trusted"), "{}", unnamed.stderr);

    let nobody = world
        .shell("127.0.0.1:1", right, &world.token)
        .expect_code(4);
    assert!(
        nobody.stderr.contains("cannot be reached"),
        "{}",
        nobody.stderr
    );
    assert!(!nobody.stderr.contains("not trusted"), "{}", nobody.stderr);

    let refused = world.shell(&here, right, NO_TOKEN).expect_code(4);
    for word in ["certificate", "cannot be reached"] {
        assert!(!refused.stderr.contains(word), "{}", refused.stderr);
    }
    assert!(refused.stderr.contains("token"), "{}", refused.stderr);
    assert!(!refused.stderr.contains(NO_TOKEN), "{}", refused.stderr);
    let status = who_am_i(&here, &world.trusting(), NO_TOKEN)
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::Unauthenticated, "{status:?}");

    let clear = Usher::new()
        .args(["--server", &format!("http://{here}"), "-c", "Get-Session"])
        .env("USHER_TOKEN", &world.token)
        .run()
        .expect_code(4);
    for part in ["asks for TLS", &format!("as https://{here}")] {
        assert!(clear.stderr.contains(part), "{part}: {}", clear.stderr);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_asks_for_certificates_takes_only_callers_of_its_authority() {
    let world = World::new();
    let callers = Authority::new(world.folder.path(), "callers");
    let strangers = Authority::new(world.folder.path(), "strangers");
    let asks = ["--tls-client-ca", callers.file.to_str().unwrap()];
    let server = world.serve(&world.server_cert(HERE), &asks);
    let address = server.address().to_string();
    let with = |certified: &Certified| {
        let identity = Identity::from_pem(read(&certified.cert), read(&certified.key));
        world.trusting().identity(identity)
    };

    let known = with(&callers.sign("known", &[], Until::Later));
    let caller = who_am_i(&address, &known, &world.token).await;
    assert_eq!(caller.unwrap(), "megan");
    // A certificate opens the way and not the door.
    let status = who_am_i(&address, &known, NO_TOKEN).await.unwrap_err();
    assert_eq!(status.code(), Code::Unauthenticated, "{status:?}");

    let kept_out = [
        ("no certificate", world.trusting()),
        (
            "another authority",
            with(&strangers.sign("unknown", &[], Until::Later)),
        ),
        (
            "its time is over",
            with(&callers.sign("former", &[], Until::LongAgo)),
        ),
        (
            "one of a server",
            with(&callers.sign("server", HERE, Until::Later)),
        ),
    ];
    for (what, tls) in kept_out {
        let status = who_am_i(&address, &tls, &world.token).await.unwrap_err();
        assert_eq!(reason(&status), None, "{what}: {status:?}");
        assert_ne!(status.code(), Code::Unauthenticated, "{what}: {status:?}");
    }
}

#[test]
fn the_shell_proves_itself_by_its_certificate_however_that_is_named() {
    let world = World::new();
    let callers = Authority::new(world.folder.path(), "callers");
    let asks = ["--tls-client-ca", callers.file.to_str().unwrap()];
    let server = world.serve(&world.server_cert(HERE), &asks);
    let address = server.address().to_string();
    let own = callers.sign("admin", &[], Until::Later);
    for_owner_alone(&own.key);
    let (cert, key) = (own.cert.to_str().unwrap(), own.key.to_str().unwrap());
    let ca = world.authority.file.to_str().unwrap();
    let asked = |shell: Usher| {
        shell
            .args(["--output", "json", "-c", "Get-Session"])
            .env("USHER_TOKEN", &world.token)
            .run()
    };
    let to_server = || Usher::new().args(["--server", &format!("https://{address}"), "--ca", ca]);
    let by_options = to_server().args(["--client-cert", cert, "--client-key", key]);
    let by_variables = to_server()
        .env("USHER_CLIENT_CERT", cert)
        .env("USHER_CLIENT_KEY", key);
    let profiles = world.folder.path().join("profiles.toml");
    fs::write(
        &profiles,
        format!(
            "[far]\nserver = \"https://{address}\"\nca = \"{ca}\"\nclient_cert = \"{cert}\"\nclient_key = \"{key}\"\n"
        ),
    )
    .unwrap();
    let by_profile = Usher::new()
        .args(["--profile", "far"])
        .env("USHER_PROFILES", profiles.to_str().unwrap());
    for shell in [by_options, by_variables, by_profile] {
        let session = asked(shell).expect_code(0);
        assert!(session.stdout.contains("\"megan\""), "{}", session.stdout);
    }
    let connect = format!(
        "Connect-Service https://{address} -CaFile '{ca}' -ClientCertFile '{cert}' -ClientKeyFile '{key}'"
    );
    let connected = Usher::in_memory(&connect)
        .env("USHER_TOKEN", &world.token)
        .run()
        .expect_code(0);
    assert!(connected.stdout.contains("megan"), "{}", connected.stdout);
}

#[test]
fn the_shell_says_what_a_server_does_that_asks_for_certificates() {
    let world = World::new();
    let callers = Authority::new(world.folder.path(), "callers");
    let strangers = Authority::new(world.folder.path(), "strangers");
    let asks = ["--tls-client-ca", callers.file.to_str().unwrap()];
    let server = world.serve(&world.server_cert(HERE), &asks);
    let address = server.address().to_string();
    let ca = world.authority.file.to_str().unwrap();
    let to_server = || Usher::new().args(["--server", &format!("https://{address}"), "--ca", ca]);
    let asked = |shell: Usher| {
        shell
            .args(["--output", "json", "-c", "Get-Session"])
            .env("USHER_TOKEN", &world.token)
            .run()
    };
    let without = asked(to_server()).expect_code(4);
    for part in ["hung up without an answer", "--client-cert FILE"] {
        assert!(without.stderr.contains(part), "{part}: {}", without.stderr);
    }
    let stranger = strangers.sign("stranger", &[], Until::Later);
    for_owner_alone(&stranger.key);
    let stranger = to_server()
        .args(["--client-cert", stranger.cert.to_str().unwrap()])
        .args(["--client-key", stranger.key.to_str().unwrap()]);
    let refused = asked(stranger).expect_code(4);
    let part = "callers whose certificate it does not take";
    assert!(refused.stderr.contains(part), "{}", refused.stderr);
    let open = callers.sign("open", &[], Until::Later);
    let open = to_server()
        .args(["--client-cert", open.cert.to_str().unwrap()])
        .args(["--client-key", open.key.to_str().unwrap()]);
    let open = asked(open).expect_code(2);
    assert!(open.stderr.contains("chmod 600 "), "{}", open.stderr);
}

#[test]
fn a_server_does_not_start_with_a_key_of_another_certificate() {
    let world = World::new();
    let (one, other) = (
        world.server_cert(HERE),
        world.server_cert(&["usher.example.com"]),
    );
    for (cert, key) in [(&one.cert, &other.key), (&one.key, &one.cert)] {
        let ended = Server::run(&[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--database",
            &world.database,
            "--tls-cert",
            cert.to_str().unwrap(),
            "--tls-key",
            key.to_str().unwrap(),
        ]);
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(!ended.status.success(), "{said}");
        assert!(said.contains("--tls-cert and --tls-key"), "{said}");
        assert!(!said.contains("PRIVATE KEY"), "{said}");
    }
}

/// A database with a Global admin, and the authority that signs its servers' certificates.
struct World {
    folder: tempfile::TempDir,
    database: String,
    token: String,
    authority: Authority,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}", folder.path().join("usher.db").display());
        Self {
            token: first_token(&database, "megan"),
            database,
            authority: Authority::new(folder.path(), "authority"),
            folder,
        }
    }

    fn server_cert(&self, hosts: &[&str]) -> Certified {
        self.authority.sign(hosts[0], hosts, Until::Later)
    }

    fn serve(&self, certified: &Certified, more: &[&str]) -> Server {
        let (cert, key) = (certified.cert.to_str(), certified.key.to_str());
        let mut options = vec!["--tls-cert", cert.unwrap(), "--tls-key", key.unwrap()];
        options.extend(more);
        Server::guarded(&self.database, &options)
    }

    fn trusting(&self) -> ClientTlsConfig {
        trusting(&self.authority.file)
    }

    fn shell(&self, address: &str, authority: &Path, token: &str) -> Finished {
        Usher::new()
            .args(["--server", &format!("https://{address}")])
            .args(["--ca", authority.to_str().unwrap()])
            .args(["--output", "json", "-c", "Get-Session"])
            .env("USHER_TOKEN", token)
            .run()
    }
}

fn trusting(authority: &Path) -> ClientTlsConfig {
    ClientTlsConfig::new().ca_certificate(Certificate::from_pem(read(authority)))
}

fn read(file: &Path) -> Vec<u8> {
    fs::read(file).unwrap()
}

fn for_owner_alone(file: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
}

fn here_by_name(server: &Server) -> String {
    format!("localhost:{}", server.address().port())
}

/// The name by which the server knows the caller.
async fn who_am_i(address: &str, tls: &ClientTlsConfig, token: &str) -> Result<String, Status> {
    let channel: Channel = Endpoint::from_shared(format!("https://{address}"))
        .unwrap()
        .tls_config(tls.clone())
        .unwrap()
        .connect_lazy();
    let mut request = Request::new(WhoAmIRequest {});
    let bearer = format!("Bearer {token}").parse().unwrap();
    request.metadata_mut().insert("authorization", bearer);
    let answer = AccessServiceClient::new(channel).who_am_i(request).await?;
    Ok(answer.into_inner().identity)
}
