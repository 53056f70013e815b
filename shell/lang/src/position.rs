//! Lines, columns, and the way back from a place in the rhai text to the script as written.

use crate::diagnostic::Span;

/// Where the lines of a text begin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        Self { starts }
    }

    /// Line and column, both from 1, of a byte; the column counts characters.
    #[must_use]
    pub fn position(&self, text: &str, byte: usize) -> (usize, usize) {
        let byte = byte.min(text.len());
        let line = self.starts.partition_point(|&start| start <= byte).max(1);
        let start = self.start_of(line);
        let column = text
            .get(start..byte)
            .map_or(0, |before| before.chars().count());
        (line, column + 1)
    }

    /// The byte at a line and column, both from 1; clamped to the line.
    #[must_use]
    pub fn byte(&self, text: &str, line: usize, column: usize) -> usize {
        let start = self.start_of(line);
        let end = self.line_end(text, line);
        let line_text = text.get(start..end).unwrap_or_default();
        line_text
            .char_indices()
            .nth(column.saturating_sub(1))
            .map_or(end, |(at, _)| start + at)
    }

    #[must_use]
    pub fn line_text<'t>(&self, text: &'t str, line: usize) -> &'t str {
        text.get(self.start_of(line)..self.line_end(text, line))
            .unwrap_or_default()
    }

    pub(crate) fn line_end(&self, text: &str, line: usize) -> usize {
        let next = self.starts.get(line).copied();
        let end = next.map_or(text.len(), |start| start - 1);
        let start = self.start_of(line);
        match text.get(start..end) {
            Some(line) => start + line.trim_end_matches('\r').len(),
            None => end,
        }
    }

    fn start_of(&self, line: usize) -> usize {
        let last = self.starts.last().copied().unwrap_or_default();
        self.starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or(last)
    }
}

/// One stretch of rhai text and the stretch of the script it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) out_start: usize,
    pub(crate) source: Span,
    /// The text is the same on both sides, so a place inside keeps its offset.
    pub(crate) verbatim: bool,
}

/// Piece-wise map from places in the rhai text to places in the script.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceMap {
    pub(crate) stretches: Vec<Stretch>,
    pub(crate) out_lines: LineIndex,
}

impl SourceMap {
    /// The range of the script that stands behind a line and column of `rhai`.
    #[must_use]
    pub fn source_span(&self, rhai: &str, line: usize, column: usize) -> Option<Span> {
        let byte = self.out_lines.byte(rhai, line, column);
        let found = self.stretches.partition_point(|s| s.out_start <= byte);
        let stretch = self.stretches.get(found.checked_sub(1)?)?;
        if stretch.verbatim {
            let start = (stretch.source.start + byte - stretch.out_start).min(stretch.source.end);
            return Some(Span::new(start, stretch.source.end));
        }
        Some(stretch.source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_and_its_line_and_column_agree() {
        let text = "ä = 1\r\nsecond\n\nlast";
        let index = LineIndex::new(text);
        for (byte, _) in text.char_indices().filter(|(_, c)| !c.is_control()) {
            let (line, column) = index.position(text, byte);
            assert_eq!(index.byte(text, line, column), byte, "byte {byte}");
        }
        assert_eq!(index.position(text, 3), (1, 3));
        assert_eq!(index.line_text(text, 1), "ä = 1");
        assert_eq!(index.position(text, 999), (4, 5));
    }
}
