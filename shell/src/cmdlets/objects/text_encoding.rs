//! `-Encoding`: how text is written to a file, and that a file is not gone on with in another way than it began.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use usher_object::Encoding;

use crate::cmdlet::{Arguments, Kind, Param, Values};
use crate::error::{Result, ShellError};

pub(super) const ENCODING: Param = Param::new(
    "Encoding",
    Kind::Text,
    "utf8 unless given; utf8BOM lets spreadsheets see that it is UTF-8; utf16 with its mark, the low byte first",
)
.values(Values::OneOf(&["utf8", "utf8BOM", "utf16"]));

/// The encoding that was asked for.
pub(super) fn asked(args: &Arguments) -> Option<Encoding> {
    args.text(ENCODING.name).and_then(Encoding::named)
}

/// The encoding of what a file holds already; none if it holds nothing.
pub(super) fn of_file(path: &Path) -> io::Result<Option<Encoding>> {
    let holds = match path.metadata() {
        Ok(existing) => existing.is_file(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(error),
    };
    if !holds {
        return Ok(None);
    }
    let mut start = Vec::new();
    File::open(path)?.take(4).read_to_end(&mut start)?;
    let (encoding, mark) = Encoding::of(&start);
    Ok((start.len() > mark).then_some(encoding))
}

/// Refuses to go on in another encoding than the file has.
pub(super) fn same(existing: Encoding, asked: Option<Encoding>, shown: &str) -> Result<()> {
    match asked {
        Some(asked) if asked.name() != existing.name() => Err(ShellError::new(
            "ARGUMENT_INVALID",
            format!(
                "`{shown}` is {}; it cannot go on in {}",
                existing.name(),
                asked.name()
            ),
        )
        .fix("Leave -Encoding out: with -Append the file keeps its own")
        .target(shown)),
        _ => Ok(()),
    }
}
