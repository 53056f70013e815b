//! The record of changes, and commands, as objects.

use usher::v1::Change;
use usher_object::{Value, json_read};

use super::{Shape, instant, text};
use crate::cmdlet::{Cmdlet, Effect};

/// One change, as recorded.
pub static AUDIT_RECORD: Shape<Change> = Shape {
    name: "AuditRecord",
    properties: &[
        ("Revision", |change| Value::Int(change.revision)),
        ("Time", |change| instant(change.time.as_ref())),
        ("Actor", |change| text(&change.actor)),
        ("Action", |change| text(&change.action)),
        ("SubjectType", |change| text(&change.subject_type)),
        ("Subject", |change| text(&change.subject)),
        ("SubjectId", |change| text(&change.subject_id)),
        ("Summary", |change| text(&change.summary)),
        ("Reason", |change| text(&change.reason)),
        ("Before", |change| recorded(&change.before)),
        ("After", |change| recorded(&change.after)),
        ("RequestId", |change| text(&change.request_id)),
        ("BatchId", |change| text(&change.batch_id)),
        ("ChainHash", |change| text(&change.chain_hash)),
    ],
    columns: &[
        "Revision", "Time", "Actor", "Action", "Subject", "Summary", "Reason",
    ],
    details: &[],
};

/// A command, with its short names.
pub static COMMAND_INFO: Shape<(&'static Cmdlet, Vec<String>)> = Shape {
    name: "CommandInfo",
    properties: &[
        ("Name", |(cmdlet, _)| cmdlet.name.into()),
        ("Synopsis", |(cmdlet, _)| cmdlet.synopsis.into()),
        ("Verb", |(cmdlet, _)| {
            cmdlet
                .name
                .split_once('-')
                .map_or(Value::Null, |(verb, _)| verb.into())
        }),
        ("Noun", |(cmdlet, _)| {
            cmdlet
                .name
                .split_once('-')
                .map_or(Value::Null, |(_, noun)| noun.into())
        }),
        ("Aliases", |(_, aliases)| super::texts(aliases)),
        ("Changes", |(cmdlet, _)| {
            Value::Bool(cmdlet.effect == Effect::Changes)
        }),
        ("Output", |(cmdlet, _)| super::texts(cmdlet.output)),
        ("Parameters", |(cmdlet, _)| {
            super::texts(cmdlet.all_params().map(|param| param.name))
        }),
    ],
    columns: &["Name", "Synopsis"],
    details: &[],
};

/// The thing as it was recorded: objects whose properties can be asked for; the text itself where it is no JSON.
fn recorded(json: &str) -> Value {
    if json.is_empty() {
        return Value::Null;
    }
    json_read::read(json).unwrap_or_else(|_| text(json))
}
