//! Case folding of text: the key under which two texts count as equal, without any culture.

use std::borrow::Cow;
use std::rc::Rc;

use caseless::Caseless;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The key of a text: canonical composition, then simple case folding, one character to one.
///
/// `ß` stays apart from `ss` (the lengths of text and key would differ otherwise, and `?` in a
/// wildcard would match half a letter), but `é` equals `e` with a combining accent.
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Cow::Owned(text.to_ascii_lowercase());
        }
        return Cow::Borrowed(text);
    }
    if is_nfc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Owned(text.chars().map(fold_char).collect())
    } else {
        Cow::Owned(text.nfc().map(fold_char).collect())
    }
}

/// The key as shared text; a text that is its own key is not copied.
pub fn fold_shared(text: &Rc<str>) -> Rc<str> {
    match fold(text) {
        Cow::Borrowed(_) => Rc::clone(text),
        Cow::Owned(folded) => folded.into(),
    }
}

/// Whether two texts are equal when case is ignored.
pub fn equal(left: &str, right: &str) -> bool {
    if left.is_ascii() && right.is_ascii() {
        left.eq_ignore_ascii_case(right)
    } else {
        fold(left) == fold(right)
    }
}

/// Simple case folding of one character.
pub fn fold_char(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_lowercase();
    }
    single(std::iter::once(character).default_case_fold())
        .or_else(|| single(character.to_lowercase()))
        .unwrap_or(character)
}

fn single(mut characters: impl Iterator<Item = char>) -> Option<char> {
    match (characters.next(), characters.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_folding_of_odd_letters() {
        for (left, right) in [
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("STRAẞE", "straße"),
            ("É", "é"),
            ("e\u{301}", "É"),
            ("Ǆ", "ǆ"),
            ("\u{212A}", "k"),
            ("ſ", "S"),
            ("ЖУК", "жук"),
            ("ᾈ", "ᾀ"),
        ] {
            assert!(equal(left, right), "{left} {right}");
        }
        for (left, right) in [("ß", "ss"), ("ı", "i"), ("İ", "i"), ("ﬁ", "fi"), ("é", "e")] {
            assert!(!equal(left, right), "{left} {right}");
        }
    }

    #[test]
    fn lower_case_ascii_is_not_copied() {
        let text: Rc<str> = "abc-1".into();
        assert!(Rc::ptr_eq(&text, &fold_shared(&text)));
    }
}
