//! Between the types of the wire and those of the domain. No decision is made here, and nothing is
//! read or stored.

pub(crate) mod fields;
pub(crate) mod license_change;
pub(crate) mod outcome;
pub(crate) mod time;
