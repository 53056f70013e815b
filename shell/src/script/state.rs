//! What the engine's functions share while scripts run: the session, the outputs, the pipelines, the budgets.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use rhai::Dynamic;
use usher_lang::PipelineSpec;
use usher_object::{TypeCache, Value};

use super::source::{Source, Sources};
use crate::error::Result;
use crate::session::Session;

/// Where a script's objects go.
pub trait Output {
    /// Takes one object.
    fn write(&self, value: Value) -> Result<()>;
}

/// A pipeline as written, with its text for places.
pub(super) struct Prepared {
    pub spec: PipelineSpec,
    pub source: Rc<Source>,
}

pub(super) struct State {
    pub session: Rc<Session>,
    pub sources: Sources,
    pub output: Rc<dyn Output>,
    pub pipelines: RefCell<Vec<Rc<Prepared>>>,
    /// Blocks that are collecting what they write, the innermost last.
    collecting: RefCell<Vec<Vec<Value>>>,
    /// The script's own parameters: as given, and as every function sees them.
    pub given: RefCell<HashMap<String, Dynamic>>,
    pub visible: RefCell<HashMap<String, Dynamic>>,
    pub last: RefCell<Dynamic>,
    pub record_types: RefCell<TypeCache>,
}

impl State {
    pub(super) fn new(session: Rc<Session>, output: Rc<dyn Output>) -> Self {
        Self {
            session,
            sources: Sources::default(),
            output,
            pipelines: RefCell::default(),
            collecting: RefCell::default(),
            given: RefCell::default(),
            visible: RefCell::default(),
            last: RefCell::new(Dynamic::UNIT),
            record_types: RefCell::new(TypeCache::new("Object", true)),
        }
    }

    /// Begins a script or a line of the prompt.
    pub(super) fn begin(&self) {
        self.session.begin();
        self.collecting.borrow_mut().clear();
    }

    /// Writes a value to the current output: a list item by item, nothing for `$null`.
    pub(super) fn write(&self, value: Value) -> Result<()> {
        match value {
            Value::Null => Ok(()),
            Value::List(items) => items
                .iter()
                .try_for_each(|item| self.write_one(item.clone())),
            single => self.write_one(single),
        }
    }

    /// Writes one object as it is.
    pub(super) fn write_one(&self, value: Value) -> Result<()> {
        let mut collecting = self.collecting.borrow_mut();
        match collecting.last_mut() {
            Some(objects) => {
                objects.push(value);
                Ok(())
            }
            None => {
                drop(collecting);
                self.output.write(value)
            }
        }
    }

    /// Runs `work`, and gives what it wrote beside its result.
    pub(super) fn collect<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<(Vec<Value>, T)> {
        let depth = self.collecting.borrow().len();
        self.collecting.borrow_mut().push(Vec::new());
        let result = work();
        let written = self
            .collecting
            .borrow_mut()
            .drain(depth..)
            .next()
            .unwrap_or_default();
        Ok((written, result?))
    }
}
