//! Everything that touches the database: commands in, outcomes out, reads as of any revision.
//! No rule of licensing lives here; what a command does is planned in the domain.

mod connect;
mod entity;
mod error;
mod lock;
mod page;
mod sets;
