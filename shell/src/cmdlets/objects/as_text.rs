//! Objects as the text that a person would see of them, for files.

use usher_object::Value;
use usher_object::format::{FormatOptions, Formatter, Layout, Style};

/// No line of a file is cut.
const WIDTH: usize = 4_096;

/// Takes objects, gives text.
pub(super) struct AsText(Formatter);

impl AsText {
    pub(super) fn new() -> Self {
        Self(Formatter::new(FormatOptions {
            layout: Layout::Automatic,
            width: Some(WIDTH),
            style: Style::Plain,
            all_properties: false,
            ..FormatOptions::default()
        }))
    }

    /// The text that is complete with this object.
    pub(super) fn push(&mut self, item: &Value) -> String {
        let mut text = String::new();
        self.0.push(item, &mut text);
        text
    }

    /// The rest.
    pub(super) fn finish(mut self) -> String {
        let mut text = String::new();
        self.0.finish(&mut text);
        text
    }
}
