//! Text as it is compared when people are looked for: no case, no accents, no spelling variants.

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What every kind of apostrophe becomes.
pub(super) const APOSTROPHE: char = '\'';

/// The text decomposed, case-folded, and without its marks. Every blank is a blank.
pub(super) fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text
            .chars()
            .map(|c| apostrophe(c).to_ascii_lowercase())
            .collect();
    }
    // Folding can bring marks back, so they are taken away before and after it; so can taking apart
    // with apostrophes, while some of them fall apart into blanks.
    let bare: String = text
        .chars()
        .map(apostrophe)
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .default_case_fold()
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .map(apostrophe)
        .collect();
    let mut plain = String::with_capacity(bare.len());
    for c in bare.chars() {
        match without_stroke(c) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(c),
        }
    }
    plain
}

fn apostrophe(c: char) -> char {
    match c {
        '’' | '‘' | 'ʼ' | 'ʻ' | 'ʹ' | '´' | '`' | '＇' | '′' => APOSTROPHE,
        other => other,
    }
}

/// Letters that Unicode does not take apart, as people without them on their keyboard type them.
fn without_stroke(c: char) -> Option<&'static str> {
    Some(match c {
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'ł' => "l",
        'ŧ' => "t",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn case_and_accents_do_not_matter() {
        for (text, plain) in [
            ("ÀÉÎÕÜ ç ñ", "aeiou c n"),
            ("Ångström", "angstrom"),
            ("STRASSE ẞ ß", "strasse ss ss"),
            ("İstanbul ışık", "istanbul isik"),
            ("ＦＵＬＬ ﬁ Ⅳ", "full fi iv"),
            ("Nguyễn Đức", "nguyen duc"),
            ("O’Neill O´Neill", "o'neill o'neill"),
            ("⁗", "''''"),
        ] {
            assert_eq!(folded(text), plain, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_folded_stays_as_it_is(text in any::<String>()) {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once);
        }
    }
}
