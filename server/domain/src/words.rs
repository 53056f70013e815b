//! The words by which people are found: cut, folded, and without accents. Computed here, never by a
//! database. Where they are kept and looked up is the storage's business.

mod fold;
mod search;
mod spans;

use std::collections::BTreeSet;

use self::fold::{APOSTROPHE, folded};

pub use self::search::{MAX_SEARCH, MAX_SEARCH_WORDS, Search};
pub use self::spans::{Span, Version, spans};

/// Letters of a word that count; what comes after them finds nothing more.
const MAX_WORD: usize = 64;

/// The words of one person, ascending.
///
/// A name is cut at everything that is neither letter nor digit. Parts that were joined by
/// something else than a blank are there together as well: `Mary-Jane O'Neill` is found by `mary`,
/// `jane`, `maryjane`, `o`, `neill` and `oneill`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(BTreeSet<String>);

impl Words {
    /// The words of these names, and of the part of the user principal name before the `@`.
    #[must_use]
    pub fn of<'n>(names: impl IntoIterator<Item = &'n str>, upn: &str) -> Self {
        let mut words = Self::default();
        for name in names {
            words.add(name);
        }
        words.add(upn.rsplit_once('@').map_or(upn, |(local, _)| local));
        words
    }

    fn add(&mut self, name: &str) {
        let mut put = |word: &str| {
            if !word.is_empty() {
                self.0.insert(shortened(word));
            }
        };
        for token in folded(name).split_whitespace() {
            let mut pieces = 0;
            for piece in pieces_of(token) {
                pieces += 1;
                put(&piece.replace(APOSTROPHE, ""));
                piece.split(APOSTROPHE).for_each(&mut put);
            }
            if pieces > 1 {
                put(&token.replace(|c: char| !c.is_alphanumeric(), ""));
            }
        }
    }

    /// All words in one text, with a blank before and after each, so that a word's beginning can be
    /// looked for with the blank before it.
    #[must_use]
    pub fn line(&self) -> String {
        let mut line = String::from(" ");
        for word in &self.0 {
            line.push_str(word);
            line.push(' ');
        }
        line
    }
}

/// What stands between punctuation; an apostrophe stays inside.
fn pieces_of(token: &str) -> impl Iterator<Item = &str> {
    token
        .split(|c: char| !c.is_alphanumeric() && c != APOSTROPHE)
        .filter(|piece| piece.contains(char::is_alphanumeric))
}

fn shortened(word: &str) -> String {
    word.chars().take(MAX_WORD).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str) -> String {
        Words::of([name], "").line()
    }

    #[test]
    fn names_are_cut_into_words_and_joined_forms() {
        for (name, words) in [
            ("Adele Vance", " adele vance "),
            (" ADELE\u{a0}\tAdele ", " adele "),
            ("Zoë Straße", " strasse zoe "),
            ("Łukasz Søren ÆRØ", " aero lukasz soren "),
            ("Mary-Jane O’Neill", " jane mary maryjane neill o oneill "),
            ("O'Neill-Smith", " neill o oneill oneillsmith smith "),
            ("Dr. Who (Room 12/b)", " 12 12b b dr room who "),
            ("'' - …", " "),
            ("", " "),
            ("山田 太郎", " 太郎 山田 "),
        ] {
            assert_eq!(line(name), words, "{name}");
        }
    }

    #[test]
    fn a_user_principal_name_counts_up_to_its_sign() {
        let words = Words::of(["Adele Vance", "Adele"], "adele.vance@contoso.com");
        assert_eq!(words.line(), " adele adelevance vance ");
        let guest = Words::of([], "kim_fabrikam.com#EXT#@contoso.com");
        assert_eq!(guest.line(), " com ext fabrikam kim kimfabrikamcomext ");
    }

    #[test]
    fn a_very_long_word_is_cut() {
        assert_eq!(
            line(&"é".repeat(500)),
            format!(" {} ", "e".repeat(MAX_WORD))
        );
    }
}
