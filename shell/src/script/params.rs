//! Parameters of a script: text from the command line, or values, as the script declared them.

use std::collections::HashMap;

use rhai::Dynamic;
use usher_lang::{ParamKind, ScriptParam};
use usher_object::number::Number;
use usher_object::{Instant, Value};

use super::values::to_dynamic;
use crate::cmdlet::nearest;
use crate::error::{Result, Severity, ShellError};

/// Asks for the help of a script instead of running it; `-Help` only if the script has no such parameter itself.
pub(super) fn wants_help(declared: &[ScriptParam], words: &[String]) -> bool {
    words.iter().any(|word| {
        word == "-?"
            || word.eq_ignore_ascii_case("-help")
                && !declared
                    .iter()
                    .any(|param| param.name.eq_ignore_ascii_case("help"))
    })
}

/// What a script says about itself above its `param(…)`, and how it is run.
pub(super) fn help(script: &str, about: Option<&str>, declared: &[ScriptParam]) -> String {
    let mut lines: Vec<String> = about.map(str::to_owned).into_iter().collect();
    let mut usage = format!("usher {script}");
    for param in declared {
        let (name, kind) = (&param.name, kind_name(param.kind));
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

fn kind_name(kind: ParamKind) -> &'static str {
    match kind {
        ParamKind::Text => "text",
        ParamKind::Number => "number",
        ParamKind::Bool => "bool",
        ParamKind::Date => "date",
        ParamKind::List => "list",
    }
}

/// `-Name value` pairs and values in the order of the declaration after a script's name, each checked against it.
pub(super) fn parse(
    declared: &[ScriptParam],
    words: &[String],
) -> Result<HashMap<String, Dynamic>> {
    let mut given = HashMap::new();
    let mut unnamed = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let Some(name) = word
            .strip_prefix('-')
            .filter(|name| name.starts_with(|c: char| c.is_alphabetic()))
        else {
            unnamed.push(word);
            continue;
        };
        let (name, attached) = match name.split_once(':') {
            Some((name, value)) => (name, Some(value)),
            None => (name, None),
        };
        let param = find(declared, name)?;
        let value = match (param.kind, attached) {
            (ParamKind::Bool, None) => Dynamic::TRUE,
            (_, Some(value)) => convert(param, value)?,
            (_, None) => match words.next() {
                Some(value) => convert(param, value)?,
                None => {
                    return Err(usage(
                        "VALUE_MISSING",
                        format!("-{} needs a value", param.name),
                    ));
                }
            },
        };
        if given.insert(param.name.clone(), value).is_some() {
            return Err(usage(
                "PARAMETER_TWICE",
                format!("-{} is given twice", param.name),
            ));
        }
    }
    place_unnamed(declared, &unnamed, &mut given)?;
    let missing: Vec<String> = declared
        .iter()
        .filter(|param| param.is_required() && !given.contains_key(&param.name))
        .map(|param| format!("-{}", param.name))
        .collect();
    if missing.is_empty() {
        return Ok(given);
    }
    Err(usage(
        "PARAMETER_MISSING",
        format!("The script needs {}", missing.join(", ")),
    )
    .fix(format!("{} …", missing.join(" … "))))
}

/// Values without a name fill the parameters that have none yet, in the order of the declaration; switches are named.
fn place_unnamed(
    declared: &[ScriptParam],
    unnamed: &[&String],
    given: &mut HashMap<String, Dynamic>,
) -> Result<()> {
    let mut values = unnamed.iter();
    for param in declared {
        if param.kind == ParamKind::Bool || given.contains_key(&param.name) {
            continue;
        }
        let Some(value) = values.next() else {
            return Ok(());
        };
        given.insert(param.name.clone(), convert(param, value)?);
    }
    match values.next() {
        None => Ok(()),
        Some(value) => Err(usage(
            "ARGUMENT_TOO_MANY",
            format!("The script has no place for another value: `{value}`"),
        )
        .fix("See its parameters with -?")),
    }
}

fn find<'p>(declared: &'p [ScriptParam], name: &str) -> Result<&'p ScriptParam> {
    if let Some(exact) = declared
        .iter()
        .find(|param| param.name.eq_ignore_ascii_case(name))
    {
        return Ok(exact);
    }
    let starts = |param: &&ScriptParam| {
        param
            .name
            .get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name))
    };
    let candidates: Vec<&ScriptParam> = declared.iter().filter(starts).collect();
    if let [only] = candidates[..] {
        return Ok(only);
    }
    let all: Vec<String> = declared
        .iter()
        .map(|param| format!("-{}", param.name))
        .collect();
    let near = nearest(name, declared.iter().map(|param| param.name.as_str()));
    let fix = match (near.first(), all.is_empty()) {
        (Some(near), _) => format!("Did you mean -{near}?"),
        (None, true) => "It takes none".to_owned(),
        (None, false) => format!("It takes {}", all.join(", ")),
    };
    Err(usage(
        "PARAMETER_NOT_FOUND",
        format!("The script has no parameter -{name}"),
    )
    .fix(fix))
}

fn convert(param: &ScriptParam, text: &str) -> Result<Dynamic> {
    let wrong = |takes: &str| {
        usage(
            "ARGUMENT_INVALID",
            format!("-{} takes {takes}; it was given `{text}`", param.name),
        )
        .target(param.name.clone())
    };
    let value = match param.kind {
        ParamKind::Text => Value::text(text),
        ParamKind::Number => Number::parse(text)
            .map(Value::from)
            .ok_or_else(|| wrong("a number"))?,
        ParamKind::Bool => match text.trim_start_matches('$').to_ascii_lowercase().as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => return Err(wrong("true or false")),
        },
        ParamKind::Date => Instant::parse(text)
            .map(Value::Instant)
            .ok_or_else(|| wrong("a date such as 2026-11-23"))?,
        ParamKind::List => Value::list(text.split(',').map(|item| Value::text(item.trim()))),
    };
    Ok(to_dynamic(&value))
}

fn usage(code: &str, message: String) -> ShellError {
    ShellError::new(code, message).severity(Severity::Usage)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn param(name: &str, kind: ParamKind, default: Option<&str>) -> ScriptParam {
        ScriptParam {
            name: name.to_owned(),
            kind,
            default: default.map(str::to_owned),
            span: usher_lang::Span::default(),
        }
    }

    fn declared() -> Vec<ScriptParam> {
        vec![
            param("Department", ParamKind::Text, None),
            param("Limit", ParamKind::Number, Some("500")),
            param("Quiet", ParamKind::Bool, None),
            param("Products", ParamKind::List, Some("[]")),
        ]
    }

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn values_are_taken_as_declared() {
        let given = parse(
            &declared(),
            &words("-dep 00123 -Limit 7 -Quiet -Products E3,E5"),
        )
        .unwrap();
        assert_eq!(given["Department"].clone().into_string().unwrap(), "00123");
        assert_eq!(given["Limit"].as_int().unwrap(), 7);
        assert!(given["Quiet"].as_bool().unwrap());
        assert_eq!(given["Products"].clone().into_array().unwrap().len(), 2);
        assert!(
            !parse(&declared(), &words("-Dep x -Quiet:false")).unwrap()["Quiet"]
                .as_bool()
                .unwrap()
        );
    }

    #[test]
    fn values_without_a_name_fill_the_open_parameters_in_order() {
        let given = parse(&declared(), &words("-Limit 7 Sales -Quiet E3,E5")).unwrap();
        assert_eq!(given["Department"].clone().into_string().unwrap(), "Sales");
        assert_eq!(given["Limit"].as_int().unwrap(), 7);
        assert_eq!(given["Products"].clone().into_array().unwrap().len(), 2);
    }

    #[test]
    fn help_says_how_the_script_is_run() {
        assert!(wants_help(&declared(), &words("Sales -?")));
        assert!(wants_help(&declared(), &words("-help")));
        assert!(!wants_help(
            &[param("Help", ParamKind::Text, None)],
            &words("-Help me")
        ));
        assert_eq!(
            help("sales.usher", Some("Moves Sales."), &declared()),
            "Moves Sales.\n\nusher sales.usher -Department <text> [-Limit <number>] [-Quiet] [-Products <list>]\n  \
             -Limit is 500 unless given\n  -Products is [] unless given"
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_the_parameter() {
        for (line, code) in [
            ("", "PARAMETER_MISSING"),
            ("-Departmnt x", "PARAMETER_NOT_FOUND"),
            ("-Department", "VALUE_MISSING"),
            ("-Department x -Limit many", "ARGUMENT_INVALID"),
            ("-Department x -Department y", "PARAMETER_TWICE"),
            ("x 7 E3 more", "ARGUMENT_TOO_MANY"),
            ("x many", "ARGUMENT_INVALID"),
        ] {
            let error = parse(&declared(), &words(line)).unwrap_err();
            assert_eq!(error.code, code, "{line}");
            assert_eq!(error.exit_code(), 2);
        }
    }
}
