//! One thing that Tab offers: the word for the line, and what is said of it beside.

/// What could stand at the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Offer {
    /// The word as the line takes it, quoted where it must be.
    pub(super) word: String,
    /// What it stands for, such as the name of a person; may be empty.
    pub(super) says: String,
}

impl Offer {
    pub(super) fn of(word: impl Into<String>) -> Self {
        Self {
            word: word.into(),
            says: String::new(),
        }
    }

    /// The same, with what it stands for.
    pub(super) fn says(mut self, says: impl Into<String>) -> Self {
        self.says = says.into();
        self
    }
}

impl rustyline::completion::Candidate for Offer {
    fn display(&self) -> &str {
        &self.word
    }

    fn replacement(&self) -> &str {
        &self.word
    }
}
