//! Select-Object: other properties, or fewer objects.

use std::collections::VecDeque;
use std::rc::Rc;

use usher_object::Value;
use usher_object::select::{Column, Distinct, Projection};

use super::stage::{at_once, each};
use crate::cmdlet::{
    Arguments, Block, Call, Cmdlet, Effect, Example, Host, Kind, Objects, Param, PropertySource,
    Single, Values,
};
use crate::error::{Result, ShellError};

pub static SELECT_OBJECT: Cmdlet = Cmdlet {
    name: "Select-Object",
    synopsis: "Chooses properties, and how many objects",
    description: "Properties come in the order given; names may have wildcards, and Name={ block } calculates a new \
                  one. -First stops the commands before it as soon as it has enough.",
    params: &[
        Param::new(
            "Property",
            Kind::Properties,
            "Properties to keep, wildcards, and calculated ones: Name={ block }",
        )
        .at(0)
        .values(Values::Properties),
        Param::new(
            "ExpandProperty",
            Kind::Text,
            "Gives the value of this property instead of the object",
        )
        .values(Values::Properties),
        Param::new("First", Kind::Int, "No more than this many objects"),
        Param::new("Last", Kind::Int, "Only this many objects from the end"),
        Param::new(
            "Skip",
            Kind::Int,
            "Leaves out this many objects at the start",
        ),
        Param::new(
            "Unique",
            Kind::Switch,
            "Each object once; case does not count",
        ),
    ],
    effect: Effect::None,
    output: &[],
    single: Single::Never,
    examples: &[
        Example {
            line: r#"Get-User -Top 10 | Select-Object Department, Label={ "${$_.DisplayName} <${$_.Mail}>" }"#,
            says: "One property as it is, and one calculated.",
        },
        Example {
            line: "Get-User | Select-Object -First 5",
            says: "The first five; no more are fetched.",
        },
        Example {
            line: "Get-User | Select-Object -ExpandProperty Department -Unique",
            says: "The departments, each once, as text.",
        },
    ],
    related: &["Where-Object", "Sort-Object", "Format-Table"],
    run,
};

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let host = call.host;
    let args = call.args.clone();
    let (first, last, skip) = (
        count(&args, "First")?,
        count(&args, "Last")?,
        count(&args, "Skip")?.unwrap_or(0),
    );
    if first.is_some() && last.is_some() {
        return Err(ShellError::new(
            "PARAMETER_CONFLICT",
            "Select-Object takes -First or -Last, not both",
        )
        .fix("Use one of them, or Select-Object twice"));
    }
    let mut objects = project(call.take_input(), host, &args)?;
    if args.switch("Unique") {
        let mut distinct = Distinct::new();
        objects = Box::new(
            objects.filter(move |item| item.as_ref().map_or(true, |item| distinct.is_new(item))),
        );
    }
    Ok(match (first, last) {
        (Some(first), _) => Box::new(objects.skip(skip).take(first)),
        // As in PowerShell, -Skip with -Last counts from the end.
        (None, Some(last)) => at_once(move || keep_last(objects, host, last, skip)),
        (None, None) => Box::new(objects.skip(skip)),
    })
}

/// How many objects a parameter asks for.
pub(super) fn count(args: &Arguments, name: &str) -> Result<Option<usize>> {
    let Some(number) = args.int(name) else {
        return Ok(None);
    };
    usize::try_from(number).map(Some).map_err(|_| {
        ShellError::new(
            "ARGUMENT_INVALID",
            format!("-{name} takes a number of objects; it was given {number}"),
        )
        .fix(format!("-{name} 10"))
        .target(name)
    })
}

fn keep_last(objects: Objects<'_>, host: Host<'_>, last: usize, skip: usize) -> Result<Vec<Value>> {
    let mut kept = VecDeque::new();
    for item in objects {
        host.check()?;
        kept.push_back(item?);
        if kept.len() > last.saturating_add(skip) {
            kept.pop_front();
        }
    }
    kept.truncate(kept.len().saturating_sub(skip));
    Ok(kept.into())
}

fn project<'a>(input: Objects<'a>, host: Host<'a>, args: &Arguments) -> Result<Objects<'a>> {
    let properties = args.properties("Property");
    if let Some(name) = args.text("ExpandProperty") {
        if !properties.is_empty() {
            return Err(ShellError::new(
                "PARAMETER_CONFLICT",
                "-ExpandProperty gives a value, which has no properties to choose",
            )
            .fix("Leave out -Property"));
        }
        let property = usher_object::Property::from(name);
        return Ok(each(input, host, move |item| {
            Ok(match property.of(&item)? {
                Value::List(items) => items.to_vec(),
                single => vec![single],
            })
        }));
    }
    if properties.is_empty() {
        return Ok(input);
    }
    let (columns, blocks) = columns(properties)?;
    let mut projection = Projection::new(columns);
    Ok(Box::new(input.map(move |item| {
        host.check()?;
        projection.apply(&item?, |column, item| match blocks.get(column) {
            Some(Some(block)) => host.blocks.value(block, item),
            _ => Ok(Value::Null),
        })
    })))
}

/// The columns for the projection, and beside each calculated one its block.
pub(super) fn columns(
    properties: &[crate::cmdlet::Property],
) -> Result<(Vec<Column>, Vec<Option<Block>>)> {
    let mut columns = Vec::new();
    let mut blocks = Vec::new();
    for property in properties {
        match &property.source {
            PropertySource::Name(name) => {
                columns.push(Column::parse(name)?);
                blocks.push(None);
            }
            PropertySource::Block(block) => {
                columns.push(Column::Calculated(Rc::clone(&property.name)));
                blocks.push(Some(block.clone()));
            }
        }
    }
    Ok((columns, blocks))
}
