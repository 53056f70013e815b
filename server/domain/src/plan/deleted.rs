//! R1, R48: which deleted user is meant, by id or by the former user principal name. Several may
//! have had the same name; nothing is guessed.

use super::Context;
use super::names::shown;
use crate::catalogue::Resolution;
use crate::refusal::{Cause, Code, Fix};
use crate::snapshot::User;

impl<'a> Context<'a> {
    pub(super) fn find_deleted(&self, text: &str) -> Result<&'a User, Cause> {
        let none = || {
            let message = format!(
                "There is no deleted user with the id or former user principal name \"{}\"",
                shown(text)
            );
            Cause::new(Code::UserNotFound, message)
                .with("given", shown(text))
                .field("user")
        };
        let (found, several) = match self.snapshot.resolve_deleted(text) {
            Resolution::Found(id) => (self.snapshot.user(id), Vec::new()),
            Resolution::NotFound { .. } => (None, Vec::new()),
            Resolution::Ambiguous { candidates } => (None, candidates),
        };
        if several.is_empty() {
            return found.ok_or_else(none);
        }
        let mut deleted: Vec<_> = several
            .iter()
            .filter_map(|id| self.snapshot.user(*id))
            .filter_map(|user| Some((user.profile.deleted_at?, user.profile.id)))
            .collect();
        deleted.sort_unstable();
        let instead: Vec<String> = deleted
            .iter()
            .map(|(at, id)| format!("deleted {at} ({id})"))
            .collect();
        let given = shown(text);
        let message = format!(
            "\"{given}\" was the name of {} deleted users: {}",
            instead.len(),
            instead.join(", ")
        );
        let ids: Vec<String> = deleted.iter().map(|(_, id)| id.to_string()).collect();
        Err(Cause::new(Code::AmbiguousName, message)
            .field("user")
            .with("candidates", ids.join(","))
            .fix(Fix::UseName { given, instead }))
    }
}
