//! The texts that are being run, and the way from a place in the engine's text to the line that its author wrote.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use rhai::{EvalAltResult, Position};
use usher_lang::{LineIndex, SourceMap, Span};

use super::functions::OF_TEXT;
use crate::cmdlet::nearest;
use crate::error::Place;

/// One text: a script file, a line of the prompt, what `-c` gave.
pub struct Source {
    /// Name for messages: a path, `<command>`, `<prompt>`.
    pub name: String,
    /// The text as written.
    pub text: String,
    lines: LineIndex,
    rhai: String,
    map: SourceMap,
    /// Every variable that it knows or declares.
    variables: Vec<String>,
    /// Every function that it knows or defines.
    functions: Vec<String>,
}

impl Source {
    /// A text with its translation.
    pub fn new(
        name: &str,
        text: &str,
        rhai: String,
        map: SourceMap,
        variables: Vec<String>,
        functions: Vec<String>,
    ) -> Self {
        Self {
            name: name.to_owned(),
            text: text.to_owned(),
            lines: LineIndex::new(text),
            rhai,
            map,
            variables,
            functions,
        }
    }

    /// The place of a stretch of the text.
    pub fn place(&self, span: Span) -> Place {
        let (line, column) = self.lines.position(&self.text, span.start);
        let length = self.text.get(span.start..span.end).map_or(0, |text| {
            text.split(['\n', '\r'])
                .next()
                .unwrap_or_default()
                .chars()
                .count()
        });
        Place {
            source: self.name.clone(),
            line,
            column,
            length: length.max(1),
        }
    }

    fn place_of(&self, position: Position) -> Option<Place> {
        let span = self.map.source_span(
            &self.rhai,
            position.line()?,
            position.position().unwrap_or(1),
        )?;
        Some(self.place(self.word(span)))
    }

    /// The word at the beginning of a stretch: the engine names points, people read words.
    fn word(&self, span: Span) -> Span {
        let rest = self
            .text
            .get(span.start..)
            .and_then(|text| text.lines().next())
            .unwrap_or_default();
        let letters = |c: char| c.is_alphanumeric() || c == '_';
        let head = rest.find(letters).filter(|at| {
            rest.get(..*at)
                .is_some_and(|head| matches!(head, "" | "." | "$"))
        });
        let (start, end) = match head {
            Some(start) => {
                let length = rest
                    .get(start..)
                    .and_then(|word| word.find(|c| !letters(c)));
                (
                    if rest.starts_with('.') { start } else { 0 },
                    length.map_or(rest.len(), |length| start + length),
                )
            }
            None => (0, rest.chars().next().map_or(0, char::len_utf8)),
        };
        Span::new(span.start + start, span.start + end)
    }
}

/// All texts of a session by the id that their code carries.
#[derive(Default)]
pub(super) struct Sources {
    by_id: RefCell<HashMap<String, Rc<Source>>>,
}

impl Sources {
    /// Keeps a text; the id is what its code must carry as its source.
    pub(super) fn add(&self, source: Source) -> (String, Rc<Source>) {
        let mut by_id = self.by_id.borrow_mut();
        let id = format!("{}#{}", source.name, by_id.len());
        let source = Rc::new(source);
        by_id.insert(id.clone(), Rc::clone(&source));
        (id, source)
    }

    /// The place of an engine error: the innermost one that lies in a text of the session. `outermost` is the id of
    /// the text that was run.
    pub(super) fn place(&self, error: &EvalAltResult, outermost: &str) -> Option<Place> {
        let (inner, own_source) = match error {
            EvalAltResult::ErrorInFunctionCall(_, source, inner, _) => {
                (Some(inner), source.as_str())
            }
            EvalAltResult::ErrorInModule(source, inner, _) => (Some(inner), source.as_str()),
            _ => (None, ""),
        };
        let source = if own_source.is_empty() {
            outermost
        } else {
            own_source
        };
        inner
            .and_then(|inner| self.place(inner, source))
            .or_else(|| {
                self.by_id
                    .borrow()
                    .get(outermost)?
                    .place_of(error.position())
            })
    }

    /// The id of the text in which an engine error lies.
    pub(super) fn id_of<'e>(&self, error: &'e EvalAltResult, outermost: &'e str) -> &'e str {
        let (inner, source) = match error {
            EvalAltResult::ErrorInFunctionCall(_, source, inner, _) => (inner, source.as_str()),
            EvalAltResult::ErrorInModule(source, inner, _) => (inner, source.as_str()),
            _ => return outermost,
        };
        self.id_of(inner, if source.is_empty() { outermost } else { source })
    }

    /// Variables of a text whose names are like this one, the nearest first.
    pub(super) fn nearest_variables(&self, name: &str, id: &str) -> Vec<String> {
        let by_id = self.by_id.borrow();
        let known = by_id
            .get(id)
            .map(|source| source.variables.as_slice())
            .unwrap_or_default();
        nearest(name, known.iter().map(String::as_str))
            .into_iter()
            .map(str::to_owned)
            .collect()
    }

    /// Functions of a text, and of the language, whose names are like this one, the nearest first.
    pub(super) fn nearest_functions(&self, name: &str, id: &str) -> Vec<String> {
        let by_id = self.by_id.borrow();
        let known = by_id
            .get(id)
            .map(|source| source.functions.as_slice())
            .unwrap_or_default();
        nearest(
            name,
            known
                .iter()
                .map(String::as_str)
                .chain(OF_TEXT.iter().copied()),
        )
        .into_iter()
        .map(str::to_owned)
        .collect()
    }

    /// The texts by the name that places carry, for showing the line.
    pub(super) fn text(&self, name: &str) -> Option<Rc<Source>> {
        let by_id = self.by_id.borrow();
        let mut named: Vec<_> = by_id
            .iter()
            .filter(|(_, source)| source.name == name)
            .collect();
        named.sort_by_key(|(id, _)| {
            id.rsplit('#')
                .next()
                .and_then(|number| number.parse::<usize>().ok())
        });
        named.last().map(|(_, source)| Rc::clone(source))
    }
}
