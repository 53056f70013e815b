//! What a command is about: what its first parameter names, or one thing for each object of the pipeline.

use usher_object::Value;

use super::{Call, Objects};
use crate::error::{Result, ShellError};

/// The things that a command is about, one after another.
pub struct Targets<'a> {
    /// The objects of the pipeline, or the values of the parameter.
    pub items: Objects<'a>,
    /// Whether one thing was named, and nothing comes from the pipeline: then its absence is an error, not a row.
    pub single: bool,
    piped: bool,
    param: &'static str,
}

impl<'a> Targets<'a> {
    /// Takes the input of the call, or else what `param` names.
    pub fn of(call: &mut Call<'a>, param: &'static str) -> Result<Self> {
        let named = call.args.values(param).to_vec();
        if let Some(items) = call.input.take() {
            if !named.is_empty() {
                return Err(ShellError::new(
                    "ARGUMENT_INVALID",
                    format!(
                        "{} takes -{param} from the pipeline or as an argument, not both",
                        call.cmdlet.name
                    ),
                )
                .fix(format!(
                    "Leave -{param} out, or run {} without input",
                    call.cmdlet.name
                )));
            }
            return Ok(Self {
                items,
                single: false,
                piped: true,
                param,
            });
        }
        if named.is_empty() && call.args.has(param) {
            return Err(ShellError::new(
                "ARGUMENT_INVALID",
                format!("-{param} has a block, and there is no input to run it for"),
            )
            .fix(format!(
                "Put objects in front: Get-User | {} -{param} {{ … }}",
                call.cmdlet.name
            )));
        }
        let single = named.len() == 1;
        let items = Box::new(named.into_iter().map(Ok));
        Ok(Self {
            items,
            single,
            piped: false,
            param,
        })
    }

    /// Whether there is neither input nor a name.
    pub fn are_none(call: &Call<'_>, param: &str) -> bool {
        call.input.is_none() && !call.args.has(param)
    }

    /// What this item names.
    pub fn name_of(&self) -> impl Fn(&Call<'_>, &Value) -> Result<String> + Copy + use<> {
        let (piped, param) = (self.piped, self.param);
        move |call, item| {
            let name = if piped {
                call.text_for(param, item)?
            } else {
                item.display().to_string()
            };
            if name.trim().is_empty() {
                return Err(
                    ShellError::new("ARGUMENT_INVALID", format!("-{param} is empty"))
                        .fix("Leave rows without a name out: Where-Object { $_.Property }"),
                );
            }
            Ok(name.trim().to_owned())
        }
    }
}
