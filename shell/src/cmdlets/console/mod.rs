//! Commands about the person at the terminal, time, and the session itself: they touch no object of the service.

#[cfg(test)]
mod console_test;
mod get_alias;
mod get_date;
mod get_history;
mod measure_command;
mod read_host;
mod set_alias;
mod start_sleep;
mod words;
mod write_error;
mod write_host;
mod write_progress;
mod write_verbose;
mod write_warning;

pub use get_alias::GET_ALIAS;
pub use get_date::GET_DATE;
pub use get_history::GET_HISTORY;
pub use measure_command::MEASURE_COMMAND;
pub use read_host::READ_HOST;
pub use set_alias::SET_ALIAS;
pub use start_sleep::START_SLEEP;
pub use write_error::WRITE_ERROR;
pub use write_host::WRITE_HOST;
pub use write_progress::WRITE_PROGRESS;
pub use write_verbose::WRITE_VERBOSE;
pub use write_warning::WRITE_WARNING;
