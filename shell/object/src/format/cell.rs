//! The text of one value within a table or list: safe for a terminal, of known width.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

use crate::instant::Instant;
use crate::value::Value;

/// Ends what had to be cut.
const CUT: char = '…';

/// Text that cannot drive a terminal: control characters, and those that turn the direction of
/// what follows, are shown as escapes.
pub fn safe_text(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            other if is_unsafe(other) => safe.push_str(&format!("\\u{{{:x}}}", u32::from(other))),
            other => safe.push(other),
        }
    }
    Cow::Owned(safe)
}

fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The text of a value on one line.
pub(super) fn one_line(value: &Value) -> String {
    safe_text(&value.display()).into_owned()
}

/// The same for a cell of a table: a moment to the second, which is what people compare.
pub(super) fn in_cell(value: &Value) -> String {
    match value {
        Value::Instant(moment) => {
            let seconds = moment.micros().div_euclid(1_000_000);
            Instant::from_micros(seconds.saturating_mul(1_000_000)).to_string()
        }
        other => one_line(other),
    }
}

/// Columns that a text takes on a terminal.
pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.chars()
        .map(|character| character.width().unwrap_or(0))
        .sum()
}

/// The longest start of a text that is no wider than this, and the rest.
pub(super) fn split_at_width(text: &str, limit: usize) -> (&str, &str) {
    let mut used = 0;
    for (offset, character) in text.char_indices() {
        used += character.width().unwrap_or(0);
        if used > limit {
            return text.split_at(offset);
        }
    }
    (text, "")
}

/// The text within this width, cut with `…` if it is wider.
pub(super) fn fit(text: &str, limit: usize) -> Cow<'_, str> {
    if width(text) <= limit {
        return Cow::Borrowed(text);
    }
    let (start, _) = split_at_width(text, limit.saturating_sub(1));
    Cow::Owned(format!("{start}{CUT}"))
}

/// Appends blanks.
pub(super) fn pad(out: &mut String, count: usize) {
    out.extend(std::iter::repeat_n(' ', count));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn data_cannot_drive_the_terminal() {
        assert_eq!(safe_text("\u{1b}[31mred\u{7}"), "\\u{1b}[31mred\\u{7}");
        assert_eq!(safe_text("a\nb\tc\r"), "a\\nb\\tc\\r");
        assert_eq!(safe_text("\u{9b}2J\u{202e}gpj"), "\\u{9b}2J\\u{202e}gpj");
        assert!(matches!(safe_text("Zoë 王"), Cow::Borrowed(_)));
    }

    #[test]
    fn wide_and_combining_characters_are_measured() {
        assert_eq!(
            (width("王小明"), width("e\u{301}"), width("abc")),
            (6, 1, 3)
        );
        assert_eq!(fit("王小明", 6), "王小明");
        assert_eq!(fit("王小明", 5), "王小…");
        assert_eq!(fit("王小明", 4), "王…");
        assert_eq!(fit("e\u{301}tude", 3), "e\u{301}t…");
        assert_eq!(fit("abc", 1), "…");
    }

    proptest! {
        #[test]
        fn what_fits_is_never_wider(text: String, limit in 1_usize..20) {
            let safe = safe_text(&text);
            prop_assert!(!safe.chars().any(char::is_control));
            prop_assert!(width(&fit(&safe, limit)) <= limit);
        }
    }
}
