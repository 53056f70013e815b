//! Between the types of the wire and those of the domain. No decision is made here, and nothing is
//! read or stored.

pub(crate) mod access;
pub(crate) mod field_path;
pub(crate) mod fields;
pub(crate) mod import;
pub(crate) mod license;
pub(crate) mod license_change;
pub(crate) mod outcome;
pub(crate) mod pool;
pub(crate) mod product;
pub(crate) mod record;
mod record_words;
pub(crate) mod rule;
pub(crate) mod service_data;
pub(crate) mod subscription;
pub(crate) mod tenant;
pub(crate) mod time;
pub(crate) mod user;
pub(crate) mod user_fields;
