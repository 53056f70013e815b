//! From the text of a script to code that the engine runs: translation, registration of its pipelines, compilation.

use std::rc::Rc;

use rhai::{AST, Engine, EvalAltResult};
use usher_lang::{KnownNames, ScriptParam, Translation};

use super::fault;
use super::source::Source;
use super::state::{Prepared, State};
use crate::error::{Place, Result, ShellError};

/// What is visible before the first line of a text.
#[derive(Default)]
pub(super) struct Before {
    pub variables: Vec<String>,
    pub functions: Vec<String>,
    pub module: bool,
}

impl Before {
    /// For a script that another one imports.
    pub(super) fn module() -> Self {
        Self {
            module: true,
            ..Self::default()
        }
    }
}

/// A script ready to run.
pub(super) struct Code {
    pub ast: AST,
    /// The id under which its places are found.
    pub id: String,
    pub params: Vec<ScriptParam>,
    /// What it says about itself.
    pub help: Option<String>,
}

/// Translates and compiles a script.
pub(super) fn script(
    engine: &Engine,
    state: &State,
    name: &str,
    text: &str,
    before: &Before,
) -> Result<Code> {
    let known = KnownNames {
        variables: before.variables.clone(),
        functions: before.functions.clone(),
        first_pipeline: state.pipelines.borrow().len(),
        module: before.module,
    };
    let Translation {
        rhai,
        map,
        params,
        pipelines,
        variables,
        functions,
        help,
        ..
    } = usher_lang::translate(text, &state.session.registry, &known).map_err(|wrong| {
        let place = Place {
            source: name.to_owned(),
            line: wrong.line,
            column: wrong.column,
            length: wrong.length,
        };
        // The text is kept so that the line can be shown.
        state.sources.add(Source::new(
            name,
            text,
            String::new(),
            usher_lang::SourceMap::default(),
            Vec::new(),
            Vec::new(),
        ));
        let error = ShellError::new("SYNTAX", wrong.message).at(place);
        match wrong.help {
            Some(help) => error.fix(help),
            None => error,
        }
    })?;
    let (id, source) = state.sources.add(Source::new(
        name,
        text,
        rhai.clone(),
        map,
        variables,
        functions,
    ));
    state
        .pipelines
        .borrow_mut()
        .extend(pipelines.into_iter().map(|spec| {
            Rc::new(Prepared {
                spec,
                source: Rc::clone(&source),
            })
        }));
    let mut ast = engine.compile(&rhai).map_err(|error| {
        fault::from_engine(
            &EvalAltResult::ErrorParsing(*error.0, error.1),
            &state.sources,
            &id,
        )
    })?;
    ast.set_source(id.as_str());
    Ok(Code {
        ast,
        id,
        params,
        help,
    })
}
