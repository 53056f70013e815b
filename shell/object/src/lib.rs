//! The objects that flow through the shell's pipelines, and everything native that is done with them.
//! Pure: no script engine, no network, no files (readers and writers come in), no clock.

pub mod error;
pub mod fold;
pub mod instant;
pub mod number;
pub mod record;
pub mod value;

pub use error::{ErrorCode, ObjectError, Position, UnknownProperty};
pub use instant::Instant;
pub use record::{Record, RecordBuilder, RecordType, TypeCache};
pub use value::Value;
