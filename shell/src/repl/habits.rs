//! Words that a person types at a prompt out of habit, and which are no part of the language.

use std::borrow::Cow;

/// What a line of the prompt asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Entered<'l> {
    /// To leave.
    Leave,
    /// An empty screen.
    Clear,
    /// To run this.
    Script(Cow<'l, str>),
}

/// Reads a line. A variable of the person's own goes before a habit.
pub(super) fn entered<'l>(line: &'l str, variables: &[String]) -> Entered<'l> {
    let mut words = line.split_whitespace();
    let (first, rest) = (words.next().unwrap_or_default(), words.next());
    if variables.iter().any(|known| known == first) {
        return Entered::Script(Cow::Borrowed(line));
    }
    match (first.to_ascii_lowercase().as_str(), rest) {
        ("exit" | "quit" | "logout", None) => Entered::Leave,
        ("cls" | "clear", None) => Entered::Clear,
        ("help" | "man", None) => Entered::Script(Cow::Borrowed("Get-Help")),
        ("help" | "man", Some(command)) if words.next().is_none() && is_name(command) => {
            Entered::Script(Cow::Owned(format!("Get-Help {command}")))
        }
        ("gcm", None) => Entered::Script(Cow::Borrowed("Get-Command")),
        _ => Entered::Script(Cow::Borrowed(line)),
    }
}

fn is_name(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') && !word.starts_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(line: &str) -> Entered<'_> {
        Entered::Script(Cow::Borrowed(line))
    }

    #[test]
    fn habits_of_other_prompts_work() {
        assert_eq!(entered("exit", &[]), Entered::Leave);
        assert_eq!(entered(" Quit ", &[]), Entered::Leave);
        assert_eq!(entered("cls", &[]), Entered::Clear);
        assert_eq!(entered("help", &[]), script("Get-Help"));
        assert_eq!(
            entered("help Set-User", &[]),
            Entered::Script(Cow::Owned("Get-Help Set-User".to_owned()))
        );
        assert_eq!(entered("gcm", &[]), script("Get-Command"));
    }

    #[test]
    fn everything_else_is_a_script() {
        for line in [
            "exit(3)",
            "exit = 5",
            "help = Get-User",
            "Get-User",
            "help me now",
        ] {
            assert_eq!(entered(line, &[]), script(line));
        }
        assert_eq!(entered("help", &["help".to_owned()]), script("help"));
    }
}
