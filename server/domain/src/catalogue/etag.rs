//! The tag of a product, plan or rule as read: another one after every change of what it says.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// The tag of what `entry` says. An entry that says the same again has the same tag again, which
/// is as well: nobody who read it was misled.
#[must_use]
pub fn etag(entry: &impl Serialize) -> String {
    // What the catalogue holds has nothing that JSON cannot say.
    let text = serde_json::to_string(entry).unwrap_or_default();
    let digest = Sha256::digest(text.as_bytes());
    let (half, _) = digest.split_at(16);
    let half = <[u8; 16]>::try_from(half).map_or(0, u128::from_be_bytes);
    format!("\"{half:032x}\"")
}
