//! `usher`: the shell. The allocator counts, so that scripts can be held to a limit of memory.

use std::process::ExitCode;
use std::thread;

use cap::Cap;
use mimalloc::MiMalloc;
use usher_shell::script::STACK_BYTES;

#[global_allocator]
static ALLOCATOR: Cap<MiMalloc> = Cap::new(MiMalloc, usize::MAX);

fn main() -> ExitCode {
    // The system's own stack is too small for a script at its limit of nested calls, and would end the process.
    let shell = thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(|| usher_shell::cli::run(std::env::args_os(), || ALLOCATOR.allocated()));
    let code = shell.map_or(1, |shell| shell.join().unwrap_or(1));
    ExitCode::from(u8::try_from(code.rem_euclid(256)).unwrap_or(1))
}
