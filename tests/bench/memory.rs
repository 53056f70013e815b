//! The most memory that the shell ever holds while a million objects go through a pipeline, the service in the same
//! process included. Linux tells it; elsewhere nothing is measured.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use usher_tests::{client::Client, programs::program, seed, server::Server};

use crate::{
    Scale,
    report::{Aim, Line},
};

/// What the issue of bounded memory allows, in MB.
const MOST: f64 = 200.0;
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// Peak memory of the pipelines, beside that of a shell that computes nothing.
pub(crate) async fn measure(scale: Scale) -> Vec<Line> {
    let count = scale.of(1_000_000);
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    {
        let server = Server::start(&format!("sqlite://{}", data.join("usher.db").display()));
        let client = Client::connect(server.address()).await;
        seed::people(&client, count).await;
    }
    let numbers = format!(
        "1..{count} | Where-Object {{ $_ % 2 -eq 0 }} | Select-Object Half={{ $_ / 2 }} | Measure-Object Half -Sum"
    );
    let people = "Get-User | Where-Object UsageLocation -eq US | Select-Object UserPrincipalName, DisplayName | Measure-Object";
    let empty = peak(&data, "1 + 1");
    [
        (
            format!("shell: memory, a range of {count}"),
            numbers.as_str(),
        ),
        (format!("shell: memory, {count} people"), people),
    ]
    .into_iter()
    .filter_map(|(what, commands)| Some((what, peak(&data, commands)?, empty?)))
    .map(|(what, peak, empty)| {
        Line::megabytes(what, peak)
            .floor("`usher -c '1 + 1'`", empty)
            .aim(Aim::AtMost(MOST))
    })
    .collect()
}

/// The most memory that was resident, in MB.
fn peak(data: &Path, commands: &str) -> Option<f64> {
    let mut shell = Command::new(program("usher"))
        .arg("--data")
        .arg(data)
        .args(["-c", commands])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut most = None;
    while shell.try_wait().unwrap().is_none() {
        most = resident_at_most(&shell).or(most);
        thread::sleep(LOOK_EVERY);
    }
    assert!(shell.wait().unwrap().success(), "{commands}");
    most
}

fn resident_at_most(shell: &Child) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{}/status", shell.id())).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kibibytes * 1024.0 / 1e6)
}
