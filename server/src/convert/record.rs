//! Entries of the record of changes, from the store to the wire.

use std::fmt::Write;

use usher::v1 as wire;

use super::time;
use crate::storage::Record;

/// One change; `subject` is the name of the thing now, where it has one.
pub(crate) fn to_wire(record: Record, subject: String) -> wire::Change {
    let mut chain_hash = String::with_capacity(2 * record.hash.len());
    for byte in record.hash {
        // Writing to a string does not fail.
        let _ = write!(chain_hash, "{byte:02x}");
    }
    wire::Change {
        revision: record.revision.0,
        time: Some(time::to_wire(record.at)),
        actor: record.actor,
        action: record.action,
        subject_type: record.subject_kind,
        subject_id: record.subject_id,
        subject,
        reason: record.reason.unwrap_or_default(),
        request_id: record.request_id.unwrap_or_default(),
        batch_id: record
            .batch
            .map(|batch| batch.to_string())
            .unwrap_or_default(),
        before: json(record.before),
        after: json(record.after),
        chain_hash,
    }
}

/// The record says `null` where the thing was new or is gone.
fn json(text: String) -> String {
    if text == "null" { String::new() } else { text }
}
