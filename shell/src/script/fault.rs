//! Errors on their way through the script engine: a shell error rides inside the engine's own and comes out whole.

use rhai::{Dynamic, EvalAltResult, Position};

use crate::error::ShellError;

/// A shell error as the script sees it in `catch`.
#[derive(Clone, Debug)]
pub struct Fault(pub ShellError);

/// Wraps a shell error for the engine. What `catch` may not see ends the script at once.
pub fn raise(error: ShellError) -> Box<EvalAltResult> {
    let catchable = error.can_be_caught();
    let token = Dynamic::from(Fault(error));
    Box::new(if catchable {
        EvalAltResult::ErrorRuntime(token, Position::NONE)
    } else {
        EvalAltResult::ErrorTerminated(token, Position::NONE)
    })
}

/// The shell error inside an engine error, where there is one, and the engine's position of it.
pub fn inside(error: &EvalAltResult) -> Option<ShellError> {
    match error {
        EvalAltResult::ErrorRuntime(token, _) | EvalAltResult::ErrorTerminated(token, _) => {
            token.read_lock::<Fault>().map(|fault| fault.0.clone())
        }
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _) | EvalAltResult::ErrorInModule(_, inner, _) => inside(inner),
        _ => None,
    }
}
