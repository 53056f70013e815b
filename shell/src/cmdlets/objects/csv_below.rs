//! Rows that are added to a CSV file: what the file has, and its copy that they are written behind.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::rc::Rc;

use usher_object::csv_read::CsvReader;
use usher_object::csv_write::CsvWriter;
use usher_object::{Encoder, Encoding};

use super::csv_option::in_file;
use super::export_csv::{Rows, not_written};
use super::replace_file::Replacement;
use super::text_encoding::{of_file, same};
use crate::error::Result;

/// How the rows of a file are written.
pub(super) struct Below {
    columns: Vec<Rc<str>>,
    separator: char,
    encoding: Encoding,
}

impl Below {
    /// What the file has; none if there is nothing to go on with.
    pub(super) fn find(
        path: &Path,
        shown: &str,
        separator: Option<char>,
        asked: Option<Encoding>,
    ) -> Result<Option<Self>> {
        let failed = |error: io::Error| not_written(shown, &error);
        let Some(encoding) = of_file(path).map_err(failed)? else {
            return Ok(None);
        };
        same(encoding, asked, shown)?;
        let file = BufReader::new(File::open(path).map_err(failed)?);
        let reader = CsvReader::new(file, separator).map_err(|error| in_file(error, shown))?;
        Ok(Some(Self {
            columns: reader.columns().to_vec(),
            separator: reader.separator(),
            encoding,
        }))
    }

    /// A copy of the file, open for further rows; it takes the place of the file once they are all there.
    pub(super) fn open(&self, path: &Path, shown: &str) -> Result<Rows> {
        let rows = self
            .copy(path)
            .map_err(|error| not_written(shown, &error))?;
        Ok(CsvWriter::below(rows, self.separator, &self.columns)?)
    }

    fn copy(&self, path: &Path) -> io::Result<Encoder<Replacement>> {
        let mut file = Replacement::start(path)?;
        let mut existing = File::open(path)?;
        io::copy(&mut existing, &mut file)?;
        let ends = ends_in_line_end(&mut existing)?;
        let mut rows = Encoder::go_on(file, self.encoding);
        if !ends {
            rows.write_all(b"\n")?;
        }
        Ok(rows)
    }
}

/// Whether the last character is a line feed; in UTF-16 it has a zero byte before or behind it.
fn ends_in_line_end(file: &mut File) -> io::Result<bool> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(2)))?;
    let mut last = Vec::new();
    file.take(2).read_to_end(&mut last)?;
    Ok(matches!(last.as_slice(), [.., b'\n'] | [b'\n', 0]))
}
