//! What a person types to find somebody: beginnings of words, all of which have to be there.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::fold::{APOSTROPHE, folded};
use super::{pieces_of, shortened};
use crate::NameKey;

/// Longest search, in characters.
pub const MAX_SEARCH: usize = 256;
/// Most words of a search.
pub const MAX_SEARCH_WORDS: usize = 16;

/// A search, ready to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// What has to begin a word of theirs, each of it; the longest first, and never empty.
    pub words: Vec<String>,
    /// How their user principal name has to begin, where an `@` was typed.
    pub upns: Vec<NameKey>,
}

impl Search {
    /// The search for what was typed; none if no letter or digit is in it. A word with an
    /// apostrophe is looked for as one word, one with other punctuation as several.
    #[must_use]
    pub fn typed(text: &str) -> Option<Self> {
        let mut words = BTreeSet::new();
        let mut upns = Vec::new();
        for token in text.split_whitespace() {
            let local = token.rsplit_once('@').map(|(local, _)| folded(local));
            match local.filter(|local| local.contains(char::is_alphanumeric)) {
                Some(local) => {
                    upns.push(NameKey::new(token));
                    add(&mut words, &local);
                }
                None => add(&mut words, &folded(token)),
            }
        }
        // The beginning of another word of the search says nothing that the other does not.
        let needless = |word: &String| {
            let begins = |other: &String| other != word && other.starts_with(word.as_str());
            words.iter().any(begins)
        };
        let mut words: Vec<String> = words.iter().filter(|w| !needless(w)).cloned().collect();
        words.sort_by_key(|word| Reverse(word.chars().count()));
        (!words.is_empty()).then_some(Self { words, upns })
    }
}

fn add(words: &mut BTreeSet<String>, text: &str) {
    // Folding may have made blanks of what was none.
    for piece in text.split_whitespace().flat_map(pieces_of) {
        words.insert(shortened(&piece.replace(APOSTROPHE, "")));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Words;
    use super::*;

    fn words(text: &str) -> Vec<String> {
        Search::typed(text).unwrap().words
    }

    #[test]
    fn the_longest_word_leads_and_what_says_nothing_is_left_out() {
        assert_eq!(words("Ad van"), ["van", "ad"]);
        assert_eq!(words("b a"), ["a", "b"]);
        assert_eq!(words("a adele"), ["adele"]);
        assert_eq!(words("O'Ne mary-j"), ["mary", "one", "j"]);
        for nothing in ["", "  ", "-- '", "@", "…"] {
            assert_eq!(Search::typed(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn a_sign_asks_for_the_user_principal_name() {
        let search = Search::typed("Adele.V@Con").unwrap();
        assert_eq!(search.words, ["adele", "v"]);
        assert_eq!(search.upns, [NameKey::new("adele.v@con")]);
        let search = Search::typed("@contoso").unwrap();
        assert_eq!(
            (search.words.concat().as_str(), search.upns.len()),
            ("contoso", 0)
        );
    }

    fn finds(search: &str, line: &str) -> bool {
        words(search)
            .iter()
            .all(|word| line.contains(&format!(" {word}")))
    }

    proptest! {
        /// Whatever a name holds, typing any word of it from its beginning finds it.
        #[test]
        fn the_beginning_of_any_word_finds(name in "(\\PC|[a-zäß' -]){1,24}", place in any::<prop::sample::Index>(), end in any::<prop::sample::Index>()) {
            let line = Words::of([name.as_str()], "").line();
            let tokens: Vec<&str> = name.split_whitespace().collect();
            prop_assume!(!tokens.is_empty());
            let token: Vec<char> = place.get(&tokens).chars().collect();
            let typed: String = token[..=end.index(token.len())].iter().collect();
            prop_assume!(!typed.contains('@') && Search::typed(&typed).is_some());
            prop_assert!(finds(&typed, &line), "{typed:?} in {line:?}");
            prop_assert!(finds(&typed.to_ascii_uppercase(), &line), "{typed:?} in {line:?}");
        }
    }
}
