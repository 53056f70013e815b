//! What the translation asks about the world: commands, aliases, and the names already visible.

/// The commands that are registered.
pub trait Names {
    /// The registered name behind a command's name, ignoring case.
    fn command(&self, name: &str) -> Option<CommandShape>;
    /// The registered name behind an alias, ignoring case.
    fn alias(&self, name: &str) -> Option<String>;
    /// All registered names, for the nearest ones to an unknown one.
    fn all(&self) -> Vec<String>;
    /// What to write instead of a command of another shell, where that is known.
    fn instead_of(&self, _command: &str) -> Option<String> {
        None
    }
    /// The parameter of the command, perhaps shortened, names a variable that the command sets.
    fn declares(&self, command: &str, parameter: &str) -> bool;
}

/// What the translation must know of a command; binding belongs to its declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandShape {
    /// The name as registered.
    pub name: String,
    /// The blocks of one call share one scope, as those of ForEach-Object do.
    pub shares_scope: bool,
}

/// What is visible before the first line of the text.
#[derive(Debug, Clone, Default)]
pub struct KnownNames {
    pub variables: Vec<String>,
    pub functions: Vec<String>,
    /// The number of the first pipeline, so that several texts can live in one engine.
    pub first_pipeline: usize,
    /// The text is imported: its last plain expression is not written.
    pub module: bool,
}

/// Variables that every script has; visible inside functions too.
pub const AUTOMATIC_VARIABLES: [&str; 4] = ["Error", "Session", "last", "ScriptRoot"];

/// Up to three of `candidates` that are close enough to `wrong` to be meant, the nearest first.
#[must_use]
pub fn nearest<'c>(wrong: &str, candidates: impl IntoIterator<Item = &'c str>) -> Vec<&'c str> {
    let wrong_lower = wrong.to_lowercase();
    let allowed = wrong.chars().count() / 3 + 1;
    let mut scored: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| {
            let lower = candidate.to_lowercase();
            let extends = wrong_lower.len() >= 3 && lower.starts_with(&wrong_lower);
            let distance = strsim::osa_distance(&wrong_lower, &lower);
            (extends || distance <= allowed).then_some((distance, candidate))
        })
        .collect();
    scored.sort();
    scored.dedup();
    scored.into_iter().take(3).map(|(_, name)| name).collect()
}

/// "did you mean `a`, `b` or `c`?", if anything is near.
#[must_use]
pub fn did_you_mean(near: &[&str]) -> Option<String> {
    let quoted: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
    let (last, rest) = quoted.split_last()?;
    if rest.is_empty() {
        return Some(format!("did you mean {last}?"));
    }
    Some(format!("did you mean {} or {last}?", rest.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_names_come_first_and_far_ones_not_at_all() {
        let all = ["Get-User", "Get-UserLicense", "Set-User", "Out-Null"];
        assert_eq!(nearest("Get-Usr", all), ["Get-User", "Set-User"]);
        assert_eq!(nearest("get-user", all)[0], "Get-User");
        assert!(nearest("Frobnicate", all).is_empty());
    }

    #[test]
    fn the_question_names_them_all() {
        assert_eq!(did_you_mean(&[]), None);
        assert_eq!(
            did_you_mean(&["a", "b", "c"]).as_deref(),
            Some("did you mean `a`, `b` or `c`?")
        );
    }
}
