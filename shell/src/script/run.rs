//! Running texts: a script file with its parameters, a line of the prompt, what `-c` or standard input gave.

use std::collections::HashMap;
use std::path::Path;
use std::rc::Rc;

use rhai::{AST, Array, Dynamic, Engine, Map, Scope};
use usher_object::{Record, Value};

use super::import::Scripts;
use super::prepare::{self, Before, Code};
use super::source::Source;
use super::state::{Output, State};
use super::values::{to_dynamic, to_value};
use super::{engine, fault, params};
use crate::error::{Result, ShellError};
use crate::files;
use crate::script_help;
use crate::session::Session;

/// The folder of the script file that runs; nothing for what was typed.
const SCRIPT_ROOT: &str = "ScriptRoot";

/// Runs scripts in one session; variables and functions of one text are there for the next.
pub struct Interpreter {
    engine: Engine,
    state: Rc<State>,
    scope: Scope<'static>,
    library: AST,
}

impl Interpreter {
    /// An interpreter whose scripts write their objects to `output`.
    pub fn new(session: Rc<Session>, output: Rc<dyn Output>) -> Self {
        let state = Rc::new(State::new(session, output));
        let mut engine = engine::build(&state);
        engine.set_module_resolver(Scripts::new(&state));
        Self {
            engine,
            state,
            scope: Scope::new(),
            library: AST::empty(),
        }
    }

    /// Runs a text: what a person typed, what `-c` or standard input gave.
    pub fn run_text(&mut self, name: &str, text: &str) -> Result<()> {
        let code = self.prepare(name, text)?;
        let given = params::parse(&code.params, &[], self.state.session.clock);
        self.state
            .visible
            .borrow_mut()
            .insert(SCRIPT_ROOT.to_owned(), Dynamic::UNIT);
        self.run(code, given)
    }

    /// Runs a script file with the words after its name as parameters.
    pub fn run_file(&mut self, path: &Path, words: &[String]) -> Result<()> {
        let text = files::read_text(path)?;
        let code = self.prepare(&path.to_string_lossy(), &text)?;
        if params::wants_help(&code.params, words) {
            let name = path.to_string_lossy();
            let help = script_help::page(&name, code.help.as_deref(), &code.params);
            return self.state.write(Value::from(help.as_str()));
        }
        let given = params::parse(&code.params, words, self.state.session.clock);
        let root = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let root = Dynamic::from(root.to_string_lossy().into_owned());
        self.state
            .visible
            .borrow_mut()
            .insert(SCRIPT_ROOT.to_owned(), root);
        self.run(code, given)
    }

    fn prepare(&self, name: &str, text: &str) -> Result<Code> {
        let before = Before {
            variables: self
                .scope
                .iter()
                .map(|(name, ..)| name.to_owned())
                .collect(),
            functions: self
                .library
                .iter_functions()
                .map(|function| function.name.to_owned())
                .collect(),
            ..Before::default()
        };
        prepare::script(&self.engine, &self.state, name, text, &before)
    }

    fn run(&mut self, code: Code, given: Result<HashMap<String, Dynamic>>) -> Result<()> {
        *self.state.given.borrow_mut() = given?;
        self.state.begin();
        let ast = self.library.merge(&code.ast);
        let mut ast = ast;
        ast.set_source(code.id.as_str());
        let depth = self.scope.len();
        let result = self
            .engine
            .eval_ast_with_scope::<Dynamic>(&mut self.scope, &ast);
        self.library = self.library.merge(&code.ast.clone_functions_only());
        match result {
            Ok(returned) => to_value(&returned).and_then(|value| self.state.write(value)),
            Err(error) => {
                // What a failed text declared half way is not there for the next.
                self.scope.rewind(depth);
                let error = fault::from_engine(&error, &self.state.sources, &code.id);
                if error.can_be_caught() {
                    self.state.session.remember_error(fault::to_record(&error));
                }
                Err(error)
            }
        }
    }

    /// Sets `$last`, the objects of the last line of the prompt.
    pub fn set_last(&self, objects: Vec<Value>) {
        let value = match <[Value; 1]>::try_from(objects) {
            Ok([single]) => single,
            Err(many) => Value::from(many),
        };
        *self.state.last.borrow_mut() = to_dynamic(&value);
    }

    /// Names of variables and functions that are there now, for completion.
    pub fn known_names(&self) -> (Vec<String>, Vec<String>) {
        let variables = self
            .scope
            .iter()
            .map(|(name, ..)| name.to_owned())
            .collect();
        let functions = self
            .library
            .iter_functions()
            .map(|function| function.name.to_owned())
            .collect();
        (variables, functions)
    }

    /// The names of properties of what each variable holds, or of the first of several objects, for completion.
    pub fn known_properties(&self) -> HashMap<String, Vec<String>> {
        let last = self.state.last.borrow();
        let variables = self.scope.iter().map(|(name, _, value)| (name, value));
        variables
            .map(|(name, value)| (name.to_owned(), property_names(&value)))
            .chain(std::iter::once(("last".to_owned(), property_names(&last))))
            .filter(|(_, names)| !names.is_empty())
            .collect()
    }

    /// The text that a place speaks of.
    pub fn source(&self, name: &str) -> Option<Rc<Source>> {
        self.state.sources.text(name)
    }

    /// Adds an error of the outside, such as one of the command line, to `$Error`.
    pub fn remember(&self, error: &ShellError) {
        self.state.session.remember_error(fault::to_record(error));
    }
}

fn property_names(value: &Dynamic) -> Vec<String> {
    if let Some(record) = value.read_lock::<Record>() {
        let names = record.record_type().properties();
        return names.iter().map(ToString::to_string).collect();
    }
    if let Some(items) = value.read_lock::<Array>() {
        // A list of lists shows the properties of none.
        let first = items.first().filter(|first| !first.is_array());
        return first.map(property_names).unwrap_or_default();
    }
    let map = value.read_lock::<Map>();
    map.map(|map| map.keys().map(ToString::to_string).collect())
        .unwrap_or_default()
}
