//! Entries of the record of changes, from the store to the wire.

use std::fmt::Write;

use usher::v1 as wire;
use usher_domain::catalogue::Catalogue;

use super::record_words::in_words;
use super::time;
use crate::storage::Record;

/// One change; `subject` is the name of the thing now, where it has one.
pub(crate) fn to_wire(record: Record, subject: String, catalogue: &Catalogue) -> wire::Change {
    wire::Change {
        summary: in_words(&record.before, &record.after, catalogue),
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
        chain_hash: hex(&record.hash),
    }
}

/// A link in hexadecimal.
pub(crate) fn hex(link: &[u8; 32]) -> String {
    let mut text = String::with_capacity(2 * link.len());
    for byte in link {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A link from hexadecimal in either case; none where it is no link.
pub(crate) fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut link = [0; 32];
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != link.len() || !rest.is_empty() {
        return None;
    }
    for (byte, pair) in link.iter_mut().zip(pairs) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16);
        *byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
    }
    Some(link)
}

/// The record says `null` where the thing was new or is gone.
fn json(text: String) -> String {
    if text == "null" { String::new() } else { text }
}
