//! JSON out: order kept, numbers exact, nothing cut off in silence.

use std::fmt::Write;

use crate::error::{ErrorCode, ObjectError, Result};
use crate::json_read::DEEPEST;
use crate::value::Value;

/// How JSON is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JsonStyle {
    /// One property a line, or everything on one.
    pub indented: bool,
    /// Levels of nesting that are allowed; more is an error.
    pub depth: usize,
}

impl JsonStyle {
    /// For people.
    pub const INDENTED: Self = Self {
        indented: true,
        depth: DEEPEST,
    };
    /// One line: for JSON lines, and for programs.
    pub const COMPACT: Self = Self {
        indented: false,
        depth: DEEPEST,
    };
}

/// Writes one value, without a line end after it.
pub fn write(value: &Value, style: JsonStyle) -> Result<String> {
    let mut writer = Writer {
        out: String::new(),
        style,
    };
    writer.value(value, 0)?;
    Ok(writer.out)
}

struct Writer {
    out: String,
    style: JsonStyle,
}

impl Writer {
    fn value(&mut self, value: &Value, depth: usize) -> Result<()> {
        match value {
            Value::Null => self.out.push_str("null"),
            Value::Bool(value) => self.out.push_str(if *value { "true" } else { "false" }),
            Value::Int(_) | Value::Decimal(_) => self.plain(value),
            Value::Float(number) if number.is_finite() => {
                let start = self.out.len();
                self.plain(value);
                // Else it would read back as a whole number.
                if !self
                    .out
                    .get(start..)
                    .unwrap_or_default()
                    .contains(['.', 'e'])
                {
                    self.out.push_str(".0");
                }
            }
            Value::Float(_) | Value::Instant(_) => self.string(&value.to_string()),
            Value::Text(text) => self.string(text),
            Value::List(items) => {
                let items = items.iter().map(|item| (None, item));
                return self.nested(['[', ']'], items, depth + 1);
            }
            Value::Record(record) => {
                let items = record.iter().map(|(name, value)| (Some(name), value));
                return self.nested(['{', '}'], items, depth + 1);
            }
        }
        Ok(())
    }

    fn plain(&mut self, value: &Value) {
        // Writing to a String cannot fail.
        let _ = write!(self.out, "{value}");
    }

    fn nested<'v>(
        &mut self,
        brackets: [char; 2],
        items: impl Iterator<Item = (Option<&'v str>, &'v Value)>,
        depth: usize,
    ) -> Result<()> {
        let [open, close] = brackets;
        self.out.push(open);
        let mut empty = true;
        for (name, value) in items {
            if depth > self.style.depth.min(DEEPEST) {
                return Err(too_deep(self.style.depth.min(DEEPEST)));
            }
            if !empty {
                self.out.push(',');
            }
            empty = false;
            self.new_line(depth);
            if let Some(name) = name {
                self.string(name);
                self.out
                    .push_str(if self.style.indented { ": " } else { ":" });
            }
            self.value(value, depth)?;
        }
        if !empty {
            self.new_line(depth - 1);
        }
        self.out.push(close);
        Ok(())
    }

    fn new_line(&mut self, depth: usize) {
        if self.style.indented {
            self.out.push('\n');
            for _ in 0..depth {
                self.out.push_str("  ");
            }
        }
    }

    fn string(&mut self, text: &str) {
        self.out.push('"');
        for character in text.chars() {
            match character {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                // Also those above ASCII, since JSON is shown on terminals, too.
                control if control.is_control() => {
                    let _ = write!(self.out, "\\u{:04x}", u32::from(control));
                }
                other => self.out.push(other),
            }
        }
        self.out.push('"');
    }
}

fn too_deep(depth: usize) -> ObjectError {
    ObjectError::new(
        ErrorCode::JsonTooDeep,
        format!("The object is nested deeper than {depth} levels"),
        format!(
            "Choose its properties with Select-Object, or give a larger -Depth (up to {DEEPEST})"
        ),
    )
}
