//! The script engine: rhai with the shell's values, commands, limits and error positions. What a command does is not
//! here. `values` turns script values into pipeline values and back, `property` finds properties, `operators` compares,
//! `checked` bounds what one call may allocate, `fault` carries shell errors through the engine.

mod checked;
mod fault;
mod operators;
mod property;
mod values;
