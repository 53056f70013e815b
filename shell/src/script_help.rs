//! The page about a script file, from its `param(…)` and the comment above it: what `-?` after the script and Get-Help
//! show.

use usher_lang::{ParamKind, ScriptParam};

/// What a script says about itself, and how it is run.
pub(crate) fn page(script: &str, about: Option<&str>, declared: &[ScriptParam]) -> String {
    let mut lines: Vec<String> = about.map(str::to_owned).into_iter().collect();
    let mut usage = format!("usher {script}");
    for param in declared {
        let (name, kind) = (&param.name, param.kind.name());
        usage.push_str(&match (param.kind, param.is_required()) {
            (ParamKind::Bool, _) => format!(" [-{name}]"),
            (_, true) => format!(" -{name} <{kind}>"),
            (_, false) => format!(" [-{name} <{kind}>]"),
        });
    }
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push(usage);
    let defaults = declared
        .iter()
        .filter_map(|param| Some((&param.name, param.default.as_ref()?)));
    lines.extend(defaults.map(|(name, default)| format!("  -{name} is {default} unless given")));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_how_the_script_is_run() {
        let param = |name: &str, kind, default: Option<&str>| ScriptParam {
            name: name.to_owned(),
            kind,
            default: default.map(str::to_owned),
            span: usher_lang::Span::default(),
        };
        let declared = [
            param("Department", ParamKind::Text, None),
            param("Limit", ParamKind::Number, Some("500")),
            param("Quiet", ParamKind::Bool, None),
            param("Products", ParamKind::List, Some("[]")),
        ];
        assert_eq!(
            page("sales.usher", Some("Moves Sales."), &declared),
            "Moves Sales.\n\nusher sales.usher -Department <text> [-Limit <number>] [-Quiet] [-Products <list>]\n  \
             -Limit is 500 unless given\n  -Products is [] unless given"
        );
    }
}
