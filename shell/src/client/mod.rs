//! The connection to the service: the only place of the shell that blocks on the network.

/// The connection to the service, made on first use.
pub struct Connection;
