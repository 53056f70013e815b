//! Blocks of the script, called from native stages for as long as the engine's call context lives.

use rhai::{Dynamic, EvalAltResult, FnPtr, NativeCallContext};
use usher_object::Value;

use super::fault;
use super::state::State;
use super::values::{to_dynamic, to_value};
use crate::cmdlet::{Block, Blocks};
use crate::error::{Result, ShellError};

/// Calls blocks through the context of the pipeline that is running.
pub(super) struct ContextBlocks<'c> {
    pub context: &'c NativeCallContext<'c>,
    pub state: &'c State,
}

impl ContextBlocks<'_> {
    fn call(&self, block: &Block, current: &Value) -> Result<Dynamic> {
        let Some(pointer) = block.inner::<FnPtr>() else {
            return Err(ShellError::new(
                "VALUE_NOT_DATA",
                "A block of another script cannot be called",
            ));
        };
        pointer
            .call_raw(self.context, None, [to_dynamic(current)])
            .map_err(|error| self.shown(&error))
    }

    fn shown(&self, error: &EvalAltResult) -> ShellError {
        let source = self.context.call_source().unwrap_or_default();
        fault::from_engine(error, &self.state.sources, source)
    }
}

impl Blocks for ContextBlocks<'_> {
    fn value(&self, block: &Block, current: &Value) -> Result<Value> {
        to_value(&self.call(block, current)?)
    }

    fn objects(&self, block: &Block, current: &Value) -> Result<Vec<Value>> {
        let (mut written, value) = self.state.collect(|| self.call(block, current))?;
        match to_value(&value)? {
            Value::Null => {}
            Value::List(items) => written.extend(items.iter().cloned()),
            single => written.push(single),
        }
        Ok(written)
    }

    fn method(&self, target: &Value, name: &str) -> Result<Value> {
        let mut target = to_dynamic(target);
        let found = self
            .context
            .call_native_fn_raw(name, true, &mut [&mut target])
            .map_err(|error| self.shown(&error))?;
        to_value(&if found.is_unit() { target } else { found })
    }
}
