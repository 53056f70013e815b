//! Pages of a listing: a token carries the revision, the last key and a digest of what was asked,
//! so that every page shows the same moment and nothing is held in between (write-protocol 11).

use sha2::{Digest, Sha256};
use usher_domain::ids::Revision;

use super::error::StoreError;

const FORMAT: u8 = 1;
const DIGEST: usize = 8;

/// The most rows that one page can have.
pub const MAX_PAGE: u32 = 1_000;
const DEFAULT_PAGE: u32 = 100;

/// Which page of a listing is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageRequest {
    /// How many rows at most; 0 stands for the default, larger numbers for the limit.
    pub size: u32,
    /// The token of the page before; empty for the first page.
    pub token: String,
}

impl PageRequest {
    pub(crate) fn rows(&self) -> u64 {
        match self.size {
            0 => DEFAULT_PAGE.into(),
            size => size.min(MAX_PAGE).into(),
        }
    }
}

/// The revision that a token's listing is read at; none for a first page.
pub(crate) fn revision_of(token: &str) -> Result<Option<Revision>, StoreError> {
    if token.is_empty() {
        return Ok(None);
    }
    let bytes = unhex(token).ok_or(StoreError::BadPageToken)?;
    let revision = bytes
        .get(1 + DIGEST..)
        .and_then(|rest| rest.first_chunk::<8>())
        .ok_or(StoreError::BadPageToken)?;
    Ok(Some(Revision(i64::from_be_bytes(*revision))))
}

/// One page of a listing.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// The rows, in the order of the listing.
    pub items: Vec<T>,
    /// The token of the next page; empty after the last one.
    pub next: String,
}

/// Where a page starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) revision: Revision,
    /// The parts of the last key of the page before.
    pub(crate) after: Vec<String>,
}

/// What a listing was asked for, apart from the page.
pub(crate) struct Listing([u8; DIGEST]);

impl Listing {
    /// `name` is the listing, `filter` everything that selects or orders its rows.
    pub(crate) fn new(name: &str, filter: &impl std::fmt::Debug) -> Self {
        let hash = Sha256::digest(format!("{name}\0{filter:?}"));
        let mut digest = [0; DIGEST];
        digest.copy_from_slice(&hash[..DIGEST]);
        Self(digest)
    }

    pub(crate) fn token(&self, position: &Position) -> String {
        let mut bytes = vec![FORMAT];
        bytes.extend_from_slice(&self.0);
        bytes.extend_from_slice(&position.revision.0.to_be_bytes());
        for part in &position.after {
            let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        hex(&bytes)
    }

    /// Reads a token of this listing; one of another listing or filter is refused.
    pub(crate) fn position(&self, token: &str) -> Result<Option<Position>, StoreError> {
        if token.is_empty() {
            return Ok(None);
        }
        self.parse(token).map(Some).ok_or(StoreError::BadPageToken)
    }

    /// Makes a page of rows that were fetched with one more than the page takes.
    pub(crate) fn page<R, T>(
        &self,
        revision: Revision,
        request: &PageRequest,
        mut rows: Vec<R>,
        key: impl Fn(&R) -> Vec<String>,
        item: impl Fn(R) -> Result<T, StoreError>,
    ) -> Result<Page<T>, StoreError> {
        let size = usize::try_from(request.rows()).unwrap_or(usize::MAX);
        let more = rows.len() > size;
        rows.truncate(size);
        let next = match rows.last() {
            Some(last) if more => self.token(&Position {
                revision,
                after: key(last),
            }),
            _ => String::new(),
        };
        Ok(Page {
            items: rows.into_iter().map(item).collect::<Result<_, _>>()?,
            next,
        })
    }

    fn parse(&self, token: &str) -> Option<Position> {
        let bytes = unhex(token)?;
        let rest = bytes.strip_prefix(&[FORMAT])?.strip_prefix(&self.0)?;
        let (revision, mut rest) = rest.split_first_chunk::<8>()?;
        let mut after = Vec::new();
        while let Some((length, tail)) = rest.split_first_chunk::<4>() {
            let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
            let (part, tail) = tail.split_at_checked(length)?;
            after.push(String::from_utf8(part.to_vec()).ok()?);
            rest = tail;
        }
        rest.is_empty().then_some(Position {
            revision: Revision(i64::from_be_bytes(*revision)),
            after,
        })
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|digit| {
            digit
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        })
        .collect();
    let digits = digits?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty()
        .then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_leads_back_to_its_place_and_only_in_its_listing() {
        let listing = Listing::new("users", &"department = Sales");
        let position = Position {
            revision: Revision(42),
            after: vec!["zoë".to_owned(), String::new(), "id".to_owned()],
        };
        let token = listing.token(&position);
        assert_eq!(listing.position(&token).unwrap(), Some(position));
        assert_eq!(listing.position("").unwrap(), None);
        let other = Listing::new("users", &"department = Marketing");
        assert_eq!(other.position(&token), Err(StoreError::BadPageToken));
        for bad in [
            "x",
            "01",
            "zz",
            &token[..token.len() - 1],
            &token[..token.len() - 2],
            "é",
        ] {
            assert_eq!(
                listing.position(bad),
                Err(StoreError::BadPageToken),
                "{bad}"
            );
        }
    }

    #[test]
    fn a_page_has_a_limit() {
        let rows = |size| {
            PageRequest {
                size,
                token: String::new(),
            }
            .rows()
        };
        assert_eq!([rows(0), rows(7), rows(5_000)], [100, 7, 1_000]);
    }
}
