//! What the tests stand on: real databases, real servers, real shells, connected clients, seed data. A failure in here
//! is a failed test, so it panics. No test and no expectation about the service lives here.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "whatever goes wrong here fails the test that asked for it"
)]

pub mod client;
pub mod clocked;
pub mod databases;
pub mod golden;
pub mod import;
pub mod invented;
pub mod load;
pub mod office;
mod postgres;
pub mod programs;
pub mod raw;
pub mod seed;
pub mod server;
pub mod shared_data;
pub mod skip;
pub mod terminal;
pub mod usher;
