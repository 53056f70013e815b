//! Where the programs under test are: built once, in the folder where this test was built.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

/// The path of `usher` or `usher-server`, as the sources stand now.
///
/// # Panics
/// If it is not there.
pub fn program(name: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder =
        FOLDER.get_or_init(|| env::var_os("USHER_TEST_PROGRAMS").map_or_else(build, PathBuf::from));
    let path = folder.join(format!("{name}{}", env::consts::EXE_SUFFIX));
    assert!(
        path.exists(),
        "{} is not there; build it with `cargo build --workspace`",
        path.display()
    );
    path
}

// Cargo builds a program only for the tests of its own package: without this a test would run whatever was built last.
// The targets beside the programs keep the features of their dependencies as this test was built with, so that nothing
// is built twice.
fn build() -> PathBuf {
    let executable = env::current_exe().expect("the test knows its own path");
    let folder = executable
        .parent()
        .and_then(Path::parent)
        .expect("a test stands in <target>/<profile>/deps");
    let target = folder
        .parent()
        .expect("a profile's folder stands in the target folder");
    let (profile, beside): (_, &[&str]) = match folder.file_name().and_then(|name| name.to_str()) {
        Some("release") => ("bench", &["--bench", "throughput"]),
        _ => ("dev", &["--tests"]),
    };
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "build",
            "--quiet",
            "--workspace",
            "--bins",
            "--profile",
            profile,
        ])
        .args(beside)
        .arg("--target-dir")
        .arg(target)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .status()
        .expect("cargo can be run");
    assert!(status.success(), "the programs under test do not build");
    folder.to_path_buf()
}
