//! Parameters of a script: text from the command line, or values, as the script declared them.

use std::collections::HashMap;

use rhai::Dynamic;
use usher_lang::{ParamKind, ScriptParam};
use usher_object::Value;
use usher_object::number::Number;

use super::values::{to_dynamic, to_value};
use crate::cmdlet::{Clock, DATES, moment, nearest};
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

/// `-Name value` pairs and values in the order of the declaration after a script's name, each checked against it.
pub(super) fn parse(
    declared: &[ScriptParam],
    words: &[String],
    clock: Clock,
) -> Result<HashMap<String, Dynamic>> {
    let mut given = HashMap::new();
    let mut unnamed = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let Some(name) = word
            .strip_prefix('-')
            .filter(|name| name.starts_with(|c: char| c.is_alphabetic()))
        else {
            refuse_option(word)?;
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
            (_, Some(value)) => convert(param, value, clock)?,
            (_, None) => match words.next() {
                Some(value) => convert(param, value, clock)?,
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
    place_unnamed(declared, &unnamed, clock, &mut given)?;
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

/// `usher sales.usher --output json`: what is for the shell stands before the script.
fn refuse_option(word: &str) -> Result<()> {
    let name = word.strip_prefix("--").unwrap_or_default();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Ok(());
    }
    Err(usage(
        "ARGUMENT_INVALID",
        format!("`{word}` stands behind the script, where its own parameters are"),
    )
    .fix(format!(
        "Options of the shell stand before it: usher {word} … script.usher; a parameter of the script has one dash: \
         -{name}"
    )))
}

/// Values without a name fill the parameters that have none yet, in the order of the declaration; switches are named.
fn place_unnamed(
    declared: &[ScriptParam],
    unnamed: &[&String],
    clock: Clock,
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
        given.insert(param.name.clone(), convert(param, value, clock)?);
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

fn convert(param: &ScriptParam, text: &str, clock: Clock) -> Result<Dynamic> {
    let value = read(param.kind, text, clock).map_err(|takes| {
        usage(
            "ARGUMENT_INVALID",
            format!("-{} {takes}; it was given `{text}`", param.name),
        )
        .target(param.name.clone())
    })?;
    Ok(to_dynamic(&value))
}

/// A default as the declared type has it: text is read as it would be on the command line.
pub(super) fn default(name: &str, kind: &str, value: Dynamic, clock: Clock) -> Result<Dynamic> {
    let kind = ParamKind::named(kind).unwrap_or(ParamKind::Text);
    let given = to_value(&value)?;
    let read = match (kind, &given) {
        (_, Value::Null)
        | (ParamKind::Text, Value::Text(_))
        | (ParamKind::Bool, Value::Bool(_))
        | (ParamKind::Date, Value::Instant(_))
        | (ParamKind::List, Value::List(_)) => return Ok(value),
        (ParamKind::Number, number) if number.is_number() => return Ok(value),
        (ParamKind::List, Value::Text(text)) => read(kind, text, clock),
        (ParamKind::List, single) => Ok(Value::list([single.clone()])),
        (_, other) => read(kind, &other.display(), clock),
    };
    let read = read.map_err(|takes| {
        ShellError::new(
            "ARGUMENT_INVALID",
            format!("-{name} {takes}; its default is `{}`", given.display()),
        )
        .fix("Correct the default in param(…), or leave it out: then the parameter has to be given")
        .target(name)
    })?;
    Ok(to_dynamic(&read))
}

/// The value of a text, or what such a parameter takes.
fn read(kind: ParamKind, text: &str, clock: Clock) -> std::result::Result<Value, &'static str> {
    Ok(match kind {
        ParamKind::Text => Value::text(text),
        ParamKind::Number => Value::from(Number::parse(text).ok_or("takes a number")?),
        ParamKind::Bool => match text.trim_start_matches('$').to_ascii_lowercase().as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => return Err("takes true or false"),
        },
        ParamKind::Date => Value::Instant(moment(text, clock).ok_or(DATES)?),
        ParamKind::List if text.trim().is_empty() => Value::list([]),
        ParamKind::List => Value::list(text.split(',').map(|item| Value::text(item.trim()))),
    })
}

fn usage(code: &str, message: String) -> ShellError {
    ShellError::new(code, message).severity(Severity::Usage)
}

#[cfg(test)]
mod tests {
    use usher_object::Instant;

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

    fn parsed(line: &str) -> Result<HashMap<String, Dynamic>> {
        parse(&declared(), &words(line), noon)
    }

    fn noon() -> Instant {
        Instant::parse("2026-03-31T12:00:00Z").unwrap()
    }

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn an_option_behind_the_script_is_no_value_of_it() {
        let error = parsed("Sales --output json").unwrap_err();
        assert!(error.message.contains("`--output`"), "{error}");
        assert!(error.fix.unwrap().contains("usher --output … script.usher"));
        assert!(parsed("-Department --").is_ok());
    }

    #[test]
    fn values_are_taken_as_declared() {
        let given = parsed("-dep 00123 -Limit 7 -Quiet -Products E3,E5").unwrap();
        assert_eq!(given["Department"].clone().into_string().unwrap(), "00123");
        assert_eq!(given["Limit"].as_int().unwrap(), 7);
        assert!(given["Quiet"].as_bool().unwrap());
        assert_eq!(given["Products"].clone().into_array().unwrap().len(), 2);
        assert!(
            !parsed("-Dep x -Quiet:false").unwrap()["Quiet"]
                .as_bool()
                .unwrap()
        );
    }

    #[test]
    fn values_without_a_name_fill_the_open_parameters_in_order() {
        let given = parsed("-Limit 7 Sales -Quiet E3,E5").unwrap();
        assert_eq!(given["Department"].clone().into_string().unwrap(), "Sales");
        assert_eq!(given["Limit"].as_int().unwrap(), 7);
        assert_eq!(given["Products"].clone().into_array().unwrap().len(), 2);
    }

    #[test]
    fn a_date_is_told_from_now_as_in_commands() {
        let day = [param("Day", ParamKind::Date, None)];
        for (word, told) in [
            ("2026-01-02", "2026-01-02"),
            ("30 days ago", "2026-03-01T12:00:00Z"),
            ("yesterday", "2026-03-30T00:00:00Z"),
            ("-2d", "2026-03-29T12:00:00Z"),
        ] {
            let given = parse(&day, &["-Day".to_owned(), word.to_owned()], noon).unwrap();
            let shown = to_value(&given["Day"]).unwrap().display().to_string();
            assert!(shown.starts_with(told), "{word}: {shown}");
        }
        let error = parse(&day, &words("someday"), noon).unwrap_err();
        assert!(error.message.contains("'3 days ago'"), "{error}");
        assert!(error.message.contains("`someday`"), "{error}");
    }

    #[test]
    fn a_default_is_read_as_its_type_says() {
        let read = |kind: &str, value: Value| default("P", kind, to_dynamic(&value), noon);
        let shown = |kind, value| to_value(&read(kind, value).unwrap()).unwrap();
        assert_eq!(
            shown("list", "A, B".into()),
            Value::list(["A".into(), "B".into()])
        );
        assert_eq!(shown("list", 5.into()), Value::list([5.into()]));
        assert_eq!(shown("list", "".into()), Value::list([]));
        assert_eq!(shown("number", "5".into()), 5.into());
        assert_eq!(shown("text", 5.into()), "5".into());
        assert_eq!(shown("bool", "$true".into()), true.into());
        assert_eq!(shown("date", Value::Null), Value::Null);
        assert_eq!(
            shown("date", "30 days ago".into()).display().to_string(),
            "2026-03-01T12:00:00Z"
        );
        let error = read("date", "someday".into()).unwrap_err();
        assert_eq!(
            (error.code.as_str(), error.exit_code()),
            ("ARGUMENT_INVALID", 1)
        );
        assert!(
            error.message.contains("its default is `someday`"),
            "{error}"
        );
    }

    #[test]
    fn help_is_asked_for_by_a_word_that_is_no_parameter() {
        assert!(wants_help(&declared(), &words("Sales -?")));
        assert!(wants_help(&declared(), &words("-help")));
        assert!(!wants_help(
            &[param("Help", ParamKind::Text, None)],
            &words("-Help me")
        ));
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
            let error = parsed(line).unwrap_err();
            assert_eq!(error.code, code, "{line}");
            assert_eq!(error.exit_code(), 2);
        }
    }
}
