//! Binding: arguments as written become arguments as declared, or an error that names the parameter and the fix.

use std::rc::Rc;

use usher_object::{Instant, Value, relative};

use super::argument::{ArgValue, Arguments, Bound, Property, PropertySource, RawArgument};
use super::foreign::instead_of;
use super::registry::nearest;
use super::{Cmdlet, FromPipeline, Kind, Param, Values};
use crate::error::{Place, Result, ShellError};

/// What the time is.
pub(crate) type Clock = fn() -> Instant;

/// What stands for a moment.
pub(crate) const DATES: &str = "takes 2026-11-23, 2026-11-23T08:30:00Z, today, yesterday, '3 days ago', -3d (min, h, d, w, mo, y)";

/// Binds what was written to what the command declares. `has_input` says whether a pipeline feeds it, which can fill
/// mandatory parameters later, object by object. The clock is for dates told from now.
pub fn bind(
    cmdlet: &Cmdlet,
    raw: Vec<RawArgument>,
    has_input: bool,
    clock: Clock,
) -> Result<Arguments> {
    let mut arguments = Arguments::default();
    let mut positional = Vec::new();
    let mut switch_before: Option<&'static str> = None;
    for argument in raw {
        let bare_switch = switch_before.take();
        let Some(name) = &argument.name else {
            if let (Some(switch), Some(ArgValue::Value(Value::Bool(given)))) =
                (bare_switch, &argument.value)
            {
                return Err(placed(value_after_switch(switch, *given), &argument.place));
            }
            positional.push(argument);
            continue;
        };
        let param = find_param(cmdlet, name).map_err(|error| placed(error, &argument.place))?;
        if arguments.has(param.name) {
            let error =
                ShellError::new("PARAMETER_TWICE", format!("-{} is given twice", param.name))
                    .fix("Give it once; several values are a list: a, b, c");
            return Err(placed(error, &argument.place));
        }
        switch_before =
            (param.kind == Kind::Switch && argument.value.is_none()).then_some(param.name);
        let bound = convert(cmdlet, param, argument.value, clock)
            .map_err(|error| placed(error, &argument.place))?;
        arguments.bound.push((param.name, bound));
    }
    bind_positional(cmdlet, positional, has_input, clock, &mut arguments)?;
    for param in cmdlet.all_params().filter(|param| param.mandatory) {
        let comes_later = has_input && param.pipeline != FromPipeline::No;
        if !arguments.has(param.name) && !comes_later {
            return Err(missing(cmdlet, param));
        }
    }
    Ok(arguments)
}

fn value_after_switch(switch: &str, given: bool) -> ShellError {
    ShellError::new(
        "ARGUMENT_INVALID",
        format!("-{switch} is a switch and takes no value after a blank; it was given `{given}`"),
    )
    .fix(format!("Write -{switch}:${given}"))
    .target(switch)
}

fn bind_positional(
    cmdlet: &Cmdlet,
    given: Vec<RawArgument>,
    has_input: bool,
    clock: Clock,
    arguments: &mut Arguments,
) -> Result<()> {
    let mut open: Vec<&'static Param> = cmdlet
        .all_params()
        .filter(|param| param.position.is_some() && !arguments.has(param.name))
        .collect();
    open.sort_by_key(|param| param.position);
    // Objects of the pipeline stand for the first parameter that takes them, so a value without a name is the next one.
    if has_input
        && given.len() < open.len()
        && let Some(index) = open
            .iter()
            .position(|param| matches!(param.pipeline, FromPipeline::Value(_)))
    {
        open.remove(index);
    }
    let mut open = open.into_iter();
    let mut before: Option<&'static Param> = None;
    for argument in given {
        let further = before.filter(|param| param.takes_rest);
        let Some(param) = open.next().or(further) else {
            let shown = argument.value.as_ref().map(shown).unwrap_or_default();
            let error = ShellError::new(
                "ARGUMENT_TOO_MANY",
                format!("{} has no place for another value: {shown}", cmdlet.name),
            )
            .fix(format!(
                "Name the parameter, or see Get-Help {}",
                cmdlet.name
            ));
            return Err(placed(error, &argument.place));
        };
        let bound = convert(cmdlet, param, argument.value, clock)
            .map_err(|error| placed(error, &argument.place))?;
        arguments.add(param.name, bound);
        before = Some(param);
    }
    Ok(())
}

/// The parameter with this name, which may be shortened while it is unique.
pub(crate) fn find_param(cmdlet: &Cmdlet, name: &str) -> Result<&'static Param> {
    if let Some(exact) = cmdlet
        .all_params()
        .find(|param| param.name.eq_ignore_ascii_case(name))
    {
        return Ok(exact);
    }
    let starts = |param: &&'static Param| {
        param
            .name
            .get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name))
    };
    let candidates: Vec<_> = cmdlet.all_params().filter(starts).collect();
    match candidates[..] {
        [only] => Ok(only),
        [] => {
            let known: Vec<&str> = cmdlet.all_params().map(|param| param.name).collect();
            let near = nearest(name, known.iter().copied());
            let fix = if let Some(instead) = instead_of(cmdlet.name, name) {
                instead.to_owned()
            } else if near.is_empty() {
                let own: Vec<String> = cmdlet
                    .params
                    .iter()
                    .map(|param| format!("-{}", param.name))
                    .collect();
                match own.as_slice() {
                    [] => "It takes no parameters of its own".to_owned(),
                    own => format!("It takes {}", own.join(", ")),
                }
            } else {
                let near: Vec<String> = near.iter().map(|name| format!("-{name}")).collect();
                format!("Did you mean {}?", near.join(" or "))
            };
            Err(ShellError::new(
                "PARAMETER_NOT_FOUND",
                format!("{} has no parameter -{name}", cmdlet.name),
            )
            .fix(fix))
        }
        _ => {
            let names: Vec<String> = candidates
                .iter()
                .map(|param| format!("-{}", param.name))
                .collect();
            Err(ShellError::new(
                "PARAMETER_AMBIGUOUS",
                format!("-{name} of {} can be {}", cmdlet.name, names.join(" or ")),
            )
            .fix("Write more letters of it"))
        }
    }
}

fn convert(
    cmdlet: &Cmdlet,
    param: &'static Param,
    value: Option<ArgValue>,
    clock: Clock,
) -> Result<Bound> {
    if param.kind == Kind::Switch {
        return switch(param, value);
    }
    let Some(value) = value else {
        return Err(
            ShellError::new("VALUE_MISSING", format!("-{} needs a value", param.name))
                .fix(format!("{} -{} {}", cmdlet.name, param.name, sample(param))),
        );
    };
    match param.kind {
        Kind::Properties => {
            let mut properties = Vec::new();
            collect_properties(param, value, &mut properties)?;
            Ok(Bound::Properties(properties))
        }
        Kind::Block => blocks(param, value),
        Kind::Variable => match value {
            ArgValue::Block(assigns) => Ok(Bound::Block(assigns)),
            other => Err(wrong(
                param,
                &shown(&other),
                "takes the name of a variable, written behind it",
            )),
        },
        _ => match value {
            ArgValue::Block(block) if param.takes_block() => Ok(Bound::Block(block)),
            value if param.many => {
                let mut values = Vec::new();
                collect_values(param, value, clock, &mut values)?;
                Ok(Bound::Values(values))
            }
            value => one(param, value, clock).map(Bound::Value),
        },
    }
}

fn switch(param: &Param, value: Option<ArgValue>) -> Result<Bound> {
    match value {
        None => Ok(Bound::Switch(true)),
        Some(ArgValue::Value(Value::Bool(value))) => Ok(Bound::Switch(value)),
        Some(other) => Err(wrong(
            param,
            &shown(&other),
            "is a switch: write it alone, or with :$true or :$false",
        )),
    }
}

fn blocks(param: &Param, value: ArgValue) -> Result<Bound> {
    match value {
        ArgValue::Block(block) => Ok(Bound::Block(block)),
        ArgValue::List(items) if param.many => {
            let mut blocks = Vec::new();
            for item in items {
                match item {
                    ArgValue::Block(block) => blocks.push(block),
                    other => return Err(wrong(param, &shown(&other), "takes blocks, { … }")),
                }
            }
            Ok(Bound::Blocks(blocks))
        }
        other => Err(wrong(param, &shown(&other), "takes a block, { … }")),
    }
}

fn collect_properties(param: &Param, value: ArgValue, into: &mut Vec<Property>) -> Result<()> {
    match value {
        ArgValue::Calculated(name, block) => into.push(Property {
            name,
            source: PropertySource::Block(block),
        }),
        ArgValue::Block(block) => {
            into.push(Property {
                name: Rc::from("{ … }"),
                source: PropertySource::Block(block),
            });
        }
        ArgValue::List(items) => {
            for item in items {
                collect_properties(param, item, into)?;
            }
        }
        ArgValue::Value(Value::List(items)) => {
            for item in items.iter() {
                collect_properties(param, ArgValue::Value(item.clone()), into)?;
            }
        }
        ArgValue::Value(Value::Text(name)) | ArgValue::Literal(name, _) => {
            into.push(Property {
                name: Rc::clone(&name),
                source: PropertySource::Name(name),
            });
        }
        other => {
            return Err(wrong(
                param,
                &shown(&other),
                "takes names of properties and Name={ block }",
            ));
        }
    }
    Ok(())
}

fn collect_values(
    param: &Param,
    value: ArgValue,
    clock: Clock,
    into: &mut Vec<Value>,
) -> Result<()> {
    match value {
        ArgValue::List(items) => {
            for item in items {
                collect_values(param, item, clock, into)?;
            }
            Ok(())
        }
        ArgValue::Value(Value::List(items)) if param.kind != Kind::Any => {
            for item in items.iter() {
                collect_values(param, ArgValue::Value(item.clone()), clock, into)?;
            }
            Ok(())
        }
        value => {
            into.push(one(param, value, clock)?);
            Ok(())
        }
    }
}

fn one(param: &Param, value: ArgValue, clock: Clock) -> Result<Value> {
    let (literal, value) = match value {
        ArgValue::Literal(text, value) => (Some(text), value),
        ArgValue::Value(value) => (None, value),
        list @ ArgValue::List(_) => {
            return Err(wrong(param, &shown(&list), "takes one value, not a list"));
        }
        block => return Err(wrong(param, &shown(&block), "does not take a block")),
    };
    let value = match param.kind {
        Kind::Text => text_of(param, literal, value)?,
        Kind::Int => int_of(param, value)?,
        Kind::Date => date_of(param, literal, value, clock)?,
        Kind::Map => map_of(param, value)?,
        Kind::Any | Kind::Switch | Kind::Block | Kind::Variable | Kind::Properties => value,
    };
    allowed(param, value)
}

fn text_of(param: &Param, literal: Option<Rc<str>>, value: Value) -> Result<Value> {
    match (literal, value) {
        (Some(text), _) => Ok(Value::Text(text)),
        (None, text @ Value::Text(_)) => Ok(text),
        (None, number) if number.is_number() || matches!(number, Value::Instant(_)) => {
            Ok(Value::Text(number.display()))
        }
        (None, Value::Null) => Err(wrong(param, "$null", "takes text")
            .fix("Test the variable first; '' clears what may be empty")),
        // A record stands for the name by which people know it: its own property of the parameter's name, or its id.
        (None, Value::Record(record)) => by_property(param, &record).ok_or_else(|| {
            wrong(
                param,
                &format!("an object of type {}", record.record_type().name()),
                "takes text",
            )
        }),
        (None, list @ Value::List(_)) => {
            Err(wrong(param, &list.display(), "takes one value, not a list"))
        }
        (None, other) => Err(wrong(param, &other.display(), "takes text")),
    }
}

fn by_property(param: &Param, record: &usher_object::Record) -> Option<Value> {
    let (FromPipeline::Value(names) | FromPipeline::Property(names)) = param.pipeline else {
        return None;
    };
    names
        .iter()
        .find_map(|name| record.find(name).filter(|value| !value.is_null()))
        .map(|value| Value::Text(value.display()))
}

fn int_of(param: &Param, value: Value) -> Result<Value> {
    let number = match &value {
        Value::Int(number) => Some(*number),
        Value::Text(text) => text.trim().parse().ok(),
        Value::Decimal(number) if number.is_integer() => i64::try_from(*number).ok(),
        _ => None,
    };
    number
        .map(Value::Int)
        .ok_or_else(|| wrong(param, &value.display(), "takes a whole number"))
}

fn date_of(param: &Param, literal: Option<Rc<str>>, value: Value, clock: Clock) -> Result<Value> {
    if let Value::Instant(instant) = value {
        return Ok(Value::Instant(instant));
    }
    let text = literal.unwrap_or_else(|| value.display());
    moment(&text, clock).map(Value::Instant).ok_or_else(|| {
        let error = wrong(param, &text, DATES);
        // Of `3 days ago` without quotes only the number arrives here.
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            error.fix("What has blanks in it is quoted: '3 days ago'")
        } else {
            error
        }
    })
}

/// The moment that a text names, on the calendar or told from now.
pub(crate) fn moment(text: &str, clock: Clock) -> Option<Instant> {
    Instant::parse(text).or_else(|| relative::moment(text, clock()))
}

fn map_of(param: &Param, value: Value) -> Result<Value> {
    match value {
        Value::Record(record) => Ok(Value::Record(record)),
        other => Err(wrong(
            param,
            &other.display(),
            "takes a map, #{ old: \"new\" } or @{ old = 'new' }",
        )),
    }
}

fn allowed(param: &Param, value: Value) -> Result<Value> {
    let Values::OneOf(choices) = param.values else {
        return Ok(value);
    };
    let text = value.display();
    choices
        .iter()
        .find(|choice| choice.eq_ignore_ascii_case(&text))
        .map(|choice| Value::from(*choice))
        .ok_or_else(|| {
            let near = nearest(&text, choices.iter().copied());
            let error = wrong(param, &text, &format!("takes {}", choices.join(", ")));
            match near.first() {
                Some(near) => error.fix(format!("Did you mean {near}?")),
                None => error,
            }
        })
}

fn missing(cmdlet: &Cmdlet, param: &Param) -> ShellError {
    ShellError::new(
        "PARAMETER_MISSING",
        format!("{} needs -{}: {}", cmdlet.name, param.name, param.help),
    )
    .fix(format!("{} -{} {}", cmdlet.name, param.name, sample(param)))
}

fn wrong(param: &Param, value: &str, takes: &str) -> ShellError {
    ShellError::new(
        "ARGUMENT_INVALID",
        format!("-{} {takes}; it was given `{value}`", param.name),
    )
    .target(param.name)
}

fn sample(param: &Param) -> &'static str {
    match (param.kind, param.values) {
        (_, Values::OneOf(choices)) => choices.first().copied().unwrap_or("…"),
        (_, Values::Users) => "adele@contoso.com",
        (_, Values::Products) => "SPE_E3",
        (_, Values::Files) => "file.csv",
        (Kind::Int, _) => "10",
        (Kind::Date, _) => "2026-11-23",
        (Kind::Block, _) => "{ … }",
        (Kind::Variable, _) => "name",
        _ => "…",
    }
}

fn shown(value: &ArgValue) -> String {
    match value {
        ArgValue::Value(value) => value.display().to_string(),
        ArgValue::Literal(text, _) => text.to_string(),
        ArgValue::Block(_) => "{ … }".to_owned(),
        ArgValue::Calculated(name, _) => format!("{name}={{ … }}"),
        ArgValue::List(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
    }
}

fn placed(error: ShellError, place: &Option<Place>) -> ShellError {
    match place {
        Some(place) => error.at(place.clone()),
        None => error,
    }
}
