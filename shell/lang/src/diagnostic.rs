//! What is wrong with a script, where, and how to put it right; and how that is shown.

use crate::position::LineIndex;

/// A refusal of a script: the cause, the place, and the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The cause, in sentence case, with the wrong value shown.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
    /// Line of the script as written, from 1.
    pub line: usize,
    /// Column of the script as written, in characters from 1.
    pub column: usize,
    /// Number of characters that are meant, at least 1.
    pub length: usize,
    /// More input could make the script whole: an open bracket or text, a trailing `|`.
    pub incomplete: bool,
}

impl Diagnostic {
    /// Shows the diagnostic with the line it speaks of and a marker under the place.
    #[must_use]
    pub fn render(&self, source_name: &str, text: &str) -> String {
        render(
            &self.message,
            self.help.as_deref(),
            source_name,
            text,
            (self.line, self.column, self.length),
        )
    }
}

/// Shows a message about `place` (line, column, length) of `text`, in the manner of a compiler.
#[must_use]
pub fn render(
    message: &str,
    help: Option<&str>,
    source_name: &str,
    text: &str,
    place: (usize, usize, usize),
) -> String {
    let (line, column, length) = place;
    let source_line = LineIndex::new(text).line_text(text, line);
    let gutter = line.to_string();
    let pad = " ".repeat(gutter.len());
    let (shown, offset) = excerpt(source_line, column);
    let before: String = shown
        .chars()
        .take(offset)
        .map(|c| if c == '\t' { '\t' } else { ' ' })
        .collect();
    let room = shown.chars().count().saturating_sub(offset).max(1);
    let marker = "^".repeat(length.clamp(1, room));
    let mut rendered = format!(
        "error: {message}\n{pad}--> {source_name}:{line}:{column}\n{pad} |\n{gutter} | {shown}\n{pad} | {before}{marker}"
    );
    if let Some(help) = help {
        rendered.push_str(&format!("\n{pad} = help: {help}"));
    }
    rendered
}

/// The part of a line around `column` that fits a terminal, and where the column lies in it.
fn excerpt(line: &str, column: usize) -> (String, usize) {
    const WIDTH: usize = 160;
    let index = column.saturating_sub(1);
    let start = index.saturating_sub(WIDTH / 2);
    let start = if line.chars().count() <= WIDTH {
        0
    } else {
        start
    };
    let shown: String = line.chars().skip(start).take(WIDTH).collect();
    (shown, index - start.min(index))
}

/// Half-open range of bytes in the script as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }
}

/// A diagnostic whose place is still a range of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    pub(crate) span: Span,
    pub(crate) incomplete: bool,
}

impl Fault {
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            message: message.into(),
            help: None,
            span,
            incomplete: false,
        })
    }

    pub(crate) fn help(mut self: Box<Self>, help: impl Into<String>) -> Box<Self> {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn incomplete(mut self: Box<Self>, incomplete: bool) -> Box<Self> {
        self.incomplete = incomplete;
        self
    }

    pub(crate) fn into_diagnostic(self, text: &str) -> Diagnostic {
        let index = LineIndex::new(text);
        let (line, column) = index.position(text, self.span.start);
        let end = self.span.end.min(index.line_end(text, line));
        let length = text
            .get(self.span.start..end.max(self.span.start))
            .map_or(1, |t| t.chars().count());
        Diagnostic {
            message: self.message,
            help: self.help,
            line,
            column,
            length: length.max(1),
            incomplete: self.incomplete,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn the_marker_stands_under_the_place() {
        let shown = render(
            "Unknown command `Get-Usr`",
            Some("did you mean `Get-User`?"),
            "a.usher",
            "let x = 1\n\tGet-Usr",
            (2, 2, 7),
        );
        expect![[r#"
            error: Unknown command `Get-Usr`
             --> a.usher:2:2
              |
            2 | 	Get-Usr
              | 	^^^^^^^
              = help: did you mean `Get-User`?"#]]
        .assert_eq(&shown);
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}here{}", "x".repeat(500), "y".repeat(500));
        let shown = render("Wrong", None, "a", &text, (1, 501, 4));
        assert!(shown.lines().all(|l| l.chars().count() < 200), "{shown}");
        assert!(shown.ends_with("^^^^"), "{shown}");
    }
}
