//! Countries by their two letters, and what was probably meant by a text that is none.
//! What may be done in a country is a rule, not known here.

mod table;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use self::table::COUNTRIES;
use crate::name_key::NameKey;

/// How many countries an answer offers.
const MOST_NEAREST: usize = 5;
/// A name that is looked for inside of others.
const SHORTEST_NAME: usize = 3;

/// What people write who mean another code.
const MEANT: [(&str, &str); 7] = [
    ("uk", "GB"),
    ("england", "GB"),
    ("scotland", "GB"),
    ("el", "GR"),
    ("holland", "NL"),
    ("turkey", "TR"),
    ("usa", "US"),
];

/// A code of ISO 3166-1 alpha-2, in upper case. What a request says is read with `parse`, which
/// knows the codes; what is stored was read so once, and only its form is looked at again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country([u8; 2]);

impl Country {
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The name, for messages.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        COUNTRIES
            .binary_search_by_key(&self.as_str(), |(code, _)| code)
            .ok()
            .and_then(|at| COUNTRIES.get(at))
            .map(|(_, name)| *name)
    }

    fn of_form(text: &str) -> Option<Self> {
        match *text.trim().as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Some(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => None,
        }
    }
}

/// The text is no country's code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NotACountry {
    /// What was probably meant, best first.
    pub nearest: Vec<Country>,
}

impl fmt::Display for NotACountry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a country is one of the two-letter codes of ISO 3166-1, such as DE or US")?;
        for (at, country) in self.nearest.iter().enumerate() {
            f.write_str(match (at, self.nearest.len()) {
                (0, 1) => "; the nearest is ",
                (0, _) => "; the nearest are ",
                _ => ", ",
            })?;
            write!(f, "{country} ({})", country.name().unwrap_or_default())?;
        }
        Ok(())
    }
}

impl FromStr for Country {
    type Err = NotACountry;

    fn from_str(text: &str) -> Result<Self, NotACountry> {
        match Self::of_form(text) {
            Some(country) if country.name().is_some() => Ok(country),
            _ => Err(NotACountry {
                nearest: nearest(text),
            }),
        }
    }
}

impl TryFrom<String> for Country {
    type Error = NotACountry;

    fn try_from(text: String) -> Result<Self, NotACountry> {
        Self::of_form(&text).ok_or_else(NotACountry::default)
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.as_str().to_owned()
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is written so by mistake, then countries whose name has the text in it, then the code with its letters in the
/// other order. Codes that differ by a letter say nothing: some of them always exist.
fn nearest(text: &str) -> Vec<Country> {
    let key = NameKey::new(text);
    let text = key.as_str();
    let meant = MEANT.iter().filter(|(wrong, _)| *wrong == text);
    let mut found: Vec<&str> = meant.map(|(_, code)| *code).collect();
    if found.is_empty() && text.chars().count() >= SHORTEST_NAME {
        let begin = |name: &str| u8::from(!name.starts_with(text));
        let mut named: Vec<(u8, &str)> = COUNTRIES
            .iter()
            .map(|(code, name)| (NameKey::new(name), code))
            .filter(|(name, _)| name.as_str().contains(text))
            .map(|(name, code)| (begin(name.as_str()), *code))
            .collect();
        named.sort_unstable();
        found.extend(named.into_iter().map(|(_, code)| code));
    }
    if let (true, Some(Country([a, b]))) = (found.is_empty(), Country::of_form(text)) {
        let swapped = COUNTRIES
            .iter()
            .filter(|(code, _)| code.as_bytes() == [b, a])
            .map(|(code, _)| *code);
        found.extend(swapped);
    }
    found.truncate(MOST_NEAREST);
    found.into_iter().filter_map(Country::of_form).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(text: &str) -> Vec<String> {
        let wrong = text.parse::<Country>().unwrap_err();
        wrong.nearest.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_country_is_a_code_that_exists_in_any_case() {
        assert_eq!("de".parse::<Country>().unwrap().as_str(), "DE");
        assert_eq!(" US ".parse::<Country>().unwrap().to_string(), "US");
        for bad in ["", "D", "DEU", "D1", "ÄÖ", "Germany", "XX", "ZZ", "UK"] {
            assert!(bad.parse::<Country>().is_err(), "{bad}");
        }
        assert_eq!(COUNTRIES.len(), 250);
        assert!(
            COUNTRIES.is_sorted_by(|a, b| a.0 < b.0),
            "the search needs the order"
        );
        for (code, name) in COUNTRIES {
            assert_eq!(code.parse::<Country>().unwrap().name(), Some(name));
        }
    }

    #[test]
    fn what_was_probably_meant_is_said() {
        assert_eq!(meant("UK"), ["GB"]);
        assert_eq!(meant("Germany"), ["DE"]);
        assert_eq!(meant("usa"), ["US"]);
        assert_eq!(meant("guinea"), ["GN", "GW", "GQ", "PG"]);
        assert_eq!(meant("EB"), ["BE"]);
        assert!(meant("XX").is_empty() && meant("DX").is_empty());
        assert!(meant("").is_empty() && meant("Atlantis").is_empty());
        let told = "UK".parse::<Country>().unwrap_err().to_string();
        assert!(
            told.ends_with("; the nearest is GB (United Kingdom)"),
            "{told}"
        );
    }

    #[test]
    fn what_is_stored_can_be_read_whatever_the_list_says_now() {
        let stored: Country = serde_json::from_str("\"AN\"").unwrap();
        assert_eq!(stored.as_str(), "AN");
        assert!(serde_json::from_str::<Country>("\"Antilles\"").is_err());
    }
}
