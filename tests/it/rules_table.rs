//! Which tests prove which rule. A rule without a test fails, and so does a test that is named and is not there: the
//! names are compared with the sources, so that whoever renames a test renames it here.

mod sources;
mod table;

use self::{
    sources::tests_below,
    table::{FOLLOW, INHERITED_HALF, Rule, TABLE},
};

#[test]
fn every_rule_is_proven_or_follows() {
    let mut rules: Vec<String> = (1..=55).map(|number| format!("R{number}")).collect();
    rules.push("R19a".to_owned());
    let proven = TABLE.iter().map(|rule| rule.0);
    let follow = FOLLOW.iter().map(|(rule, _)| *rule);
    let mut named: Vec<&str> = proven.chain(follow).collect();
    let missing: Vec<_> = rules
        .iter()
        .filter(|rule| !named.contains(&rule.as_str()))
        .collect();
    assert!(missing.is_empty(), "rules without a test: {missing:?}");
    named.sort_unstable();
    assert!(
        named.windows(2).all(|pair| pair[0] != pair[1]),
        "a rule stands in the tables twice: {named:?}"
    );
    assert_eq!(named.len(), rules.len(), "a rule is in no list: {named:?}");
    for Rule(rule, tests) in TABLE {
        assert!(!tests.is_empty(), "{rule} has no test");
    }
}

#[test]
fn the_inherited_half_is_proven_in_the_planner() {
    let planner = tests_below("server/domain/src");
    for rule in INHERITED_HALF {
        let Rule(_, tests) = TABLE.iter().find(|known| known.0 == *rule).unwrap();
        assert!(
            tests.iter().any(|test| planner.has(test)),
            "{rule} has no test in the planner"
        );
    }
}

#[test]
fn every_named_test_is_in_the_sources() {
    let sources = tests_below(".");
    assert!(
        sources.count() > 500,
        "only {} tests are found",
        sources.count()
    );
    let missing: Vec<String> = TABLE
        .iter()
        .flat_map(|Rule(rule, tests)| tests.iter().map(move |test| (rule, test)))
        .filter(|(_, test)| !sources.has(test))
        .map(|(rule, test)| format!("{rule}: {test}"))
        .collect();
    assert!(
        missing.is_empty(),
        "tests that are not there:\n{}",
        missing.join("\n")
    );
}
