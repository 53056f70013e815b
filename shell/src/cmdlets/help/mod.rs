//! Commands about commands; all they say comes from the declarations.

#[cfg(test)]
mod document;
#[cfg(test)]
mod error_document;
mod fitted;
mod get_command;
mod get_help;
#[cfg(test)]
mod help_test;
mod page;
mod topics;

pub(crate) use topics::TOPICS;

pub use get_command::GET_COMMAND;
pub use get_help::GET_HELP;
