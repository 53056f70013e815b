//! Parameters of a script: text from the command line, or values, as the script declared them.

use std::collections::HashMap;

use rhai::Dynamic;
use usher_lang::{ParamKind, ScriptParam};
use usher_object::number::Number;
use usher_object::{Instant, Value};

use super::values::to_dynamic;
use crate::cmdlet::nearest;
use crate::error::{Result, Severity, ShellError};

/// `-Name value` pairs after a script's name, each checked against what the script declares.
pub(super) fn parse(
    declared: &[ScriptParam],
    words: &[String],
) -> Result<HashMap<String, Dynamic>> {
    let mut given = HashMap::new();
    let mut words = words.iter().peekable();
    while let Some(word) = words.next() {
        let Some(name) = word
            .strip_prefix('-')
            .filter(|name| name.starts_with(|c: char| c.is_alphabetic()))
        else {
            return Err(usage(
                "ARGUMENT_TOO_MANY",
                format!("`{word}` has no parameter before it"),
            )
            .fix("Write -Name value for each parameter of the script"));
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
    fn what_is_wrong_is_said_with_the_parameter() {
        for (line, code) in [
            ("", "PARAMETER_MISSING"),
            ("-Departmnt x", "PARAMETER_NOT_FOUND"),
            ("-Department", "VALUE_MISSING"),
            ("-Department x -Limit many", "ARGUMENT_INVALID"),
            ("-Department x -Department y", "PARAMETER_TWICE"),
            ("x", "ARGUMENT_TOO_MANY"),
        ] {
            let error = parse(&declared(), &words(line)).unwrap_err();
            assert_eq!(error.code, code, "{line}");
            assert_eq!(error.exit_code(), 2);
        }
    }
}
