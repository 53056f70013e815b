//! `usher`: the shell. The allocator counts, so that scripts can be held to a limit of memory.

use std::alloc::System;
use std::process::ExitCode;

use cap::Cap;

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

fn main() -> ExitCode {
    let code = usher_shell::cli::run(std::env::args_os(), || ALLOCATOR.allocated());
    ExitCode::from(u8::try_from(code.rem_euclid(256)).unwrap_or(1))
}
