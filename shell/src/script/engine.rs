//! The engine: rhai with the functions that the translation calls, the session's limits, and the automatic variables.

use std::cell::Cell;
use std::rc::Rc;

use rhai::{Array, Dynamic, Engine, EvalAltResult, ImmutableString, NativeCallContext, Token};
use usher_object::Value;

use super::pipeline::{self, Given};
use super::state::State;
use super::values::{to_dynamic, to_value};
use super::{arithmetic, checked, fault, functions, moments, operators, params, property};
use crate::error::{Result, Severity, ShellError};
use crate::types;

type Answer<T> = std::result::Result<T, Box<EvalAltResult>>;

/// Builds the engine for one session.
pub(super) fn build(state: &Rc<State>) -> Engine {
    let mut engine = Engine::new();
    let limits = &state.session.limits;
    engine.set_max_call_levels(limits.call_depth);
    engine.set_max_expr_depths(limits.expression_depth, limits.expression_depth);
    // Text given to `eval` would not go through the translation, nor its errors through the source map.
    engine.disable_symbol("eval");
    let budget = Rc::clone(state);
    // Not the engine's own count: each block that a native stage calls would begin a new one.
    engine.on_progress(move |_| {
        budget
            .session
            .step()
            .err()
            .map(|error| Dynamic::from(fault::Fault(error)))
    });
    properties_may_be_keywords(&mut engine);
    nothing_has_no_first(&mut engine);
    property::register(&mut engine);
    operators::register(&mut engine);
    arithmetic::register(&mut engine);
    moments::register(&mut engine);
    checked::register(&mut engine);
    functions::register(&mut engine, state);
    pipelines(&mut engine, state);
    values(&mut engine, state);
    parameters(&mut engine, state);
    automatic_variables(&mut engine, state);
    output_of_print(&mut engine, state);
    engine
}

fn pipelines(engine: &mut Engine, state: &Rc<State>) {
    let own = Rc::clone(state);
    engine.register_fn(
        "__pipe",
        move |context: NativeCallContext, id: i64, slots: Array| -> Answer<Dynamic> {
            let given = pipeline::value(&own, &context, index(id), slots).map_err(fault::raise)?;
            Ok(match given {
                Given::One(value) => to_dynamic(&value),
                Given::Many(values) => Dynamic::from_array(values.iter().map(to_dynamic).collect()),
            })
        },
    );
    let own = Rc::clone(state);
    engine.register_fn(
        "__run",
        move |context: NativeCallContext, id: i64, slots: Array| -> Answer<()> {
            pipeline::run(&own, &context, index(id), slots, &mut |object| {
                own.write_one(object)
            })
            .map(|_| ())
            .map_err(fault::raise)
        },
    );
}

fn index(id: i64) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}

fn values(engine: &mut Engine, state: &Rc<State>) {
    let own = Rc::clone(state);
    engine.register_fn("__out", move |value: Dynamic| -> Answer<()> {
        to_value(&value)
            .and_then(|value| own.write(value))
            .map_err(fault::raise)
    });
    for name in ["__text", "__tick"] {
        engine.register_fn(name, |parts: Array| -> Answer<ImmutableString> {
            joined(&parts).map_err(fault::raise)
        });
    }
    let own = Rc::clone(state);
    engine.register_fn("__record", move |entries: Array| -> Answer<Dynamic> {
        record(&own, &entries)
            .map(|value| to_dynamic(&value))
            .map_err(fault::raise)
    });
    engine.register_fn("__list", |values: Array| -> Array {
        let mut items = Array::new();
        for value in values {
            // What a variable shares with a block is looked through.
            match value.flatten().try_cast_result::<Array>() {
                Ok(list) => items.extend(list),
                Err(single) => items.push(single),
            }
        }
        items
    });
    engine.register_fn("__caught", |error: Dynamic| fault::caught(&error));
    engine.register_fn("exit", || -> Answer<()> { Err(leave(0)) });
    engine.register_fn("exit", |code: Dynamic| -> Answer<()> {
        Err(exit_code(&code).map_or_else(fault::raise, leave))
    });
}

fn joined(parts: &Array) -> Result<ImmutableString> {
    let mut text = String::new();
    for part in parts {
        match part.read_lock::<ImmutableString>() {
            Some(part) => text.push_str(&part),
            None => text.push_str(&types::said(&to_value(part)?)),
        }
    }
    Ok(text.into())
}

fn record(state: &State, entries: &Array) -> Result<Value> {
    let mut names = Vec::with_capacity(entries.len() / 2);
    let mut values = Vec::with_capacity(entries.len() / 2);
    for entry in entries.chunks_exact(2) {
        if let [name, value] = entry {
            names.push(name.to_string());
            values.push(to_value(value)?);
        }
    }
    Ok(state
        .record_types
        .borrow_mut()
        .record(&names, values)?
        .into())
}

/// A process ends with a number that fits a byte; anything else would end as another number, or as success.
fn exit_code(code: &Dynamic) -> Result<u8> {
    let fits = code.as_int().ok().and_then(|code| u8::try_from(code).ok());
    fits.ok_or_else(|| {
        let shown =
            to_value(code).map_or_else(|_| code.to_string(), |code| code.display().to_string());
        ShellError::new(
            "ARGUMENT_INVALID",
            format!("exit takes a number from 0 to 255; it was given `{shown}`"),
        )
        .fix("Write exit(1) for a failure; Write-Output shows text")
    })
}

fn leave(code: u8) -> Box<EvalAltResult> {
    let code = i32::from(code);
    fault::raise(ShellError::new("EXIT", "exit").severity(Severity::Exit(code)))
}

fn parameters(engine: &mut Engine, state: &Rc<State>) {
    let own = Rc::clone(state);
    engine.register_fn("__given", move |name: &str| {
        own.given.borrow().contains_key(name)
    });
    let own = Rc::clone(state);
    engine.register_fn("__param", move |name: &str| -> Dynamic {
        let value = own
            .given
            .borrow()
            .get(name)
            .cloned()
            .unwrap_or(Dynamic::FALSE);
        own.visible
            .borrow_mut()
            .insert(name.to_owned(), value.clone());
        value
    });
    let own = Rc::clone(state);
    engine.register_fn("__default", move |name: &str, value: Dynamic| -> Dynamic {
        own.visible
            .borrow_mut()
            .insert(name.to_owned(), value.clone());
        value
    });
    let own = Rc::clone(state);
    engine.register_fn(
        "__default",
        move |name: &str, kind: &str, value: Dynamic| -> Answer<Dynamic> {
            let value =
                params::default(name, kind, value, own.session.clock).map_err(fault::raise)?;
            own.visible
                .borrow_mut()
                .insert(name.to_owned(), value.clone());
            Ok(value)
        },
    );
}

/// `$Error`, `$Session`, `$last`, `$ScriptRoot` and the script's parameters, which functions see too.
#[expect(
    deprecated,
    reason = "the engine marks its variable resolver as subject to change, not as going away"
)]
fn automatic_variables(engine: &mut Engine, state: &Rc<State>) {
    let own = Rc::clone(state);
    engine.on_var(move |name, _, context| {
        let found = match name {
            "Error" => Some(to_dynamic(&Value::from(own.session.errors()))),
            "Session" => Some(to_dynamic(&own.session.describe())),
            "last" => Some(own.last.borrow().clone()),
            _ if context.scope().contains(name) => None,
            _ => own.visible.borrow().get(name).cloned(),
        };
        Ok(found)
    });
}

fn output_of_print(engine: &mut Engine, state: &Rc<State>) {
    let own = Rc::clone(state);
    engine.on_print(move |text| own.session.console.note(text));
    let own = Rc::clone(state);
    engine.on_debug(move |text, _, _| own.session.console.note(text));
}

/// The first and the last of no objects are `$null`, as `$Error[0]` is before anything went wrong.
fn nothing_has_no_first(engine: &mut Engine) {
    engine.on_invalid_array_index(|items, index, _| {
        if items.is_empty() && matches!(index, 0 | -1) {
            return Ok(Dynamic::UNIT.into());
        }
        Err(EvalAltResult::ErrorArrayBounds(items.len(), index, rhai::Position::NONE).into())
    });
}

/// After a dot a keyword is a property like any other: `u.shared`, `plan.default`.
#[expect(
    deprecated,
    reason = "the engine marks its token mapper as subject to change, not as going away"
)]
fn properties_may_be_keywords(engine: &mut Engine) {
    let after_dot = Cell::new(false);
    engine.on_parse_token(move |token, position, _| {
        let was_after_dot = after_dot.replace(matches!(token, Token::Period | Token::Elvis));
        // A text that could not be read may have ended at a dot; the next one begins anew.
        let begins = (position.line(), position.position()) == (Some(1), Some(1));
        if !was_after_dot || begins {
            return token;
        }
        match &token {
            Token::Identifier(_) | Token::LexError(_) => token,
            Token::Reserved(word) => Token::Identifier(word.clone()),
            Token::Custom(word) => Token::Identifier(word.clone()),
            other if other.is_standard_keyword() => {
                Token::Identifier(Box::new(other.literal_syntax().into()))
            }
            _ => token,
        }
    });
}
