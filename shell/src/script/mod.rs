//! The script engine: rhai with the shell's values, commands, limits and error positions. What a command does is not
//! here. `values` turns script values into pipeline values and back, `property` finds properties, `fault` carries shell
//! errors through the engine.

mod fault;
mod property;
mod values;
