//! What a prompt asks: colours, and what stands at the cursor.

use crate::testing::TestNames;
use crate::{KnownNames, SpotKind, TokenKind, spot, tokens};

fn at_end(text: &str) -> (SpotKind, String, Option<String>, Vec<String>) {
    let found = spot(text, &TestNames, &KnownNames::default());
    let typed = text[found.start..].to_owned();
    (found.kind, typed, found.command, found.before)
}

#[test]
fn the_word_at_the_cursor_is_known() {
    for (text, kind, typed, command) in [
        ("", SpotKind::Statement, "", None),
        ("Get-Us", SpotKind::Statement, "Get-Us", None),
        ("get", SpotKind::Statement, "get", None),
        ("$x = 1; Get-", SpotKind::Statement, "Get-", None),
        ("Get-User -De", SpotKind::Parameter, "-De", Some("Get-User")),
        ("Get-User -", SpotKind::Value, "-", Some("Get-User")),
        (
            "Get-User -Department ",
            SpotKind::Value,
            "",
            Some("Get-User"),
        ),
        (
            "Get-User -Department Sa",
            SpotKind::Value,
            "Sa",
            Some("Get-User"),
        ),
        ("Get-User A, B", SpotKind::Value, "B", Some("Get-User")),
        ("Get-User A,", SpotKind::Value, "", Some("Get-User")),
        ("Get-User | Sel", SpotKind::Stage, "Sel", None),
        ("Get-User | Select-Ob", SpotKind::Stage, "Select-Ob", None),
        ("Get-User |", SpotKind::Stage, "", None),
        (
            "Get-User | Where-Object { $_.Dep",
            SpotKind::Property,
            "Dep",
            None,
        ),
        (
            "Get-User | Where-Object { $_.",
            SpotKind::Property,
            "",
            None,
        ),
        ("$peo", SpotKind::Variable, "peo", None),
        ("Get-User $", SpotKind::Variable, "", None),
        ("if (Get-User ad", SpotKind::Value, "ad", Some("Get-User")),
        (
            "Set-UserLicense -Add \"SPE",
            SpotKind::Value,
            "\"SPE",
            Some("Set-UserLicense"),
        ),
    ] {
        let (found_kind, found_typed, found_command, _) = at_end(text);
        assert_eq!(
            (found_kind, found_typed.as_str(), found_command.as_deref()),
            (kind, typed, command),
            "{text}"
        );
    }
}

#[test]
fn the_stages_before_are_known() {
    let (.., before) =
        at_end("$a = Get-Group | Sort-Object; Get-User | Sort-Object UPN | Where-Object { $_.D");
    assert_eq!(before, ["Get-User", "Sort-Object"]);
}

#[test]
fn what_was_written_before_the_cursor_is_known() {
    let found = spot(
        "Set-UserLicense -Add SPE_E3 -Disable ",
        &TestNames,
        &KnownNames::default(),
    );
    assert_eq!(found.arguments.len(), 3, "{:?}", found.arguments);
}

#[test]
fn tokens_cover_what_they_colour_and_end_at_a_mistake() {
    let text = "$x = Get-User -Top 5 \"a $x b\" // end";
    let kinds: Vec<(TokenKind, &str)> = tokens(text, &TestNames, &KnownNames::default())
        .iter()
        .map(|token| (token.kind, &text[token.span.start..token.span.end]))
        .collect();
    assert_eq!(
        kinds,
        [
            (TokenKind::Variable, "$x"),
            (TokenKind::Command, "Get-User"),
            (TokenKind::Parameter, "-Top"),
            (TokenKind::Number, "5"),
            (TokenKind::Text, "\"a "),
            (TokenKind::Variable, "$x"),
            (TokenKind::Text, " b\""),
            (TokenKind::Comment, "// end"),
        ]
    );
    assert_eq!(
        tokens("Get-User ) x", &TestNames, &KnownNames::default()).len(),
        1
    );
}
