//! The licensing service: gRPC in front, the planner in the middle, SQLite or PostgreSQL behind.
//! What each part may depend on is said in its own head.

pub mod authn;
pub mod config;
mod convert;
pub mod env;
pub mod filter;
mod permission;
mod rpc;
pub mod serve;
pub mod storage;
