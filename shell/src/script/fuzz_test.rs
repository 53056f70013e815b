//! Arbitrary scripts of well-formed parts, run: no panic, an end within the limits, errors in the shell's own words, and
//! a session that goes on. Runs briefly; `USHER_FUZZ_SECONDS` says for how long instead.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::bench::bench_with;
use crate::session::Limits;

/// Parts of the engine's names that nobody who writes scripts knows.
const ENGINE: &[&str] = &[
    "rhai",
    "Dynamic",
    "ImmutableString",
    "__",
    "FnPtr",
    "&mut",
    "i64",
];

fn limits() -> Limits {
    Limits {
        operations: 20_000,
        time: Duration::from_secs(2),
        ..Limits::default()
    }
}

fn leaf() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "1",
        "0",
        "-7",
        "2.5",
        "9223372036854775807",
        "''",
        "'Sales'",
        "'3'",
        "$null",
        "$true",
        "$false",
        "$x",
        "$y",
        "$list",
        "$_",
        "@()",
        "#{}",
        "@{ A = 1; B = 'b' }",
        "@(1, 2, 3)",
        "1..5",
        "(Get-User)",
        "(Get-User -Top 1)",
        "(Get-User -Department Sales)",
        "$Error",
        "$last",
        "Get-Date",
    ])
    .prop_map(str::to_owned)
}

fn expression() -> impl Strategy<Value = String> {
    leaf().prop_recursive(4, 24, 3, |inner| {
        let operator = prop::sample::select(vec![
            "+",
            "-",
            "*",
            "/",
            "%",
            "-eq",
            "-ne",
            "-gt",
            "-le",
            "-like",
            "-match",
            "-contains",
            "-in",
            "-and",
            "-or",
            "==",
            "<",
            "??",
        ]);
        let property = prop::sample::select(vec![
            "Count",
            "Keys",
            "Values",
            "Length",
            "Department",
            "A",
            "Nope",
            "len()",
            "trim()",
            "ToUpper()",
            "Year",
        ]);
        let stage = prop::sample::select(vec![
            "% { $_ }",
            "? { $_ }",
            "% { $_.Department }",
            "Measure-Object",
            "% { return; 1 }",
            "where { $_ -eq 1 }",
            "% -Begin { 1 } { 2 } -End { 3 }",
        ]);
        prop_oneof![
            (inner.clone(), operator, inner.clone())
                .prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            (inner.clone(), property).prop_map(|(a, name)| format!("({a}).{name}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a})[{b}]")),
            (inner.clone(), stage).prop_map(|(a, stage)| format!("({a} | {stage})")),
            inner.clone().prop_map(|a| format!("(-not {a})")),
            inner.clone().prop_map(|a| format!("\"t $({a})\"")),
            inner.clone().prop_map(|a| format!("@{{ A = {a} }}")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("@({a}, {b})")),
        ]
    })
}

fn statement() -> impl Strategy<Value = String> {
    let simple = prop_oneof![
        expression().prop_map(|a| format!("$x = {a}")),
        expression().prop_map(|a| format!("$list += {a}")),
        Just("$x++".to_owned()),
        expression(),
        expression().prop_map(|a| format!("throw {a}")),
        expression().prop_map(|a| format!("Write-Output {a}")),
        expression().prop_map(|a| format!("$x.A = {a}")),
        Just("continue".to_owned()),
        Just("Get-User nobody@contoso.com".to_owned()),
    ];
    simple.prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            (expression(), inner.clone())
                .prop_map(|(a, s)| format!("foreach ($y in {a}) {{ {s} }}")),
            (expression(), inner.clone(), inner.clone())
                .prop_map(|(a, s, t)| format!("if ({a}) {{ {s} }} else {{ {t} }}")),
            (expression(), inner.clone())
                .prop_map(|(a, s)| format!("while ({a}) {{ {s}; break }}")),
            (expression(), inner.clone()).prop_map(|(a, s)| format!("while ({a}) {{ {s} }}")),
            (inner.clone(), inner.clone())
                .prop_map(|(s, t)| format!("try {{ {s} }} catch {{ {t} }}")),
            (inner.clone(), expression())
                .prop_map(|(s, a)| format!("function f($y) {{ {s} }}\nf({a})")),
            (expression(), inner.clone())
                .prop_map(|(a, s)| format!("switch ({a}) {{ 1 {{ {s} }} default {{ 2 }} }}")),
            (inner.clone(), inner).prop_map(|(s, t)| format!("{s}\n{t}")),
        ]
    })
}

fn check(script: &str) -> Result<(), TestCaseError> {
    let mut bench = bench_with(limits());
    bench.run("$x = 1; $y = 'y'; $list = @()").unwrap();
    let began = Instant::now();
    if let Err(error) = bench.run(script) {
        let said = format!(
            "{} {}",
            error.message,
            error.fix.as_deref().unwrap_or_default()
        );
        let leaked = ENGINE.iter().find(|name| said.contains(*name));
        prop_assert!(leaked.is_none(), "{script}\n{leaked:?}: {said}");
        prop_assert!(
            !error.code.is_empty() && !error.message.is_empty(),
            "{script}\n{error:?}"
        );
    }
    prop_assert!(began.elapsed() < Duration::from_secs(10), "{script}");
    let after = bench.run("1 + 1");
    prop_assert_eq!(after.unwrap_or_default(), ["2"], "{}", script);
    Ok(())
}

#[test]
fn any_script_of_well_formed_parts_ends_and_the_session_goes_on() {
    let seconds = std::env::var("USHER_FUZZ_SECONDS").ok();
    let seconds = seconds.and_then(|text| text.parse().ok()).unwrap_or(0);
    let (began, mut cases) = (Instant::now(), 0_u64);
    loop {
        let config = ProptestConfig {
            cases: 200,
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        cases += u64::from(config.cases);
        let ran = TestRunner::new(config).run(&statement(), |script| check(&script));
        ran.unwrap_or_else(|error| panic!("{error}"));
        if began.elapsed() >= Duration::from_secs(seconds) {
            println!("{cases} scripts");
            return;
        }
    }
}
