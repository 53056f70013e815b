//! The licensing rules: snapshot and command in, plan out. Pure: no I/O, no clock, no randomness.

pub mod access;
mod calendar;
pub mod catalogue;
pub mod chain;
pub mod command;
pub mod compare;
mod country;
pub mod effective;
#[cfg(test)]
mod fixture;
pub mod ids;
pub mod import;
pub mod licence;
mod name_key;
pub mod plan;
mod plan_set;
pub mod refusal;
pub mod rules;
pub mod service_data;
pub mod snapshot;
pub mod subscription;
pub mod words;

pub use self::name_key::NameKey;
