//! Runs one command over given objects, with blocks that are functions of the test.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use usher_object::{Record, RecordType, Value};

use crate::client::{Connection, Target};
use crate::cmdlet::{
    ArgValue, Block, Blocks, Call, Cmdlet, Console, Host, RawArgument, Registry, bind,
};
use crate::error::{Result, ShellError};
use crate::session::{Limits, Session};

type Body = Rc<dyn Fn(&Value) -> Value>;

/// A block that is a function.
pub(super) fn block(body: impl Fn(&Value) -> Value + 'static) -> ArgValue {
    let body: Body = Rc::new(body);
    ArgValue::Block(Block::new(body))
}

/// A calculated property.
pub(super) fn calculated(name: &str, body: impl Fn(&Value) -> Value + 'static) -> ArgValue {
    let body: Body = Rc::new(body);
    ArgValue::Calculated(name.into(), Block::new(body))
}

struct Functions;

impl Blocks for Functions {
    fn value(&self, block: &Block, current: &Value) -> Result<Value> {
        let body = block
            .inner::<Body>()
            .ok_or_else(|| ShellError::new("TEST", "Not a block of a test"))?;
        Ok(body(current))
    }

    fn objects(&self, block: &Block, current: &Value) -> Result<Vec<Value>> {
        Ok(match self.value(block, current)? {
            Value::Null => Vec::new(),
            Value::List(items) => items.to_vec(),
            single => vec![single],
        })
    }

    fn method(&self, target: &Value, name: &str) -> Result<Value> {
        match (target, name) {
            (Value::Text(text), "trim") => Ok(text.trim().into()),
            _ => Err(ShellError::new("METHOD_NOT_FOUND", name)),
        }
    }
}

#[derive(Default)]
struct Warnings(RefCell<Vec<String>>);

impl Console for Warnings {
    fn confirm(&self, _: &str) -> Option<bool> {
        None
    }

    fn note(&self, _: &str) {}

    fn warn(&self, line: &str) {
        self.0.borrow_mut().push(line.to_owned());
    }

    fn progress(&self, _: &str, _: Option<u64>, _: Option<u64>) {}
}

/// A session without a service.
pub(super) struct Bench {
    pub(super) session: Session,
    warnings: Rc<Warnings>,
}

impl Bench {
    pub(super) fn new() -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let connection = Connection::new(Target::Memory, Arc::clone(&stop));
        let warnings = Rc::new(Warnings::default());
        let console: Rc<dyn Console> = Rc::clone(&warnings) as Rc<dyn Console>;
        let session = Session::new(
            Registry::new(&[], &[]),
            connection,
            console,
            Limits::default(),
            stop,
            || 0,
        );
        Self { session, warnings }
    }

    pub(super) fn warnings(&self) -> Vec<String> {
        self.warnings.0.borrow().clone()
    }

    /// The command's objects; an argument without a name is positional.
    pub(super) fn run(
        &self,
        cmdlet: &'static Cmdlet,
        args: Vec<(&str, ArgValue)>,
        input: Vec<Value>,
    ) -> Result<Vec<Value>> {
        self.run_results(cmdlet, args, input.into_iter().map(Ok).collect())
    }

    pub(super) fn run_results(
        &self,
        cmdlet: &'static Cmdlet,
        args: Vec<(&str, ArgValue)>,
        input: Vec<Result<Value>>,
    ) -> Result<Vec<Value>> {
        let raw = args.into_iter().map(|(name, value)| RawArgument {
            name: (!name.is_empty()).then(|| name.into()),
            value: (!matches!(value, ArgValue::List(ref items) if items.is_empty()))
                .then_some(value),
            place: None,
        });
        let call = Call {
            cmdlet,
            args: bind(cmdlet, raw.collect(), true, self.session.clock)?,
            input: Some(Box::new(input.into_iter())),
            host: Host {
                session: &self.session,
                blocks: &Functions,
            },
        };
        call.start()?.collect()
    }

    /// The same, each object as text.
    pub(super) fn shown(
        &self,
        cmdlet: &'static Cmdlet,
        args: Vec<(&str, ArgValue)>,
        input: Vec<Value>,
    ) -> Vec<String> {
        let found = self.run(cmdlet, args, input).unwrap();
        found.iter().map(Value::to_string).collect()
    }
}

/// A value as an argument.
pub(super) fn arg(value: impl Into<Value>) -> ArgValue {
    ArgValue::Value(value.into())
}

/// A switch that is on.
pub(super) fn on() -> ArgValue {
    ArgValue::Value(true.into())
}

/// Several names.
pub(super) fn names(names: &[&str]) -> ArgValue {
    ArgValue::Value(Value::list(names.iter().map(|name| Value::from(*name))))
}

/// Three people of two departments.
pub(super) fn people() -> Vec<Value> {
    let user = RecordType::typed("User", &["Name", "Department", "Seats"]);
    [
        ("Adele", "Sales", 5),
        ("bert", "IT", 2),
        ("Carla", "SALES", 9),
    ]
    .into_iter()
    .map(|(name, department, seats)| {
        Record::new(&user, vec![name.into(), department.into(), seats.into()]).into()
    })
    .collect()
}
