//! Commands about commands; all they say comes from the declarations.

mod get_command;
mod get_help;
mod page;

pub use get_command::GET_COMMAND;
pub use get_help::GET_HELP;
