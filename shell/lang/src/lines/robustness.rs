//! Whatever is typed: no panic, no place outside the text, and time in proportion to its length.

use std::time::{Duration, Instant};

use crate::testing::TestNames;
use crate::{KnownNames, LineIndex, needs_more, spot, tokens, translate};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

const SCRIPT: &str = r#"// Moves the sales people.
param(Department = "Sales", Limit: number = 500)

$people = Get-User -Department $Department | Where-Object { $_.AccountEnabled -and $_.UsageLocation -ne $null }
if $people.Count > Limit { throw `${people.len()} people, at most ${Limit} expected` }
fn describe(user) { try { (Get-User $user.UPN).Name } catch (e) { "none: ${e.Code}" } }
for u in (Get-User | Sort-Object UPN) { describe(u); Get-UserLicense $u.UPN | % -Begin { let n = 0 } { n += 1 } -End { n } }
$map = @{ Name = 'it''s'; "User name" = [1, 2.5, 0xff] }
$list = #{ a: |x| x * 2, default: switch u { 1 | 2 => "a", _ => { 5 } } };
do { $x = ($a -in 1..5) -or -not $b } while !done && x ?? y
$people | Select-Object Total={ $_.A + $_.B }, Name -First:5 | Export-Csv out/$Department-list.csv @map // done
if (Get-User | Tee-Object -Variable everybody).Count > 5 { 1..3 | Tee-Object -Variable 'few' | Measure-Object }
"#;

/// Calls everything a prompt calls; checks what must hold of any text.
fn check(text: &str) -> Result<(), TestCaseError> {
    let known = KnownNames::default();
    let index = LineIndex::new(text);
    match translate(text, &TestNames, &known) {
        Ok(translation) => {
            let lines = LineIndex::new(&translation.rhai);
            for (byte, _) in translation.rhai.char_indices().step_by(7) {
                let (line, column) = lines.position(&translation.rhai, byte);
                let span = translation.map.source_span(&translation.rhai, line, column);
                let span = span.ok_or_else(|| TestCaseError::fail("a place without a source"))?;
                prop_assert!(span.start <= span.end && span.end <= text.len());
            }
        }
        Err(diagnostic) => {
            let byte = index.byte(text, diagnostic.line, diagnostic.column);
            prop_assert!(byte <= text.len());
            prop_assert!(!diagnostic.render("text", text).is_empty());
        }
    }
    for token in tokens(text, &TestNames, &known) {
        prop_assert!(text.get(token.span.start..token.span.end).is_some());
    }
    prop_assert!(spot(text, &TestNames, &known).start <= text.len());
    let _asked = needs_more(text, &TestNames, &known);
    Ok(())
}

/// Words of the language, to be put anywhere.
const FRAGMENTS: &[&str] = &[
    "Get-User",
    "|",
    "$",
    "$_",
    "${",
    "$(",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "#{",
    "@{",
    "@",
    "'",
    "\"",
    "`",
    "\\",
    "\n",
    ";",
    ",",
    ".",
    "..",
    "?.",
    "::",
    "-eq",
    "-and",
    "-or",
    "-not",
    "-",
    "=",
    "=>",
    "||",
    "%",
    "?",
    "//",
    "/*",
    "*/",
    "if",
    "else",
    "switch",
    "for",
    "in",
    "fn",
    "let",
    "elseif",
    "foreach (",
    "++",
    "--",
    "@(",
    "<#",
    "#>",
    "#",
    "# ",
    "finally",
    "$PSItem",
    "param(",
    "try",
    "catch",
    "return",
    "do",
    "while",
    "é",
    "🦀",
    "\u{feff}",
    "\r\n",
    "0x",
    "1e",
    "_",
    "__it",
    "Name=",
    "[pscustomobject]",
    "##\"",
    "!",
    "!in",
    "**",
    " ",
    "%{",
];

fn fragment() -> impl Strategy<Value = String> {
    prop::sample::select(FRAGMENTS).prop_map(str::to_owned)
}

/// A thousand cases, or as many as fit into `USHER_FUZZ_SECONDS`.
fn for_a_while<S: Strategy>(strategy: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let seconds = std::env::var("USHER_FUZZ_SECONDS").ok();
    let seconds = seconds.and_then(|text| text.parse().ok()).unwrap_or(0);
    let (began, mut cases) = (Instant::now(), 0_u64);
    loop {
        let config = ProptestConfig {
            cases: 1_000,
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        cases += u64::from(config.cases);
        let ran = TestRunner::new(config).run(strategy, &test);
        ran.unwrap_or_else(|error| panic!("{error}"));
        if began.elapsed() >= Duration::from_secs(seconds) {
            println!("{cases} cases");
            return;
        }
    }
}

#[test]
fn any_text_is_survived() {
    for_a_while(&any::<String>(), |text| check(&text));
}

#[test]
fn any_row_of_words_is_survived() {
    let words = prop::collection::vec(fragment(), 0..40);
    for_a_while(&(words, any::<bool>()), |(words, blank)| {
        check(&words.join(if blank { " " } else { "" }))
    });
}

#[test]
fn any_script_with_a_wound_is_survived() {
    let wound = (0..SCRIPT.len(), 0..20_usize, fragment());
    for_a_while(&wound, |(at, removed, put)| {
        let boundary = |i: &usize| SCRIPT.is_char_boundary(*i);
        let start = (0..=at).rev().find(boundary).unwrap_or(0);
        let end = (start + removed).min(SCRIPT.len());
        let end = (end..=SCRIPT.len()).find(boundary).unwrap_or(SCRIPT.len());
        check(&format!("{}{put}{}", &SCRIPT[..start], &SCRIPT[end..]))?;
        check(&SCRIPT[..start])
    });
}

#[test]
fn the_script_itself_is_whole() {
    let translated = translate(SCRIPT, &TestNames, &KnownNames::default());
    assert!(
        translated.is_ok(),
        "{}",
        translated.unwrap_err().render("script", SCRIPT)
    );
}

#[test]
fn brackets_without_end_are_refused_not_followed() {
    for open in [
        "(",
        "[",
        "{",
        "#{a:",
        "@{a=",
        "f(",
        "!",
        "-",
        "-not ",
        "|x| ",
        "if a {",
        "\"${",
        "Get-User (",
        "Get-User {",
        "2 ** ",
        "a[",
        "$(",
        "Get-User | ",
        "1 + (",
        "if (",
        "`${",
        "Get-User A, ",
        "switch 1 { 1 => ",
        "try { ",
        "fn f() { ",
    ] {
        let text = open.repeat(20_000);
        check(&text).unwrap_or_else(|e| panic!("{open}: {e}"));
    }
}

#[test]
fn rows_without_end_are_refused_or_read() {
    for step in [
        " + 1",
        ".a",
        "[0]",
        " | Sort-Object",
        " -and a",
        "\n",
        ";1",
        "\n+1",
        " ?? 1",
    ] {
        let text = format!("a{}", step.repeat(20_000));
        check(&text).unwrap_or_else(|e| panic!("{step}: {e}"));
    }
}

#[test]
fn time_grows_with_the_length_and_no_faster() {
    let time = |copies: usize| {
        let body = SCRIPT.split_once(")\n").map_or("", |(_, body)| body);
        let text = body.replace("fn describe", "\nfn describe").repeat(copies);
        let start = Instant::now();
        let translated = translate(&text, &TestNames, &KnownNames::default());
        let taken = start.elapsed();
        assert!(translated.is_ok(), "{:?}", translated.err());
        taken
    };
    let small = time(100).max(Duration::from_millis(1));
    let large = time(1_000);
    assert!(large < small * 40, "{small:?} for 100, {large:?} for 1,000");
}

#[test]
fn open_input_wants_more() {
    for (text, more) in [
        ("Get-User |", true),
        ("Get-User -Department A,", true),
        ("if x {", true),
        ("(1", true),
        ("\"open", true),
        ("/* open", true),
        ("let x =", true),
        ("1 +", true),
        ("Get-User", false),
        ("}", false),
        ("Total-Used", false),
        ("if x { }", false),
        ("", false),
    ] {
        let found = needs_more(text, &TestNames, &KnownNames::default());
        assert_eq!(found, more, "{text}");
    }
}
