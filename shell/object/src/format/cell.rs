//! The text of one value within a table or list: safe for a terminal, of known width.

use std::borrow::Cow;
use std::rc::Rc;

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

/// Splits behind the last blank; in mid-word only where the word would fill a line and more.
pub(super) fn split_for_wrap(text: &str, room: usize) -> (&str, &str) {
    let (piece, rest) = split_at_width(text, room);
    if rest.is_empty() || rest.starts_with(' ') {
        return (piece, rest.trim_start_matches(' '));
    }
    let lead = piece.len() - piece.trim_start_matches(' ').len();
    let Some(blank) = piece[lead..].rfind(' ') else {
        return (piece, rest);
    };
    let (before, after) = text.split_at(lead + blank + 1);
    let word = after.split(' ').next().unwrap_or_default();
    if width(word) > room {
        (piece, rest)
    } else {
        (before, after)
    }
}

/// The lines of a cell that is not cut: its own lines, and those that are too wide folded.
pub(super) fn folded(value: &Value, limit: usize) -> Vec<String> {
    let own = own_lines(value);
    own.iter().flat_map(|line| wrapped(line, limit)).collect()
}

/// A line as lines that are no wider than this, parted at blanks where there are any.
pub fn wrapped(line: &str, limit: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = line;
    loop {
        let (piece, after) = split_for_wrap(rest, limit);
        // A wide character in the narrowest of columns stands out rather than being lost.
        let (piece, after) = match rest.chars().next().filter(|_| piece.is_empty()) {
            Some(first) => rest.split_at(first.len_utf8()),
            None => (piece, after),
        };
        lines.push(piece.trim_end().to_owned());
        if after.is_empty() {
            return lines;
        }
        rest = after;
    }
}

/// How wide a cell is that may have several lines.
pub(super) fn widest_line(value: &Value) -> usize {
    own_lines(value)
        .iter()
        .map(|line| width(line))
        .max()
        .unwrap_or(0)
}

fn own_lines(value: &Value) -> Vec<String> {
    let text = match value {
        Value::Text(text) => Rc::clone(text),
        other => in_cell(other).into(),
    };
    let lines = text.split('\n');
    lines
        .map(|line| safe_text(line.strip_suffix('\r').unwrap_or(line)).into_owned())
        .collect()
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

    #[test]
    fn a_cell_that_is_not_cut_keeps_every_character() {
        let lines = |text: &str, limit| folded(&text.into(), limit);
        assert_eq!(lines("one two three", 8), ["one two", "three"]);
        assert_eq!(lines("a\nb\u{7}", 8), ["a", "b\\u{7}"]);
        assert_eq!(lines("王小明", 4), ["王小", "明"]);
        assert_eq!(lines("王小", 1), ["王", "小"]);
        assert_eq!(lines("", 4), [""]);
        assert_eq!(widest_line(&"ab\n王小\nc".into()), 4);
    }

    proptest! {
        #[test]
        fn what_is_folded_is_never_wider_and_complete(text in "[a-z王é ]{0,40}", limit in 2_usize..20) {
            let lines = folded(&Value::from(text.as_str()), limit);
            for line in &lines {
                prop_assert!(width(line) <= limit);
            }
            let letters = |text: &str| text.replace(' ', "");
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }

        #[test]
        fn what_fits_is_never_wider(text: String, limit in 1_usize..20) {
            let safe = safe_text(&text);
            prop_assert!(!safe.chars().any(char::is_control));
            prop_assert!(width(&fit(&safe, limit)) <= limit);
        }
    }
}
