//! Text as an argument of a command line: bare where that is read back as the same text, else in single quotes.

/// The text as one argument.
#[must_use]
pub fn quoted(text: &str) -> String {
    if is_bare(text) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// Several texts as a list.
pub(super) fn list<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> String {
    let quoted: Vec<String> = texts
        .into_iter()
        .map(|text| quoted(text.as_ref()))
        .collect();
    quoted.join(", ")
}

fn is_bare(text: &str) -> bool {
    let starts_well = text
        .chars()
        .next()
        .is_some_and(|first| first.is_alphanumeric() || first == '_');
    starts_well
        && text.chars().all(|c| {
            c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@' | '/' | ':' | '+' | '#')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_bare_and_the_rest_is_quoted() {
        for bare in [
            "SPE_E3",
            "adele@contoso.com",
            "SPE_E3::TEAMS1",
            "2026-11-23",
            "Zoë",
        ] {
            assert_eq!(quoted(bare), bare);
        }
        assert_eq!(quoted("Office 365 E3"), "'Office 365 E3'");
        assert_eq!(quoted("O'Brien"), "'O''Brien'");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("-x"), "'-x'");
        assert_eq!(quoted("a,b"), "'a,b'");
        assert_eq!(quoted("$x"), "'$x'");
    }
}
