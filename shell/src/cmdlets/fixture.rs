//! A session for tests of commands: its own service in memory, a console that keeps what it is told.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use usher_object::Value;

use super::{ALIASES, CMDLETS};
use crate::client::{Connection, Target};
use crate::cmdlet::{
    ArgValue, Block, Blocks, Call, Console, Host, Objects, RawArgument, Registry, bind,
};
use crate::error::{Result, ShellError};
use crate::script::Output;
use crate::session::{Limits, Session};

/// What the console was told, and what it answers.
#[derive(Default)]
pub(crate) struct Told {
    /// Notes and warnings in order.
    pub(crate) lines: RefCell<Vec<String>>,
    /// The answer to a question; `None`: nobody is there.
    pub(crate) answer: Cell<Option<bool>>,
    /// Questions that were asked.
    pub(crate) questions: RefCell<Vec<String>>,
}

impl Console for Told {
    fn answers(&self) -> bool {
        self.answer.get().is_some()
    }

    fn secret(&self, prompt: &str) -> Option<String> {
        self.questions.borrow_mut().push(prompt.to_owned());
        self.answer.get().map(|_| String::new())
    }

    fn confirm(&self, question: &str) -> Option<bool> {
        self.questions.borrow_mut().push(question.to_owned());
        self.answer.get()
    }

    fn note(&self, line: &str) {
        self.lines.borrow_mut().push(line.to_owned());
    }

    fn warn(&self, line: &str) {
        self.lines.borrow_mut().push(line.to_owned());
    }

    fn progress(&self, _: &str, _: Option<u64>, _: Option<u64>) {}
}

struct NoBlocks;

impl Blocks for NoBlocks {
    fn value(&self, _: &Block, _: &Value) -> Result<Value> {
        Err(ShellError::new(
            "NO_BLOCKS",
            "Blocks need the script engine",
        ))
    }

    fn objects(&self, _: &Block, _: &Value) -> Result<Vec<Value>> {
        Err(ShellError::new(
            "NO_BLOCKS",
            "Blocks need the script engine",
        ))
    }

    fn method(&self, _: &Value, _: &str) -> Result<Value> {
        Err(ShellError::new(
            "NO_BLOCKS",
            "Methods need the script engine",
        ))
    }
}

/// What scripts wrote, in order.
#[derive(Default)]
pub(crate) struct Kept(pub(crate) RefCell<Vec<Value>>);

impl Output for Kept {
    fn write(&self, value: Value) -> Result<()> {
        self.0.borrow_mut().push(value);
        Ok(())
    }
}

/// A session and its console.
pub(crate) struct Fixture {
    /// The session.
    pub(crate) session: Rc<Session>,
    /// Its console.
    pub(crate) told: Rc<Told>,
}

impl Fixture {
    /// With limits as they are unless set.
    pub(crate) fn new() -> Self {
        Self::with(Limits::default())
    }

    /// With these limits.
    pub(crate) fn with(limits: Limits) -> Self {
        Self::made(Target::Memory, limits)
    }

    /// On the way to this service.
    pub(crate) fn to(target: Target) -> Self {
        Self::made(target, Limits::default())
    }

    fn made(target: Target, limits: Limits) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let told = Rc::new(Told::default());
        let session = Session::new(
            Registry::new(CMDLETS, ALIASES),
            Connection::new(target, Arc::clone(&stop)),
            Rc::clone(&told) as Rc<dyn Console>,
            limits,
            stop,
            || 0,
        );
        session.profiles.replace("no-profiles.toml".into());
        Self {
            session: Rc::new(session),
            told,
        }
    }

    /// What commands reach.
    pub(crate) fn host(&self) -> Host<'_> {
        Host {
            session: &self.session,
            blocks: &NoBlocks,
        }
    }

    /// Starts a command: `-Name`, value, … ; a value of `Null` after a name is a switch.
    pub(crate) fn start<'a>(
        &'a self,
        name: &str,
        args: &[(&str, Value)],
        input: Option<Vec<Value>>,
    ) -> Result<Objects<'a>> {
        let cmdlet = self.session.registry.find(name).expect("a known command");
        let raw = args.iter().map(|(name, value)| RawArgument {
            name: (!name.is_empty()).then(|| Rc::from(*name)),
            value: (!value.is_null()).then(|| ArgValue::Value(value.clone())),
            place: None,
        });
        let args = bind(cmdlet, raw.collect(), input.is_some(), self.session.clock)?;
        let input = input.map(|items| Box::new(items.into_iter().map(Ok)) as Objects<'a>);
        let call = Call {
            cmdlet,
            args,
            input,
            host: self.host(),
        };
        call.start()
    }

    /// Runs a command to its end.
    pub(crate) fn run(
        &self,
        name: &str,
        args: &[(&str, Value)],
        input: Option<Vec<Value>>,
    ) -> Result<Vec<Value>> {
        self.start(name, args, input)?.collect()
    }
}
