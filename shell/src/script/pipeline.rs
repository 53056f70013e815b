//! One pipeline: from its structure and the values in its slots to the objects that come out of its last stage.

use std::ops::{Range, RangeInclusive};
use std::rc::Rc;

use rhai::{Array, Dynamic, FnPtr, NativeCallContext};
use usher_lang::{Argument, ArgumentValue, CommandSpec, StageSpec};
use usher_object::number::Number;
use usher_object::{Record, Value};

use super::blocks::ContextBlocks;
use super::source::Source;
use super::state::{Prepared, State};
use super::values::to_value;
use super::whereabouts::Whereabouts;
use crate::cmdlet::{
    ArgValue, Block, Call, Cmdlet, Host, Kind, Objects, RawArgument, Single, bind,
};
use crate::error::{Place, Result, ShellError};

/// What a pipeline gives as a value.
pub(super) enum Given {
    /// Any number of objects: an array.
    Many(Vec<Value>),
    /// Exactly one, by the declaration of its only command.
    One(Value),
}

/// Runs a pipeline and gives its objects.
pub(super) fn value(
    state: &State,
    context: &NativeCallContext,
    id: usize,
    slots: Array,
) -> Result<Given> {
    let mut objects = Vec::new();
    let single = run(state, context, id, slots, &mut |object| {
        objects.push(object);
        Ok(())
    })?;
    match (single, objects.len()) {
        (true, 1) => Ok(objects.pop().map_or(Given::Many(Vec::new()), Given::One)),
        _ => Ok(Given::Many(objects)),
    }
}

/// Runs a pipeline and hands each object on as it comes. Answers whether exactly one is declared.
pub(super) fn run(
    state: &State,
    context: &NativeCallContext,
    id: usize,
    slots: Array,
    take: &mut dyn FnMut(Value) -> Result<()>,
) -> Result<bool> {
    let prepared = prepared(state, id)?;
    let blocks = ContextBlocks { context, state };
    let host = Host {
        session: &state.session,
        blocks: &blocks,
    };
    let mut slots: Vec<Option<Dynamic>> = slots.into_iter().map(Some).collect();
    let mut objects: Option<Objects<'_>> = None;
    let mut single = false;
    let stages = prepared.spec.stages.len();
    for (index, stage) in prepared.spec.stages.iter().enumerate() {
        let place = Whereabouts::of(&prepared, index);
        objects = Some(match stage {
            StageSpec::Input { slot, .. } => watched(
                state,
                taken_apart(
                    slots
                        .get_mut(*slot)
                        .and_then(Option::take)
                        .unwrap_or_default(),
                ),
                place,
            ),
            StageSpec::Command(command) => {
                let (stage, is_single) = start(state, &prepared, command, &slots, objects, host)
                    .map_err(|error| place.put(error))?;
                single = is_single && index + 1 == stages;
                watched(state, stage, place)
            }
        });
    }
    for object in objects.into_iter().flatten() {
        take(object?)?;
    }
    Ok(single)
}

fn prepared(state: &State, id: usize) -> Result<Rc<Prepared>> {
    state
        .pipelines
        .borrow()
        .get(id)
        .cloned()
        .ok_or_else(|| ShellError::new("SCRIPT_ERROR", "A pipeline was called that no script has"))
}

fn start<'a>(
    state: &State,
    prepared: &Prepared,
    command: &CommandSpec,
    slots: &[Option<Dynamic>],
    input: Option<Objects<'a>>,
    host: Host<'a>,
) -> Result<(Objects<'a>, bool)> {
    let Some(cmdlet) = state.session.registry.find(&command.name) else {
        return Err(ShellError::new(
            "COMMAND_NOT_FOUND",
            format!("There is no command {}", command.name),
        ));
    };
    if input.is_some() && !cmdlet.takes_input() {
        return Err(input_not_taken(cmdlet));
    }
    let raw = arguments(cmdlet, command, slots, &prepared.source)?;
    let args = bind(cmdlet, raw, input.is_some(), state.session.clock)?;
    let single = match cmdlet.single {
        Single::Never => false,
        Single::Always => input.is_none(),
        Single::When(holds) => input.is_none() && holds(&args),
        Single::Whole(holds) => holds(&args),
    };
    let call = Call {
        cmdlet,
        args,
        input,
        host,
    };
    Ok((call.start()?, single))
}

fn input_not_taken(cmdlet: &Cmdlet) -> ShellError {
    ShellError::new(
        "INPUT_NOT_TAKEN",
        format!("{} takes nothing from a pipeline", cmdlet.name),
    )
    .fix(format!(
        "Run it by itself, or once for each object: … | ForEach-Object {{ {} … }}",
        cmdlet.name
    ))
}

/// The objects of a stage; each is counted against the budgets, and an error gets the place of the stage.
fn watched<'a>(state: &'a State, objects: Objects<'a>, place: Whereabouts) -> Objects<'a> {
    Box::new(objects.map(move |object| {
        let object = state.session.step().and(object);
        object.map_err(|error| place.put(error))
    }))
}

/// The first stage: arrays and ranges are taken apart, nothing gives nothing, anything else is one object.
fn taken_apart<'a>(value: Dynamic) -> Objects<'a> {
    let value = value.flatten();
    if value.is_unit() {
        return Box::new(std::iter::empty());
    }
    if let Some(range) = value.read_lock::<Range<i64>>() {
        return Box::new(range.clone().map(|number| Ok(Value::Int(number))));
    }
    if let Some(range) = value.read_lock::<RangeInclusive<i64>>() {
        return Box::new(range.clone().map(|number| Ok(Value::Int(number))));
    }
    match value.try_cast_result::<Array>() {
        Ok(items) => Box::new(items.into_iter().map(|item| to_value(&item))),
        Err(single) => Box::new(std::iter::once_with(move || to_value(&single))),
    }
}

/// Names and values as written, each name with the value that belongs to it.
fn arguments(
    cmdlet: &Cmdlet,
    command: &CommandSpec,
    slots: &[Option<Dynamic>],
    source: &Source,
) -> Result<Vec<RawArgument>> {
    let mut raw = Vec::new();
    let mut words = command.arguments.iter().peekable();
    while let Some(word) = words.next() {
        match word {
            Argument::Name {
                name,
                attached,
                span,
            } => {
                let takes_value = *attached || !is_switch(cmdlet, name);
                let value = match words.peek() {
                    Some(Argument::Value { value, .. }) if takes_value => {
                        Some(argument_value(value, slots)?)
                    }
                    _ => None,
                };
                if value.is_some() {
                    words.next();
                }
                raw.push(RawArgument {
                    name: Some(Rc::from(name.as_str())),
                    value,
                    place: Some(source.place(*span)),
                });
            }
            Argument::Value { value, span } => raw.push(RawArgument {
                name: None,
                value: Some(argument_value(value, slots)?),
                place: Some(source.place(*span)),
            }),
            Argument::Splat { slot, span } => {
                splat(slots.get(*slot), &source.place(*span), &mut raw)?
            }
        }
    }
    Ok(raw)
}

fn is_switch(cmdlet: &Cmdlet, name: &str) -> bool {
    let exact = cmdlet
        .all_params()
        .find(|param| param.name.eq_ignore_ascii_case(name));
    let starts = |start: &str| {
        start
            .get(..name.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(name))
    };
    exact
        .or_else(|| cmdlet.all_params().find(|param| starts(param.name)))
        .is_some_and(|param| param.kind == Kind::Switch)
}

fn argument_value(value: &ArgumentValue, slots: &[Option<Dynamic>]) -> Result<ArgValue> {
    Ok(match value {
        ArgumentValue::Number(text) => {
            let number = Number::parse(text).map_or_else(|| Value::text(text), Value::from);
            ArgValue::Literal(Rc::from(text.as_str()), number)
        }
        ArgumentValue::Word(text) | ArgumentValue::Text(text) => ArgValue::Value(Value::text(text)),
        ArgumentValue::Slot(slot) => of_slot(slots.get(*slot))?,
        ArgumentValue::Block(slot) => ArgValue::Block(block_of(slots.get(*slot))?),
        ArgumentValue::Calculated { name, slot } => {
            ArgValue::Calculated(Rc::from(name.as_str()), block_of(slots.get(*slot))?)
        }
        ArgumentValue::List(items) => {
            let items: Result<Vec<ArgValue>> = items
                .iter()
                .map(|item| argument_value(item, slots))
                .collect();
            ArgValue::List(items?)
        }
    })
}

/// A computed argument. A closure in a variable is a block, and so are closures in an array.
fn of_slot(slot: Option<&Option<Dynamic>>) -> Result<ArgValue> {
    let Some(Some(value)) = slot else {
        return Ok(ArgValue::Value(Value::Null));
    };
    if let Some(pointer) = value.read_lock::<FnPtr>() {
        return Ok(ArgValue::Block(Block::new(pointer.clone())));
    }
    if let Some(items) = value.read_lock::<Array>()
        && items.iter().any(Dynamic::is::<FnPtr>)
    {
        let items: Result<Vec<ArgValue>> = items
            .iter()
            .map(|item| of_slot(Some(&Some(item.clone()))))
            .collect();
        return Ok(ArgValue::List(items?));
    }
    to_value(value).map(ArgValue::Value)
}

fn block_of(slot: Option<&Option<Dynamic>>) -> Result<Block> {
    match of_slot(slot)? {
        ArgValue::Block(block) => Ok(block),
        _ => Err(ShellError::new(
            "SCRIPT_ERROR",
            "A block of the script is not there",
        )),
    }
}

/// `@map`: the entries of a map or record as named arguments; a switch is there when its entry is `true`.
fn splat(slot: Option<&Option<Dynamic>>, place: &Place, raw: &mut Vec<RawArgument>) -> Result<()> {
    let refused = |shown: &str| {
        ShellError::new(
            "ARGUMENT_INVALID",
            format!("`@` gives the entries of a map or record to a command, not {shown}"),
        )
        .fix("Make one first: $options = @{ Department = 'Sales' }")
        .at(place.clone())
    };
    let Some(Some(value)) = slot else {
        return Err(refused("nothing"));
    };
    let entry = |name: &str, value: ArgValue| RawArgument {
        name: Some(Rc::from(name)),
        value: Some(value),
        place: Some(place.clone()),
    };
    if let Some(map) = value.read_lock::<rhai::Map>() {
        for (name, value) in map.iter() {
            raw.push(entry(name, of_slot(Some(&Some(value.clone())))?));
        }
        return Ok(());
    }
    if let Some(record) = value.read_lock::<Record>() {
        raw.extend(
            record
                .iter()
                .map(|(name, value)| entry(name, ArgValue::Value(value.clone()))),
        );
        return Ok(());
    }
    Err(refused(value.type_name()))
}
