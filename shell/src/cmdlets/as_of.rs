//! `-AsOf`: a moment that a command that only looks is to show.

use crate::cmdlet::{Arguments, Kind, Param};
use crate::types::timestamp;

/// The parameter.
pub(crate) const AS_OF: Param = Param::new(
    "AsOf",
    Kind::Date,
    "As it was at this moment: 2026-11-01, 2026-11-01T09:30:00Z, yesterday, '3 days ago' or -3d",
);

/// The moment asked for, as the service takes it.
pub(crate) fn read_time(args: &Arguments) -> Option<prost_types::Timestamp> {
    args.date("AsOf").map(timestamp)
}
