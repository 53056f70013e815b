//! The objects that flow through the shell's pipelines, and everything native that is done with them.
//! Pure: no script engine, no network, no files (readers and writers come in), no clock.

pub mod compare;
pub mod csv_read;
pub mod csv_write;
pub mod decode;
pub mod encode;
pub mod error;
pub mod fold;
pub mod format;
#[cfg(test)]
mod fuzz_test;
pub mod group;
pub mod instant;
pub mod json_read;
pub mod json_write;
pub mod measure;
pub mod member;
pub mod number;
pub mod operator;
pub mod pattern;
pub mod property;
pub mod record;
pub mod relative;
pub mod select;
pub mod sort;
pub mod value;
pub mod where_simple;

pub use encode::{Encoder, Encoding};
pub use error::{ErrorCode, ObjectError, Position, UnknownProperty};
pub use instant::Instant;
pub use operator::{Comparer, Operator};
pub use property::Property;
pub use record::{Record, RecordBuilder, RecordType, TypeCache};
pub use value::Value;
