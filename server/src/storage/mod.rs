//! Everything that touches the database: commands in, outcomes out, reads as of any revision.
//! No rule of licensing lives here; what a command does is planned in the domain.

mod connect;
mod entity;
mod error;
mod fragment;
mod lock;
mod moment;
mod page;
mod rows;
mod sets;
mod users;
