//! A page of help within a narrow window.

use usher_object::format::wrapped;

/// Before a line that is to be typed, which stays whole so that it can be copied.
const TYPED: &str = "> ";

/// The page with lines that are too wide parted at blanks, below where their text begins.
pub(super) fn fitted(page: &str, width: usize) -> String {
    let lines: Vec<String> = page.lines().map(|line| within(line, width)).collect();
    lines.join("\n")
}

fn within(line: &str, width: usize) -> String {
    let text = line.trim_start();
    if line.chars().count() <= width || text.starts_with(TYPED) {
        return line.to_owned();
    }
    let lead = line.len() - text.len();
    // The second column of a list: what stands behind the last gap that is no blank between words.
    let gap = text.rfind("  ").map(|gap| lead + gap + 2);
    let hang = gap.filter(|hang| *hang <= width / 2).unwrap_or(lead);
    let (Some(head), Some(text)) = (line.get(..hang), line.get(hang..)) else {
        return line.to_owned();
    };
    let parted = wrapped(text, width.saturating_sub(hang).max(1));
    format!("{head}{}", parted.join(&format!("\n{}", " ".repeat(hang))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_parted_below_where_it_begins_and_commands_stay_whole() {
        let page =
            "NAME\n    one two three four\n    > Get-User -Department Sales -AccountEnabled $true";
        assert_eq!(
            fitted(page, 18),
            "NAME\n    one two three\n    four\n    > Get-User -Department Sales -AccountEnabled $true"
        );
        assert_eq!(
            fitted("  a  says much of people", 16),
            "  a  says much\n     of people"
        );
        // A second column that begins too far to the right would have no room.
        assert_eq!(
            fitted("    Get-User     says much", 18),
            "    Get-User\n    says much"
        );
        assert_eq!(fitted(page, 80), page);
    }
}
