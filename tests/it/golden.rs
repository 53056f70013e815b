//! Golden scripts: each `tests/scripts/*.usher` and each `examples/*.usher` is run by the real shell, and what a person
//! sees of it is compared with the file beside it. One script shows each error that a person can meet.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Mutex,
    thread,
};

use rusqlite::Connection;
use usher_tests::{
    golden::{self, Checkout, Reached},
    server::Server,
    usher::Usher,
};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
/// Scripts run at a time.
const AT_A_TIME: usize = 2;

#[test]
fn scripts_print_what_is_expected() {
    all_as_expected("tests/scripts", |script| {
        let checkout = Checkout::new(Path::new(ROOT));
        let _kept = trouble(script, &checkout);
        let guarded = guarded(script, &checkout);
        let reached = guarded.as_ref().map(|(_, reached)| reached);
        let seen = checkout.run(Path::new(ROOT), script, reached);
        Some((script.with_extension("out"), seen))
    });
}

#[test]
fn examples_print_what_is_expected() {
    all_as_expected("examples", |script| {
        let name = script.file_stem()?.to_str()?;
        let checkout = Checkout::new(Path::new(ROOT));
        let seen = checkout.run(Path::new(ROOT), script, None);
        Some((
            Path::new("tests/scripts/examples").join(format!("{name}.out")),
            seen,
        ))
    });
}

/// What no script can bring about by itself: the data in the folder `data`, in a state that the script is about.
fn trouble(script: &Path, checkout: &Checkout) -> Option<Connection> {
    let statements = match script.file_stem()?.to_str()? {
        "database-busy" => "BEGIN IMMEDIATE",
        "internal" => "UPDATE users SET usage_location = 'no country'",
        _ => return None,
    };
    let folder = checkout.path();
    let commands = "New-User adele@contoso.com -DisplayName Adele -UsageLocation US";
    let _ = Usher::new()
        .args(["--data", "data", "-c", commands])
        .within(&folder)
        .run()
        .expect_code(0);
    let connection = Connection::open(folder.join("data/usher.db")).unwrap();
    connection.execute_batch(statements).unwrap();
    Some(connection)
}

/// A server that takes callers with a token only, for scripts about those who may not do what they ask for.
fn guarded(script: &Path, checkout: &Checkout) -> Option<(Server, Reached)> {
    let name = script.file_stem()?.to_str()?;
    let (role, options): (_, &[&str]) = match name {
        "tenant-not-named" => (Some("global-reader"), &[]),
        "unauthenticated" => (None, &[]),
        "permission-denied" => (Some("global-reader"), &[]),
        "guest-needs-global-admin" => (Some("license-admin"), &[]),
        "too-many-requests" => (Some("global-reader"), &["--requests-per-second", "1"]),
        _ => return None,
    };
    let commands = "Import-Product examples/data/products.csv; New-Subscription SPE_E3 -Quantity 5
        New-User guest@contoso.com -DisplayName Guest -UserType Guest -UsageLocation DE";
    let _ = Usher::new()
        .args(["--data", "data", "-c", commands])
        .within(&checkout.path())
        .run()
        .expect_code(0);
    let database = format!(
        "sqlite://{}",
        checkout.path().join("data/usher.db").display()
    );
    let partner = name == "tenant-not-named";
    let token = role.map_or_else(String::new, |role| {
        if partner {
            return partner_token(checkout);
        }
        let made = [
            "token",
            "create",
            "--database",
            &database,
            "--role",
            role,
            "--name",
            role,
        ];
        let made = String::from_utf8(Server::run(&made).stdout).unwrap();
        made.lines().last().unwrap().to_owned()
    });
    let server = Server::guarded(&database, options);
    let address = format!("http://{}", server.address());
    Some((server, Reached { address, token }))
}

/// The token of somebody who may act in several organisations.
fn partner_token(checkout: &Checkout) -> String {
    let made = Usher::new()
        .args(["--data", "data", "-c"])
        .args(["(New-ApiToken kim -Identity kim@fabrikam.com -Partner).Token"])
        .within(&checkout.path())
        .run()
        .expect_code(0);
    made.stdout.trim().to_owned()
}

fn scripts(folder: &str) -> Vec<PathBuf> {
    let mut scripts: Vec<PathBuf> = fs::read_dir(Path::new(ROOT).join(folder))
        .unwrap()
        .map(|entry| Path::new(folder).join(entry.unwrap().file_name()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "usher")
        })
        .collect();
    scripts.sort();
    assert!(!scripts.is_empty(), "{folder} holds no scripts");
    scripts
}

fn all_as_expected(folder: &str, run: impl Fn(&Path) -> Option<(PathBuf, String)> + Sync) {
    let scripts = scripts(folder);
    let waiting = Mutex::new(scripts.iter());
    let failures = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                loop {
                    let Some(script) = waiting.lock().unwrap().next() else {
                        return;
                    };
                    if let Some((file, seen)) = run(script)
                        && let Err(difference) = golden::compare(Path::new(ROOT), &file, &seen)
                    {
                        failures.lock().unwrap().push(difference);
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap();
    failures.sort();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
