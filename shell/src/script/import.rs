//! `import "other"`: other scripts, found beside the one that imports them, translated like any script.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rhai::{Engine, EvalAltResult, Module, ModuleResolver, Position, Scope, Shared};

use super::fault;
use super::prepare;
use super::state::State;
use crate::error::{Result, ShellError};
use crate::files;

/// The ending of a script's name, which an import may leave out.
const ENDING: &str = "usher";

pub(super) struct Scripts {
    state: Rc<State>,
    loaded: RefCell<HashMap<PathBuf, Shared<Module>>>,
    loading: RefCell<Vec<PathBuf>>,
}

impl Scripts {
    pub(super) fn new(state: &Rc<State>) -> Self {
        Self {
            state: Rc::clone(state),
            loaded: RefCell::default(),
            loading: RefCell::default(),
        }
    }

    fn find(&self, importer: Option<&str>, name: &str) -> Result<PathBuf> {
        let beside = importer
            .and_then(|importer| Path::new(importer).parent())
            .map(Path::to_path_buf)
            .unwrap_or_default();
        let mut path = beside.join(name);
        if path.extension().is_none() {
            path.set_extension(ENDING);
        }
        let reached = files::reach(&self.state.session, &path.to_string_lossy())?;
        reached.canonicalize().map_err(|error| {
            ShellError::new(
                "FILE_NOT_FOUND",
                format!("`{}` cannot be read: {error}", path.display()),
            )
            .fix("Imports are looked up beside the script that imports them")
            .target(name)
        })
    }

    fn load(
        &self,
        engine: &Engine,
        path: &Path,
    ) -> std::result::Result<Shared<Module>, Box<EvalAltResult>> {
        let text = files::read_text(path).map_err(fault::raise)?;
        let prepared = prepare::script(
            engine,
            &self.state,
            &path.to_string_lossy(),
            &text,
            &prepare::Before::module(),
        )
        .map_err(fault::raise)?;
        Module::eval_ast_as_new(Scope::new(), &prepared.ast, engine)
            .map(Into::into)
            .map_err(|error| {
                fault::raise(fault::from_engine(
                    &error,
                    &self.state.sources,
                    &prepared.id,
                ))
            })
    }
}

impl ModuleResolver for Scripts {
    fn resolve(
        &self,
        engine: &Engine,
        source: Option<&str>,
        name: &str,
        position: Position,
    ) -> std::result::Result<Shared<Module>, Box<EvalAltResult>> {
        self.module(engine, source, name).map_err(|mut error| {
            if error.position().is_none() {
                error.set_position(position);
            }
            error
        })
    }
}

impl Scripts {
    fn module(
        &self,
        engine: &Engine,
        source: Option<&str>,
        name: &str,
    ) -> std::result::Result<Shared<Module>, Box<EvalAltResult>> {
        // The id of a text is its name and a number.
        let importer = source
            .and_then(|source| source.rsplit_once('#'))
            .map(|(name, _)| name)
            .filter(|name| !name.starts_with('<'));
        let path = self.find(importer, name).map_err(fault::raise)?;
        if let Some(module) = self.loaded.borrow().get(&path) {
            return Ok(module.clone());
        }
        if self.loading.borrow().contains(&path) {
            return Err(fault::raise(
                ShellError::new(
                    "IMPORT_CYCLE",
                    format!("`{}` imports itself, over other scripts", path.display()),
                )
                .fix("Move what both need into a third script"),
            ));
        }
        self.loading.borrow_mut().push(path.clone());
        let module = self.load(engine, &path);
        self.loading.borrow_mut().pop();
        let module = module?;
        self.loaded.borrow_mut().insert(path, module.clone());
        Ok(module)
    }
}
