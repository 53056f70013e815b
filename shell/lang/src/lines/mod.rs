//! Lines of the language and what becomes of them.

mod arguments;
mod commands;
mod expressions;
mod kept;
mod prompt;
mod robustness;
mod statements;
mod words;

use expect_test::Expect;

use crate::testing::page;

/// Each line with its translation or its message under it.
fn check(lines: &[&str], expected: &Expect) {
    let pages: Vec<String> = lines
        .iter()
        .map(|line| {
            format!(
                "» {}\n{}\n",
                line.replace('\r', "").replace('\n', "\n» "),
                page(line)
            )
        })
        .collect();
    expected.assert_eq(&pages.join("\n"));
}
