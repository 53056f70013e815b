//! Commands about purchases of seats.

mod change;
mod get_subscription;
mod move_subscription;
mod new_subscription;
mod resume_subscription;
mod set_subscription;
mod stop_subscription;

pub use get_subscription::GET_SUBSCRIPTION;
pub use move_subscription::MOVE_SUBSCRIPTION;
pub use new_subscription::NEW_SUBSCRIPTION;
pub use resume_subscription::RESUME_SUBSCRIPTION;
pub use set_subscription::SET_SUBSCRIPTION;
pub use stop_subscription::STOP_SUBSCRIPTION;

use crate::error::{Result, ShellError};

/// A number of days or months as the service takes it.
fn days(number: Option<i64>, param: &str) -> Result<Option<i32>> {
    number
        .map(|number| {
            i32::try_from(number).map_err(|_| {
                ShellError::new(
                    "ARGUMENT_INVALID",
                    format!("-{param} is too large: {number}"),
                )
            })
        })
        .transpose()
}
