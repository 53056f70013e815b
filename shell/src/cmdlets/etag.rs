//! A change only of what nobody else has changed since it was read.

use usher_object::Value;

use crate::cmdlet::{Call, FromPipeline, Kind, Param};
use crate::error::Result;

/// The etag that the service compares with the one of the moment; `-Etag { $_.Etag }` takes it from each object.
pub(super) const ETAG: Param = Param::new(
    "Etag",
    Kind::Text,
    "Changes it only if it is still as it was read: its Etag, or { $_.Etag } for objects of the pipeline",
)
.from(FromPipeline::Property(&[]));

/// What `-Etag` says for this item; empty where it was not given.
pub(super) fn etag(call: &Call<'_>, item: &Value) -> Result<String> {
    if call.args.has(ETAG.name) {
        call.text_for(ETAG.name, item)
    } else {
        Ok(String::new())
    }
}
