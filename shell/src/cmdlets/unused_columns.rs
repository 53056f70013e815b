//! Columns of a file that a command takes nothing from: told, since a misspelt one would be lost without a word.

use std::cell::RefCell;
use std::rc::Rc;

use usher_object::{RecordType, Value};

use crate::cmdlet::{Call, FromPipeline};
use crate::types;

/// The columns that were told already. Objects of the service have more properties than any command takes, and say
/// nothing by it.
#[derive(Default)]
pub(crate) struct UnusedColumns {
    told: RefCell<Vec<Rc<str>>>,
    last: RefCell<Option<Rc<RecordType>>>,
}

impl UnusedColumns {
    /// Tells the columns of this object that the command has no parameter for, each once. What blocks read is not
    /// known, so that nothing is told where there is one.
    pub(crate) fn tell(&self, call: &Call<'_>, item: &Value) {
        let Some(kind) = item.as_record().map(|record| record.record_type()) else {
            return;
        };
        let seen = self.last.replace(Some(Rc::clone(kind)));
        let seen = seen.is_some_and(|seen| Rc::ptr_eq(&seen, kind));
        let of_the_service = !types::properties_of(kind.name()).is_empty();
        if seen || of_the_service || call.args.has_block() {
            return;
        }
        let mut told = self.told.borrow_mut();
        let new: Vec<Rc<str>> = kind
            .properties()
            .iter()
            .filter(|column| !is_taken(call, kind, column) && !told.contains(column))
            .cloned()
            .collect();
        let Some(first) = new.first() else { return };
        let columns = if new.len() == 1 { "column" } else { "columns" };
        call.host.session.console.warn(&format!(
            "{}: nothing is taken from the {columns} {}; a block says what for: -PARAMETER {{ {} }}",
            call.cmdlet.name,
            new.join(", "),
            current(first),
        ));
        told.extend(new);
    }
}

/// The property of the current object, as it is written.
fn current(name: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    if name.starts_with(|first: char| first.is_ascii_alphabetic()) && name.chars().all(plain) {
        format!("$_.{name}")
    } else {
        format!("$_['{}']", name.replace('\'', "''"))
    }
}

fn is_taken(call: &Call<'_>, kind: &RecordType, column: &str) -> bool {
    let position = kind.position(column);
    call.cmdlet.all_params().any(|param| match param.pipeline {
        FromPipeline::Value(names) | FromPipeline::Property(names) => names
            .iter()
            .any(|name| position.is_some() && kind.position(name) == position),
        FromPipeline::No => false,
    })
}
