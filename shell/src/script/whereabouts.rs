//! Where in a pipeline an error lies: at the argument that it speaks of, else at the command.

use std::rc::Rc;

use usher_lang::{Argument, ArgumentValue, CommandSpec, Span, StageSpec};

use super::state::Prepared;
use crate::error::ShellError;

/// One stage of a pipeline, for the places of its errors.
pub(super) struct Whereabouts {
    prepared: Rc<Prepared>,
    stage: usize,
}

impl Whereabouts {
    /// The stage at this position.
    pub(super) fn of(prepared: &Rc<Prepared>, stage: usize) -> Self {
        Self {
            prepared: Rc::clone(prepared),
            stage,
        }
    }

    /// The error with its place, unless it has a closer one already.
    pub(super) fn put(&self, error: ShellError) -> ShellError {
        if error.place.is_some() {
            return error;
        }
        let source = &self.prepared.source;
        let span = match self.prepared.spec.stages.get(self.stage) {
            Some(StageSpec::Input { span, .. }) => *span,
            Some(StageSpec::Command(command)) => error
                .target
                .as_deref()
                .and_then(|target| spoken_of(command, &source.text, target))
                .unwrap_or(command.span),
            None => return error,
        };
        error.at(source.place(span))
    }
}

/// The argument that is this text, else one that has it in it; of a list or a longer text just that part.
fn spoken_of(command: &CommandSpec, text: &str, target: &str) -> Option<Span> {
    let values = || {
        command
            .arguments
            .iter()
            .filter_map(|argument| match argument {
                Argument::Value { value, span } => Some((value, *span)),
                _ => None,
            })
    };
    let (_, span) = values()
        .find(|(value, _)| any(value, &|text| text.eq_ignore_ascii_case(target)))
        .or_else(|| values().find(|(value, _)| any(value, &|text| text.contains(target))))
        .filter(|_| !target.is_empty())?;
    let written = text.get(span.start..span.end)?;
    let lower = written.to_ascii_lowercase();
    Some(match lower.find(&target.to_ascii_lowercase()) {
        Some(at) => Span::new(span.start + at, span.start + at + target.len()),
        None => span,
    })
}

fn any(value: &ArgumentValue, is_it: &impl Fn(&str) -> bool) -> bool {
    match value {
        ArgumentValue::Word(text) | ArgumentValue::Text(text) | ArgumentValue::Number(text) => {
            is_it(text)
        }
        ArgumentValue::List(items) => items.iter().any(|item| any(item, is_it)),
        _ => false,
    }
}
