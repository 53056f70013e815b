//! The rhai text while it grows: pieces in order, with wrappers put around earlier ones at the end.

use std::borrow::Cow;

use crate::diagnostic::Span;
use crate::position::{LineIndex, SourceMap, Stretch};

/// Names one piece, so that its text can be changed later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PieceId(usize);

/// A place between two pieces.
pub(crate) type Mark = usize;

#[derive(Debug)]
struct Piece<'a> {
    text: Cow<'a, str>,
    source: Span,
    verbatim: bool,
    gap: Gap,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    None,
    Blank,
    Line,
}

/// Rhai counts lines and columns in 16 bits; these keep clear of that.
const MAX_COLUMN: usize = 20_000;
const MAX_SHORT_LINES: usize = 50_000;

#[derive(Debug, Default)]
pub(crate) struct Output<'a> {
    pieces: Vec<Piece<'a>>,
    order: Vec<usize>,
    /// Wrappers that open before the piece at a mark; the later one is the outer one.
    before: Vec<(Mark, usize)>,
    /// What comes before all of them.
    first: Vec<(Mark, usize)>,
    /// Wrappers that close at a mark, after the piece before it; the earlier one is the inner one.
    after: Vec<(Mark, usize)>,
    last_source_end: usize,
    line_due: bool,
}

impl<'a> Output<'a> {
    pub(crate) fn mark(&self) -> Mark {
        self.order.len()
    }

    /// Copies a stretch of the script.
    pub(crate) fn copy(&mut self, text: &'a str, span: Span) -> PieceId {
        let source = text.get(span.start..span.end).unwrap_or_default();
        self.append(Cow::Borrowed(source), span, true)
    }

    /// Writes text that stands for a stretch of the script.
    pub(crate) fn write(&mut self, text: impl Into<Cow<'a, str>>, span: Span) -> PieceId {
        self.append(text.into(), span, false)
    }

    /// The next piece begins a line.
    pub(crate) fn end_line(&mut self) {
        self.line_due = true;
    }

    pub(crate) fn wrap_before(
        &mut self,
        mark: Mark,
        text: impl Into<Cow<'a, str>>,
        span: Span,
    ) -> PieceId {
        let id = self.push(text.into(), span, false, Gap::None);
        self.before.push((mark, id));
        PieceId(id)
    }

    /// Puts text before the piece at a mark, and before every wrapper that opens there.
    pub(crate) fn put_first(&mut self, mark: Mark, text: impl Into<Cow<'a, str>>, span: Span) {
        let id = self.push(text.into(), span, false, Gap::None);
        self.first.push((mark, id));
    }

    pub(crate) fn wrap_after(&mut self, mark: Mark, text: impl Into<Cow<'a, str>>, span: Span) {
        let id = self.push(text.into(), span, false, Gap::None);
        self.after.push((mark, id));
    }

    pub(crate) fn replace(&mut self, id: PieceId, text: impl Into<Cow<'a, str>>) {
        if let Some(piece) = self.pieces.get_mut(id.0) {
            piece.text = text.into();
            piece.verbatim = false;
        }
    }

    fn append(&mut self, text: Cow<'a, str>, span: Span, verbatim: bool) -> PieceId {
        let gap = if std::mem::take(&mut self.line_due) {
            Gap::Line
        } else if span.start > self.last_source_end {
            Gap::Blank
        } else {
            Gap::None
        };
        self.last_source_end = self.last_source_end.max(span.end);
        let id = self.push(text, span, verbatim, gap);
        self.order.push(id);
        PieceId(id)
    }

    fn push(&mut self, text: Cow<'a, str>, source: Span, verbatim: bool, gap: Gap) -> usize {
        self.pieces.push(Piece {
            text,
            source,
            verbatim,
            gap,
        });
        self.pieces.len() - 1
    }

    pub(crate) fn finish(mut self) -> (String, SourceMap) {
        let (mut opening, mut closing) = (
            std::mem::take(&mut self.before),
            std::mem::take(&mut self.after),
        );
        opening.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
        closing.sort_by_key(|&(mark, id)| (mark, id));
        let mut first = std::mem::take(&mut self.first);
        first.sort_unstable();
        let mut first = first.into_iter().peekable();
        let (mut opening, mut closing) = (
            opening.into_iter().peekable(),
            closing.into_iter().peekable(),
        );
        let mut rendered = Rendered::default();
        for mark in 0..=self.order.len() {
            while let Some((_, id)) = closing.next_if(|&(at, _)| at == mark) {
                rendered.add(&self.pieces[id], Gap::None);
            }
            let Some(&main) = self.order.get(mark) else {
                break;
            };
            let mut gap = self.pieces[main].gap;
            while let Some((_, id)) = first.next_if(|&(at, _)| at == mark) {
                rendered.add(&self.pieces[id], std::mem::replace(&mut gap, Gap::None));
            }
            while let Some((_, id)) = opening.next_if(|&(at, _)| at == mark) {
                rendered.add(&self.pieces[id], std::mem::replace(&mut gap, Gap::None));
            }
            rendered.add(&self.pieces[main], gap);
        }
        let out_lines = LineIndex::new(&rendered.text);
        let map = SourceMap {
            stretches: rendered.stretches,
            out_lines,
        };
        (rendered.text, map)
    }
}

#[derive(Default)]
struct Rendered {
    text: String,
    stretches: Vec<Stretch>,
    column: usize,
    lines: usize,
}

impl Rendered {
    fn add(&mut self, piece: &Piece<'_>, gap: Gap) {
        let line_wanted = gap == Gap::Line && (self.lines < MAX_SHORT_LINES || self.column > 200);
        if !self.text.is_empty() {
            if line_wanted || self.column > MAX_COLUMN {
                self.text.push('\n');
                self.column = 0;
                self.lines += 1;
            } else if gap != Gap::None || self.would_join(&piece.text) {
                self.text.push(' ');
                self.column += 1;
            }
        }
        self.stretches.push(Stretch {
            out_start: self.text.len(),
            source: piece.source,
            verbatim: piece.verbatim,
        });
        self.text.push_str(&piece.text);
        self.column += piece.text.len();
    }

    /// Two pieces side by side would read as one token.
    fn would_join(&self, next: &str) -> bool {
        let (Some(last), Some(first)) = (self.text.chars().next_back(), next.chars().next()) else {
            return false;
        };
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let symbol = |c: char| "+-*/%<>=!&|^.?:#~@$".contains(c);
        (word(last) && word(first))
            || (symbol(last) && symbol(first))
            || (last == '"' && first == '"')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrappers_nest_in_the_order_they_were_put() {
        let text = "a b c";
        let mut out = Output::default();
        let start = out.mark();
        out.copy(text, Span::new(0, 1));
        out.wrap_before(start, "f(", Span::new(0, 1));
        out.wrap_after(out.mark(), ")", Span::new(1, 1));
        let second = out.mark();
        out.copy(text, Span::new(2, 3));
        out.wrap_before(second, "h(", Span::new(2, 3));
        out.wrap_after(out.mark(), ")", Span::new(3, 3));
        out.wrap_before(start, "g(", Span::new(0, 1));
        out.wrap_after(out.mark(), ")", Span::new(3, 3));
        assert_eq!(out.finish().0, "g(f(a) h(b))");
    }

    #[test]
    fn a_place_in_a_copied_piece_keeps_its_offset() {
        let text = "   count";
        let mut out = Output::default();
        out.write("let ", Span::new(0, 0));
        out.copy(text, Span::new(3, 8));
        let (rhai, map) = out.finish();
        assert_eq!(rhai, "let  count");
        assert_eq!(map.source_span(&rhai, 1, 8), Some(Span::new(5, 8)));
    }
}
