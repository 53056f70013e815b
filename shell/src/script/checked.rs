//! Functions of the script language that allocate as much as a number says, replaced by ones that keep to a limit:
//! the memory limit is polled between operations, and one such call would pass it in a single step.

use rhai::{Array, Blob, Dynamic, Engine, EvalAltResult, ImmutableString};

use super::fault;
use crate::error::{Severity, ShellError};

/// Items or bytes that one call may make.
const MOST: i64 = 10_000_000;

type Answer<T> = Result<T, Box<EvalAltResult>>;

/// Replaces them.
pub(super) fn register(engine: &mut Engine) {
    engine.register_fn(
        "pad",
        |items: &mut Array, length: i64, item: Dynamic| -> Answer<()> {
            let length = size(length)?;
            if length > items.len() {
                items.resize(length, item);
            }
            Ok(())
        },
    );
    engine.register_fn(
        "pad",
        |text: &mut ImmutableString, length: i64, letter: char| -> Answer<()> {
            pad_text(text, length, letter.encode_utf8(&mut [0; 4]))
        },
    );
    engine.register_fn(
        "pad",
        |text: &mut ImmutableString, length: i64, filler: &str| -> Answer<()> {
            pad_text(text, length, filler)
        },
    );
    engine.register_fn("blob", |length: i64| -> Answer<Blob> {
        Ok(vec![0; size(length)?])
    });
    engine.register_fn("blob", |length: i64, byte: i64| -> Answer<Blob> {
        let byte = u8::try_from(byte & 0xff).unwrap_or_default();
        Ok(vec![byte; size(length)?])
    });
    engine.register_fn(
        "pad",
        |bytes: &mut Blob, length: i64, byte: i64| -> Answer<()> {
            let length = size(length)?;
            if length > bytes.len() {
                bytes.resize(length, u8::try_from(byte & 0xff).unwrap_or_default());
            }
            Ok(())
        },
    );
}

fn pad_text(text: &mut ImmutableString, length: i64, filler: &str) -> Answer<()> {
    let length = size(length)?;
    let missing = length.saturating_sub(text.chars().count());
    if missing > 0 && !filler.is_empty() {
        let mut padded = text.to_string();
        padded.extend(filler.chars().cycle().take(missing));
        *text = padded.into();
    }
    Ok(())
}

fn size(wanted: i64) -> Answer<usize> {
    match usize::try_from(wanted.max(0)) {
        Ok(size) if wanted <= MOST => Ok(size),
        _ => Err(fault::raise(
            ShellError::new(
                "LIMIT_EXCEEDED",
                format!("One call may make {MOST} items at most, not {wanted}"),
            )
            .fix("Make it in parts")
            .severity(Severity::Limit),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine() -> Engine {
        let mut engine = Engine::new();
        register(&mut engine);
        engine
    }

    #[test]
    fn a_huge_number_is_refused_before_anything_is_allocated() {
        for script in [
            "let a = []; a.pad(1_000_000_000_000, 0)",
            "let s = \"\"; s.pad(1_000_000_000_000, 'x')",
            "let s = \"\"; s.pad(1_000_000_000_000, \"xy\")",
            "blob(1_000_000_000_000)",
            "blob(1_000_000_000_000, 1)",
            "let b = blob(1); b.pad(1_000_000_000_000, 1)",
        ] {
            let error = engine().run(script).unwrap_err();
            assert_eq!(
                fault::inside(&error).map(|error| error.code),
                Some("LIMIT_EXCEEDED".to_owned()),
                "{script}"
            );
        }
    }

    #[test]
    fn small_numbers_do_what_they_did() {
        assert_eq!(
            engine()
                .eval::<i64>("let a = [1]; a.pad(3, 0); a.len()")
                .unwrap(),
            3
        );
        assert_eq!(
            engine()
                .eval::<String>("let s = \"a\"; s.pad(4, \"xy\"); s")
                .unwrap(),
            "axyx"
        );
        assert_eq!(engine().eval::<i64>("blob(3, 7).len()").unwrap(), 3);
    }
}
