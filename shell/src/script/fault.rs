//! Errors on their way through the script engine: a shell error rides inside the engine's own and comes out whole; an
//! error of the engine becomes one of the shell, in its words.

use std::sync::OnceLock;

use rhai::{Dynamic, EvalAltResult, ImmutableString, LexError, Map, ParseErrorType, Position};
use usher_object::{Record, Value};

use super::habits;
use super::source::Sources;
use super::values::to_value;
use crate::error::{Severity, ShellError};
use crate::types;

/// A shell error as it rides inside the engine's.
#[derive(Clone, Debug)]
pub(super) struct Fault(pub ShellError);

/// Wraps a shell error for the engine. What `catch` may not see ends the script at once.
pub(super) fn raise(error: ShellError) -> Box<EvalAltResult> {
    let catchable = error.can_be_caught();
    let token = Dynamic::from(Fault(error));
    Box::new(if catchable {
        EvalAltResult::ErrorRuntime(token, Position::NONE)
    } else {
        EvalAltResult::ErrorTerminated(token, Position::NONE)
    })
}

/// The shell error inside an engine error, where there is one.
pub(super) fn inside(error: &EvalAltResult) -> Option<ShellError> {
    match error {
        EvalAltResult::ErrorRuntime(token, _) | EvalAltResult::ErrorTerminated(token, _) => {
            token.read_lock::<Fault>().map(|fault| fault.0.clone())
        }
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _)
        | EvalAltResult::ErrorInModule(_, inner, _) => inside(inner),
        _ => None,
    }
}

/// Any engine error as a shell error with its place. `outermost` is the id of the text that was run.
pub(super) fn from_engine(error: &EvalAltResult, sources: &Sources, outermost: &str) -> ShellError {
    let mut shown = inside(error).unwrap_or_else(|| in_words(innermost(error)));
    if let EvalAltResult::ErrorVariableNotFound(name, _) = innermost(error) {
        let near = sources.nearest_variables(name, sources.id_of(error, outermost));
        if let Some(near) = near.iter().find(|near| *near != name) {
            let why = if near.eq_ignore_ascii_case(name) {
                " (case counts in names of variables)"
            } else {
                ""
            };
            shown = shown.fix(format!("Did you mean ${near}?{why}"));
        }
    }
    if let EvalAltResult::ErrorFunctionNotFound(signature, _) = innermost(error) {
        let name = signature.split(" (").next().unwrap_or_default();
        let near = sources.nearest_functions(name, sources.id_of(error, outermost));
        // A known name was called on `$null`, or with what it does not take: that is another fault.
        if !near.is_empty() && !near.iter().any(|near| near == name) {
            shown = shown.fix(format!("Did you mean {}?", near.join(" or ")));
        }
    }
    match sources.place(error, outermost) {
        Some(place) => shown.at(place),
        None => shown,
    }
}

fn innermost(error: &EvalAltResult) -> &EvalAltResult {
    match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _)
        | EvalAltResult::ErrorInModule(_, inner, _) => innermost(inner),
        other => other,
    }
}

fn in_words(error: &EvalAltResult) -> ShellError {
    match error {
        EvalAltResult::ErrorRuntime(thrown, _) => from_thrown(thrown),
        EvalAltResult::ErrorVariableNotFound(name, _) => variable_not_found(name),
        EvalAltResult::ErrorFunctionNotFound(signature, _) => function_not_found(signature),
        EvalAltResult::ErrorDotExpr(message, _)
            if message.contains("a setter is not registered") =>
        {
            ShellError::new(
                "RECORD_READ_ONLY",
                "A property of a record cannot be set: records do not change",
            )
            .fix("Make a new one: @{ Name = value }, or Select-Object Name, Other={ … }")
        }
        EvalAltResult::ErrorIndexingType(what, _) if what.starts_with("record") => {
            ShellError::new("RECORD_READ_ONLY", "A record does not change")
                .fix("Begin with #{} for a map that grows: $map = #{}; $map['a'] = 1; or join records: $a + @{ b = 1 }")
        }
        EvalAltResult::ErrorMismatchDataType(_, given, _) if given.contains("Range<") => {
            ShellError::new("SCRIPT_ERROR", "A range cannot stand there")
                .fix("A part of a list is list.extract(0..2), or list | Select-Object -Skip 0 -First 2")
        }
        EvalAltResult::ErrorStackOverflow(_) => limit(
            "Functions call each other deeper than the session allows",
            "Write it as a loop, look for a call that never ends, or raise the limit with --max-depth",
        ),
        EvalAltResult::ErrorParsing(kind, _) => in_words_of_parser(kind),
        EvalAltResult::ErrorTerminated(_, _) => ShellError::stopped(),
        other => ShellError::new("SCRIPT_ERROR", without_position(other)),
    }
}

fn variable_not_found(name: &str) -> ShellError {
    let error = ShellError::new(
        "VARIABLE_NOT_FOUND",
        format!("There is no variable `{name}`"),
    )
    .target(name);
    match habits::hint(name) {
        Some(hint) => error.fix(hint),
        None => error.fix(format!("Give it a value first: ${name} = …")),
    }
}

fn function_not_found(signature: &str) -> ShellError {
    let (name, given) = signature.split_once(" (").unwrap_or((signature, ""));
    if given.starts_with("()") {
        return ShellError::new(
            "FUNCTION_NOT_FOUND",
            format!("`{name}` was called on `$null`"),
        )
        .fix("Test the value first: if $value -ne $null { … }")
        .target(name);
    }
    ShellError::new("FUNCTION_NOT_FOUND", format!("There is no function `{}`", readable(signature)))
        .fix("Look at the types of what it is given; commands are called without brackets: Get-User adele@contoso.com")
        .target(name)
}

fn in_words_of_parser(kind: &ParseErrorType) -> ShellError {
    match kind {
        // The engine's one switched-off symbol is `eval`.
        ParseErrorType::Reserved(word)
        | ParseErrorType::BadInput(LexError::ImproperSymbol(word, _))
            if word.chars().all(char::is_alphanumeric) =>
        {
            ShellError::new(
                "SYNTAX",
                format!("`{word}` is a reserved word of the language"),
            )
            .fix("Use another name; text cannot be run as a script")
        }
        ParseErrorType::ExprTooDeep => limit(
            "Expressions stand inside one another deeper than the session allows",
            "Put the inner part into a variable or a fn, or raise the limit with --max-depth",
        ),
        other => ShellError::new("SYNTAX", sentence(&other.to_string())),
    }
}

fn limit(message: &str, fix: &str) -> ShellError {
    ShellError::new("LIMIT_EXCEEDED", message)
        .fix(fix)
        .severity(Severity::Limit)
}

/// What `throw` gave: an error that `catch` had handed out or one made like it, text, or any other value.
fn from_thrown(thrown: &Dynamic) -> ShellError {
    let without_a_word = || {
        ShellError::new(
            "SCRIPT_ERROR",
            "The script threw an error without saying why",
        )
    };
    if thrown.is_unit() {
        return without_a_word();
    }
    let value = to_value(thrown).unwrap_or_default();
    if let Some(record) = value.as_record()
        && record.find("Message").is_some()
    {
        let text = |name: &str| {
            record
                .find(name)
                .filter(|value| !value.is_null())
                .map(|value| value.display().to_string())
        };
        let mut error = ShellError::new(
            text("Code").unwrap_or_else(|| "SCRIPT_ERROR".to_owned()),
            text("Message").unwrap_or_default(),
        );
        error.fix = text("Fix");
        error.target = text("Target");
        return error;
    }
    let shown =
        to_value(thrown).map_or_else(|error| error.message, |value| value.display().to_string());
    if shown.trim().is_empty() {
        return without_a_word();
    }
    ShellError::new("SCRIPT_ERROR", shown)
}

/// An error as an object: what `$Error` lists and `catch` sees.
pub fn to_record(error: &ShellError) -> Value {
    types::ERROR.object(&types::Refusal {
        error: error.clone(),
        object: Value::Null,
    })
}

/// What `catch` shows for what the engine caught.
pub(super) fn caught(error: &Dynamic) -> Dynamic {
    if let Some(fault) = error.read_lock::<Fault>() {
        return super::values::to_dynamic(&to_record(&fault.0));
    }
    if let Some(record) = error.read_lock::<Record>()
        && record.record_type().name() == types::ERROR.name
    {
        return Dynamic::from(record.clone());
    }
    let shown = match error.read_lock::<Map>() {
        Some(map) => match of_engine(&map) {
            Some(shown) => shown,
            None => return error.clone(),
        },
        None if error.is_string() || error.is_unit() => from_thrown(error),
        None => return error.clone(),
    };
    super::values::to_dynamic(&to_record(&shown))
}

/// The engine's own errors arrive as a map; one that a script threw is left as it is.
fn of_engine(map: &Map) -> Option<ShellError> {
    let text = |name: &str| {
        let text = map.get(name)?.read_lock::<ImmutableString>()?;
        Some(text.to_string())
    };
    let kind = text("error").filter(|kind| kind.starts_with("Error"))?;
    let message = text("message")?;
    Some(match kind.as_str() {
        "ErrorVariableNotFound" => variable_not_found(&text("variable")?),
        "ErrorFunctionNotFound" => function_not_found(&text("function")?),
        _ => ShellError::new("SCRIPT_ERROR", cut_position(&message)),
    })
}

fn without_position(error: &EvalAltResult) -> String {
    cut_position(&error.to_string())
}

/// Positions in the engine's messages are those of the translated text and mean nothing to the author.
fn cut_position(message: &str) -> String {
    let end = message.rfind(" (line ").unwrap_or(message.len());
    sentence(message.get(..end).unwrap_or(message))
}

fn sentence(text: &str) -> String {
    static ENGINE_NAMES: OnceLock<Vec<(&str, &str)>> = OnceLock::new();
    let names = ENGINE_NAMES.get_or_init(|| {
        vec![
            ("&str | ImmutableString | String", "text"),
            ("i64", "number"),
            ("f64", "decimal number"),
            ("string", "text"),
            ("()", "$null"),
        ]
    });
    let mut shown = text.trim().to_owned();
    for (engine, ours) in names {
        shown = replaced_whole(&shown, engine, ours);
    }
    shown
}

/// A name within a longer word, such as `Substring`, is none of the engine's.
fn replaced_whole(text: &str, name: &str, by: &str) -> String {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let (before, found) = rest.split_at(at);
        let after = &found[name.len()..];
        let within = name.starts_with(char::is_alphanumeric)
            && (is_word(before.chars().next_back()) || is_word(after.chars().next()));
        replaced.push_str(before);
        replaced.push_str(if within { name } else { by });
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}

fn readable(signature: &str) -> String {
    sentence(signature).replace("__", "")
}
