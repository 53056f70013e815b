//! The shell as a process: its start, and its native commands on a large file.

use std::{
    collections::HashMap,
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use usher_tests::usher::Usher;

use crate::{
    Scale,
    report::{Aim, Line},
};

const STARTS: usize = 21;
const REPEATS: usize = 5;
const DEPARTMENTS: usize = 40;

/// Every figure of the shell.
pub(crate) fn measure(scale: Scale) -> Vec<Line> {
    let rows = scale.of(100_000);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rows.csv");
    fs::write(&file, table(rows)).unwrap();

    let start = median(STARTS, || usher(folder.path(), "1 + 1"));
    let process = median(STARTS, || {
        timed(|| assert!(Command::new("true").status().unwrap().success()))
    });
    let read = median(REPEATS, || {
        usher(folder.path(), "Import-Csv rows.csv | Out-Null")
    });
    let sort = median(REPEATS, || {
        usher(
            folder.path(),
            "Import-Csv rows.csv | Sort-Object Department, DisplayName | Out-Null",
        )
    });
    let group = median(REPEATS, || {
        usher(
            folder.path(),
            "Import-Csv rows.csv | Group-Object Department | Out-Null",
        )
    });

    let bare_read = median(REPEATS, || timed(|| assert_eq!(records(&file).len(), rows)));
    let mut unsorted = records(&file);
    let bare_sort = timed(|| unsorted.sort_by(|a, b| (&a[1], &a[2]).cmp(&(&b[1], &b[2]))));
    let bare_group = timed(|| {
        let mut groups: HashMap<&str, Vec<usize>> = HashMap::new();
        for (number, record) in unsorted.iter().enumerate() {
            groups.entry(&record[1]).or_default().push(number);
        }
        assert_eq!(groups.len(), DEPARTMENTS.min(rows));
    });

    let named = |what: &str| format!("shell: {what}, {rows} rows");
    vec![
        Line::milliseconds("shell: start, `usher -c '1 + 1'`", milliseconds(start))
            .floor("an empty process", milliseconds(process))
            .aim(Aim::AtMost(20.0)),
        Line::milliseconds(named("CSV read"), milliseconds(read.saturating_sub(start)))
            .floor("the csv crate, into records", milliseconds(bare_read))
            .aim(Aim::AtMost(450.0)),
        Line::milliseconds(
            named("sort by two columns"),
            milliseconds(sort.saturating_sub(read)),
        )
        .floor("a sort of the csv crate's records", milliseconds(bare_sort))
        .aim(Aim::AtMost(500.0)),
        Line::milliseconds(named("group"), milliseconds(group.saturating_sub(read)))
            .floor("a map of the csv crate's records", milliseconds(bare_group))
            .aim(Aim::AtMost(100.0)),
    ]
}

fn usher(folder: &Path, commands: &str) -> Duration {
    Usher::in_memory(commands)
        .within(folder)
        .run()
        .expect_code(0)
        .took
}

fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

fn median(times: usize, mut measure: impl FnMut() -> Duration) -> Duration {
    let mut measured: Vec<Duration> = (0..times).map(|_| measure()).collect();
    measured.sort_unstable();
    measured[times / 2]
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

fn records(file: &Path) -> Vec<csv::StringRecord> {
    csv::Reader::from_path(file)
        .unwrap()
        .records()
        .map(Result::unwrap)
        .collect()
}

// A table like a directory's: eight columns, a key without order, few departments.
fn table(rows: usize) -> String {
    let header =
        "UserPrincipalName,Department,DisplayName,Id,City,UsageLocation,AccountEnabled,Seats\n";
    let mut text = header.to_owned();
    for number in 0..rows {
        let mixed = number.wrapping_mul(2_654_435_761) % 1_000_003;
        text.push_str(&format!(
            "person{number}@example.com,Department {},Person {mixed},{mixed:08},City {},US,True,{}\n",
            number % DEPARTMENTS,
            number % 97,
            mixed % 500
        ));
    }
    text
}
