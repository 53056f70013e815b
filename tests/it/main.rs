//! The service and the shell from outside: every test drives real programs on real databases. Rules of their own have
//! their tests beside the code.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, in a function that it calls too"
)]

mod access;
mod automation;
mod bad_callers;
mod bad_input;
mod cancelled;
mod clients;
mod clock;
mod concurrency;
mod connecting;
mod error_codes;
mod golden;
mod killed;
mod limits;
mod main_job;
mod powershell;
mod random;
mod retries;
mod rules_table;
mod shell;
mod stories;
mod terminal;
mod tls;
mod what_if;
