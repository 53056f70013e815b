//! The one place of the shell that reads the machine's clock; everything else is given the moment.

use std::time::{SystemTime, UNIX_EPOCH};

use usher_object::Instant;

/// This moment by the machine's clock.
#[allow(
    clippy::disallowed_methods,
    reason = "whoever types Get-Date asks for the machine's clock"
)]
pub(crate) fn system() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let micros = since.map(|since| since.as_micros()).unwrap_or_default();
    Instant::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
}
