//! The shell of Usher: rhai with licensing commands and pipelines. `lang` translates, `script` runs, `cmdlet` says
//! what a command is, `cmdlets` are the commands, `client` speaks to the service, `repl` to the person.

mod budget;
pub mod cli;
pub mod client;
mod clock;
pub mod cmdlet;
pub mod cmdlets;
mod embedded;
pub mod error;
pub mod files;
mod keyring;
mod output;
mod profiles;
mod repl;
mod report;
pub mod script;
mod script_help;
pub mod session;
pub mod types;
