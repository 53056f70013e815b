//! Bytes from text: UTF-8 with or without its mark, and UTF-16 in both byte orders.

use std::io::{self, Write};

/// How text stands in a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Encoding {
    #[default]
    /// UTF-8 without a mark.
    Utf8,
    /// UTF-8 behind its byte order mark.
    Utf8Mark,
    /// UTF-16, the low byte first.
    Utf16,
    /// UTF-16, the high byte first.
    Utf16High,
}

impl Encoding {
    /// What the first four bytes of a file say, and how many of them are the mark.
    pub fn of(start: &[u8]) -> (Self, usize) {
        match start {
            [0xEF, 0xBB, 0xBF, ..] => (Self::Utf8Mark, 3),
            [0xFF, 0xFE, ..] => (Self::Utf16, 2),
            [0xFE, 0xFF, ..] => (Self::Utf16High, 2),
            // Without a mark, a zero byte beside a letter gives UTF-16 away.
            [letter, 0, ..] if *letter != 0 => (Self::Utf16, 0),
            [0, letter, ..] if *letter != 0 => (Self::Utf16High, 0),
            _ => (Self::Utf8, 0),
        }
    }

    /// The name by which it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf8",
            Self::Utf8Mark => "utf8BOM",
            Self::Utf16 | Self::Utf16High => "utf16",
        }
    }

    /// The encoding of this name, whatever its case.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Utf8, Self::Utf8Mark, Self::Utf16]
            .into_iter()
            .find(|encoding| encoding.name().eq_ignore_ascii_case(name))
    }

    fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf8 => &[],
            Self::Utf8Mark => &[0xEF, 0xBB, 0xBF],
            Self::Utf16 => &[0xFF, 0xFE],
            Self::Utf16High => &[0xFE, 0xFF],
        }
    }
}

/// Takes text as UTF-8 and writes it in its encoding.
pub struct Encoder<W: Write> {
    out: W,
    encoding: Encoding,
    /// The beginning of a character whose other bytes have not come yet.
    open: Vec<u8>,
}

impl<W: Write> Encoder<W> {
    /// At the beginning of a file: writes the mark, if the encoding has one.
    pub fn begin(mut out: W, encoding: Encoding) -> io::Result<Self> {
        out.write_all(encoding.mark())?;
        Ok(Self::go_on(out, encoding))
    }

    /// Behind text that is there already.
    pub fn go_on(out: W, encoding: Encoding) -> Self {
        Self {
            out,
            encoding,
            open: Vec::new(),
        }
    }

    /// Where the bytes go.
    pub fn into_inner(self) -> W {
        self.out
    }

    fn write_utf16(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.open.extend_from_slice(bytes);
        let complete = match std::str::from_utf8(&self.open) {
            Ok(text) => text.len(),
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            Err(_) => return Err(io::Error::new(io::ErrorKind::InvalidData, "broken UTF-8")),
        };
        let rest = self.open.split_off(complete);
        let complete = std::mem::replace(&mut self.open, rest);
        let mut units = Vec::with_capacity(complete.len() * 2);
        for unit in String::from_utf8_lossy(&complete).encode_utf16() {
            units.extend(match self.encoding {
                Encoding::Utf16High => unit.to_be_bytes(),
                _ => unit.to_le_bytes(),
            });
        }
        self.out.write_all(&units)
    }
}

impl<W: Write> Write for Encoder<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.encoding {
            Encoding::Utf8 | Encoding::Utf8Mark => self.out.write(bytes),
            Encoding::Utf16 | Encoding::Utf16High => self.write_utf16(bytes).map(|()| bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::decode;
    use proptest::prelude::*;
    use std::io::Read;

    #[test]
    fn marks_are_written_at_the_beginning_only() {
        for (encoding, expected) in [
            (Encoding::Utf8, &b"\xC3\xAB"[..]),
            (Encoding::Utf8Mark, &b"\xEF\xBB\xBF\xC3\xAB"[..]),
            (Encoding::Utf16, &b"\xFF\xFE\xEB\x00"[..]),
            (Encoding::Utf16High, &b"\xFE\xFF\x00\xEB"[..]),
        ] {
            let mut encoder = Encoder::begin(Vec::new(), encoding).unwrap();
            encoder.write_all("ë".as_bytes()).unwrap();
            let bytes = encoder.into_inner();
            assert_eq!(bytes, expected);
            assert_eq!(Encoding::of(&bytes).0, encoding);
            let mut encoder = Encoder::go_on(Vec::new(), encoding);
            encoder.write_all("ë".as_bytes()).unwrap();
            assert!(expected.ends_with(&encoder.into_inner()));
        }
        assert_eq!(Encoding::of(b""), (Encoding::Utf8, 0));
        assert_eq!(Encoding::of(b"a\0b\0"), (Encoding::Utf16, 0));
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        let mut encoder = Encoder::go_on(Vec::new(), Encoding::Utf16);
        assert!(encoder.write_all(b"a\xFF").is_err());
    }

    proptest! {
        #[test]
        fn what_is_encoded_piece_by_piece_decodes(text: String, piece in 1_usize..5, high: bool) {
            prop_assume!(!text.starts_with('\u{FEFF}'));
            let encoding = if high { Encoding::Utf16High } else { Encoding::Utf16 };
            let mut encoder = Encoder::begin(Vec::new(), encoding).unwrap();
            for bytes in text.as_bytes().chunks(piece) {
                encoder.write_all(bytes).unwrap();
            }
            let bytes = encoder.into_inner();
            let mut back = String::new();
            decode(bytes.as_slice()).unwrap().read_to_string(&mut back).unwrap();
            prop_assert_eq!(back, text);
        }
    }
}
