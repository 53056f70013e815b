//! The names of all tests, read from the sources.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Tests as `path/of/file::function`, the path without its ending.
pub(super) struct Sources(BTreeSet<String>);

impl Sources {
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// Whether there is a test of this name: the last part or parts of the file's path, and the function.
    pub(super) fn has(&self, test: &str) -> bool {
        self.0.iter().any(|known| {
            known
                .strip_suffix(test)
                .is_some_and(|path| path.ends_with('/'))
        })
    }
}

/// Every test of the sources below a folder.
pub(super) fn tests_below(folder: &str) -> Sources {
    let mut found = BTreeSet::new();
    for file in files(&Path::new(ROOT).join(folder)) {
        let text = fs::read_to_string(&file).unwrap();
        let path = file.with_extension("").display().to_string();
        found.extend(tests_in(&text).iter().map(|name| format!("{path}::{name}")));
    }
    Sources(found)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap().map(Result::unwrap) {
            let (path, name) = (entry.path(), entry.file_name());
            let name = name.to_string_lossy();
            if path.is_dir() {
                if name != "target" && !name.starts_with('.') {
                    folders.push(path);
                }
            } else if name.ends_with(".rs") {
                files.push(path);
            }
        }
    }
    files
}

/// Functions that are marked as tests, and those that a macro makes tests of.
fn tests_in(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut marked = false;
    let mut listed = false;
    for line in text.lines().map(str::trim) {
        let list = match line.strip_prefix("on_both_databases!(") {
            Some(rest) => Some(rest),
            None if listed => Some(line),
            None => None,
        };
        if let Some(list) = list {
            let inside = list.split(')').next().unwrap_or_default();
            names.extend(
                inside
                    .split(',')
                    .map(str::trim)
                    .filter(|name| is_name(name)),
            );
            listed = !list.contains(')');
        } else if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            marked = true;
        } else if let Some(name) = function(line) {
            if marked || line.contains("&TestDatabase) {") {
                names.push(name);
            }
            marked = false;
        }
    }
    names
}

fn function(line: &str) -> Option<&str> {
    let line = line.strip_prefix("async ").unwrap_or(line);
    line.strip_prefix("fn ")?
        .split(|letter: char| !is_letter(letter))
        .next()
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_letter)
}

fn is_letter(letter: char) -> bool {
    letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_'
}

#[test]
fn tests_are_found_however_they_are_made() {
    let text = "
        #[test]
        fn one() {}
        #[tokio::test(flavor = \"multi_thread\")]
        async fn two() {}
        fn helper() {}
        on_both_databases! {
            async fn three(database: &TestDatabase) {
        }
        on_both_databases!(
            four,
            five
        );
        on_both_databases!(six);";
    assert_eq!(
        tests_in(text),
        ["one", "two", "three", "four", "five", "six"]
    );
}
