//! Large test data that stands beside the checkout and is no part of it.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::skip::skipped;

const DEFAULT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data");

/// The path of one of the files, or `None` after saying that the test is skipped.
#[must_use]
pub fn path(test: &str, file: &str) -> Option<PathBuf> {
    let folder =
        env::var_os("USHER_TEST_SHARED_DATA").map_or_else(|| PathBuf::from(DEFAULT), PathBuf::from);
    let path = folder.join(file);
    if !Path::exists(&path) {
        skipped(test, &format!("{file} is not in {}", folder.display()));
        return None;
    }
    Some(
        path.canonicalize()
            .expect("an existing path has a canonical form"),
    )
}

/// The path of one of the files as text.
#[must_use]
pub fn text_path(test: &str, file: &str) -> Option<String> {
    path(test, file).map(|path| path.to_str().expect("the path is UTF-8").to_owned())
}
