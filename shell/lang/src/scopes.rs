//! Which variables are visible where; knows nothing of their values.

use std::collections::HashMap;

use crate::output::PieceId;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FrameKind {
    Block,
    /// A `fn`: what is outside cannot be seen, except what every fn sees.
    Function,
    /// The scope that the blocks of one command share.
    Shared,
}

#[derive(Debug)]
struct Frame {
    kind: FrameKind,
    /// Name as written, and the name it has in the rhai text.
    names: HashMap<String, String>,
    /// The same names by what they are in lower case.
    folded: HashMap<String, String>,
    /// Tells the names of one shared scope from those of another.
    number: usize,
    /// Uses of names that are not the shared scope's own, should it declare them later.
    uses: HashMap<String, Vec<PieceId>>,
}

/// What a name refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Seen {
    /// Declared in the script or known before; carries the name in the rhai text.
    Here(String),
    /// Visible inside fns too, but not theirs to assign.
    Everywhere,
    Nowhere,
}

#[derive(Debug, Default)]
pub(crate) struct Scopes {
    frames: Vec<Frame>,
    everywhere: Vec<String>,
    shared_made: usize,
}

impl Scopes {
    pub(crate) fn enter(&mut self, kind: FrameKind) {
        self.frames.push(Frame {
            kind,
            names: HashMap::new(),
            folded: HashMap::new(),
            number: self.shared_made,
            uses: HashMap::new(),
        });
    }

    pub(crate) fn leave(&mut self) {
        self.frames.pop();
    }

    pub(crate) fn know_everywhere(&mut self, name: &str) {
        self.everywhere.push(name.to_owned());
    }

    /// Declares a name in the innermost scope.
    pub(crate) fn declare(&mut self, name: &str) {
        if let Some(frame) = self.frames.last_mut() {
            frame.names.insert(name.to_owned(), name.to_owned());
            frame
                .folded
                .insert(name.to_ascii_lowercase(), name.to_owned());
        }
    }

    /// A visible name that differs from this one in case only.
    pub(crate) fn in_other_case(&self, name: &str) -> Option<&str> {
        let folded = name.to_ascii_lowercase();
        for frame in self.frames.iter().rev() {
            if let Some(found) = frame.folded.get(&folded) {
                return Some(found);
            }
            if frame.kind == FrameKind::Function {
                break;
            }
        }
        self.everywhere
            .iter()
            .map(String::as_str)
            .find(|known| known.eq_ignore_ascii_case(name))
    }

    /// The innermost scope is the top level of a block that shares its scope with its siblings.
    pub(crate) fn is_shared_top(&self) -> bool {
        self.frames
            .last()
            .is_some_and(|f| f.kind == FrameKind::Shared)
    }

    /// Enters a scope that blocks will share.
    pub(crate) fn enter_shared(&mut self) {
        self.shared_made += 1;
        self.enter(FrameKind::Shared);
    }

    /// Leaves a shared scope; gives the rhai names that it declared.
    pub(crate) fn leave_shared(&mut self) -> Vec<String> {
        let Some(frame) = self.frames.pop() else {
            return Vec::new();
        };
        let mut names: Vec<String> = frame
            .names
            .into_iter()
            .filter(|(name, rhai_name)| name != rhai_name)
            .map(|(_, rhai_name)| rhai_name)
            .collect();
        names.sort();
        names
    }

    /// Declares a name of the shared scope; gives its rhai name and the pieces that were written
    /// before it was known.
    pub(crate) fn declare_shared(&mut self, name: &str) -> (String, Vec<PieceId>) {
        let Some(frame) = self.frames.last_mut() else {
            return (name.to_owned(), Vec::new());
        };
        if let Some(known) = frame.names.get(name) {
            return (known.clone(), Vec::new());
        }
        let rhai_name = format!("{name}__{}", frame.number);
        frame.names.insert(name.to_owned(), rhai_name.clone());
        frame
            .folded
            .insert(name.to_ascii_lowercase(), name.to_owned());
        let waiting = frame.uses.remove(name).unwrap_or_default();
        (rhai_name, waiting)
    }

    pub(crate) fn look_up(&self, name: &str) -> Seen {
        for frame in self.frames.iter().rev() {
            if let Some(rhai_name) = frame.names.get(name) {
                return Seen::Here(rhai_name.clone());
            }
            if frame.kind == FrameKind::Function {
                break;
            }
        }
        if self.everywhere.iter().any(|known| known == name) {
            return Seen::Everywhere;
        }
        Seen::Nowhere
    }

    /// The name refers to a variable of the text's top level.
    pub(crate) fn is_of_top_level(&self, name: &str) -> bool {
        for (level, frame) in self.frames.iter().enumerate().rev() {
            if frame.names.contains_key(name) {
                return level == 0;
            }
            if frame.kind == FrameKind::Function {
                break;
            }
        }
        false
    }

    /// Remembers that a name was used in shared scopes that may declare it later.
    pub(crate) fn note_use(&mut self, name: &str, piece: PieceId) {
        for frame in self.frames.iter_mut().rev() {
            if frame.names.contains_key(name) || frame.kind == FrameKind::Function {
                return;
            }
            if frame.kind == FrameKind::Shared {
                frame.uses.entry(name.to_owned()).or_default().push(piece);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fn_sees_only_its_own_and_what_all_see() {
        let mut scopes = Scopes::default();
        scopes.know_everywhere("Error");
        scopes.enter(FrameKind::Block);
        scopes.declare("a");
        scopes.enter(FrameKind::Function);
        scopes.declare("b");
        assert_eq!(scopes.look_up("a"), Seen::Nowhere);
        assert_eq!(scopes.look_up("b"), Seen::Here("b".into()));
        assert_eq!(scopes.look_up("Error"), Seen::Everywhere);
        scopes.leave();
        assert_eq!(scopes.look_up("a"), Seen::Here("a".into()));
        assert_eq!(scopes.look_up("b"), Seen::Nowhere);
    }
}
