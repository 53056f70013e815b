//! The calls of the contract, one a file: read the request, ask the store, write the response.
//! No rule of licensing and no SQL lives here.

pub(crate) mod status;
