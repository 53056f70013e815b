//! `usher`: the shell. The allocator counts, so that scripts can be held to a limit of memory.

use std::process::ExitCode;

use cap::Cap;
use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: Cap<MiMalloc> = Cap::new(MiMalloc, usize::MAX);

fn main() -> ExitCode {
    let code = usher_shell::cli::run(std::env::args_os(), || ALLOCATOR.allocated());
    ExitCode::from(u8::try_from(code.rem_euclid(256)).unwrap_or(1))
}
