//! Where-Object: lets the objects through that pass a test.

use std::rc::Rc;

use usher_object::where_simple::SimpleFilter;
use usher_object::{Operator, Property, Value};

use crate::cmdlet::{
    Arguments, Block, Call, Cmdlet, Effect, Example, Host, Kind, Objects, Param, PropertySource,
    Single, Values,
};
use crate::error::{Result, ShellError};

pub static WHERE_OBJECT: Cmdlet = Cmdlet {
    name: "Where-Object",
    synopsis: "Lets the objects through that pass a test",
    description: "The test is a block over each object, or a property with an operator and a value. A property alone \
                  lets through what counts as true. Text is compared without regard to case.",
    params: &[
        Param::new(
            "Property",
            Kind::Properties,
            "The property to test, or a block that is the test",
        )
        .at(0)
        .values(Values::Properties),
        Param::new(
            "FilterScript",
            Kind::Block,
            "A block that is the test; its value counts as true or false",
        ),
        Param::new("Eq", Kind::Any, "Equal to this").values(Values::OfProperty),
        Param::new("Ne", Kind::Any, "Not equal to this").values(Values::OfProperty),
        Param::new("Gt", Kind::Any, "Greater than this"),
        Param::new("Ge", Kind::Any, "Greater than this or equal to it"),
        Param::new("Lt", Kind::Any, "Less than this"),
        Param::new("Le", Kind::Any, "Less than this or equal to it"),
        Param::new(
            "Like",
            Kind::Any,
            "Fits this pattern: * any text, ? one character, [a-z] one of these",
        ),
        Param::new("NotLike", Kind::Any, "Does not fit this pattern"),
        Param::new(
            "Match",
            Kind::Any,
            "Matches this regular expression anywhere",
        ),
        Param::new(
            "NotMatch",
            Kind::Any,
            "Does not match this regular expression",
        ),
        Param::new("In", Kind::Any, "Is one of these")
            .many()
            .values(Values::OfProperty),
        Param::new("NotIn", Kind::Any, "Is none of these")
            .many()
            .values(Values::OfProperty),
        Param::new("Contains", Kind::Any, "Is a list with this in it").values(Values::OfProperty),
        Param::new("NotContains", Kind::Any, "Is no list with this in it")
            .values(Values::OfProperty),
    ],
    effect: Effect::None,
    output: &[],
    single: Single::Never,
    examples: &[
        Example {
            line: "Get-User | Where-Object Department -eq Sales",
            says: "People of one department.",
        },
        Example {
            line: "Get-User | Where-Object { $_.AccountEnabled -and $_.UsageLocation -ne $null }",
            says: "People who may sign in and whose country is known.",
        },
        Example {
            line: "1..=10 | Where-Object { $_ -gt 7 }",
            says: "Numbers greater than seven.",
        },
    ],
    related: &["Select-Object", "Group-Object", "Get-User"],
    run,
};

enum Test {
    Block(Block),
    Simple(SimpleFilter),
}

fn run(mut call: Call<'_>) -> Result<Objects<'_>> {
    let test = Test::new(&call.args)?;
    let host = call.host;
    Ok(Box::new(call.take_input().filter_map(move |item| {
        let tested = host
            .check()
            .and(item)
            .and_then(|item| Ok((test.passes(host, &item)?, item)));
        tested
            .map(|(passes, item)| passes.then_some(item))
            .transpose()
    })))
}

impl Test {
    fn new(args: &Arguments) -> Result<Self> {
        let mut comparisons = Operator::ALL.into_iter().filter_map(|operator| {
            let param = WHERE_OBJECT
                .params
                .iter()
                .find(|param| param.name.eq_ignore_ascii_case(operator.name()))?;
            Some((operator, operand(args, param)?))
        });
        let comparison = comparisons.next();
        if let (Some((first, _)), Some((second, _))) = (&comparison, comparisons.next()) {
            let both = format!(
                "Where-Object takes one operator; it was given -{} and -{}",
                first.name(),
                second.name()
            );
            return Err(ShellError::new("PARAMETER_CONFLICT", both)
                .fix("Use a block: Where-Object { $_.Seats -gt 5 -and $_.Seats -lt 10 }"));
        }
        let block = args.block("FilterScript");
        match (args.properties("Property"), block, comparison) {
            ([], Some(block), None) => Ok(Self::Block(block.clone())),
            ([only], None, comparison) => match (&only.source, comparison) {
                (PropertySource::Block(block), None) => Ok(Self::Block(block.clone())),
                (PropertySource::Name(name), Some((operator, value))) => Ok(Self::Simple(
                    SimpleFilter::comparing(Property::from(&**name), operator, value),
                )),
                (PropertySource::Name(name), None) => {
                    Ok(Self::Simple(SimpleFilter::truthy(Property::from(&**name))))
                }
                (PropertySource::Block(_), Some(_)) => {
                    Err(no_test("It was given a block and an operator"))
                }
            },
            ([], None, _) => Err(no_test("It was given neither a property nor a block")),
            _ => Err(no_test("It was given more than one test")),
        }
    }

    fn passes(&self, host: Host<'_>, item: &Value) -> Result<bool> {
        match self {
            Self::Block(block) => Ok(host.blocks.value(block, item)?.is_truthy()),
            Self::Simple(filter) => Ok(filter.accepts(item)?),
        }
    }
}

/// The value to compare with; of a parameter that takes several, their list.
fn operand(args: &Arguments, param: &Param) -> Option<Value> {
    if !param.many {
        return args.value(param.name).cloned();
    }
    match args.values(param.name) {
        [] => None,
        [Value::List(items)] => Some(Value::List(Rc::clone(items))),
        values => Some(Value::list(values.iter().cloned())),
    }
}

fn no_test(cause: &str) -> ShellError {
    ShellError::new(
        "PARAMETER_CONFLICT",
        format!("Where-Object needs one test. {cause}"),
    )
    .fix("Where-Object Department -eq Sales, or Where-Object { $_.Department -eq 'Sales' }")
}
