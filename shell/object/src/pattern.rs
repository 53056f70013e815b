//! Patterns over text: `-like` wildcards and `-match` expressions, both ignoring case.
//! Neither can be made to run longer than text times pattern.

use regex::RegexBuilder;

use crate::error::{ErrorCode, ObjectError, Result};
use crate::fold;

/// Memory that one compiled expression may take; a larger one is refused.
const EXPRESSION_BYTES: usize = 1 << 20;

/// A `-like` pattern: `*` any text, `?` one character, `[a-z]` one of these, a backtick before any
/// of them takes it literally.
#[derive(Debug, Clone)]
pub struct Wildcard {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq)]
enum Part {
    Any,
    One,
    Literal(char),
    OneOf(Vec<(char, char)>),
}

impl Wildcard {
    /// Reads a pattern, or says what is wrong with it.
    pub fn parse(pattern: &str) -> Result<Self> {
        let folded = fold::fold(pattern);
        let mut characters = folded.chars();
        let mut parts = Vec::new();
        while let Some(character) = characters.next() {
            let part = match character {
                '*' => Part::Any,
                '?' => Part::One,
                '[' => Self::parse_set(&mut characters).ok_or_else(|| unclosed(pattern))?,
                '`' => Part::Literal(characters.next().unwrap_or('`')),
                other => Part::Literal(other),
            };
            if part != Part::Any || parts.last() != Some(&Part::Any) {
                parts.push(part);
            }
        }
        Ok(Self { parts })
    }

    /// Whether the text holds any of the characters that make it a pattern.
    pub fn is_pattern(text: &str) -> bool {
        text.contains(['*', '?', '['])
    }

    fn parse_set(characters: &mut std::str::Chars<'_>) -> Option<Part> {
        let mut set: Vec<char> = Vec::new();
        let mut literal: Vec<bool> = Vec::new();
        loop {
            match characters.next()? {
                ']' if !set.is_empty() => break,
                '`' => {
                    set.push(characters.next()?);
                    literal.push(true);
                }
                other => {
                    set.push(other);
                    literal.push(false);
                }
            }
        }
        let mut ranges = Vec::new();
        let mut at = 0;
        while let Some(&first) = set.get(at) {
            let dash = set.get(at + 1) == Some(&'-') && literal.get(at + 1) == Some(&false);
            match set.get(at + 2).filter(|_| dash) {
                Some(&last) => {
                    ranges.push((first.min(last), first.max(last)));
                    at += 3;
                }
                None => {
                    ranges.push((first, first));
                    at += 1;
                }
            }
        }
        Some(Part::OneOf(ranges))
    }

    /// Whether the text fits.
    pub fn matches(&self, text: &str) -> bool {
        let folded = fold::fold(text);
        let text: Vec<char> = folded.chars().collect();
        let (mut at, mut part) = (0, 0);
        // Where to go on if what follows the last `*` does not fit: one character later. Earlier
        // stars never need another try, so the work is bounded by text times pattern.
        let mut retry = None;
        loop {
            match (self.parts.get(part), text.get(at)) {
                (Some(Part::Any), _) => {
                    part += 1;
                    retry = Some((at, part));
                }
                (Some(wanted), Some(&character)) if wanted.accepts(character) => {
                    at += 1;
                    part += 1;
                }
                (None, None) => return true,
                _ => match retry {
                    Some((from, after_star)) if from < text.len() => {
                        at = from + 1;
                        part = after_star;
                        retry = Some((at, part));
                    }
                    _ => return false,
                },
            }
        }
    }
}

impl Part {
    fn accepts(&self, character: char) -> bool {
        match self {
            Self::Any | Self::One => true,
            Self::Literal(wanted) => *wanted == character,
            Self::OneOf(ranges) => ranges
                .iter()
                .any(|(first, last)| (*first..=*last).contains(&character)),
        }
    }
}

fn unclosed(pattern: &str) -> ObjectError {
    ObjectError::new(
        ErrorCode::PatternInvalid,
        format!("The pattern `{pattern}` opens a `[` that it does not close"),
        "Close it with `]`, or write a backtick before it to mean the bracket itself",
    )
}

/// A `-match` expression.
#[derive(Debug, Clone)]
pub struct Expression(regex::Regex);

impl Expression {
    /// Reads a pattern, or says what is wrong with it.
    pub fn parse(pattern: &str) -> Result<Self> {
        let built = RegexBuilder::new(pattern)
            .case_insensitive(true)
            .size_limit(EXPRESSION_BYTES)
            .dfa_size_limit(EXPRESSION_BYTES)
            .build();
        built.map(Self).map_err(|error| {
            let reason = match &error {
                regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
                other => other
                    .to_string()
                    .lines()
                    .last()
                    .map(|line| line.trim_start_matches("error: ").to_owned())
                    .unwrap_or_default(),
            };
            ObjectError::new(
                ErrorCode::PatternInvalid,
                format!("`{pattern}` is not a regular expression: {reason}"),
                "Mend it, or use -like with `*` and `?`; look-around and back-references do not exist",
            )
        })
    }

    /// Whether the text fits.
    pub fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn like(text: &str, pattern: &str) -> bool {
        Wildcard::parse(pattern).unwrap().matches(text)
    }

    #[test]
    fn wildcards() {
        for (text, pattern) in [
            ("Contoso", "con*"),
            ("", "*"),
            ("", ""),
            ("abc", "a?c"),
            ("aXbXc", "a*b*c"),
            ("Sales", "[r-t]ales"),
            ("a-b", "a[x-]b"),
            ("a]b", "a[]]b"),
            ("50%*", "50%`*"),
            ("[x]", "`[x`]"),
            ("é", "?"),
            ("e\u{301}", "É"),
            ("STRAẞE", "stra?e"),
            ("line\nline", "line*line"),
            ("mississippi", "*iss*ip*"),
        ] {
            assert!(like(text, pattern), "{text} {pattern}");
        }
        for (text, pattern) in [
            ("abc", "ab"),
            ("abc", "?"),
            ("50%5", "50%`*"),
            ("", "?"),
            ("b", "[!a]"),
        ] {
            assert!(!like(text, pattern), "{text} {pattern}");
        }
    }

    #[test]
    fn an_unclosed_bracket_is_named() {
        let error = Wildcard::parse("CON[a").unwrap_err();
        assert_eq!(error.code, ErrorCode::PatternInvalid);
        assert!(error.cause.contains("`CON[a`"));
    }

    #[test]
    fn many_stars_do_not_blow_up() {
        let text = "a".repeat(20_000);
        assert!(!like(&text, &"*a".repeat(20).replace("*a*a", "*a*b")));
    }

    #[test]
    fn expressions_ignore_case_and_say_what_is_wrong() {
        assert!(Expression::parse("^ade(le|n)$").unwrap().matches("ADELE"));
        let error = Expression::parse("(open").unwrap_err();
        assert!(error.cause.contains("unclosed group"), "{error}");
        assert!(Expression::parse(r"\w{1000}{1000}").is_err());
    }

    /// The definition of a wildcard, exponential and obviously right.
    fn naive(text: &[char], pattern: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('*', rest)) => (0..=text.len()).any(|skip| naive(&text[skip..], rest)),
            Some((first, rest)) => text.split_first().is_some_and(|(character, tail)| {
                (*first == '?' || first == character) && naive(tail, rest)
            }),
        }
    }

    proptest! {
        #[test]
        fn wildcards_agree_with_their_definition(text in "[abc]{0,10}", pattern in "[abc*?]{0,8}") {
            let (characters, parts): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
            prop_assert_eq!(like(&text, &pattern), naive(&characters, &parts));
        }

        #[test]
        fn no_text_is_too_odd_for_a_pattern(text in any::<String>(), pattern in any::<String>()) {
            if let Ok(wildcard) = Wildcard::parse(&pattern) {
                wildcard.matches(&text);
            }
        }
    }
}
