//! Commands about purchases of seats.

mod get_subscription;
mod new_subscription;

pub use get_subscription::GET_SUBSCRIPTION;
pub use new_subscription::NEW_SUBSCRIPTION;
