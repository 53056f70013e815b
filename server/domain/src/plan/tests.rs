//! Decisions about users, subscriptions and the catalogue, and the figures of the real data.

mod catalogue;
mod data;
mod deleted;
mod guests;
mod operator;
mod published;
mod recorded;
mod rules;
mod subscriptions;
mod users;

pub(crate) use self::recorded::recorded_whole;
