//! The key by which names are equal (R1). Computed here, never by a database.

use std::borrow::Borrow;
use std::fmt;

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;

/// A name in NFKC, case-folded, without edge blanks and with runs of blanks as one blank.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameKey(String);

impl NameKey {
    #[must_use]
    pub fn new(name: &str) -> Self {
        let mut key = String::with_capacity(name.len());
        if name.is_ascii() {
            push_folded_blanks(&mut key, name.chars().map(|c| c.to_ascii_lowercase()));
        } else {
            // Folding can denormalise, so the form is taken before and after it.
            push_folded_blanks(&mut key, name.nfkc().default_case_fold().nfkc());
        }
        Self(key)
    }

    /// The key of a text, unless it is the text with its ASCII letters in lower case, which every
    /// database makes by itself.
    #[must_use]
    pub fn unless_plain(text: &str) -> Option<Self> {
        let key = Self::new(text);
        (!text.eq_ignore_ascii_case(key.as_str())).then_some(key)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn push_folded_blanks(key: &mut String, chars: impl Iterator<Item = char>) {
    let mut gap = false;
    for c in chars {
        if c.is_whitespace() {
            gap = true;
        } else {
            if gap && !key.is_empty() {
                key.push(' ');
            }
            gap = false;
            key.push(c);
        }
    }
}

impl Borrow<str> for NameKey {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for NameKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spelling_does_not_matter_but_the_name_does() {
        for same in [
            "Office 365 E3",
            " office\t365\u{a0}e3 ",
            "ＯＦＦＩＣＥ　365 E3",
        ] {
            assert_eq!(NameKey::new(same).as_str(), "office 365 e3");
        }
        assert_eq!(NameKey::new("STRASSE"), NameKey::new("straße"));
        assert_eq!(NameKey::new("Po\u{308}litz"), NameKey::new("PÖLITZ"));
        assert_ne!(NameKey::new("Polite"), NameKey::new("Pölite"));
    }

    #[test]
    fn a_key_is_kept_only_where_it_says_more() {
        for plain in ["", "Köln", "New York 12", "KöLN"] {
            assert_eq!(NameKey::unless_plain(plain), None, "{plain}");
        }
        for other in ["KÖLN", " Bonn", "New  York", "Straße"] {
            assert_eq!(NameKey::unless_plain(other), Some(NameKey::new(other)));
        }
    }

    proptest! {
        #[test]
        fn what_is_plain_is_its_text_in_ascii_lower_case(name in any::<String>()) {
            let key = NameKey::unless_plain(&name).map(|key| key.to_string());
            prop_assert_eq!(key.unwrap_or_else(|| name.to_ascii_lowercase()), NameKey::new(&name).to_string());
        }

        #[test]
        fn a_key_is_its_own_key(name in any::<String>()) {
            let key = NameKey::new(&name);
            prop_assert_eq!(NameKey::new(key.as_str()), key);
        }
    }
}
