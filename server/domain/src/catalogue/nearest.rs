//! Which names come nearest to one that is not there, by the letter pairs that they share. Cheap,
//! since a list of ten thousand people may name the same wrong product.

use std::collections::HashMap;
use std::fmt;

use crate::name_key::NameKey;

/// How many near names an answer offers.
const MAX_NEAREST: usize = 5;
/// A longer text is no misspelt name.
const LONGEST: usize = 256;
/// In thousandths of the pairs of both names.
const ALIKE: u32 = 400;
/// A name that has what was typed as a word goes before all that are only alike.
const HAS_THE_WORD: u32 = 1_000;
/// One letter is in too many names.
const SHORTEST_WORD: usize = 2;

/// A name that comes near the one that was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Near {
    /// What would be found.
    pub name: String,
    /// What people call it.
    pub display_name: String,
}

impl fmt::Display for Near {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if !self.display_name.is_empty() && self.display_name != self.name {
            write!(f, " ({})", self.display_name)?;
        }
        Ok(())
    }
}

/// Near names as one text.
#[must_use]
pub fn in_words(near: &[Near]) -> String {
    let names: Vec<String> = near.iter().map(ToString::to_string).collect();
    names.join(", ")
}

/// The letter pairs of a name, each as one of 256 bits.
struct Pairs([u64; 4]);

impl Pairs {
    fn of(text: &str) -> Self {
        let mut bits = [0; 4];
        let mut before = None;
        for c in text.chars() {
            let c = u32::from(c);
            if let Some(first) = before.replace(c) {
                let hash: u32 = c
                    .wrapping_add(first.wrapping_mul(31))
                    .wrapping_mul(0x9E37_79B1);
                let [place, ..] = hash.to_be_bytes();
                bits[usize::from(place >> 6)] |= 1 << (place & 63);
            }
        }
        Self(bits)
    }

    fn likeness(&self, other: &Self) -> u32 {
        let (mut shared, mut all) = (0, 0);
        for (a, b) in self.0.iter().zip(&other.0) {
            shared += (a & b).count_ones();
            all += a.count_ones() + b.count_ones();
        }
        2_000 * shared / all.max(1)
    }
}

/// The things whose names come nearest, best first; `names` gives the one that is typed and the one that is read.
pub(super) fn nearest<'a, T: Copy>(
    key: &NameKey,
    index: &HashMap<NameKey, Vec<T>>,
    names: impl Fn(T) -> Option<(&'a str, &'a str)>,
) -> Vec<Near> {
    let text = key.as_str();
    if text.len() > LONGEST {
        return Vec::new();
    }
    let wanted = Pairs::of(text);
    let mut scored: Vec<(u32, (&str, &str))> = Vec::new();
    for (key, things) in index {
        let mut score = wanted.likeness(&Pairs::of(key.as_str()));
        if has_word(key.as_str(), text) {
            score += HAS_THE_WORD;
        }
        if score >= ALIKE {
            let named = things.iter().filter_map(|thing| names(*thing));
            scored.extend(named.map(|named| (score, named)));
        }
    }
    scored.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let mut near: Vec<Near> = Vec::new();
    for (_, (name, display_name)) in scored {
        if near.len() == MAX_NEAREST {
            break;
        }
        if !near.iter().any(|known| known.name == name) {
            near.push(Near {
                name: name.to_owned(),
                display_name: display_name.to_owned(),
            });
        }
    }
    near
}

/// Whether the text stands in the name between what are neither letters nor digits.
fn has_word(name: &str, text: &str) -> bool {
    let parts = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.chars().nth(SHORTEST_WORD - 1).is_some()
        && name.match_indices(text).any(|(at, _)| {
            !parts(name[..at].chars().next_back()) && !parts(name[at + text.len()..].chars().next())
        })
}

/// Of these names the one that comes nearest, whatever the case.
pub fn nearest_of<'a>(text: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if text.len() > LONGEST {
        return None;
    }
    let wanted = Pairs::of(&text.to_lowercase());
    names
        .into_iter()
        .map(|name| (wanted.likeness(&Pairs::of(&name.to_lowercase())), name))
        .filter(|(score, _)| *score >= ALIKE)
        .max_by_key(|(score, _)| *score)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_of_some_names_is_found_whatever_the_case() {
        let names = ["displayName", "department", "country"];
        assert_eq!(nearest_of("Departmnt", names), Some("department"));
        assert_eq!(nearest_of("xyz", names), None);
    }

    #[test]
    fn a_slip_finds_the_name_and_nonsense_finds_none() {
        let names = [
            "SPE_E3",
            "SPE_E5",
            "ENTERPRISEPACK",
            "STANDARDPACK",
            "VISIOCLIENT",
        ];
        let index: HashMap<NameKey, Vec<usize>> = (0..)
            .zip(names)
            .map(|(at, name)| (NameKey::new(name), vec![at]))
            .collect();
        let near = |text: &str| -> Vec<String> {
            let near = nearest(&NameKey::new(text), &index, |at| Some((names[at], "")));
            near.into_iter().map(|near| near.name).collect()
        };
        assert_eq!(near("E5"), ["SPE_E5"]);
        assert_eq!(near("E"), [""; 0]);
        assert_eq!(near("ENTERPRISPACK")[0], "ENTERPRISEPACK");
        assert_eq!(near("spe e3")[0], "SPE_E3");
        assert!(near("quux").is_empty());
        assert!(near(&"SPE_E3 ".repeat(100)).is_empty());
    }
}
