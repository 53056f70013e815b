//! A list: one property a line, names aligned, long values wrapped.

use std::rc::Rc;

use super::Style;
use super::cell::{pad, safe_text, split_for_wrap, width};
use crate::record::Record;
use crate::value::Value;

/// Room for values below which wrapping would only make confetti.
const NARROWEST: usize = 20;

/// Appends one record and the empty line after it.
pub(super) fn write_record(
    record: &Record,
    positions: &[usize],
    limit: Option<usize>,
    style: Style,
    out: &mut String,
) {
    let names = record.record_type().properties();
    let lines: Vec<(String, &Value)> = positions
        .iter()
        .filter_map(|position| {
            let name = safe_text(names.get(*position)?).into_owned();
            Some((name, record.values().get(*position)?))
        })
        .collect();
    let widest = lines.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
    let room = limit.map(|limit| limit.saturating_sub(widest + 3).max(NARROWEST));
    for (name, value) in lines {
        out.push_str(&style.heading(&name));
        pad(out, widest - width(&name));
        out.push_str(" :");
        let text = text_of(value);
        for (index, line) in text.split('\n').enumerate() {
            let line = line.strip_suffix('\r').unwrap_or(line);
            write_wrapped(&safe_text(line), index == 0, widest + 3, room, out);
        }
    }
    out.push('\n');
}

/// The text of a value; items that have commas themselves stand below each other, so that each can be told.
fn text_of(value: &Value) -> Rc<str> {
    let Some(items) = value.as_list() else {
        return value.display();
    };
    let items: Vec<Rc<str>> = items.iter().map(Value::display).collect();
    if items.len() > 1 && items.iter().any(|item| item.contains(", ")) {
        items.join("\n").into()
    } else {
        value.display()
    }
}

fn write_wrapped(
    text: &str,
    same_line: bool,
    indent: usize,
    room: Option<usize>,
    out: &mut String,
) {
    let mut rest = text;
    let mut begun = same_line;
    loop {
        let (piece, after) = match room {
            Some(room) => split_for_wrap(rest, room),
            None => (rest, ""),
        };
        if !begun {
            pad(out, indent - 1);
        }
        begun = false;
        if !piece.is_empty() {
            out.push(' ');
            out.push_str(piece);
        }
        out.truncate(out.trim_end_matches(' ').len());
        out.push('\n');
        if after.is_empty() {
            return;
        }
        rest = after;
    }
}
