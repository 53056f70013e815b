//! What a token looks like outside: a prefix by which people and scanners know it, 256 random bits,
//! and a sum by which a broken one is told without asking the database. It is kept only as a hash.

use std::fmt;

use sha2::{Digest, Sha256};

/// What every token begins with.
pub(crate) const PREFIX: &str = "usher_";
const BYTES: usize = 32;
const SUM: usize = 4;

/// A token as its holder has it. Never shown by `Debug`.
pub(crate) struct Secret([u8; BYTES]);

impl Secret {
    pub(crate) fn new(random: [u8; BYTES]) -> Self {
        Self(random)
    }

    /// The text that its holder sends.
    pub(crate) fn text(&self) -> String {
        use fmt::Write;
        let mut text = String::with_capacity(PREFIX.len() + 2 * (BYTES + SUM));
        text.push_str(PREFIX);
        for byte in self.0.iter().chain(&self.sum()) {
            // Writing to a string does not fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    /// Reads what a caller sent; none where it is no token.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(PREFIX)?.as_bytes();
        let (pairs, []) = digits.as_chunks::<2>() else {
            return None;
        };
        let bytes: Option<Vec<u8>> = pairs
            .iter()
            .map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?))
            .collect();
        let bytes = bytes?;
        let (random, sum) = bytes.split_first_chunk::<BYTES>()?;
        let secret = Self(*random);
        (secret.sum().as_slice() == sum).then_some(secret)
    }

    /// What is kept of it. The secret is random, so one round of hashing is enough.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    fn sum(&self) -> [u8; SUM] {
        let hash = Sha256::new()
            .chain_update(PREFIX)
            .chain_update(self.0)
            .finalize();
        let mut sum = [0; SUM];
        sum.copy_from_slice(&hash[..SUM]);
        sum
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("usher_…")
    }
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_written_and_nothing_else_is() {
        let secret = Secret::new([0xA5; BYTES]);
        let text = secret.text();
        assert_eq!(text.len(), PREFIX.len() + 72);
        assert_eq!(Secret::parse(&text).unwrap().hash(), secret.hash());
        let mut changed = text.clone();
        changed.replace_range(10..11, "0");
        for bad in [
            "",
            "usher_",
            "usher_x",
            &text[1..],
            &text[..text.len() - 1],
            &text[..text.len() - 2],
            &changed,
            &text.to_uppercase(),
        ] {
            assert!(Secret::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_token_is_not_shown() {
        let secret = Secret::new([0xA5; BYTES]);
        assert_eq!(format!("{secret:?}"), "usher_…");
    }
}
