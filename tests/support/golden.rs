//! Expected output in files: what a script printed and wrote is made comparable, compared, shown as a difference that
//! a person can read, and rewritten on purpose with `USHER_TEST_BLESS=1`.

use std::{
    collections::{BTreeSet, HashMap},
    env, fs,
    path::{Path, PathBuf},
};

use crate::usher::{Finished, Usher};

/// Lines that stand unchanged around a difference.
const AROUND: usize = 3;
/// Lines of a longer file that are compared; of the others only the number is.
const SHOWN: usize = 12;
/// A line of a script that starts like this gives more arguments of `usher`.
const ARGUMENTS: &str = "//> ";

/// A server that a script is run against, and the token that it is called with.
pub struct Reached {
    /// Its address.
    pub address: String,
    /// The token; empty for none.
    pub token: String,
}

/// A folder that looks to a script like a fresh checkout: the examples with their data, and the script.
pub struct Checkout {
    folder: tempfile::TempDir,
}

impl Checkout {
    /// A fresh one.
    ///
    /// # Panics
    /// If the files cannot be copied.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let checkout = Self { folder };
        for part in ["examples", "examples/data"] {
            copy_files(&root.join(part), &checkout.path().join(part));
        }
        checkout
    }

    /// The folder in which the script runs.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("usher")
    }

    /// Runs a script of the checkout, and gives what a person saw of it: the output, the errors, the exit code, and
    /// the files that it made.
    ///
    /// # Panics
    /// If the script cannot be read or started.
    #[must_use]
    pub fn run(&self, root: &Path, script: &Path, server: Option<&Reached>) -> String {
        let text = fs::read_to_string(root.join(script)).expect("the script can be read");
        let target = self.path().join(script);
        let beside = target.parent().expect("a script stands in a folder");
        fs::create_dir_all(beside).expect("a folder can be made");
        fs::write(&target, &text).expect("a script can be written");
        let before = files(&self.path());

        let mut usher = Usher::new().within(&self.path());
        let mut arguments: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix(ARGUMENTS))
            .flat_map(str::split_whitespace)
            .collect();
        if let Some(server) = server {
            arguments.extend(["--server", &server.address]);
            usher = usher.env("USHER_TOKEN", &server.token);
        }
        if !arguments.contains(&"--server") && !arguments.contains(&"--data") {
            arguments.extend(["--data", ":memory:"]);
        }
        let run = usher.args(arguments).args([script]).run();
        let made = files(&self.path())
            .into_iter()
            .filter(|file| !before.contains(file));
        let mut text = printed(&run);
        for file in made {
            let content = fs::read_to_string(self.path().join(&file)).unwrap_or_default();
            text.push_str(&format!("--- {}\n{}", file.display(), shortened(&content)));
        }
        let folder = self.folder.path().display().to_string();
        let address = server.map_or("http://127.0.0.1:0", |server| &server.address);
        comparable(&text.replace(&folder, "FOLDER").replace(address, "SERVER"))
    }
}

fn copy_files(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).into_iter().flatten().flatten() {
        if entry.path().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).expect("a file can be copied");
        }
    }
}

fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(name) = path.strip_prefix(folder) {
                found.insert(name.to_path_buf());
            }
        }
    }
    found
}

fn shortened(content: &str) -> String {
    let lines: Vec<&str> = content.lines().collect();
    let more = lines.len().saturating_sub(SHOWN);
    let mut text: String = lines
        .iter()
        .take(SHOWN)
        .map(|line| format!("{line}\n"))
        .collect();
    if more > 0 {
        text.push_str(&format!("… and {more} lines more\n"));
    }
    text
}

fn printed(run: &Finished) -> String {
    format!(
        "{}--- errors\n{}--- exit code {}\n",
        ended(&run.stdout),
        ended(&run.stderr),
        run.code
    )
}

/// Three things differ from run to run and are replaced, so that the rest can be compared letter by letter: each
/// generated id (a UUID of version 7) becomes `id-1`, `id-2`… in the order of appearance, each time of day becomes
/// `YYYY-MM-DDThh:mm:ssZ`, and each day `YYYY-MM-DD`. In a table they stay as wide as they were, so that it keeps its
/// columns.
fn comparable(text: &str) -> String {
    let mut ids = HashMap::new();
    text.lines()
        .map(|line| format!("{}\n", comparable_line(line, &mut ids)))
        .collect()
}

/// Compares with the file, or rewrites it when that is asked for; a difference is the error.
///
/// # Errors
/// The difference, in words and lines.
///
/// # Panics
/// If the file cannot be written.
pub fn compare(root: &Path, file: &Path, seen: &str) -> Result<(), String> {
    let expected = fs::read_to_string(root.join(file)).unwrap_or_default();
    if expected == seen {
        return Ok(());
    }
    if env::var_os("USHER_TEST_BLESS").is_some_and(|value| value == "1") {
        fs::write(root.join(file), seen)
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        return Ok(());
    }
    Err(format!(
        "{} differs: - is expected, + was printed. USHER_TEST_BLESS=1 rewrites it.\n{}",
        file.display(),
        difference(&expected, seen)
    ))
}

fn ended(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') {
        text.to_owned()
    } else {
        format!("{text}\n")
    }
}

fn comparable_line(line: &str, ids: &mut HashMap<String, usize>) -> String {
    let mut replaced = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        if let Some(id) = rest.get(..36).filter(|text| is_generated(text)) {
            let next = ids.len() + 1;
            let number = *ids.entry(id.to_owned()).or_insert(next);
            rest = &rest[36..];
            let width = if rest.starts_with("  ") { 36 } else { 0 };
            replaced.push_str(&format!("{:width$}", format!("id-{number}")));
        } else if let Some(width) = width_of_time(rest) {
            replaced.push_str(&format!("{:width$}", "YYYY-MM-DDThh:mm:ssZ"));
            rest = &rest[width..];
        } else if fits(rest, "dddd-dd-dd") {
            replaced.push_str("YYYY-MM-DD");
            rest = &rest[10..];
        } else {
            replaced.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    replaced.trim_end().to_owned()
}

fn is_generated(text: &str) -> bool {
    uuid::Uuid::try_parse(text).is_ok_and(|id| id.get_version_num() == 7)
}

/// `2026-11-24T10:20:30Z`, with or without a fraction of the second.
fn width_of_time(text: &str) -> Option<usize> {
    const SHAPE: &str = "dddd-dd-ddTdd:dd:dd";
    if !fits(text, SHAPE) {
        return None;
    }
    let after = &text[SHAPE.len()..];
    let fraction = after.strip_prefix('.').map_or(0, |digits| {
        1 + digits.bytes().take_while(u8::is_ascii_digit).count()
    });
    after[fraction..]
        .starts_with('Z')
        .then_some(SHAPE.len() + fraction + 1)
}

/// Whether a text begins with this shape, in which `d` is a digit.
fn fits(text: &str, shape: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= shape.len()
        && shape.bytes().zip(bytes).all(|(shape, byte)| match shape {
            b'd' => byte.is_ascii_digit(),
            other => *byte == other,
        })
}

/// The lines that differ, each with a few that do not.
fn difference(expected: &str, seen: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), seen.lines().collect());
    let marked = marked(&old, &new);
    let near = |at: usize| {
        let from = at.saturating_sub(AROUND);
        marked[from..marked.len().min(at + AROUND + 1)]
            .iter()
            .any(|(mark, _)| *mark != ' ')
    };
    let mut text = String::new();
    let mut left_out = false;
    for (at, (mark, line)) in marked.iter().enumerate() {
        if near(at) {
            text.push_str(&format!("{mark} {line}\n"));
            left_out = false;
        } else if !left_out {
            text.push_str("  …\n");
            left_out = true;
        }
    }
    text
}

// The longest common subsequence; outputs have a screen or two of lines.
fn marked<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(char, &'a str)> {
    let mut common = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for at in (0..old.len()).rev() {
        for beside in (0..new.len()).rev() {
            common[at][beside] = if old[at] == new[beside] {
                common[at + 1][beside + 1] + 1
            } else {
                common[at + 1][beside].max(common[at][beside + 1])
            };
        }
    }
    let (mut at, mut beside, mut lines) = (0, 0, Vec::new());
    while at < old.len() || beside < new.len() {
        if at < old.len() && beside < new.len() && old[at] == new[beside] {
            lines.push((' ', old[at]));
            (at, beside) = (at + 1, beside + 1);
        } else if beside == new.len()
            || (at < old.len() && common[at + 1][beside] >= common[at][beside + 1])
        {
            lines.push(('-', old[at]));
            at += 1;
        } else {
            lines.push(('+', new[beside]));
            beside += 1;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_times_are_replaced_and_keep_their_width() {
        let mut ids = HashMap::new();
        let line = "a 019ab000-0000-7000-8000-000000000001  b 2026-11-24T01:02:03.5Z c 0c266dff-15dd-4b49-8397-2bb16070ed52";
        let replaced = comparable_line(line, &mut ids);
        assert_eq!(
            replaced,
            "a id-1                                  b YYYY-MM-DDThh:mm:ssZ   c 0c266dff-15dd-4b49-8397-2bb16070ed52"
        );
        assert_eq!(
            comparable_line(
                "Take 019ab000-0000-7000-8000-000000000001 by 2026-11-24.",
                &mut ids
            ),
            "Take id-1 by YYYY-MM-DD."
        );
        assert_eq!(
            comparable_line("5 expire 2027-11-24, not 1-2-3", &mut ids),
            "5 expire YYYY-MM-DD, not 1-2-3"
        );
    }

    #[test]
    fn a_difference_shows_both_sides_and_little_else() {
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n";
        let new = "1\n2\n3\n4\n5\n6\nseven\n8\n";
        assert_eq!(
            difference(old, new),
            "  …\n  4\n  5\n  6\n- 7\n+ seven\n  8\n"
        );
    }
}
