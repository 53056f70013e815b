//! The shell and a server that is not there, goes away, comes back, or does not take the caller: what is tried again,
//! and what is said.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use usher_tests::{
    server::Server,
    usher::{Finished, Usher},
};

use super::access::first_token;

const LIMIT: Duration = Duration::from_secs(60);
/// Long enough for the shell to find that nobody is there, and less than it is patient.
const AWAY: Duration = Duration::from_millis(1_500);

fn database(folder: &Path) -> String {
    format!("sqlite://{}", folder.join("usher.db").display())
}

fn wait_for(file: &Path) {
    let begun = Instant::now();
    while !file.exists() {
        assert!(
            begun.elapsed() < LIMIT,
            "{} was not written",
            file.display()
        );
        thread::sleep(Duration::from_millis(5));
    }
}

/// A shell that is connected, says so in a file, and goes on when another file is there.
fn connected_then(address: &str, folder: &Path, commands: &str) -> thread::JoinHandle<Finished> {
    let here = folder.display();
    let commands = format!(
        "Get-Session | Out-Null\n'up' | Out-File '{here}/up'\n\
         Start-Sleep 1\n{commands}"
    );
    let shell = Usher::new().args(["--server", address, "-c", &commands]);
    thread::spawn(move || shell.run())
}

#[test]
fn a_server_that_is_started_anew_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(folder.path());
    let mut server = Server::start(&database);
    let address = server.address();
    let commands = "New-User adele@contoso.com Adele | Out-Null; (Get-User).Count";
    let running = connected_then(&format!("http://{address}"), folder.path(), commands);
    wait_for(&folder.path().join("up"));
    server.kill();
    // The shell sleeps for a second; half of the time away it asks in vain.
    thread::sleep(AWAY);
    let _server = Server::start_at(address, &database);
    let run = running.join().unwrap().expect_code(0);
    assert_eq!(run.stdout.trim(), "1", "{}", run.stderr);
}

#[test]
fn a_server_that_stays_away_is_an_error_after_a_while() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(&database(folder.path()));
    let address = format!("http://{}", server.address());
    let running = connected_then(&address, folder.path(), "Get-User");
    wait_for(&folder.path().join("up"));
    server.kill();
    let run = running.join().unwrap().expect_code(4);
    assert!(run.stderr.contains("cannot be reached"), "{}", run.stderr);
    assert!(run.took < Duration::from_secs(20), "{:?}", run.took);
}

/// Ends a server while it works on a change, which it can be made to by letting it sleep.
fn broken_in_a_change(more: &str) -> (Finished, u64) {
    let folder = tempfile::tempdir().unwrap();
    let database = database(folder.path());
    let mut server = Server::start(&database);
    let address = server.address();
    let command = format!("New-User adele@contoso.com Adele {more} | Out-Null; (Get-User).Count");
    let running = connected_then(&format!("http://{address}"), folder.path(), &command);
    wait_for(&folder.path().join("up"));
    let id = server.id().to_string();
    let stopped = Command::new("kill").args(["-STOP", &id]).status().unwrap();
    assert!(stopped.success());
    thread::sleep(2 * AWAY);
    server.kill();
    let server = Server::start_at(address, &database);
    let run = running.join().unwrap();
    let left = Usher::new()
        .args(["--server", &format!("http://{}", server.address())])
        .args(["-c", "(Get-User).Count"])
        .run()
        .expect_code(0);
    (run, left.stdout.trim().parse().unwrap())
}

#[test]
fn a_change_that_broke_is_not_made_twice_and_said_to_be_open() {
    let (run, people) = broken_in_a_change("");
    let run = run.expect_code(4);
    for part in ["may have been made", "Get-AuditLog -Top 5", "-RequestId"] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    assert_eq!(people, 0);
}

#[test]
fn a_change_with_a_request_id_is_sent_again() {
    let (run, people) = broken_in_a_change("-RequestId CHG-1");
    let run = run.expect_code(0);
    assert_eq!((run.stdout.trim(), people), ("1", 1), "{}", run.stderr);
}

#[test]
fn a_wrong_name_is_told_from_a_server_that_is_down() {
    let ask = |address: &str| {
        let run = Usher::new()
            .args(["--server", address, "-c", "Get-User"])
            .run();
        run.expect_code(4).stderr
    };
    let name = ask("http://no-such-server.invalid:50443");
    assert!(name.contains("its name is not found"), "{name}");
    assert!(name.contains("how the name is written"), "{name}");
    let down = ask("http://127.0.0.1:1");
    assert!(down.contains("refused"), "{down}");
    assert!(down.contains("Check that it runs"), "{down}");
}

#[test]
fn unknown_revoked_and_expired_tokens_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(folder.path());
    let token = first_token(&database, "megan");
    let server = Server::guarded(&database, &[]);
    let address = format!("http://{}", server.address());
    let ask = |token: &str, commands: &str| {
        Usher::new()
            .args(["--server", &address, "-c", commands])
            .env("USHER_TOKEN", token)
            .run()
    };
    let made = |line: &str| {
        let made = ask(&token, &format!("({line}).Token")).expect_code(0);
        made.stdout.trim().to_owned()
    };
    let revoked = made("New-ApiToken laptop kim@contoso.com");
    let expired = made("New-ApiToken old kim@contoso.com -ExpireTime ((Get-Date).AddSeconds(3))");
    let revoke = "Get-ApiToken kim@contoso.com | Where-Object Name -eq laptop | Revoke-ApiToken";
    let _ = ask(&token, revoke).expect_code(0);
    thread::sleep(Duration::from_secs(4));
    let elsewhere = tempfile::tempdir().unwrap();
    let unknown = first_token(&self::database(elsewhere.path()), "megan");
    for (what, token) in [
        ("not whole", &token[..token.len() - 1]),
        ("not known", &unknown),
        ("was revoked", &revoked),
        ("expired at", &expired),
    ] {
        let run = ask(token, "Get-Session").expect_code(4);
        assert!(run.stderr.contains(what), "{what}: {}", run.stderr);
        assert!(run.stderr.contains("-TokenFile"), "{what}: {}", run.stderr);
        assert!(!run.stderr.contains(token), "{}", run.stderr);
    }
}

/// A keyring that keeps its one secret in a file, under what it was called with.
fn keyring(folder: &Path) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let programs = folder.join("programs");
    fs::create_dir_all(&programs).unwrap();
    let program = programs.join("secret-tool");
    let script = "#!/bin/sh\n\
        echo \"$@\" >> \"$0.calls\"\n\
        case $1 in\n\
        store) cat > \"$0.secret\" ;;\n\
        lookup) cat \"$0.secret\" 2>/dev/null ;;\n\
        esac\n";
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    program
}

#[test]
#[cfg(target_os = "linux")]
fn a_profile_takes_its_token_from_the_keyring_when_it_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(folder.path());
    let token = first_token(&database, "megan");
    let server = Server::guarded(&database, &[]);
    let program = keyring(folder.path());
    let profiles = folder.path().join("profiles.toml");
    let text = format!(
        "[default]\nserver = 'http://{}'\ntoken_keyring = true\npeople = 7\n",
        server.address()
    );
    fs::write(&profiles, text).unwrap();
    let run = |path: &str, commands: &str| {
        Usher::new()
            .env("USHER_PROFILES", profiles.to_str().unwrap())
            .env("PATH", path)
            .args(["--output", "json", "-c", commands])
            .run()
    };
    let path = format!("{}:/usr/bin:/bin", program.parent().unwrap().display());
    let none = run("/nowhere", "Get-Session").expect_code(2);
    for part in ["KEYRING", "not installed", "-TokenFile FILE"] {
        assert!(none.stderr.contains(part), "{part}: {}", none.stderr);
    }
    let empty = run(&path, "Get-Session").expect_code(2);
    assert!(empty.stderr.contains("holds no token"), "{}", empty.stderr);
    fs::write(program.with_extension("secret"), &token).unwrap();
    let session = run(&path, "Get-Session").expect_code(0);
    for part in [
        "\"megan\"",
        "\"Profile\": \"default\"",
        "\"PeopleLimit\": 7",
    ] {
        assert!(session.stdout.contains(part), "{part}: {}", session.stdout);
    }
    // What asks no server asks no keyring.
    let calls = program.with_extension("calls");
    fs::remove_file(&calls).unwrap();
    let _ = run(&path, "1 + 1").expect_code(0);
    assert!(!calls.exists());
}

#[test]
fn a_way_is_kept_as_a_profile_without_its_token() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(folder.path());
    let token = first_token(&database, "megan");
    let server = Server::guarded(&database, &[]);
    let profiles = folder.path().join("config/profiles.toml");
    let run = |more: &[&str], commands: &str| {
        Usher::new()
            .env("USHER_PROFILES", profiles.to_str().unwrap())
            .env("USHER_TOKEN", &token)
            .args(more)
            .args(["--output", "json", "-c", commands])
            .run()
    };
    let connect = format!("Connect-Service http://{} -SaveAs far", server.address());
    let _ = run(&["--data", ":memory:"], &connect).expect_code(0);
    let kept = fs::read_to_string(&profiles).unwrap();
    assert!(kept.contains("token_variable = \"USHER_TOKEN\""), "{kept}");
    assert!(!kept.contains(&token), "{kept}");
    let session = run(&["--profile", "far"], "Get-Session").expect_code(0);
    assert!(
        session.stdout.contains("\"Profile\": \"far\""),
        "{}",
        session.stdout
    );
    let again = run(&["--data", ":memory:"], &connect).expect_code(2);
    assert!(again.stderr.contains("already"), "{}", again.stderr);
}

#[test]
fn a_read_only_profile_makes_the_session_read_only() {
    let folder = tempfile::tempdir().unwrap();
    let profiles = folder.path().join("profiles.toml");
    fs::write(&profiles, "[safe]\ndata = ':memory:'\nread_only = true\n").unwrap();
    let run = |commands: &str| {
        Usher::new()
            .env("USHER_PROFILES", profiles.to_str().unwrap())
            .args(["--data", ":memory:", "-c", commands])
            .run()
    };
    for enter in ["Connect-Service", "Set-Session"] {
        let line = format!("{enter} -Profile safe | Out-Null; New-User a@contoso.com A");
        let refused = run(&line).expect_code(1);
        assert!(refused.stderr.contains("READ_ONLY"), "{}", refused.stderr);
    }
    let loosened = run("Set-Session -ReadOnly; Set-Session -ReadOnly:$false").expect_code(1);
    assert!(
        loosened.stderr.contains("NOT_AT_PROMPT"),
        "{}",
        loosened.stderr
    );
}

#[test]
fn a_profile_of_limits_alone_is_about_the_service_in_the_shell() {
    let folder = tempfile::tempdir().unwrap();
    let profiles = folder.path().join("profiles.toml");
    let text = "[default]\nread_only = true\npeople = 5\n[bad]\nread_olny = true\n";
    fs::write(&profiles, text).unwrap();
    let run = |more: &[&str], commands: &str| {
        Usher::new()
            .env("USHER_PROFILES", profiles.to_str().unwrap())
            .args(more)
            .args(["--output", "json", "-c", commands])
            .run()
    };
    let session = run(&[], "Get-Session").expect_code(0).stdout;
    for part in ["\"ReadOnly\": true", "\"PeopleLimit\": 5", "usher\""] {
        assert!(session.contains(part), "{part}: {session}");
    }
    let bad = run(&["--profile", "bad"], "Get-Session").expect_code(2);
    for part in ["line 5", "`read_olny`", "Did you mean read_only?"] {
        assert!(bad.stderr.contains(part), "{part}: {}", bad.stderr);
    }
}

#[test]
fn a_way_out_is_said_as_the_way_was() {
    let folder = tempfile::tempdir().unwrap();
    let profiles = folder.path().join("profiles.toml");
    fs::write(&profiles, "[far]\nserver = 'http://127.0.0.1:1'\n").unwrap();
    let refused = |more: &[&str], commands: &str| {
        let run = Usher::new()
            .env("USHER_PROFILES", profiles.to_str().unwrap())
            .args(more)
            .args(["-c", commands])
            .run();
        run.expect_code(4).stderr
    };
    let option = refused(&["--server", "http://127.0.0.1:1"], "Get-User");
    assert!(option.contains("(--server, USHER_SERVER)"), "{option}");
    let profile = refused(&["--profile", "far"], "Get-User");
    assert!(profile.contains("(server of the profile far)"), "{profile}");
    let connect = "Connect-Service http://127.0.0.1:1";
    let command = refused(&["--data", ":memory:"], connect);
    assert!(command.contains("(Connect-Service SERVER)"), "{command}");
}
