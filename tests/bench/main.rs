//! How fast the whole is, from outside, beside a floor measured in the same run: `cargo bench -p usher-tests`.
//!
//! `-- --quick` takes a tenth of the work, `-- sqlite postgres shell memory` names the parts to run, `-- --only=TEXT` the
//! figures of the service that have this text in their name. PostgreSQL is the server that `USHER_TEST_POSTGRES` names. The figures go to standard output and nowhere else.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark that cannot run has nothing to go on with, and its output is its result"
)]

mod bare_loop;
mod bare_search;
mod memory;
mod report;
mod service;
mod shell;
mod transaction_each;

use std::{env, sync::Arc};

use report::Report;
use usher_tests::databases::{Database, on_postgres, on_sqlite};

/// How much work a run does.
#[derive(Clone, Copy)]
struct Scale {
    /// Everything is divided by this.
    divisor: usize,
    /// Figures whose name has not this text are left out.
    only: &'static str,
}

impl Scale {
    fn wants(self, what: &str) -> bool {
        what.contains(self.only)
    }

    fn of(self, full: usize) -> usize {
        (full / self.divisor).max(1)
    }
}

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let scale = Scale {
        divisor: if arguments.iter().any(|argument| argument == "--quick") {
            10
        } else {
            1
        },
        only: arguments
            .iter()
            .find_map(|argument| argument.strip_prefix("--only="))
            .map_or("", |text| text.to_owned().leak()),
    };
    let parts: Vec<&str> = arguments
        .iter()
        .map(String::as_str)
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    let wanted = |part: &str| parts.is_empty() || parts.contains(&part);
    let mut report = Report::default();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be started");
    if wanted("sqlite") {
        let run = |database: Arc<Database>| service(database, scale);
        runtime.block_on(on_sqlite(async |database| {
            report.extend(run(database).await)
        }));
    }
    if wanted("postgres") {
        let run = |database: Arc<Database>| service(database, scale);
        runtime.block_on(on_postgres("PostgreSQL", async |database| {
            report.extend(run(database).await)
        }));
    }
    if wanted("shell") {
        report.extend(shell::measure(scale));
    }
    if wanted("memory") {
        report.extend(runtime.block_on(memory::measure(scale)));
    }
    println!("{report}");
}

async fn service(database: Arc<Database>, scale: Scale) -> Vec<report::Line> {
    service::measure(&database, scale).await
}
