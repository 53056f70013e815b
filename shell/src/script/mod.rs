//! The script engine: rhai with the shell's values, commands, limits and error positions. What a command does is not
//! here.
//!
//! A text goes through `prepare` (translated, compiled), is run by `Interpreter`, and calls back: `engine` has the
//! functions that the translation writes, `pipeline` runs commands, `blocks` calls closures from native stages. `values`
//! and `property` join the values of both worlds, `fault` and `source` bring errors back to the line as written.

mod arithmetic;
#[cfg(test)]
mod bench;
mod blocks;
mod checked;
mod engine;
mod fault;
mod functions;
#[cfg(test)]
mod fuzz_test;
mod habits;
mod import;
#[cfg(test)]
mod language_test;
#[cfg(test)]
mod limits_test;
mod moments;
mod names;
#[cfg(test)]
mod nearest_test;
mod operators;
mod params;
mod pipeline;
mod prepare;
mod property;
mod run;
#[cfg(test)]
mod run_test;
mod source;
mod state;
mod values;
mod whereabouts;

use crate::session::{Limits, USUAL_DEPTH};

pub use fault::to_record;
pub use run::Interpreter;
pub use source::Source;
pub use state::Output;

/// Stack that a thread needs for a script at the usual limits of nested calls and expressions.
const STACK_BYTES: usize = 256 * 1024 * 1024;

/// Stack that a thread needs for a script at these limits: at worst each call stands inside the deepest expression.
pub fn stack_bytes(limits: &Limits) -> usize {
    let times = |depth: usize| depth.div_ceil(USUAL_DEPTH).max(1);
    STACK_BYTES * times(limits.call_depth) * times(limits.expression_depth)
}
