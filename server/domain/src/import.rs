//! Making commands of the files that people bring: cleaning, joining, and a report of every row
//! that was changed, dropped or refused, by line and column (R2). Files are read elsewhere.

pub mod products;
pub mod rules;
pub mod users;

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;

use uuid::Uuid;

/// A row of a file as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The line of the file on which the row begins, the header being line 1.
    pub line: u64,
    pub cells: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReportKind {
    /// Blanks were tidied; the row counts.
    Cleaned,
    /// The row says nothing new.
    Dropped,
    /// The row is wrong and was left out; the others go on.
    Refused,
}

/// What happened to a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportItem {
    pub line: u64,
    /// The header of the column, where one column is meant.
    pub column: Option<String>,
    pub kind: ReportKind,
    pub message: String,
}

impl ReportItem {
    fn new(line: u64, column: Option<&str>, kind: ReportKind, message: impl Into<String>) -> Self {
        Self {
            line,
            column: column.map(str::to_owned),
            kind,
            message: message.into(),
        }
    }
}

/// A cell without edge blanks, with runs of blanks as one blank. Tabs, no-break spaces, a byte
/// order mark and zero-width spaces are blanks too.
#[must_use]
pub fn tidy(cell: &str) -> Cow<'_, str> {
    let blank = |c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}');
    let mut after_blank = true;
    let clean = cell.chars().all(|c| {
        let fine = !blank(c) || (c == ' ' && !after_blank);
        after_blank = blank(c);
        fine
    });
    if clean && (cell.is_empty() || !after_blank) {
        return Cow::Borrowed(cell);
    }
    let words: Vec<&str> = cell.split(blank).filter(|word| !word.is_empty()).collect();
    Cow::Owned(words.join(" "))
}

/// Reads a GUID in any of its written forms.
fn guid(cell: &str) -> Option<Uuid> {
    Uuid::try_parse(cell).ok().filter(|id| !id.is_nil())
}

/// The spellings seen for one thing: the most frequent is its name, the first one on a tie.
#[derive(Debug, Default)]
struct Spellings<T> {
    seen: Vec<(T, usize)>,
    places: HashMap<T, usize>,
}

impl<T: Clone + Eq + Hash> Spellings<T> {
    fn see(&mut self, spelling: T) {
        let next = self.seen.len();
        let place = *self.places.entry(spelling.clone()).or_insert(next);
        if place == next {
            self.seen.push((spelling, 0));
        }
        self.seen[place].1 += 1;
    }

    /// The name, and the other spellings in the order in which they came.
    fn into_name_and_aliases(self) -> Option<(T, Vec<T>)> {
        let mut best = 0;
        for (place, (_, count)) in self.seen.iter().enumerate() {
            if *count > self.seen[best].1 {
                best = place;
            }
        }
        let mut spellings: Vec<T> = self
            .seen
            .into_iter()
            .map(|(spelling, _)| spelling)
            .collect();
        (!spellings.is_empty()).then(|| {
            let name = spellings.remove(best);
            (name, spellings)
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn blanks_of_every_kind_are_tidied() {
        assert_eq!(tidy("\u{feff} Office\t365\u{a0} E3 "), "Office 365 E3");
        assert_eq!(tidy(" \u{a0}"), "");
        assert!(matches!(tidy("Office 365 E3"), Cow::Borrowed(_)));
    }

    #[test]
    fn the_most_frequent_spelling_is_the_name_and_the_first_one_on_a_tie() {
        let mut spellings = Spellings::default();
        for spelling in ["b", "a", "a", "b", "c"] {
            spellings.see(spelling);
        }
        assert_eq!(
            spellings.into_name_and_aliases(),
            Some(("b", vec!["a", "c"]))
        );
    }

    proptest! {
        #[test]
        fn tidying_twice_is_tidying_once(cell in any::<String>()) {
            let once = tidy(&cell).into_owned();
            prop_assert!(matches!(tidy(&once), Cow::Borrowed(_)), "{once:?}");
        }
    }
}
