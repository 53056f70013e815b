//! What a stage can reach while it runs: blocks of the script, the session, the stop flag. The engine behind `Blocks`
//! is in `script`, the terminal behind `Console` in `repl`.

use std::any::Any;
use std::fmt;
use std::rc::Rc;

use usher_object::Value;

use crate::error::Result;
use crate::session::Session;

/// A block of the script, `{ … }`, as an argument. Only the engine that made it looks inside.
#[derive(Clone)]
pub struct Block(Rc<dyn Any>);

impl Block {
    /// Wraps what the engine knows a block by.
    pub fn new(inner: impl Any) -> Self {
        Self(Rc::new(inner))
    }

    /// What the engine put in.
    pub fn inner<T: Any>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{ … }")
    }
}

/// Calls blocks; implemented by the script engine for as long as one pipeline runs.
pub trait Blocks {
    /// The value of the block with `$_` set to `current`.
    fn value(&self, block: &Block, current: &Value) -> Result<Value>;

    /// Everything that the block writes with `$_` set to `current`, in order: values of its statements and its last
    /// value; an array is written item by item, `()` not at all.
    fn objects(&self, block: &Block, current: &Value) -> Result<Vec<Value>>;

    /// A method or function of the script language called on a value: `$_.Name.trim()`.
    fn method(&self, target: &Value, name: &str) -> Result<Value>;
}

/// The person or log at the other end of standard error and standard input.
pub trait Console {
    /// Whether somebody is there to answer.
    fn answers(&self) -> bool {
        false
    }
    /// Asks; `None` if nobody is there to answer.
    fn confirm(&self, question: &str) -> Option<bool>;
    /// A line that is not shown while it is typed, and kept nowhere; `None` if nobody is there to type it.
    fn secret(&self, _prompt: &str) -> Option<String> {
        None
    }
    /// A line that the person types as the answer to a question; `None` if nobody is there, or it is left unanswered.
    fn ask(&self, _prompt: &str) -> Option<String> {
        None
    }
    /// A line for the person, never part of the result.
    fn note(&self, line: &str);
    /// A warning for the person.
    fn warn(&self, line: &str);
    /// A line that closes what a command says: at the prompt it stands below the objects.
    fn note_at_end(&self, line: &str) {
        self.note(line);
    }
    /// The same as a warning.
    fn warn_at_end(&self, line: &str) {
        self.warn(line);
    }
    /// Holds closing lines back until `end_line`, which shows them: what a line gives is shown in between.
    fn begin_line(&self) {}
    /// See `begin_line`.
    fn end_line(&self) {}
    /// How far long work has come; `total` where it is known. `None` done: finished.
    fn progress(&self, what: &str, done: Option<u64>, total: Option<u64>);
}

/// What a stage can reach; cheap to copy.
#[derive(Clone, Copy)]
pub struct Host<'a> {
    /// The session: connection, limits, `$Error`.
    pub session: &'a Session,
    /// Calls blocks.
    pub blocks: &'a dyn Blocks,
}

impl Host<'_> {
    /// Counts one object; fails once the user has stopped the command or a limit is passed. Native stages call it for
    /// each object.
    pub fn check(&self) -> Result<()> {
        self.session.step()
    }
}
