//! The hash chain of the record (R54): each link covers the one before, so that no entry can be
//! changed, dropped or moved without breaking every later link.

use sha2::{Digest, Sha256};

/// The version of what `link` covers and how; stored beside each record.
pub const FORMAT_VERSION: u16 = 1;

/// What the first record of a tenant links to.
pub const GENESIS: [u8; 32] = [0; 32];

/// SHA-256 over the previous link, the format version, and each field behind its length, so that
/// bytes cannot move from one field to the next unseen.
#[must_use]
pub fn link(previous: &[u8; 32], format_version: u16, fields: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(previous);
    hash.update(format_version.to_be_bytes());
    for field in fields {
        // usize has at most 64 bits on every platform that Rust knows.
        hash.update(u64::try_from(field.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(field);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_link_is_what_it_was_in_the_first_release() {
        let link = link(&GENESIS, 1, &[b"licenses.modify", b"{}"]);
        let hex: String = link.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            hex,
            "1a1d429560cc982354b73f85860447ca89ebd9da00ade3fd8db2afdb66e9e974"
        );
    }

    proptest! {
        #[test]
        fn every_part_counts(fields in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9), 1..5), at in any::<prop::sample::Index>()) {
            let parts = |fields: &[Vec<u8>]| {
                let slices: Vec<&[u8]> = fields.iter().map(Vec::as_slice).collect();
                link(&GENESIS, FORMAT_VERSION, &slices)
            };
            let whole = parts(&fields);
            let mut longer = fields.clone();
            let field = at.get(&fields).clone();
            let place = at.index(fields.len());
            longer[place].push(0);
            prop_assert_ne!(parts(&longer), whole);
            let mut split = fields.clone();
            split.insert(place, Vec::new());
            prop_assert_ne!(parts(&split), whole);
            prop_assert_ne!(link(&whole, FORMAT_VERSION, &[&field]), link(&GENESIS, FORMAT_VERSION, &[&field]));
            prop_assert_ne!(link(&whole, 2, &[&field]), link(&whole, 1, &[&field]));
        }
    }
}
