//! The tables as SeaORM sees them, one a file. No logic lives here: rows become the domain's types next door.
#![allow(
    unreachable_pub,
    reason = "the derives write `pub`, whatever the visibility of the model"
)]

pub(crate) mod assignments;
pub(crate) mod heads;
pub(crate) mod over_allocations;
pub(crate) mod plans;
pub(crate) mod pools;
pub(crate) mod product_plans;
pub(crate) mod products;
pub(crate) mod records;
pub(crate) mod requests;
pub(crate) mod roles;
pub(crate) mod rules;
pub(crate) mod subscriptions;
pub(crate) mod tenants;
pub(crate) mod tokens;
pub(crate) mod user_words;
pub(crate) mod users;
pub(crate) mod waiting;
