//! From the versions of one person to how long each word of theirs was true: a word that stays while
//! something else of the person changes is one row, not one for each version.

use std::collections::BTreeMap;

/// One version of a person, as far as finding them goes.
#[derive(Clone, Copy, Debug)]
pub struct Version<'p> {
    /// The words in one line, as `Words::line` gives them.
    pub line: &'p str,
    /// What else stands in the row of each word, and makes another row of it.
    pub key: &'p str,
    /// The first revision at which it is true.
    pub from_rev: i64,
    /// The first at which it is no longer.
    pub to_rev: Option<i64>,
}

/// A word with the revisions between which it was true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span<'p> {
    /// The word.
    pub word: &'p str,
    /// What stands beside it.
    pub key: &'p str,
    /// The first revision at which it is true.
    pub from_rev: i64,
    /// The first at which it is no longer.
    pub to_rev: Option<i64>,
}

/// The words of one person, whose versions come oldest first.
#[must_use]
pub fn spans<'p>(versions: impl IntoIterator<Item = Version<'p>>) -> Vec<Span<'p>> {
    let mut done = Vec::new();
    let mut open: BTreeMap<&str, i64> = BTreeMap::new();
    let mut last: Option<Version<'p>> = None;
    for version in versions {
        let words = version.line.split_whitespace();
        let mut now: BTreeMap<&str, i64> = words.map(|word| (word, version.from_rev)).collect();
        if let Some(last) = last {
            let goes_on = last.to_rev == Some(version.from_rev) && last.key == version.key;
            for (word, from_rev) in std::mem::take(&mut open) {
                match now.get_mut(word) {
                    Some(began) if goes_on => *began = from_rev,
                    _ => done.push(span(word, last, from_rev)),
                }
            }
        }
        open = now;
        last = Some(version);
    }
    if let Some(last) = last {
        done.extend(
            open.iter()
                .map(|(word, from_rev)| span(word, last, *from_rev)),
        );
    }
    done
}

fn span<'p>(word: &'p str, last: Version<'p>, from_rev: i64) -> Span<'p> {
    Span {
        word,
        key: last.key,
        from_rev,
        to_rev: last.to_rev,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn version(
        line: &'static str,
        key: &'static str,
        from: i64,
        to: Option<i64>,
    ) -> Version<'static> {
        Version {
            line,
            key,
            from_rev: from,
            to_rev: to,
        }
    }

    #[test]
    fn a_word_that_stays_is_one_span() {
        let found = spans([
            version(" adele vance ", "a@c", 3, Some(5)),
            version(" adele smith ", "a@c", 5, Some(9)),
            version(" adele ", "b@c", 9, None),
        ]);
        let flat: Vec<_> = found
            .iter()
            .map(|span| (span.word, span.key, span.from_rev, span.to_rev))
            .collect();
        assert_eq!(
            flat,
            [
                ("vance", "a@c", 3, Some(5)),
                ("adele", "a@c", 3, Some(9)),
                ("smith", "a@c", 5, Some(9)),
                ("adele", "b@c", 9, None),
            ]
        );
    }

    proptest! {
        /// At every revision the spans say what the version of that revision says.
        #[test]
        fn spans_say_what_versions_say(steps in prop::collection::vec((1..3i64, prop::collection::vec(0..4usize, 0..3), 0..2usize, any::<bool>()), 1..8)) {
            const WORDS: [&str; 4] = ["a", "b", "c", "d"];
            const KEYS: [&str; 2] = ["x", "y"];
            let mut at = 0;
            let mut all: Vec<(String, &str, i64, Option<i64>)> = Vec::new();
            for (length, words, key, gap) in steps {
                let line: Vec<&str> = words.iter().map(|n| WORDS[*n]).collect();
                let from = at + i64::from(gap);
                at = from + length;
                all.push((format!(" {} ", line.join(" ")), KEYS[key], from, Some(at)));
            }
            all.last_mut().unwrap().3 = None;
            let versions = all.iter().map(|(line, key, from, to)| Version { line, key, from_rev: *from, to_rev: *to });
            let found = spans(versions.clone());
            for revision in 0..at + 2 {
                let lives = |from: i64, to: Option<i64>| from <= revision && to.is_none_or(|to| to > revision);
                let mut expected: Vec<(&str, &str)> = versions.clone().filter(|v| lives(v.from_rev, v.to_rev))
                    .flat_map(|v| v.line.split_whitespace().map(move |word| (word, v.key))).collect();
                expected.sort_unstable();
                expected.dedup();
                let mut told: Vec<(&str, &str)> = found.iter().filter(|s| lives(s.from_rev, s.to_rev)).map(|s| (s.word, s.key)).collect();
                told.sort_unstable();
                prop_assert_eq!(told, expected);
            }
        }
    }
}
