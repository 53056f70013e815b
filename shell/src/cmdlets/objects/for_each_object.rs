//! ForEach-Object: runs a block for each object, or takes one member of each.

use std::rc::Rc;

use usher_object::Value;

use super::stage::{at_once, each};
use crate::cmdlet::{
    Arguments, Block, Call, Cmdlet, Effect, Example, Host, Kind, Objects, Param, PropertySource,
    Single, Values,
};
use crate::error::{Result, ShellError};

pub static FOR_EACH_OBJECT: Cmdlet = Cmdlet {
    name: "ForEach-Object",
    synopsis: "Runs a block for each object, or takes a property of each",
    description: "In the block $_ is the object. All that the block writes goes on down the pipeline. -Begin, -Process \
                  and -End share one scope, so a `let` in -Begin is there in the others.",
    params: &[
        Param::new(
            "Process",
            Kind::Properties,
            "The block; or the name of a property, or of a method without arguments",
        )
        .at(0)
        .values(Values::Properties),
        Param::new("Begin", Kind::Block, "Runs once before the first object"),
        Param::new("End", Kind::Block, "Runs once after the last object"),
        Param::new(
            "MemberName",
            Kind::Text,
            "The name of a property, or of a method without arguments",
        )
        .values(Values::Properties),
    ],
    effect: Effect::None,
    output: &[],
    single: Single::Never,
    examples: &[
        Example {
            line: "1..=3 | ForEach-Object { $_ * 10 }",
            says: "Ten times each number.",
        },
        Example {
            line: "Get-User -Top 5 | ForEach-Object DisplayName",
            says: "A property of each.",
        },
        Example {
            line: "1..=4 | ForEach-Object -Begin { let sum = 0 } -Process { sum += $_ } -End { sum }",
            says: "A variable that the blocks share.",
        },
    ],
    related: &["Where-Object", "Select-Object"],
    run,
};

enum Step {
    Block(Block),
    Member(Rc<str>),
}

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let host = call.host;
    let input = call.take_input();
    let step = Step::new(&call.args)?;
    let begin = call.args.block("Begin").cloned();
    let end = call.args.block("End").cloned();
    let once = move |block: Option<Block>| {
        at_once(move || {
            block.map_or(Ok(Vec::new()), |block| {
                host.blocks.objects(&block, &Value::Null)
            })
        })
    };
    let before = once(begin);
    let after = once(end);
    Ok(Box::new(
        before
            .chain(each(input, host, move |item| step.apply(host, &item)))
            .chain(after),
    ))
}

impl Step {
    fn new(args: &Arguments) -> Result<Self> {
        match (args.properties("Process"), args.text("MemberName")) {
            ([], Some(member)) => Ok(Self::Member(member.into())),
            ([only], None) => match &only.source {
                PropertySource::Block(block) => Ok(Self::Block(block.clone())),
                PropertySource::Name(name) => Ok(Self::Member(Rc::clone(name))),
            },
            _ => Err(ShellError::new(
                "PARAMETER_CONFLICT",
                "ForEach-Object needs one block, or the name of one member",
            )
            .fix("ForEach-Object { $_.DisplayName }, or ForEach-Object DisplayName")),
        }
    }

    fn apply(&self, host: Host<'_>, item: &Value) -> Result<Vec<Value>> {
        let value = match (self, item) {
            (Self::Block(block), _) => return host.blocks.objects(block, item),
            (Self::Member(name), Value::Record(_) | Value::Null) => item.property(name)?,
            (Self::Member(name), _) => match item.property(name) {
                Ok(value) => value,
                Err(_) => host.blocks.method(item, name)?,
            },
        };
        Ok(match value {
            Value::Null => Vec::new(),
            Value::List(items) => items.to_vec(),
            single => vec![single],
        })
    }
}
