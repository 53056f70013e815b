//! What a change of the catalogue or its rules makes of the licences that stand (R14, R19a): it
//! never fails for them; plans are held off or come back, in the same transaction.

use super::licenses::{Draft, rejudge};
use super::{Change, Context, Note, NoteKind};
use crate::catalogue::Catalogue;
use crate::snapshot::{Assignment, User};

/// The holders for whom something else is held off than before.
pub(super) struct Rejudged<'a> {
    drafts: Vec<Draft<'a>>,
}

impl<'a> Rejudged<'a> {
    /// Judges the users again for whom `concerns` says so, against the catalogue to come.
    pub(super) fn new(
        context: &Context<'a>,
        catalogue: &Catalogue,
        concerns: impl Fn(&User) -> bool,
    ) -> Self {
        let mut drafts: Vec<Draft<'a>> = context
            .snapshot
            .users()
            .filter(|user| concerns(user))
            .map(|user| {
                rejudge(
                    catalogue,
                    user.profile.id,
                    user.profile.usage_location,
                    &user.paths,
                    (context.now, context.revision),
                )
            })
            .filter(Draft::is_changed)
            .collect();
        drafts.sort_by_key(Draft::user);
        Self { drafts }
    }

    pub(super) fn changes(&self) -> impl Iterator<Item = Change> {
        self.drafts.iter().flat_map(|draft| draft.changes(&[]))
    }

    pub(super) fn before(&self) -> Vec<&Assignment> {
        let paths = self.drafts.iter().flat_map(|draft| &draft.paths);
        paths
            .filter(|path| path.is_changed())
            .filter_map(|path| path.before)
            .collect()
    }

    pub(super) fn after(&self) -> Vec<&Assignment> {
        let paths = self.drafts.iter().flat_map(|draft| &draft.paths);
        paths
            .filter(|path| path.is_changed())
            .filter_map(|path| path.after.as_deref())
            .collect()
    }

    /// How many people it concerns, in one line.
    pub(super) fn note(&self) -> Option<Note> {
        let count = self.drafts.len();
        (count > 0).then(|| Note {
            kind: NoteKind::HeldOff,
            message: match count {
                1 => "For 1 holder, plans are held off or on again".to_owned(),
                _ => format!("For {count} holders, plans are held off or on again"),
            },
            product: None,
            plan: None,
            groups: Vec::new(),
        })
    }
}
