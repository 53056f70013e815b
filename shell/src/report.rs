//! How an error looks: the code and the cause, the line with a marker, the fix. Text in, text out.

use usher_object::format::{safe_text, wrapped};

use crate::error::{Place, Severity, ShellError};

/// Characters of a line that are shown around the place.
const EXCERPT: usize = 120;
/// Fewer than these say nothing.
const SHORTEST_EXCERPT: usize = 20;
/// By how much further lines of the cause stand in.
const CAUSE_INDENT: usize = 7;
/// Room for a message below which parting it would only make confetti.
const NARROWEST: usize = 30;

const RED: &str = "\u{1b}[1;31m";
const BLUE: &str = "\u{1b}[1;34m";
const GREEN: &str = "\u{1b}[32m";
const PLAIN: &str = "\u{1b}[0m";

/// Where an error is shown.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Look {
    /// Whether it may have colours.
    pub(crate) colour: bool,
    /// Columns of the terminal; none where it goes elsewhere.
    pub(crate) width: Option<usize>,
}

/// The error as lines for a person, without a line end after the last; nothing for `exit(n)`. `text` is the script
/// that the place speaks of. The cause is parted at blanks where it is too wide; what is to be typed never is.
#[must_use]
pub(crate) fn render(error: &ShellError, text: Option<&str>, look: Look) -> String {
    match error.severity {
        Severity::Exit(_) => return String::new(),
        // Who stopped it knows where it was.
        Severity::Stopped => return safe_text(&error.message).into_owned(),
        _ => {}
    }
    let paint = |colour_code: &'static str, text: &str| {
        if look.colour {
            format!("{colour_code}{text}{PLAIN}")
        } else {
            text.to_owned()
        }
    };
    let code = format!("error[{}]", safe_text(&error.code));
    let cause = cause(&format!("{code}: {}", error.message), look.width);
    let mut lines = vec![cause.replacen(&code, &paint(RED, &code), 1)];
    if let Some(place) = &error.place {
        lines.extend(marked(
            place,
            text,
            look.width,
            |text| paint(BLUE, text),
            |text| paint(RED, text),
        ));
    }
    if let Some(fix) = &error.fix {
        lines.push(format!("{} {}", paint(GREEN, "fix:"), safe_lines(fix, 5)));
    }
    lines.join("\n")
}

/// Code and cause, within the width.
fn cause(text: &str, width: Option<usize>) -> String {
    let Some(room) = width.map(|width| width.saturating_sub(CAUSE_INDENT).max(NARROWEST)) else {
        return safe_lines(text, CAUSE_INDENT);
    };
    let lines = text.lines().map(safe_text);
    let parted: Vec<String> = lines.flat_map(|line| wrapped(&line, room)).collect();
    parted.join(&format!("\n{}", " ".repeat(CAUSE_INDENT)))
}

/// Text of several lines, indented below the first; nothing in it reaches the terminal but text.
fn safe_lines(text: &str, indent: usize) -> String {
    let lines: Vec<_> = text.lines().map(safe_text).collect();
    lines.join(&format!("\n{}", " ".repeat(indent)))
}

fn marked(
    place: &Place,
    text: Option<&str>,
    width: Option<usize>,
    gutter: impl Fn(&str) -> String,
    mark: impl Fn(&str) -> String,
) -> Vec<String> {
    let number = place.line.to_string();
    let pad = " ".repeat(number.len());
    let mut lines = vec![format!(
        "{pad}{} {}:{}:{}",
        gutter("-->"),
        safe_text(&place.source),
        place.line,
        place.column
    )];
    let Some(line) = text.and_then(|text| text.lines().nth(place.line.saturating_sub(1))) else {
        return lines;
    };
    let room = width.map_or(EXCERPT, |width| {
        let room = width.saturating_sub(number.len() + 3);
        room.clamp(SHORTEST_EXCERPT, EXCERPT)
    });
    let (shown, before, length) = excerpt(line, place, room);
    lines.push(format!("{pad} {}", gutter("|")));
    lines.push(format!("{} {} {shown}", gutter(&number), gutter("|")));
    lines.push(format!(
        "{pad} {} {}{}",
        gutter("|"),
        " ".repeat(before),
        mark(&"^".repeat(length))
    ));
    lines
}

/// The part of the line around the place, characters before the mark, and characters marked. What would move the
/// cursor is shown as a blank, so that the mark stands where it should.
fn excerpt(line: &str, place: &Place, most: usize) -> (String, usize, usize) {
    let characters: Vec<char> = line
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let at = place.column.saturating_sub(1).min(characters.len());
    let last = characters.len().saturating_sub(most);
    let start = at.saturating_sub(most / 2).min(last);
    let end = characters.len().min(start + most);
    let shown: String = characters
        .get(start..end)
        .unwrap_or_default()
        .iter()
        .collect();
    let room = (end - start).saturating_sub(at - start).max(1);
    (shown, at - start, place.length.clamp(1, room))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    const COLOUR: Look = Look {
        colour: true,
        width: None,
    };

    fn unknown_property() -> ShellError {
        ShellError::new("PROPERTY_NOT_FOUND", "User has no property `Deparment`")
            .fix("Did you mean `Department`?")
            .at(Place {
                source: "sales.usher".into(),
                line: 2,
                column: 18,
                length: 9,
            })
    }

    #[test]
    fn the_line_stands_there_with_a_marker() {
        let text = "let x = 1\n\tGet-User | sort Deparment\n";
        expect![[r"
            error[PROPERTY_NOT_FOUND]: User has no property `Deparment`
             --> sales.usher:2:18
              |
            2 |  Get-User | sort Deparment
              |                  ^^^^^^^^^
            fix: Did you mean `Department`?"]]
        .assert_eq(&render(&unknown_property(), Some(text), Look::default()));
    }

    #[test]
    fn without_its_text_the_place_is_still_named() {
        expect![[r"
            error[PROPERTY_NOT_FOUND]: User has no property `Deparment`
             --> sales.usher:2:18
            fix: Did you mean `Department`?"]]
        .assert_eq(&render(&unknown_property(), None, Look::default()));
    }

    #[test]
    fn several_fixes_stand_below_each_other() {
        let error = ShellError::new("NO_AVAILABLE_SEATS", "SPE_E3 has no free seat")
            .fix("New-Subscription SPE_E3 -Quantity 1\nRemove-UserLicense bob@contoso.com SPE_E3");
        expect![[r"
            error[NO_AVAILABLE_SEATS]: SPE_E3 has no free seat
            fix: New-Subscription SPE_E3 -Quantity 1
                 Remove-UserLicense bob@contoso.com SPE_E3"]]
        .assert_eq(&render(&error, None, Look::default()));
    }

    #[test]
    fn nothing_in_a_message_reaches_the_terminal_but_text() {
        let error = ShellError::new("X", "bad \u{1b}[2Jname").target("t");
        assert!(!render(&error, None, Look::default()).contains('\u{1b}'));
        assert!(render(&error, None, COLOUR).starts_with(RED));
        let place = Place {
            source: "a".into(),
            line: 1,
            column: 3,
            length: 4,
        };
        let error = ShellError::new("X", "bad").at(place);
        assert!(!render(&error, Some("ab\u{1b}[2Jcd"), Look::default()).contains('\u{1b}'));
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}HERE{}", "x".repeat(400), "y".repeat(400));
        let place = Place {
            source: "a".into(),
            line: 1,
            column: 401,
            length: 4,
        };
        let shown = render(
            &ShellError::new("X", "Wrong").at(place),
            Some(&text),
            Look::default(),
        );
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines.iter().all(|line| line.chars().count() <= EXCERPT + 6));
        let column = lines[4].find('^').unwrap();
        assert_eq!(&lines[3][column..column + 4], "HERE");
        assert_eq!(lines[4].matches('^').count(), 4);
    }

    #[test]
    fn an_exit_is_no_error() {
        let error = ShellError::new("EXIT", "").severity(Severity::Exit(3));
        assert_eq!(render(&error, None, Look::default()), "");
    }

    #[test]
    fn in_a_narrow_window_the_marker_stays_under_its_word() {
        let text = "Set-UserLicense adele.vance@contoso.com -Add ENTERPRISEPREMIUM -Reason Friday";
        let error = ShellError::new(
            "PRODUCT_NOT_FOUND",
            "There is no product \"ENTERPRISEPREMIUM\"; the nearest is ENTERPRISEPACK (Office 365 E3)",
        )
        .fix("Get-Product -Search WORD // or, if it was never brought in: Import-Product products.csv")
        .at(Place {
            source: "<prompt>".into(),
            line: 1,
            column: 46,
            length: 17,
        });
        let look = Look {
            colour: false,
            width: Some(60),
        };
        expect![[r#"
            error[PRODUCT_NOT_FOUND]: There is no product
                   "ENTERPRISEPREMIUM"; the nearest is ENTERPRISEPACK
                   (Office 365 E3)
             --> <prompt>:1:46
              |
            1 | dele.vance@contoso.com -Add ENTERPRISEPREMIUM -Reason Fr
              |                             ^^^^^^^^^^^^^^^^^
            fix: Get-Product -Search WORD // or, if it was never brought in: Import-Product products.csv"#]].assert_eq(&render(&error, Some(text), look));
        let painted = Look {
            colour: true,
            ..look
        };
        assert!(render(&error, Some(text), painted).starts_with(RED));
    }
}
