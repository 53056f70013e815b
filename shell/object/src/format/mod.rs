//! Objects as text for people: tables where they fit, lists where they do not. Pure functions of
//! the objects, the width and the style; nothing here knows of a terminal.

mod cell;
mod chart;
mod html;
mod line;
mod list;
mod stream;
mod table;

pub use cell::{safe_text, wrapped};
pub use chart::{Bar, Chart, bar_lines};
pub use html::{HtmlCell, html_page};
pub use line::{Line, Point};
pub use stream::{FormatOptions, Formatter, Layout};

/// Whether headings are set off by terminal attributes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Style {
    #[default]
    /// Nothing but text.
    Plain,
    /// Bold headings.
    Ansi,
}

impl Style {
    fn heading(self, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Ansi => format!("\u{1b}[1m{text}\u{1b}[0m"),
        }
    }
}
