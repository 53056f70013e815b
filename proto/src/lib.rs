//! The contract of Usher, shared by both ends of the wire: generated messages and services, resource names, error
//! reasons. No I/O and no decisions live here.

pub mod name;
pub mod reason;

/// Messages, clients and servers of package `usher.v1`.
pub mod v1 {
    #![allow(clippy::all, clippy::pedantic, unreachable_pub, unused_qualifications)]
    tonic::include_proto!("usher.v1");
}

/// All files of the contract as an encoded `FileDescriptorSet`, for reflection.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// Largest message that either end takes, in bytes.
pub const MAX_MESSAGE_BYTES: usize = 8 * 1024 * 1024;
/// The metadata in which a local caller says for whom it acts: 1 to 256 printable ASCII characters.
pub const IDENTITY_METADATA: &str = "usher-identity";
/// The metadata in which a partner says which organisation a call is about: its id or name.
pub const TENANT_METADATA: &str = "usher-tenant";
/// Rows that one message of a stream may carry.
pub const MAX_ROWS_PER_MESSAGE: usize = 1_000;
/// Size of a page where the request names none.
pub const DEFAULT_PAGE_SIZE: i32 = 100;
/// Largest page.
pub const MAX_PAGE_SIZE: i32 = 1_000;
