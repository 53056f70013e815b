//! Text from bytes: UTF-8 with or without its mark, and UTF-16 in both byte orders.

use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::ops::Range;

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE};

use crate::encode::Encoding;

const CHUNK: usize = 16 * 1024;

/// The same text as UTF-8 without a byte order mark. Broken UTF-8 passes through for the reader
/// to report with its place; broken UTF-16 is an error of kind `InvalidData`.
pub fn decode<'a>(mut reader: impl Read + 'a) -> io::Result<Box<dyn BufRead + 'a>> {
    let mut start = Vec::with_capacity(4);
    reader.by_ref().take(4).read_to_end(&mut start)?;
    let (encoding, mark) = Encoding::of(&start);
    start.drain(..mark);
    let encoding = match encoding {
        Encoding::Utf8 | Encoding::Utf8Mark => None,
        Encoding::Utf16 => Some(UTF_16LE),
        Encoding::Utf16High => Some(UTF_16BE),
    };
    let whole = Cursor::new(start).chain(reader);
    Ok(match encoding {
        None => Box::new(BufReader::with_capacity(CHUNK, whole)),
        Some(encoding) => Box::new(Utf16 {
            inner: whole,
            decoder: encoding.new_decoder_without_bom_handling(),
            raw: Vec::new(),
            ended: false,
            done: false,
            text: vec![0; CHUNK],
            unread: 0..0,
        }),
    })
}

struct Utf16<R> {
    inner: R,
    decoder: Decoder,
    /// Bytes read but not yet decoded.
    raw: Vec<u8>,
    ended: bool,
    done: bool,
    /// Decoded text, of which a part has not been given out.
    text: Vec<u8>,
    unread: Range<usize>,
}

impl<R: Read> BufRead for Utf16<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.unread.is_empty() && !self.done {
            if self.raw.is_empty() && !self.ended {
                let limit = u64::try_from(CHUNK).unwrap_or(u64::MAX);
                let count = self.inner.by_ref().take(limit).read_to_end(&mut self.raw)?;
                self.ended = count == 0;
            }
            let decoded = self
                .decoder
                .decode_to_utf8(&self.raw, &mut self.text, self.ended);
            let (result, read, written, broken) = decoded;
            self.raw.drain(..read);
            if broken {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "broken UTF-16"));
            }
            self.done = self.ended && result == CoderResult::InputEmpty;
            self.unread = 0..written;
        }
        Ok(self.text.get(self.unread.clone()).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.unread.start = self
            .unread
            .end
            .min(self.unread.start.saturating_add(amount));
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(out)?;
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decoded(bytes: &[u8]) -> io::Result<String> {
        let mut text = String::new();
        decode(bytes)?.read_to_string(&mut text).map(|_| text)
    }

    fn utf16(text: &str, mark: bool, big: bool) -> Vec<u8> {
        let units = mark
            .then_some(0xFEFF)
            .into_iter()
            .chain(text.encode_utf16());
        units
            .flat_map(|unit| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect()
    }

    #[test]
    fn marks_are_read_and_removed() {
        assert_eq!(decoded("\u{FEFF}é".as_bytes()).unwrap(), "é");
        assert_eq!(decoded(b"").unwrap(), "");
        assert_eq!(decoded(b"a").unwrap(), "a");
        assert_eq!(
            decoded(&utf16("Name,Zoë", false, false)).unwrap(),
            "Name,Zoë"
        );
        assert_eq!(
            decoded(&utf16("Name,Zoë", false, true)).unwrap(),
            "Name,Zoë"
        );
    }

    #[test]
    fn broken_utf16_is_an_error() {
        let mut bytes = utf16("Name", true, false);
        bytes.push(0x41);
        assert_eq!(
            decoded(&bytes).unwrap_err().kind(),
            io::ErrorKind::InvalidData
        );
        assert!(decoded(&[0xFF, 0xFE, 0x00, 0xD8, 0x41, 0x00]).is_err());
    }

    proptest! {
        #[test]
        fn utf16_of_any_length_reads_back(text in "[a-zé𝄞\n]{0,40}", repeat in 1_usize..2000, big: bool) {
            let text = text.repeat(repeat);
            prop_assert_eq!(decoded(&utf16(&text, true, big)).unwrap(), text);
        }
    }
}
