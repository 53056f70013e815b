//! docs/commands.md, made of the declarations; a test keeps it up to date.

use std::fmt::Write as _;

use super::page;
use crate::cmdlet::{CHANGING, COMMON, Cmdlet, Param};

/// The reference of these commands as Markdown.
pub(super) fn commands(cmdlets: &[&Cmdlet]) -> String {
    let mut text = String::from(
        "# Commands\n\nMade of the same declarations as `Get-Help`. Parameters that every command or every change has \
         are at the end.\n\n",
    );
    for cmdlet in cmdlets {
        let anchor = cmdlet.name.to_lowercase();
        let _ = writeln!(text, "- [{}](#{anchor}): {}", cmdlet.name, cmdlet.synopsis);
    }
    for cmdlet in cmdlets {
        let _ = write!(
            text,
            "\n## {}\n\n{}.\n",
            cmdlet.name,
            cmdlet.synopsis.trim_end_matches('.')
        );
        if !cmdlet.description.is_empty() {
            let _ = write!(text, "\n{}\n", one_line(cmdlet.description));
        }
        let _ = write!(text, "\n```powershell\n{}\n```\n", page::syntax(cmdlet));
        if !cmdlet.params.is_empty() {
            text.push('\n');
        }
        for param in cmdlet.params {
            push_param(&mut text, param);
        }
        for example in cmdlet.examples {
            let _ = write!(
                text,
                "\n{}\n\n```powershell\n{}\n```\n",
                one_line(example.says),
                example.line
            );
        }
        if !cmdlet.related.is_empty() {
            let links = cmdlet
                .related
                .iter()
                .map(|name| format!("[{name}](#{})", name.to_lowercase()));
            let _ = write!(
                text,
                "\nSee also {}.\n",
                links.collect::<Vec<_>>().join(", ")
            );
        }
    }
    text.push_str("\n## Shared parameters\n\nOf every command that changes something:\n\n");
    for param in CHANGING {
        push_param(&mut text, param);
    }
    text.push_str("\nOf every command:\n\n");
    for param in COMMON {
        push_param(&mut text, param);
    }
    text
}

fn push_param(text: &mut String, param: &Param) {
    let facts = page::facts(param).join("; ");
    let facts = if facts.is_empty() {
        facts
    } else {
        format!(" *({facts})*")
    };
    let _ = writeln!(
        text,
        "- `{}`: {}.{facts}",
        page::written(param),
        one_line(param.help)
    );
}

/// Declarations are written over several lines; `<` would begin a tag.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").replace('<', "&lt;")
}
